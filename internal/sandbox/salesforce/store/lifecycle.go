package store

import (
	"fmt"
	"slices"
)

// Purge removes a record for good.
func (org *Org) Purge(o *Object, id string) error {
	parsed, _ := ParseID(id)
	row, ok := o.row(parsed)
	if !ok {
		return fmt.Errorf("%s has no record %s", o.Name, id)
	}
	o.move(row, gone)
	return nil
}

// Merge makes winner the survivor of the losers.
func (org *Org) Merge(o *Object, winner string, losers []string) error {
	t := org.Begin(org.Human)
	top, errs := t.target(o, winner)
	if errs != nil {
		return errs
	}
	for _, id := range losers {
		row, errs := t.target(o, id)
		if errs != nil {
			return errs
		}
		if !o.Mergeable || row == top {
			return fmt.Errorf("%s %s cannot be merged away", o.Name, id)
		}
		t.repoint(o, o.ids[row], o.ids[top])
		t.set(o, row, o.Field("MasterRecordId"), refValue(o.ids[top]))
		t.touch(o, row)
		t.move(o, row, deleted)
	}
	t.touch(o, top)
	return nil
}

// repoint leads every reference to one record to another. What it changes is saved by the system: only
// SystemModstamp moves.
func (t *Tx) repoint(o *Object, from, to ID) {
	for _, other := range t.Org.objects {
		for _, f := range other.Fields {
			if f.Type != "reference" || f.Name == "MasterRecordId" || !slices.Contains(f.RefersTo, o.Name) {
				continue
			}
			for row := range other.Rows() {
				if other.state[row] == live && f.values.get(row).id == from {
					t.set(other, row, f, refValue(to))
					t.set(other, row, other.stamp, timeValue(t.now))
				}
			}
		}
	}
}

// Convert turns a lead into a contact of an account, both made from the lead unless their ids are given.
// Fields of the lead fill what is empty in a given contact, and overwrite nothing.
func (org *Org) Convert(lead, account, contact string) (accountID, contactID string, err error) {
	t := org.Begin(org.Human)
	leads, accounts, contacts := org.Object("Lead"), org.Object("Account"), org.Object("Contact")
	row, errs := t.target(leads, lead)
	if errs != nil {
		return "", "", errs
	}
	if leads.Value(row, leads.Field("IsConverted")).True() {
		return "", "", fmt.Errorf("lead %s is converted already", lead)
	}
	values := leads.texts(row)
	if account == "" {
		id, errs := t.Create(draft(accounts, map[string]string{
			"Name": values["Company"], "Phone": values["Phone"], "Website": values["Website"], "Industry": values["Industry"], "OwnerId": values["OwnerId"],
			"BillingStreet": values["Street"], "BillingCity": values["City"], "BillingState": values["State"],
			"BillingPostalCode": values["PostalCode"], "BillingCountry": values["Country"],
		}))
		if errs != nil {
			return "", "", errs
		}
		account = id.String()
	}
	fields := map[string]string{"AccountId": account}
	for to, from := range map[string]string{
		"LastName": "LastName", "FirstName": "FirstName", "Salutation": "Salutation", "Title": "Title", "Phone": "Phone",
		"MobilePhone": "MobilePhone", "Fax": "Fax", "Email": "Email", "LeadSource": "LeadSource", "Description": "Description",
		"OwnerId": "OwnerId", "MailingStreet": "Street", "MailingCity": "City", "MailingState": "State",
		"MailingPostalCode": "PostalCode", "MailingCountry": "Country",
	} {
		fields[to] = values[from]
	}
	if contact == "" {
		id, errs := t.Create(draft(contacts, fields))
		if errs != nil {
			t.Rollback(0)
			return "", "", errs
		}
		contact = id.String()
	} else {
		held, _ := org.Get(contacts, contact)
		for name := range held {
			delete(fields, name)
		}
		d := draft(contacts, fields)
		d.ID = contact
		if _, errs := t.Update(d); errs != nil {
			t.Rollback(0)
			return "", "", errs
		}
	}
	accountRef, _ := ParseID(account)
	contactRef, _ := ParseID(contact)
	for name, v := range map[string]Value{
		"IsConverted": boolValue(true), "ConvertedDate": {Kind: Date, n: t.now - t.now%86400}, "Status": textValue("Closed - Converted"),
		"ConvertedAccountId": refValue(accountRef), "ConvertedContactId": refValue(contactRef),
	} {
		t.set(leads, row, leads.Field(name), v)
	}
	t.touch(leads, row)
	return accountRef.String(), contactRef.String(), nil
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
