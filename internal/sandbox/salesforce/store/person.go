package store

import (
	"fmt"
	"slices"
	"strings"
)

// A person account is an Account whose record type is one of persons. Its contact is made, changed and deleted along
// with it; what both have is one thing, under two names: Email and PersonEmail, Shoe__c and Shoe__pc.

// personShared are the columns that both have by one name.
var personShared = []string{"FirstName", "LastName", "Salutation", "Phone", "Fax", "OwnerId"}

// personOnly are the contact's columns that an account of a person has as Person…; addresses too.
var personOnly = []string{
	"AssistantName", "AssistantPhone", "Birthdate", "Department", "DoNotCall", "Email", "EmailBouncedDate", "EmailBouncedReason", "HasOptedOutOfEmail",
	"HasOptedOutOfFax", "HomePhone", "LastCURequestDate", "LastCUUpdateDate", "LeadSource", "MobilePhone", "OtherPhone", "Title",
}

// UsePersonAccounts makes the org one with person accounts, and gives it a record type of businesses and one of persons. It
// is called once, before state and country picklists are.
func (org *Org) UsePersonAccounts() error {
	if org.persons != nil || org.places != nil {
		return fmt.Errorf("person accounts are set up once, and before state and country picklists")
	}
	org.persons = map[ID]bool{}
	accounts, contacts, types := org.Object("Account"), org.Object("Contact"), org.Object("RecordType")
	flag := Field{Label: "Is Person Account", Name: "IsPersonAccount", Type: "boolean", Defaulted: true}
	ofContact, ofType := flag, flag
	ofType.Name, ofType.Label = "IsPersonType", "Is Person Type"
	accounts.add(&flag)
	contacts.add(&ofContact)
	types.add(&ofType)
	accounts.add(&Field{Name: "PersonContactId", Label: "Contact ID", Type: "reference", Length: 18, Nillable: true, RefersTo: []string{"Contact"}, Relationship: "PersonContact",
		index: newTextIndex()})
	for _, name := range []string{"FirstName", "LastName", "Salutation"} {
		org.mirror(contacts.Field(name), name).Nillable = true
	}
	for _, f := range slices.Clone(contacts.Fields) {
		switch {
		case slices.Contains(personOnly, f.Name), strings.HasPrefix(f.Name, "Mailing"), strings.HasPrefix(f.Name, "Other") && f.Name != "OtherPhone":
			org.mirror(f, "Person"+f.Name)
		}
	}
	// A lead of no company becomes one of these.
	org.Object("Lead").Field("Company").Nillable = true
	if _, err := org.DefineRecordType(accounts, RecordType{Name: "Business Account", Default: true}); err != nil {
		return err
	}
	_, err := org.DefineRecordType(accounts, RecordType{Name: "Person Account", Developer: "PersonAccount", Person: true})
	return err
}

// mirror gives accounts a column of contacts, under a name.
func (org *Org) mirror(f *Field, name string) *Field {
	accounts := org.Object("Account")
	m := *f
	m.Name, m.index, m.NameField, m.mirrors = name, nil, false, f
	if m.Compound != "" && name != f.Name {
		m.Compound = "Person" + m.Compound
	}
	if m.Relationship != "" {
		m.Relationship = strings.TrimSuffix(name, "Id")
		m.Relationship = strings.Replace(m.Relationship, "__pc", "__pr", 1)
	}
	m.ChildName, m.OnDelete = "", Clear
	accounts.add(&m)
	accounts.Changed = org.Now().Unix()
	return &m
}

// mirrorCustom gives accounts a custom column of contacts, where the org has person accounts.
func (org *Org) mirrorCustom(f *Field) {
	if name, custom := strings.CutSuffix(f.Name, "__c"); custom && org.persons != nil && f.Object.Name == "Contact" {
		org.mirror(f, name+"__pc")
	}
}

// accountField is what accounts call a column of contacts; nil for one that they do not have.
func (org *Org) accountField(f *Field) *Field {
	accounts := org.Object("Account")
	name := "Person" + f.Name
	if custom, is := strings.CutSuffix(f.Name, "__c"); is {
		name = custom + "__pc"
	} else if slices.Contains(personShared, f.Name) {
		name = f.Name
	}
	return accounts.Field(name)
}

// contactField is what contacts call a column of accounts; nil for one that they do not have.
func (org *Org) contactField(f *Field) *Field {
	if slices.Contains(personShared, f.Name) || f.mirrors != nil {
		name := strings.TrimPrefix(f.Name, "Person")
		if custom, is := strings.CutSuffix(name, "__pc"); is {
			name = custom + "__c"
		}
		return org.Object("Contact").Field(name)
	}
	if code, is := strings.CutPrefix(f.Name, "Person"); is && strings.HasSuffix(code, "Code") {
		return org.Object("Contact").Field(code)
	}
	return nil
}

// person tells whether a row is an account of a person, or the contact of one.
func (o *Object) person(row int32) bool {
	f := o.Field("IsPersonAccount")
	return f != nil && row >= 0 && o.Value(row, f).True()
}

const noAccess = "Unable to create/update fields: %s. Please check the security settings of this field and verify that it is read/write for your profile or permission set."

// personal holds the rules of person accounts, before anything else is judged.
func (c *change) personal() Errors {
	if c.Org.persons == nil {
		return nil
	}
	switch c.object.Name {
	case "Account":
		return c.personAccount()
	case "Contact":
		return c.personContact()
	}
	return nil
}

func (c *change) personAccount() Errors {
	given := func(name string) bool { return c.gave(name) && !c.next[c.object.Field(name)].IsNull() }
	if c.create && !given("RecordTypeId") && given("LastName") {
		for id := range c.Org.persons {
			c.put("RecordTypeId", refValue(id))
		}
	}
	is := c.Org.persons[c.get("RecordTypeId").id]
	if !c.create && is != c.object.person(c.row) {
		if len(c.sent) > 1 {
			return Errors{refuse("INVALID_FIELD_FOR_INSERT_UPDATE", []string{}, "Cannot specify any additional fields when marrying or separating a Person-Account")}
		}
		return Errors{refuse("UNKNOWN_EXCEPTION", []string{}, "not simulated: a business account becomes no person account, nor the other way round")}
	}
	if !is {
		var wrong []string
		for f := range c.sent {
			if f.mirrors != nil && !c.next[f].IsNull() && f.kind() != Boolean {
				wrong = append(wrong, f.Name)
			}
		}
		if wrong != nil {
			slices.Sort(wrong)
			return Errors{refuse("INVALID_FIELD_FOR_INSERT_UPDATE", wrong, noAccess, strings.Join(wrong, ", "))}
		}
		return nil
	}
	if c.gave("Name") {
		return Errors{refuse("INVALID_FIELD_FOR_INSERT_UPDATE", []string{"Name"}, noAccess, "Name")}
	}
	if c.get("LastName").IsNull() {
		return Errors{required([]string{"LastName"})}
	}
	c.put("IsPersonAccount", boolValue(true))
	c.put("Name", fullName(c.get("FirstName"), c.get("LastName")))
	return nil
}

// fullName is the name of a person account.
func fullName(first, last Value) Value {
	return textValue(strings.TrimSpace(first.text + " " + last.text))
}

func (c *change) personContact() Errors {
	if c.create {
		account := c.get("AccountId")
		if o, row, found := c.Org.find(account.id); found && !account.IsNull() && o.person(row) {
			return Errors{refuse("FIELD_INTEGRITY_EXCEPTION", []string{"AccountId"}, "Account ID: a person account has no other contact: %s", account.id)}
		}
		return nil
	}
	if !c.object.person(c.row) {
		return nil
	}
	if c.gave("AccountId") {
		return Errors{refuse("INVALID_FIELD_FOR_INSERT_UPDATE", []string{"AccountId"}, "Account: bad field names on insert/update call: AccountId")}
	}
	if f := c.object.Field("RecordTypeId"); f != nil && c.sent[f] {
		return Errors{refuse("INSUFFICIENT_ACCESS_OR_READONLY", []string{}, "insufficient access rights on object id")}
	}
	return nil
}

// accountStored makes and changes the contact of a person account.
func accountStored(c *change) Errors {
	o := c.object
	if !o.person(c.row) {
		return nil
	}
	if c.create {
		c.makePersonContact(c.row, ID{})
		return nil
	}
	contacts, row, found := c.Org.find(o.Value(c.row, o.Field("PersonContactId")).id)
	if !found {
		return nil
	}
	for f, v := range c.next {
		if to := c.Org.contactField(f); to != nil {
			c.set(contacts, row, to, v)
		}
	}
	c.touch(contacts, row)
	return nil
}

// contactStored changes the account that a contact is a part of.
func contactStored(c *change) Errors {
	o := c.object
	if !o.person(c.row) {
		return nil
	}
	accounts, row, found := c.Org.find(o.Value(c.row, o.Field("AccountId")).id)
	if !found {
		return nil
	}
	for f, v := range c.next {
		if to := c.Org.accountField(f); to != nil {
			c.set(accounts, row, to, v)
		}
	}
	c.set(accounts, row, accounts.Field("Name"), fullName(o.Value(c.row, o.Field("FirstName")), o.Value(c.row, o.Field("LastName"))))
	c.touch(accounts, row)
	return nil
}

// makePersonContact makes the contact of the person account in a row; an empty id is a new one.
func (t *Tx) makePersonContact(row int32, id ID) {
	accounts, contacts := t.Org.Object("Account"), t.Org.Object("Contact")
	if id == (ID{}) {
		id = contacts.freshID()
	}
	at := t.newRow(contacts, id)
	values := map[*Field]Value{}
	t.defaults(contacts, values)
	for _, f := range accounts.Fields {
		if to := t.Org.contactField(f); to != nil && !f.computed() {
			values[to] = accounts.Value(row, f)
		}
	}
	for _, name := range []string{"CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp"} {
		values[contacts.Field(name)] = accounts.Value(row, accounts.Field(name))
	}
	values[contacts.Field("AccountId")] = refValue(accounts.ids[row])
	values[contacts.Field("IsPersonAccount")] = boolValue(true)
	for f, v := range values {
		t.set(contacts, at, f, v)
	}
	t.set(accounts, row, accounts.Field("PersonContactId"), refValue(id))
}

// insertedPerson completes a person account that is stored as it stands: a record type of persons, or the flag, says that it is one.
func (t *Tx) insertedPerson(next map[*Field]Value) bool {
	accounts := t.Org.Object("Account")
	kind, flag := accounts.Field("RecordTypeId"), accounts.Field("IsPersonAccount")
	if next[flag].True() {
		for id := range t.Org.persons {
			next[kind] = refValue(id)
		}
	}
	if !t.Org.persons[next[kind].id] {
		return false
	}
	next[flag] = boolValue(true)
	next[accounts.Field("Name")] = fullName(next[accounts.Field("FirstName")], next[accounts.Field("LastName")])
	return true
}

// personLeaves refuses to delete the contact of a person account that stays.
func personLeaves(t *Tx, o *Object, row int32) Errors {
	if o.person(row) {
		if accounts, at, found := t.Org.find(o.Value(row, o.Field("AccountId")).id); found && accounts.state[at] == live {
			return Errors{refuse("INSUFFICIENT_ACCESS_OR_READONLY", []string{}, "insufficient access rights on object id")}
		}
	}
	return casesLeft(t, o, row)
}

// mergePeople merges the contacts of two person accounts, as far as these are any.
func (t *Tx) mergePeople(o *Object, winner, loser int32) {
	if o.Name != "Account" || !o.person(loser) {
		return
	}
	f := o.Field("PersonContactId")
	contacts, top, one := t.Org.find(o.Value(winner, f).id)
	_, row, other := t.Org.find(o.Value(loser, f).id)
	if !one || !other {
		return
	}
	t.repoint(contacts, contacts.ids[row], contacts.ids[top])
	t.set(contacts, row, contacts.Field("MasterRecordId"), refValue(contacts.ids[top]))
	t.touch(contacts, row)
	t.throw(contacts, row, t.Org.batches)
	t.touch(contacts, top)
}

// mergeable refuses to merge a person with a business, or the contact of a person account by itself.
func mergeable(o *Object, winner, loser int32) error {
	if o.person(winner) != o.person(loser) || o.Name == "Contact" && o.person(loser) {
		return fmt.Errorf("%s %s and %s cannot be merged: person accounts are merged with person accounts, as accounts", o.Name, o.ids[winner], o.ids[loser])
	}
	return nil
}
