package salesforce_test

import (
	"strings"
	"testing"

	"lockstep/internal/sandbox/salesforce"
)

func TestPersonAccountsOff(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for _, name := range []string{"IsPersonAccount", "PersonContactId", "PersonEmail", "LastName", "RecordTypeId"} {
		if fieldOf(x, "Account", name) != nil {
			t.Errorf("an org without person accounts has Account.%s", name)
		}
	}
	if fieldOf(x, "Contact", "IsPersonAccount") != nil {
		t.Error("an org without person accounts has Contact.IsPersonAccount")
	}
	if got := x.refusal("POST", "/sobjects/Account", `{"LastName":"Lee"}`); !strings.HasPrefix(got, "INVALID_FIELD No such column 'LastName'") {
		t.Error(got)
	}
}

func TestPersonAccounts(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{PersonAccounts: true})
	kind := x.names("Id", "SELECT Id FROM RecordType WHERE IsPersonType = TRUE AND DeveloperName = 'PersonAccount'")
	id := x.create("Account", `{"RecordTypeId":"`+kind+`","FirstName":"Ann","LastName":"Lee","PersonEmail":"ann@example.com","Phone":"+1 555 0101","PersonMailingCity":"York"}`)
	x.has("Account", id, map[string]string{"Name": "Ann Lee", "IsPersonAccount": "true", "PersonEmail": "ann@example.com"})
	contact := x.names("PersonContactId", "SELECT PersonContactId FROM Account WHERE PersonEmail = 'ann@example.com'")
	x.has("Contact", contact, map[string]string{"AccountId": id, "IsPersonAccount": "true", "Name": "Ann Lee", "Email": "ann@example.com", "Phone": "+1 555 0101", "MailingCity": "York"})

	// One thing under two names, whichever is written; both are stamped.
	x.must(204, "PATCH", "/sobjects/Account/"+id, `{"PersonEmail":"ann@example.org","LastName":"Lee-Kim"}`)
	x.has("Contact", contact, map[string]string{"Email": "ann@example.org", "Name": "Ann Lee-Kim"})
	x.move(1e9)
	x.must(204, "PATCH", "/sobjects/Contact/"+contact, `{"Title":"Buyer","FirstName":"Anne"}`)
	x.has("Account", id, map[string]string{"PersonTitle": "Buyer", "Name": "Anne Lee-Kim"})
	both := x.soql("SELECT LastModifiedDate, PersonContact.LastModifiedDate FROM Account")
	if get(both.json, "records", 0, "LastModifiedDate") != get(both.json, "records", 0, "PersonContact", "LastModifiedDate") {
		t.Errorf("stamps: %s", both.text)
	}

	// A contact's custom field is the account's __pc.
	if err := x.DefineField("Contact", salesforce.CustomField{Name: "Shoe__c", Type: "Text", Length: 40, ExternalID: true}); err != nil {
		t.Fatal(err)
	}
	x.must(204, "PATCH", "/sobjects/Account/"+id, `{"Shoe__pc":"42"}`)
	x.has("Contact", contact, map[string]string{"Shoe__c": "42"})
	x.must(201, "PATCH", "/sobjects/Account/Shoe__pc/43", `{"LastName":"Diaz"}`) // without a record type: the person's
	x.has("Account", x.names("Id", "SELECT Id FROM Account WHERE LastName = 'Diaz'"), map[string]string{"IsPersonAccount": "true", "RecordTypeId": kind})

	// A business is none of it.
	x.has("Account", x.create("Account", `{"Name":"Acme"}`), map[string]string{"IsPersonAccount": "false", "PersonContactId": "", "FirstName": ""})
}

func TestPersonAccountRefusals(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{PersonAccounts: true})
	id := x.create("Account", `{"LastName":"Lee"}`)
	contact := x.names("Id", "SELECT Id FROM Contact WHERE IsPersonAccount = TRUE")
	acme := x.create("Account", `{"Name":"Acme"}`)
	business := x.names("Id", "SELECT Id FROM RecordType WHERE IsPersonType = FALSE")
	readOnly := func(name string) string {
		return "INVALID_FIELD_FOR_INSERT_UPDATE Unable to create/update fields: " + name + ". Please check the security settings of this field and verify that it is read/write for your profile or permission set. [" + name + "]"
	}
	for _, c := range []struct{ method, path, body, want string }{
		{"POST", "/sobjects/Account", `{"LastName":"Kim","Name":"Kim"}`, readOnly("Name")},
		{"PATCH", "/sobjects/Account/" + id, `{"Name":"Kim"}`, readOnly("Name")},
		{"PATCH", "/sobjects/Account/" + id, `{"LastName":null}`, "REQUIRED_FIELD_MISSING Required fields are missing: [LastName] [LastName]"},
		{"PATCH", "/sobjects/Account/" + id, `{"RecordTypeId":"` + business + `","Phone":"1"}`, "INVALID_FIELD_FOR_INSERT_UPDATE Cannot specify any additional fields when marrying or separating a Person-Account []"},
		{"PATCH", "/sobjects/Account/" + acme, `{"PersonEmail":"a@example.com"}`, readOnly("PersonEmail")},
		{"PATCH", "/sobjects/Contact/" + contact, `{"AccountId":"` + acme + `"}`, "INVALID_FIELD_FOR_INSERT_UPDATE Account: bad field names on insert/update call: AccountId [AccountId]"},
		{"POST", "/sobjects/Contact", `{"LastName":"Kim","AccountId":"` + id + `"}`, "FIELD_INTEGRITY_EXCEPTION Account ID: a person account has no other contact: " + id + " [AccountId]"},
		{"DELETE", "/sobjects/Contact/" + contact, "", "INSUFFICIENT_ACCESS_OR_READONLY insufficient access rights on object id []"},
	} {
		if got := x.refusal(c.method, c.path, c.body); got != c.want {
			t.Errorf("%s %s %s: %s", c.method, c.path, c.body, got)
		}
	}
	if _, err := x.DefineRecordType("Contact", salesforce.RecordType{Name: "Patient", Default: true}); err != nil {
		t.Fatal(err)
	}
	patient := x.names("Id", "SELECT Id FROM RecordType WHERE Name = 'Patient'")
	if got := x.refusal("PATCH", "/sobjects/Contact/"+contact, `{"RecordTypeId":"`+patient+`"}`); got != "INSUFFICIENT_ACCESS_OR_READONLY insufficient access rights on object id []" {
		t.Error(got)
	}
}

func TestPersonAccountsDeletedAndMerged(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{PersonAccounts: true})
	for _, r := range []map[string]string{
		{"Id": "001Kx0000000001IAA", "IsPersonAccount": "true", "LastName": "Lee", "PersonEmail": "lee@example.com", "PersonContactId": "003Kx0000000001IAA"},
		{"Id": "001Kx0000000002IAA", "IsPersonAccount": "true", "LastName": "Leigh", "PersonContactId": "003Kx0000000002IAA"},
		{"Id": "001Kx0000000003IAA", "Name": "Acme"},
	} {
		if _, err := x.Insert("Account", r); err != nil {
			t.Fatal(err)
		}
	}
	x.has("Contact", "003Kx0000000001IAA", map[string]string{"Email": "lee@example.com", "AccountId": "001Kx0000000001IAA", "IsPersonAccount": "true"})
	if err := x.Merge("Account", "001Kx0000000001IAA", "001Kx0000000003IAA"); err == nil {
		t.Error("a person and a business are merged")
	}
	if err := x.Merge("Contact", "003Kx0000000001IAA", "003Kx0000000002IAA"); err == nil {
		t.Error("contacts of person accounts are merged by themselves")
	}
	if err := x.Merge("Account", "001Kx0000000001IAA", "001Kx0000000002IAA"); err != nil {
		t.Fatal(err)
	}
	gone := x.do("GET", "/queryAll?q=SELECT+Id,MasterRecordId+FROM+Contact+WHERE+IsDeleted=TRUE", "")
	if get(gone.json, "records", 0, "MasterRecordId") != "003Kx0000000001IAA" {
		t.Errorf("the contact of the loser: %s", gone.text)
	}
	x.must(204, "DELETE", "/sobjects/Account/001Kx0000000001IAA", "")
	if got := x.names("Id", "SELECT Id FROM Contact"); got != "" {
		t.Errorf("the account is deleted and its contact stays: %s", got)
	}

	// A lead without a company becomes a person.
	lead := x.create("Lead", `{"LastName":"Diaz","Email":"diaz@example.com"}`)
	made, err := x.ConvertLead(salesforce.Conversion{Lead: lead})
	if err != nil {
		t.Fatal(err)
	}
	x.has("Account", made.Account, map[string]string{"IsPersonAccount": "true", "PersonContactId": made.Contact, "PersonEmail": "diaz@example.com"})
}

// With state and country picklists too the codes are one thing under two names.
func TestPersonAccountsWithPicklists(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{PersonAccounts: true, Places: []salesforce.Country{
		{Code: "US", Name: "United States", States: []salesforce.State{{Code: "CA", Name: "California"}}}, {Code: "DE", Name: "Germany"},
	}})
	id := x.create("Account", `{"LastName":"Lee","PersonMailingCountryCode":"US","PersonMailingState":"California"}`)
	contact := x.names("Id", "SELECT Id FROM Contact")
	x.has("Contact", contact, map[string]string{"MailingCountry": "United States", "MailingCountryCode": "US", "MailingStateCode": "CA"})
	x.must(204, "PATCH", "/sobjects/Contact/"+contact, `{"MailingCountry":"Germany","MailingState":null}`)
	x.has("Account", id, map[string]string{"PersonMailingCountryCode": "DE", "PersonMailingCountry": "Germany", "PersonMailingStateCode": ""})
	if got := x.refusal("PATCH", "/sobjects/Account/"+id, `{"PersonMailingCountry":"Atlantis"}`); !strings.HasPrefix(got, "FIELD_INTEGRITY_EXCEPTION") {
		t.Error(got)
	}
}
