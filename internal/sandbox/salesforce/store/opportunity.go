package store

import (
	"fmt"
	"strconv"
)

// stages says what each stage of a new org means: forecast category, its name, probability.
var stages = map[string][3]string{
	"Closed Won": {"Closed", "Closed", "100"}, "Closed Lost": {"Omitted", "Omitted", "0"},
	"Prospecting": {"Pipeline", "Pipeline", "10"}, "Qualification": {"Pipeline", "Pipeline", "10"}, "Needs Analysis": {"Pipeline", "Pipeline", "20"},
	"Value Proposition": {"Pipeline", "Pipeline", "50"}, "Id. Decision Makers": {"Pipeline", "Pipeline", "60"},
	"Perception Analysis": {"Pipeline", "Pipeline", "70"}, "Proposal/Price Quote": {"Pipeline", "Pipeline", "75"},
	"Negotiation/Review": {"Pipeline", "Pipeline", "90"},
}

// newStage is a record of OpportunityStage.
func newStage(n int, o Option) map[string]string {
	s := stages[o.Value]
	return map[string]string{
		"MasterLabel": o.Label, "ApiName": o.Value, "IsActive": "true", "SortOrder": strconv.Itoa(n + 1),
		"IsClosed": strconv.FormatBool(s[0] == "Closed" || s[0] == "Omitted"), "IsWon": strconv.FormatBool(s[0] == "Closed"),
		"ForecastCategory": s[0], "ForecastCategoryName": s[1], "DefaultProbability": s[2],
	}
}

// meaning finds the setup record that says what a picklist value stands for, by one of its columns.
func (org *Org) meaning(object, column, value string) (o *Object, row int32, found bool) {
	o = org.Object(object)
	f := o.Field(column)
	for row := range o.Rows() {
		if o.state[row] == live && o.Value(row, f).text == value {
			return o, row, true
		}
	}
	return o, 0, false
}

// deriveOpportunity fills in what follows from the stage, the amount and the close date. A stage that the org
// does not know, which the API accepts, is open and leads to nothing.
func deriveOpportunity(c *change) {
	if c.moves("StageName") {
		o, row, found := c.Org.meaning("OpportunityStage", "ApiName", c.get("StageName").text)
		of := func(name string) Value {
			if !found {
				return Value{}
			}
			return o.Value(row, o.Field(name))
		}
		c.put("IsClosed", boolValue(of("IsClosed").True()))
		c.put("IsWon", boolValue(of("IsWon").True()))
		if !c.gave("Probability") {
			c.put("Probability", of("DefaultProbability"))
		}
		if !c.gave("ForecastCategoryName") {
			c.put("ForecastCategoryName", of("ForecastCategoryName"))
		}
		if !c.create {
			c.put("LastStageChangeDate", timeValue(c.now))
		}
	}
	if name := c.get("ForecastCategoryName"); c.moves("ForecastCategoryName") {
		category := map[string]string{"": "Omitted", "Best Case": "BestCase", "Commit": "Forecast"}[name.text]
		if category == "" {
			category = name.text
		}
		if c.object.Field("ForecastCategory").offers(category) { // what is not offered is refused at the name
			c.put("ForecastCategory", textValue(category))
		}
	}
	amount, probability := c.get("Amount"), c.get("Probability")
	expected := Value{}
	if !amount.IsNull() && !probability.IsNull() {
		expected = Value{Kind: Number, number: truncate(amount.number*probability.number/100, 2)}
	}
	c.put("ExpectedRevenue", expected)
	if close := c.get("CloseDate"); !close.IsNull() {
		day := close.day()
		quarter := (int(day.Month())-1)/3 + 1
		c.put("FiscalYear", Value{Kind: Integer, number: float64(day.Year())})
		c.put("FiscalQuarter", Value{Kind: Integer, number: float64(quarter)})
		c.put("Fiscal", textValue(fmt.Sprintf("%d %d", day.Year(), quarter)))
	}
}

// opportunityStored makes the contact that a create names the primary one.
func opportunityStored(c *change) Errors {
	contact := c.get("ContactId")
	if !c.create || contact.IsNull() {
		return nil
	}
	_, errs := c.Create(draft(c.Org.Object("OpportunityContactRole"), map[string]string{
		"OpportunityId": c.object.ids[c.row].String(), "ContactId": contact.String(), "IsPrimary": "true",
	}))
	return errs
}

// contactRoleStored keeps one primary contact per opportunity, and the opportunity's ContactId its.
func contactRoleStored(c *change) Errors {
	o := c.object
	opportunity, primary := o.Field("OpportunityId"), o.Field("IsPrimary")
	id := o.Value(c.row, opportunity).id
	if !o.Value(c.row, primary).True() {
		return nil
	}
	for _, row := range opportunity.pointing(id) {
		if row != c.row && o.Value(row, primary).True() {
			c.set(o, row, primary, boolValue(false))
			c.stir(o, row)
		}
	}
	if parent, row, found := c.Org.find(id); found {
		f, contact := parent.Field("ContactId"), o.Value(c.row, o.Field("ContactId"))
		if parent.Value(row, f) != contact {
			c.set(parent, row, f, contact)
			c.stir(parent, row)
		}
	}
	return nil
}
