package store

import "fmt"

// Conversion says what a lead becomes.
type Conversion struct {
	Lead        string
	Account     string // id of an account; empty: a new one
	Contact     string // id of a contact; empty: a new one
	Opportunity string // name of the opportunity to make; empty: none
	Status      string // a LeadStatus of converted leads; empty: the first of them
	Owner       string // of what is made; empty: the lead's
}

// Converted is what a lead became; Opportunity is empty when none was made.
type Converted struct{ Account, Contact, Opportunity string }

// Convert turns a lead into a contact of an account, both made from the lead unless their ids are given, and into
// an opportunity on demand. Fields of the lead fill what is empty in a given contact, and overwrite nothing.
// Tasks, events and campaign members follow.
func (org *Org) Convert(in Conversion) (Converted, error) { return org.Begin(org.Human).Convert(in) }

// Convert is Org.Convert by the transaction's user.
func (t *Tx) Convert(in Conversion) (out Converted, err error) {
	org, mark := t.Org, t.Mark()
	defer func(system bool) {
		if t.system = system; err != nil {
			t.Rollback(mark)
			out = Converted{}
		}
	}(t.system)
	t.system = true
	leads := org.Object("Lead")
	row, errs := t.target(leads, in.Lead)
	if errs != nil {
		return out, errs
	}
	if leads.Value(row, leads.Field("IsConverted")).True() {
		return out, fmt.Errorf("lead %s is converted already", in.Lead)
	}
	status, err := org.convertedStatus(in.Status)
	if err != nil {
		return out, err
	}
	values := leads.texts(row)
	if in.Owner == "" {
		in.Owner = values["OwnerId"]
		if owner, _ := ParseID(in.Owner); owner.Prefix() != "005" {
			in.Owner = org.Human.String() // a queue owns no contact
		}
	}
	if out.Account, err = t.convertAccount(in, values); err != nil {
		return out, err
	}
	if out.Contact, err = t.convertContact(in, out.Account, values); err != nil {
		return out, err
	}
	if in.Opportunity != "" {
		if out.Opportunity, err = t.convertOpportunity(in, out, values); err != nil {
			return out, err
		}
	}
	account, _ := ParseID(out.Account)
	contact, _ := ParseID(out.Contact)
	opportunity, _ := ParseID(out.Opportunity)
	for name, v := range map[string]Value{
		"IsConverted": boolValue(true), "ConvertedDate": dayOrNull(timeValue(t.now)), "Status": textValue(status),
		"ConvertedAccountId": refValue(account), "ConvertedContactId": refValue(contact), "ConvertedOpportunityId": refValue(opportunity),
	} {
		t.set(leads, row, leads.Field(name), v)
	}
	t.touch(leads, row)
	t.followLead(leads.ids[row], contact)
	return Converted{account.String(), contact.String(), opportunity.String()}, nil
}

// convertedStatus checks a status that the lead is to get, or finds the first that there is.
func (org *Org) convertedStatus(wanted string) (string, error) {
	o := org.Object("LeadStatus")
	for row := range o.Rows() {
		if name := o.Value(row, o.Field("ApiName")).text; o.state[row] == live && o.Value(row, o.Field("IsConverted")).True() && (wanted == "" || wanted == name) {
			return name, nil
		}
	}
	return "", Errors{refuse("INVALID_STATUS", []string{}, "invalid convertedStatus: %s", wanted)}
}

func (t *Tx) convertAccount(in Conversion, lead map[string]string) (string, error) {
	if in.Account != "" {
		return in.Account, nil
	}
	if t.Org.persons != nil && lead["Company"] == "" {
		return t.convertPerson(in, lead)
	}
	id, errs := t.Create(draft(t.Org.Object("Account"), t.Org.mapped("Account", lead, map[string]string{
		"Name": lead["Company"], "Phone": lead["Phone"], "Website": lead["Website"], "Industry": lead["Industry"], "OwnerId": in.Owner,
		"BillingStreet": lead["Street"], "BillingCity": lead["City"], "BillingState": lead["State"],
		"BillingPostalCode": lead["PostalCode"], "BillingCountry": lead["Country"],
	})))
	if errs != nil {
		return "", errs
	}
	return id.String(), nil
}

// convertPerson makes a person account of a lead without a company.
func (t *Tx) convertPerson(in Conversion, lead map[string]string) (string, error) {
	id, errs := t.Create(draft(t.Org.Object("Account"), t.Org.mapped("Account", lead, map[string]string{
		"LastName": lead["LastName"], "FirstName": lead["FirstName"], "Salutation": lead["Salutation"], "Phone": lead["Phone"], "Fax": lead["Fax"],
		"OwnerId": in.Owner, "PersonEmail": lead["Email"], "PersonTitle": lead["Title"], "PersonMobilePhone": lead["MobilePhone"], "PersonLeadSource": lead["LeadSource"],
		"PersonMailingStreet": lead["Street"], "PersonMailingCity": lead["City"], "PersonMailingState": lead["State"],
		"PersonMailingPostalCode": lead["PostalCode"], "PersonMailingCountry": lead["Country"],
	})))
	if errs != nil {
		return "", errs
	}
	return id.String(), nil
}

func (t *Tx) convertContact(in Conversion, account string, lead map[string]string) (string, error) {
	contacts := t.Org.Object("Contact")
	fields := map[string]string{"AccountId": account, "OwnerId": in.Owner}
	for to, from := range map[string]string{
		"LastName": "LastName", "FirstName": "FirstName", "Salutation": "Salutation", "Title": "Title", "Phone": "Phone",
		"MobilePhone": "MobilePhone", "Fax": "Fax", "Email": "Email", "LeadSource": "LeadSource", "Description": "Description",
		"MailingStreet": "Street", "MailingCity": "City", "MailingState": "State", "MailingPostalCode": "PostalCode", "MailingCountry": "Country",
	} {
		fields[to] = lead[from]
	}
	t.Org.mapped("Contact", lead, fields)
	if person, is := t.Org.Get(t.Org.Object("Account"), account); is && person["IsPersonAccount"] == "true" {
		return person["PersonContactId"], nil
	}
	if in.Contact == "" {
		id, errs := t.Create(draft(contacts, fields))
		if errs != nil {
			return "", errs
		}
		return id.String(), nil
	}
	held, _ := t.Org.Get(contacts, in.Contact)
	for name := range held {
		delete(fields, name)
	}
	d := draft(contacts, fields)
	d.ID = in.Contact
	if _, errs := t.Update(d); errs != nil {
		return "", errs
	}
	return in.Contact, nil
}

// convertOpportunity makes the opportunity as the original does: in the first open stage, closing at the end of
// the quarter, the contact its primary one.
func (t *Tx) convertOpportunity(in Conversion, made Converted, lead map[string]string) (string, error) {
	stages := t.Org.Object("OpportunityStage")
	stage := ""
	for row := range stages.Rows() {
		if stages.state[row] == live && !stages.Value(row, stages.Field("IsClosed")).True() && stage == "" {
			stage = stages.Value(row, stages.Field("ApiName")).text
		}
	}
	today := timeValue(t.now).day()
	quarter := (int(today.Month())-1)/3 + 1
	first := today.AddDate(0, 0, 1-today.Day())
	end := first.AddDate(0, 3*quarter-int(today.Month())+1, -1)
	id, errs := t.Create(draft(t.Org.Object("Opportunity"), t.Org.mapped("Opportunity", lead, map[string]string{
		"Name": in.Opportunity, "AccountId": made.Account, "ContactId": made.Contact, "StageName": stage, "CloseDate": end.Format("2006-01-02"),
		"LeadSource": lead["LeadSource"], "OwnerId": in.Owner,
	})))
	if errs != nil {
		return "", errs
	}
	return id.String(), nil
}

// leadField leads a custom field of leads to one of what they become.
type leadField struct{ from, object, to string }

// MapLeadField has conversion copy a custom field of the lead; without it custom fields stay behind.
func (org *Org) MapLeadField(from, object, to string) error {
	f, target := org.Object("Lead").Field(from), org.Object(object)
	if f == nil || target == nil || target.Field(to) == nil || target.Field(to).computed() {
		return fmt.Errorf("there is no Lead.%s to copy or no %s.%s to copy it to", from, object, to)
	}
	org.leadFields = append(org.leadFields, leadField{f.Name, target.Name, target.Field(to).Name})
	return nil
}

// mapped adds what the lead's custom fields give to the fields of a new record.
func (org *Org) mapped(object string, lead, fields map[string]string) map[string]string {
	for _, m := range org.leadFields {
		if m.object == object && lead[m.from] != "" {
			fields[m.to] = lead[m.from]
		}
	}
	return fields
}

// followLead leads activities to the contact that a lead became, and makes it the campaigns' member beside the
// lead.
func (t *Tx) followLead(lead, contact ID) {
	for _, name := range []string{"Task", "Event"} {
		o := t.Org.Object(name)
		who := o.Field("WhoId")
		for _, row := range append([]int32{}, who.pointing(lead)...) {
			t.set(o, row, who, refValue(contact))
			t.stir(o, row)
		}
	}
	o := t.Org.Object("CampaignMember")
	for _, row := range append([]int32{}, o.Field("LeadId").pointing(lead)...) {
		if t.Org.member(o.Value(row, o.Field("CampaignId")).id, contact) >= 0 {
			continue
		}
		t.set(o, row, o.Field("ContactId"), refValue(contact))
		t.set(o, row, o.Field("LeadOrContactId"), refValue(contact))
		t.stir(o, row)
	}
}

// draft makes a draft of texts, blanks left out.
func draft(o *Object, values map[string]string) Draft {
	d := Draft{Object: o, values: map[*Field]Value{}}
	for name, text := range values {
		f := o.Field(name)
		if v, err := parse(f, text); err == nil && !v.IsNull() {
			d.values[f] = v
		}
	}
	return d
}
