package store

// checkLead refuses a status that only conversion may set.
func checkLead(c *change) Errors {
	if c.Org.Rules.AllowConvertedStatus || c.system || !c.gave("Status") || !c.moves("Status") {
		return nil
	}
	o, row, found := c.Org.meaning("LeadStatus", "ApiName", c.get("Status").text)
	if !found || !o.Value(row, o.Field("IsConverted")).True() {
		return nil
	}
	return Errors{refuse("INVALID_STATUS", []string{"Status"}, "Status: a lead gets the status %s by conversion alone", c.get("Status"))}
}

// deriveCase fills in whether the case is closed, and the account of its contact.
func deriveCase(c *change) {
	if c.moves("Status") {
		closed := c.get("Status").text == "Closed"
		if closed != c.get("IsClosed").True() || c.create {
			at := Value{}
			if closed {
				at = timeValue(c.now)
			}
			c.put("ClosedDate", at)
		}
		c.put("IsClosed", boolValue(closed))
	}
	if c.moves("ContactId") && !c.gave("AccountId") && c.get("AccountId").IsNull() {
		if o, row, found := c.Org.find(c.get("ContactId").id); found && o.Name == "Contact" {
			c.put("AccountId", o.Value(row, o.Field("AccountId")))
		}
	}
}

// casesLeft refuses to delete an account or a contact that has cases.
func casesLeft(t *Tx, o *Object, row int32) Errors {
	cases := t.Org.Object("Case")
	list := ""
	for _, at := range cases.Field(o.Name + "Id").pointing(o.ids[row]) {
		if list != "" {
			list += ", "
		}
		list += cases.Value(at, cases.Field("CaseNumber")).text
	}
	if list == "" {
		return nil
	}
	name := o.Value(row, o.Field("Name")).text
	if f := o.Field("Salutation"); f != nil {
		if s := o.Value(row, f).text; s != "" {
			name = s + " " + name
		}
	}
	return Errors{refuse("DELETE_FAILED", []string{}, "Your attempt to delete %s could not be completed because it is associated with the following cases.: %s\n", name, list)}
}
