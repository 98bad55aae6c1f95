package salesforce_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"lockstep/internal/sandbox/salesforce"
)

func TestCustomObject(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	values := []salesforce.Option{{Value: "a", Label: "Label A", Default: true}, {Value: "b"}}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(x.DefineObject(salesforce.CustomObject{
		Name: "Invoice__c", NameFormat: "INV-{0000}",
		Fields: []salesforce.CustomField{
			{Name: "Text__c", Type: "Text", Length: 5}, {Name: "Area__c", Type: "TextArea"}, {Name: "Long__c", Type: "LongTextArea", Length: 1000},
			{Name: "Html__c", Type: "Html", Length: 1000}, {Name: "Secret__c", Type: "EncryptedText", Length: 20},
			{Name: "Number__c", Type: "Number", Precision: 5, Scale: 2}, {Name: "Money__c", Type: "Currency", Precision: 18, Scale: 2},
			{Name: "Share__c", Type: "Percent", Precision: 3}, {Name: "Paid__c", Type: "Checkbox", Default: "true"}, {Name: "Day__c", Type: "Date"},
			{Name: "At__c", Type: "DateTime"}, {Name: "Time__c", Type: "Time"}, {Name: "Mail__c", Type: "Email"}, {Name: "Phone__c", Type: "Phone"},
			{Name: "Page__c", Type: "Url"}, {Name: "Pick__c", Type: "Picklist", Values: values, Restricted: true},
			{Name: "Picks__c", Type: "MultiselectPicklist", Values: values, Restricted: true},
			{Name: "Account__c", Type: "Lookup", RefersTo: []string{"Account"}, Relationship: "Invoices"},
			{Name: "Ext__c", Type: "Text", Length: 20, ExternalID: true, Unique: true}, {Name: "Serial__c", Type: "AutoNumber", Format: "S{000}"},
			{Name: "Doubled__c", Type: "Number", Precision: 8, Scale: 2, Formula: "Number__c * 2", Compute: func(r map[string]string) string {
				var n float64
				fmt.Sscan(r["Number__c"], &n)
				return fmt.Sprint(2 * n)
			}},
		},
	}))
	must(x.DefineObject(salesforce.CustomObject{Name: "Line__c", Fields: []salesforce.CustomField{
		{Name: "Invoice__c", Type: "MasterDetail", RefersTo: []string{"Invoice__c"}, Relationship: "Lines"},
	}}))
	account := x.insert("Account", "Name", "Acme")
	id := x.create("Invoice__c", `{"Text__c":"abc","Number__c":"12.345","Time__c":"11:59","Picks__c":"a;b","Account__c":"`+account+`","Ext__c":"e1","At__c":"2026-03-04T05:06:07-02:00"}`)
	if !strings.HasPrefix(id, "a00") {
		t.Errorf("id %s", id)
	}
	x.has("Invoice__c", id, map[string]string{
		"Name": "INV-0001", "Serial__c": "S001", "Number__c": "12.34", "Doubled__c": "24.68", "Paid__c": "true", "Pick__c": "a", "Time__c": "11:59:00.000Z",
		"At__c": "2026-03-04T07:06:07.000+0000", "OwnerId": x.IntegrationUser(),
	})
	if r := x.soql("SELECT Doubled__c, Account__r.Name FROM Invoice__c WHERE Doubled__c > 20"); get(r.json, "records", 0, "Account__r", "Name") != "Acme" {
		t.Errorf("a query: %s", r.text)
	}
	for _, c := range []struct{ body, want string }{
		{`{"Text__c":"abcdef"}`, "STRING_TOO_LONG Text: data value too large: abcdef (max length=5) [Text__c]"},
		{`{"Number__c":1000}`, "NUMBER_OUTSIDE_VALID_RANGE Number: value outside of valid range on numeric field: 1000 [Number__c]"},
		{`{"Pick__c":"c"}`, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST Pick: bad value for restricted picklist field: c [Pick__c]"},
		{`{"Picks__c":"a;c"}`, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST Picks: bad value for restricted picklist field: a;c [Picks__c]"},
		{`{"Time__c":"noon"}`, "JSON_PARSER_ERROR Cannot deserialize instance of time from VALUE_STRING value noon or request may be missing a required field at [line:1, column:12] []"},
		{`{"Doubled__c":1}`, "INVALID_FIELD_FOR_INSERT_UPDATE Unable to create/update fields: Doubled__c. Please"},
		{`{"Name":"INV-9"}`, "INVALID_FIELD_FOR_INSERT_UPDATE Unable to create/update fields: Name. Please"},
		{`{"Ext__c":"E1"}`, "DUPLICATE_VALUE duplicate value found: Ext__c duplicates value on record with id: " + id[:15] + " []"},
	} {
		if got := x.refusal("POST", "/sobjects/Invoice__c", c.body); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s", c.body, got)
		}
	}
	// A number that was taken back is given again: nothing is left of a create that failed.
	x.must(200, "POST", "/composite/sobjects", `{"allOrNone":true,"records":[{"attributes":{"type":"Invoice__c"}},{"attributes":{"type":"Invoice__c"},"Text__c":"abcdef"}]}`)
	x.has("Invoice__c", x.create("Invoice__c", `{}`), map[string]string{"Name": "INV-0002"})

	line := x.create("Line__c", `{"Name":"First","Invoice__r":{"Ext__c":"e1"}}`)
	x.has("Line__c", line, map[string]string{"Invoice__c": id, "Name": "First"})
	if got := x.refusal("POST", "/sobjects/Line__c", `{"Name":"Stray"}`); got != "REQUIRED_FIELD_MISSING Required fields are missing: [Invoice__c] [Invoice__c]" {
		t.Errorf("a detail without a master: %s", got)
	}
	if got := x.refusal("PATCH", "/sobjects/Line__c/"+line, `{"Invoice__c":"`+id+`"}`); !strings.HasPrefix(got, "INVALID_FIELD_FOR_INSERT_UPDATE") {
		t.Errorf("a detail moved: %s", got)
	}
	if r := x.soql("SELECT (SELECT Name FROM Lines__r) FROM Invoice__c WHERE Ext__c = 'e1'"); get(r.json, "records", 0, "Lines__r", "records", 0, "Name") != "First" {
		t.Errorf("children: %s", r.text)
	}
	d := x.must(200, "GET", "/sobjects/Line__c/describe", "").json
	for _, f := range get(d, "fields").([]any) {
		switch get(f, "name") {
		case "OwnerId":
			t.Error("a detail has an owner of its own")
		case "Invoice__c":
			if get(f, "cascadeDelete") != true || get(f, "updateable") != false || get(f, "nillable") != false {
				t.Errorf("the master: %v", f)
			}
		}
	}
	x.must(204, "DELETE", "/sobjects/Invoice__c/"+id, "")
	if _, left := x.Get("Line__c", line); left {
		t.Error("the detail outlives its master")
	}
	must(x.Undelete("Invoice__c", id))
	x.has("Line__c", line, map[string]string{"Name": "First"})
}

func TestFormulaMovesNoStamp(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	if err := x.DefineField("Contact", salesforce.CustomField{Name: "Age__c", Type: "Number", Precision: 3, Formula: "TODAY() - Birthdate",
		Compute: func(map[string]string) string { return fmt.Sprint(x.now().Hour()) }}); err != nil {
		t.Fatal(err)
	}
	id := x.create("Contact", `{"LastName":"Lee"}`)
	x.has("Contact", id, map[string]string{"Age__c": "5", "SystemModstamp": "2026-03-04T05:06:07.000+0000"})
	x.move(time.Hour)
	x.has("Contact", id, map[string]string{"Age__c": "6", "SystemModstamp": "2026-03-04T05:06:07.000+0000"})
}

func TestHiddenCustomObject(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	if err := x.DefineObject(salesforce.CustomObject{Name: "Vault__c", Hidden: true, Fields: []salesforce.CustomField{{Name: "Code__c", Type: "Text", Length: 9, Hidden: true}}}); err != nil {
		t.Fatal(err)
	}
	if got := x.refusal("POST", "/sobjects/Vault__c", `{}`); got != "NOT_FOUND The requested resource does not exist []" {
		t.Errorf("hidden: %s", got)
	}
	if r := x.soql("SELECT Id FROM Vault__c"); get(r.json, 0, "errorCode") != "INVALID_TYPE" {
		t.Errorf("a query: %s", r.text)
	}
	set := x.create("PermissionSet", `{"Name":"Vaults","Label":"Vaults"}`)
	x.create("PermissionSetAssignment", `{"AssigneeId":"`+x.IntegrationUser()+`","PermissionSetId":"`+set+`"}`)
	grant := x.create("ObjectPermissions", `{"ParentId":"`+set+`","SobjectType":"Vault__c","PermissionsRead":true}`)
	if got := x.refusal("POST", "/sobjects/Vault__c", `{}`); !strings.HasPrefix(got, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY entity type cannot be inserted: Vault") {
		t.Errorf("read only: %s", got)
	}
	for _, c := range []struct{ body, want string }{
		{`{"ParentId":"` + set + `","SobjectType":"Vault__c","PermissionsRead":true}`, "DUPLICATE_VALUE"},
		{`{"ParentId":"` + set + `","SobjectType":"Nope__c","PermissionsRead":true}`, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST SObject Type Name: bad value for restricted picklist field: Nope__c [SobjectType]"},
		{`{"ParentId":"` + set + `","SobjectType":"Contact","PermissionsEdit":true}`, "FIELD_INTEGRITY_EXCEPTION Permission Edit Contact depends on permission(s): Read Contact [PermissionsRead]"},
	} {
		if got := x.refusal("POST", "/sobjects/ObjectPermissions", c.body); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s", c.body, got)
		}
	}
	x.must(204, "PATCH", "/sobjects/ObjectPermissions/"+grant, `{"PermissionsCreate":true,"PermissionsEdit":true}`)
	id := x.create("Vault__c", `{"Name":"One"}`)
	if got := x.refusal("PATCH", "/sobjects/Vault__c/"+id, `{"Code__c":"1"}`); got != "INVALID_FIELD No such column 'Code__c' on sobject of type Vault__c []" {
		t.Errorf("a hidden field: %s", got)
	}
	if got := x.refusal("DELETE", "/sobjects/Vault__c/"+id, ``); got != "INSUFFICIENT_ACCESS_OR_READONLY insufficient access rights on object id []" {
		t.Errorf("no permission to delete: %s", got)
	}
}

func TestToolingFieldTypes(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.must(201, http.MethodPost, "/tooling/sobjects/CustomField", `{"FullName":"Activity.HubSpot_Id__c","Metadata":`+external+`}`)
	set := x.create("PermissionSet", `{"Name":"Sync","Label":"Sync"}`)
	x.create("PermissionSetAssignment", `{"AssigneeId":"`+x.IntegrationUser()+`","PermissionSetId":"`+set+`"}`)
	for _, object := range []string{"Task", "Event"} {
		if fieldOf(x, object, "HubSpot_Id__c") != nil {
			t.Errorf("%s shows a field nobody granted", object)
		}
		x.create("FieldPermissions", `{"ParentId":"`+set+`","SobjectType":"`+object+`","Field":"`+object+`.HubSpot_Id__c","PermissionsRead":true,"PermissionsEdit":true}`)
		if fieldOf(x, object, "HubSpot_Id__c") == nil {
			t.Errorf("%s does not show the granted field", object)
		}
	}
	x.must(201, "PATCH", "/sobjects/Task/HubSpot_Id__c/77", `{"Subject":"Call"}`)
	for _, c := range []struct{ metadata, want string }{
		{`{"label":"A","type":"AutoNumber"}`, "Must specify 'displayFormat' for a CustomField of type AutoNumber"},
		{`{"label":"A","type":"Lookup","referenceTo":"Account"}`, "Must specify 'referenceTo' and 'relationshipName' for a CustomField of type Lookup"},
		{`{"label":"A","type":"Date","externalId":true}`, "Can not specify 'externalId' for a CustomField of type Date"},
		{`{"label":"A","type":"Text","length":300}`, "Must specify a length between 1 and 255 for a CustomField of type Text"},
		{`{"type":"Date"}`, "Must specify a label for the CustomField"},
		{`{"label":"A","type":"Vector"}`, "Field Type: bad value for restricted picklist field: Vector"},
		{`{"label":"A","type":"Lookup","referenceTo":"Nope","relationshipName":"As"}`, "referenceTo value of 'Nope' does not resolve to a valid sObject type"},
	} {
		if got := x.refusal("POST", "/tooling/sobjects/CustomField", `{"FullName":"Contact.A__c","Metadata":`+c.metadata+`}`); got != "FIELD_INTEGRITY_EXCEPTION "+c.want+" []" {
			t.Errorf("%s: %s", c.metadata, got)
		}
	}
}

// fieldOf is one field of a describe; nil when it is not shown.
func fieldOf(x *org, object, name string) any {
	x.Helper()
	for _, f := range get(x.must(200, "GET", "/sobjects/"+object+"/describe", "").json, "fields").([]any) {
		if get(f, "name") == name {
			return f
		}
	}
	return nil
}
