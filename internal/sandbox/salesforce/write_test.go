package salesforce_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/salesforce"
)

func TestSingleRecord(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.grant("Lead", "HubSpot_Id__c", external)
	r := x.must(201, http.MethodPost, "/sobjects/Lead", `{"LastName":"  Lee ","Company":"Acme","FirstName":"","Email":"Ann@Example.com"}`)
	id := get(r.json, "id").(string)
	if want := `{"errors":[],"id":"` + id + `","success":true}`; r.text != want || len(id) != 18 {
		t.Errorf("create: %s", r.text)
	}
	if got := r.header.Get("Location"); got != "/services/data/v60.0/sobjects/Lead/"+id {
		t.Errorf("Location %s", got)
	}
	r = x.must(200, http.MethodGet, "/sobjects/Lead/"+id+"?fields=LastName,FirstName,Status,OwnerId,Email,CreatedDate,IsUnreadByOwner", "")
	want := `{"attributes":{"type":"Lead","url":"/services/data/v60.0/sobjects/Lead/` + id + `"},"LastName":"Lee","FirstName":null,"Status":"Open - Not Contacted",` +
		`"OwnerId":"` + x.IntegrationUser() + `","Email":"Ann@Example.com","CreatedDate":"2026-03-04T05:06:07.000+0000","IsUnreadByOwner":true,"Id":"` + id + `"}`
	if diff := cmp.Diff(want, r.text); diff != "" {
		t.Error(diff)
	}
	x.move(time.Minute)
	if r := x.must(204, http.MethodPatch, "/sobjects/Lead/"+id[:15], `{"Title":"Boss"}`); r.text != "" || r.header.Get("Sforce-Limit-Info") == "" {
		t.Errorf("update answered %q, limits %q", r.text, r.header.Get("Sforce-Limit-Info"))
	}
	lead, _ := x.Get("Lead", id)
	if lead["Title"] != "Boss" || lead["SystemModstamp"] != "2026-03-04T05:07:07.000+0000" || lead["LastModifiedById"] != x.IntegrationUser() || lead["CreatedDate"] != "2026-03-04T05:06:07.000+0000" {
		t.Errorf("after the update: %v", lead)
	}

	r = x.must(201, http.MethodPatch, "/sobjects/Lead/HubSpot_Id__c/5%201", `{"LastName":"Moe","Company":"Acme"}`)
	if get(r.json, "created") != true {
		t.Errorf("upsert: %s", r.text)
	}
	upserted := get(r.json, "id").(string)
	r = x.must(200, http.MethodPatch, "/sobjects/Lead/HubSpot_Id__c/5%201", `{"LastName":"Moore"}`)
	if get(r.json, "created") != false || get(r.json, "id") != upserted {
		t.Errorf("second upsert: %s", r.text)
	}
	r = x.must(200, http.MethodGet, "/sobjects/Lead/HubSpot_Id__c/5%201?fields=LastName", "")
	if get(r.json, "LastName") != "Moore" {
		t.Errorf("read by key: %s", r.text)
	}
	x.insert("Lead", "LastName", "Lee", "Company", "Acme", "Email", "ann@example.com")
	r = x.must(300, http.MethodGet, "/sobjects/Lead/Email/ANN@example.com", "")
	if get(r.json, 0) != "/services/data/v60.0/sobjects/Lead/"+id {
		t.Errorf("two records by one key: %s", r.text)
	}
	x.must(300, http.MethodPatch, "/sobjects/Lead/Email/ann@example.com", `{"LastName":"X"}`)

	x.must(204, http.MethodDelete, "/sobjects/Lead/"+id, "")
	r = x.must(404, http.MethodDelete, "/sobjects/Lead/"+id, "")
	if r.text != `[{"errorCode":"ENTITY_IS_DELETED","fields":[],"message":"entity is deleted"}]` {
		t.Errorf("second delete: %s", r.text)
	}
	for path, code := range map[string]string{id: "NOT_FOUND", "00QSx0000000zzz": "NOT_FOUND"} {
		if r := x.must(404, http.MethodGet, "/sobjects/Lead/"+path, ""); get(r.json, 0, "errorCode") != code {
			t.Errorf("reading %s: %s", path, r.text)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.grant("Lead", "HubSpot_Id__c", external)
	x.grant("Lead", "Score__c", `{"label":"Score","type":"Number","precision":5,"scale":2}`)
	x.grant("Lead", "Tier__c", `{"label":"Tier","type":"Picklist","valueSet":{"restricted":true,"valueSetDefinition":{"value":[{"fullName":"gold","label":"Gold"}]}}}`)
	holder := x.insert("Lead", "LastName", "Lee", "Company", "Acme", "HubSpot_Id__c", "ABC")
	converted := x.insert("Lead", "LastName", "Lee", "Company", "Acme", "IsConverted", "true")
	idle := x.insert("User", "LastName", "Idle", "Username", "idle@example.com", "IsActive", "false")
	account := x.insert("Account", "Name", "Acme")
	lead := x.insert("Lead", "LastName", "Lee", "Company", "Acme")
	x.Validate("Lead", func(_, after map[string]string) (string, string) {
		if after["Title"] == "forbidden" {
			return "No such title.", "Title"
		}
		return "", ""
	})
	const must = `"LastName":"Lee","Company":"Acme"`
	long := strings.Repeat("é", 81)
	for _, c := range []struct{ name, method, path, body, code, message, fields string }{
		{"required", "POST", "/sobjects/Lead", `{"FirstName":"Ann"}`, "REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName, Company]", "LastName Company"},
		{"required cleared", "PATCH", "/sobjects/Lead/" + lead, `{"LastName":" "}`, "REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]", "LastName"},
		{"too long", "POST", "/sobjects/Lead", `{"Company":"Acme","LastName":"` + long + `"}`, "STRING_TOO_LONG", "Last Name: data value too large: " + long + " (max length=80)", "LastName"},
		{"e-mail", "POST", "/sobjects/Lead", `{` + must + `,"Email":"not-an-email"}`, "INVALID_EMAIL_ADDRESS", "Email: invalid email address: not-an-email", "Email"},
		{"restricted picklist", "POST", "/sobjects/Lead", `{` + must + `,"Tier__c":"lead"}`, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "Tier: bad value for restricted picklist field: lead", "Tier__c"},
		{"number range", "POST", "/sobjects/Lead", `{` + must + `,"Score__c":1000}`, "NUMBER_OUTSIDE_VALID_RANGE", "Score: value outside of valid range on numeric field: 1000", "Score__c"},
		{"integer range", "POST", "/sobjects/Lead", `{` + must + `,"NumberOfEmployees":100000000}`, "NUMBER_OUTSIDE_VALID_RANGE", "Employees: value outside of valid range on numeric field: 100000000", "NumberOfEmployees"},
		{"not a number", "POST", "/sobjects/Lead", `{` + must + `,"AnnualRevenue":"much"}`, "JSON_PARSER_ERROR", "Cannot deserialize instance of double from VALUE_STRING value much or request may be missing a required field at [line:1, column:52]", ""},
		{"half an int", "POST", "/sobjects/Lead", `{` + must + `,"NumberOfEmployees":1.5}`, "JSON_PARSER_ERROR", "Cannot deserialize instance of int from VALUE_NUMBER_FLOAT value 1.5 or request may be missing a required field at [line:1, column:56]", ""},
		{"date with a time", "POST", "/sobjects/Contact", `{"LastName":"Lee","Birthdate":"2026-02-30"}`, "JSON_PARSER_ERROR", "Cannot deserialize instance of date from VALUE_STRING value 2026-02-30 or request may be missing a required field at [line:1, column:31]", ""},
		{"unknown field", "POST", "/sobjects/Lead", `{` + must + `,"foo":1}`, "INVALID_FIELD", "No such column 'foo' on sobject of type Lead", ""},
		{"read-only fields", "PATCH", "/sobjects/Lead/" + lead, `{"Name":"Ann Lee","CreatedDate":"2026-01-01T00:00:00Z"}`, "INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: CreatedDate, Name. Please check the security settings of this field and verify that it is read/write for your profile or permission set.", "CreatedDate Name"},
		{"id in the body", "PATCH", "/sobjects/Lead/" + lead, `{"Id":"` + lead + `"}`, "INVALID_FIELD", "The Id field should not be specified in the sobject data.", ""},
		{"key in the body", "PATCH", "/sobjects/Lead/HubSpot_Id__c/9", `{` + must + `,"HubSpot_Id__c":"9"}`, "INVALID_FIELD", "The HubSpot_Id__c field should not be specified in the sobject data.", ""},
		{"taken external id, in another case", "POST", "/sobjects/Lead", `{` + must + `,"HubSpot_Id__c":"abc"}`, "DUPLICATE_VALUE", "duplicate value found: HubSpot_Id__c duplicates value on record with id: " + holder[:15], ""},
		{"converted", "PATCH", "/sobjects/Lead/" + converted, `{"Title":"x"}`, "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", ""},
		{"inactive owner", "PATCH", "/sobjects/Lead/" + lead, `{"OwnerId":"` + idle + `"}`, "INACTIVE_OWNER_OR_USER", "operation performed with inactive user [" + idle[:15] + "] as owner of lead", ""},
		{"unknown owner", "PATCH", "/sobjects/Lead/" + lead, `{"OwnerId":"005Sx0000000zzz"}`, "INVALID_CROSS_REFERENCE_KEY", "Owner ID: invalid cross reference id", "OwnerId"},
		{"wrong object", "POST", "/sobjects/Contact", `{"LastName":"Lee","AccountId":"` + lead + `"}`, "FIELD_INTEGRITY_EXCEPTION", "Account ID: id value of incorrect type: " + lead, "AccountId"},
		{"no id at all", "POST", "/sobjects/Contact", `{"LastName":"Lee","AccountId":"nope"}`, "MALFORMED_ID", "Account ID: id value of incorrect type: nope", "AccountId"},
		{"parent not there", "POST", "/sobjects/Contact", `{"LastName":"Lee","AccountId":"001Sx0000000zzz"}`, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "insufficient access rights on cross-reference id: 001Sx0000000zzz", ""},
		{"foreign key not found", "POST", "/sobjects/Contact", `{"LastName":"Lee","Owner":{"Username":"who@example.com"}}`, "INVALID_FIELD", "Foreign key external ID: who@example.com not found for field Username in entity User", ""},
		{"validation rule", "PATCH", "/sobjects/Lead/" + lead, `{"Title":"forbidden"}`, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "No such title.", "Title"},
		{"box cleared", "PATCH", "/sobjects/Lead/" + lead, `{"DoNotCall":null}`, "INVALID_TYPE_ON_FIELD_IN_RECORD", "Do Not Call: value not of required type: ", "DoNotCall"},
		{"no such record", "PATCH", "/sobjects/Lead/00QSx0000000zzz", `{"Title":"x"}`, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", ""},
		{"id of another object", "PATCH", "/sobjects/Lead/" + account, `{"Title":"x"}`, "MALFORMED_ID", "Lead ID: id value of incorrect type: " + account, "Id"},
		{"object without a create", "POST", "/sobjects/LeadStatus", `{}`, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "entity type cannot be inserted: Lead Status Value", ""},
		{"no such object", "POST", "/sobjects/Nope", `{}`, "NOT_FOUND", "The requested resource does not exist", ""},
		{"no such key", "PATCH", "/sobjects/Lead/Namez/1", `{}`, "NOT_FOUND", "Provided external ID field does not exist or is not accessible: Namez", ""},
		{"malformed id read", "GET", "/sobjects/Lead/23foo", ``, "NOT_FOUND", "Provided external ID field does not exist or is not accessible: 23foo", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := x.All("Lead")
			r := x.do(c.method, c.path, c.body)
			if r.status != 400 && r.status != 404 {
				t.Fatalf("status %d: %s", r.status, r.text)
			}
			var fields []string
			list, _ := get(r.json, 0, "fields").([]any)
			for _, f := range list {
				fields = append(fields, f.(string))
			}
			got := []any{get(r.json, 0, "errorCode"), get(r.json, 0, "message"), strings.Join(fields, " ")}
			if diff := cmp.Diff([]any{c.code, c.message, c.fields}, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(before, x.All("Lead")); diff != "" {
				t.Errorf("a refused write changed something: %s", diff)
			}
		})
	}
}

func TestValuesAsStored(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.grant("Lead", "Score__c", `{"label":"Score","type":"Number","precision":5,"scale":2}`)
	r := x.must(201, http.MethodPost, "/sobjects/Lead", `{"LastName":"\tLee\n","Company":" A  B ","Email":" a@example.com ","LeadSource":"Made Up",
		"Score__c":"12.349","AnnualRevenue":99.9,"DoNotCall":"true","NumberOfEmployees":"7","Fax":"   "}`)
	got, _ := x.Get("Lead", get(r.json, "id").(string))
	want := map[string]string{
		"LastName": "Lee", "Name": "Lee", "Company": "A  B", "Email": "a@example.com", "LeadSource": "Made Up", "Score__c": "12.34",
		"AnnualRevenue": "99", "DoNotCall": "true", "NumberOfEmployees": "7", "Status": "Open - Not Contacted", "IsUnreadByOwner": "true",
	}
	for name, v := range want {
		if got[name] != v {
			t.Errorf("%s is %q, want %q", name, got[name], v)
		}
	}
	if v, there := got["Fax"]; there {
		t.Errorf("a blank is stored as %q", v)
	}
}

func TestConditionalRequests(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	id := x.insert("Lead", "LastName", "Lee", "Company", "Acme")
	stamp := func(d time.Duration) string { return x.now().Add(d).UTC().Format(http.TimeFormat) }
	x.must(304, http.MethodGet, "/sobjects/Lead/"+id, "", "If-Modified-Since", stamp(0))
	x.must(200, http.MethodGet, "/sobjects/Lead/"+id, "", "If-Modified-Since", stamp(-time.Hour))
	x.must(412, http.MethodPatch, "/sobjects/Lead/"+id, `{"Title":"x"}`, "If-Unmodified-Since", stamp(-time.Hour))
	x.must(204, http.MethodPatch, "/sobjects/Lead/"+id, `{"Title":"x"}`, "If-Unmodified-Since", stamp(0))
}

func TestFlowsAndHumans(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.Automate("Lead", func(before, after map[string]string) map[string]string {
		if before == nil {
			return map[string]string{"Description": "new"}
		}
		return map[string]string{"Phone": strings.ReplaceAll(after["Phone"], " ", ""), "Description": "was " + before["Title"]}
	})
	r := x.must(201, http.MethodPost, "/sobjects/Lead", `{"LastName":"Lee","Company":"Acme","Title":"CEO"}`)
	id := get(r.json, "id").(string)
	x.move(time.Hour)
	if err := x.Edit("Lead", id, map[string]string{"Phone": "+1 555 0100", "Title": "CTO"}); err != nil {
		t.Fatal(err)
	}
	lead, _ := x.Get("Lead", id)
	if lead["Phone"] != "+15550100" || lead["Description"] != "was CEO" || lead["LastModifiedById"] != x.Human() || lead["LastModifiedDate"] != "2026-03-04T06:06:07.000+0000" {
		t.Errorf("after the edit: %v", lead)
	}
	if err := x.Edit("Lead", id, map[string]string{"Email": "nope"}); err == nil || !strings.Contains(err.Error(), "INVALID_EMAIL_ADDRESS") {
		t.Errorf("an invalid edit: %v", err)
	}
	x.Automate("Lead", func(_, _ map[string]string) map[string]string { return map[string]string{"NumberOfEmployees": "many"} })
	r = x.must(400, http.MethodPatch, "/sobjects/Lead/"+id, `{"Title":"x"}`)
	if get(r.json, 0, "errorCode") != "CANNOT_EXECUTE_FLOW_TRIGGER" {
		t.Errorf("a flow that fails: %s", r.text)
	}
}

func TestInsertTakesRecordsAsTheyStand(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	long := strings.Repeat("x", 300)
	id := x.insert("Lead", "Id", "00Q5e0000000001", "LastName", long, "Email", "nope", "DateOfBirth__c", "31.02.1999", "SystemModstamp", "2026-01-01T00:00:00.000+0000")
	if id != "00Q5e0000000001EAA" {
		t.Errorf("id %s", id)
	}
	r := x.soql("SELECT LastName, Email, DateOfBirth__c, SystemModstamp FROM Lead")
	for _, want := range []string{long, "nope", "31.02.1999", "2026-01-01T00:00:00.000+0000"} {
		if !strings.Contains(r.text, want) {
			t.Errorf("%.20q is not in %s", want, r.text)
		}
	}
	r = x.must(400, http.MethodPatch, "/sobjects/Lead/"+id, `{"Email":"still not"}`)
	if get(r.json, 0, "errorCode") != "INVALID_EMAIL_ADDRESS" {
		t.Errorf("later writes are validated: %s", r.text)
	}
	x.must(204, http.MethodPatch, "/sobjects/Lead/"+id, `{"Title":"x"}`) // what is not sent is not judged
	for name, values := range map[string]map[string]string{
		"object": {"?": "Nope"}, "id taken": {"Id": id}, "id of another object": {"Id": "0035e0000000001"}, "no date": {"CreatedDate": "soon"},
		"column name": {"a b": "x"}, "reference": {"OwnerId": "me"},
	} {
		object := "Lead"
		if values["?"] != "" {
			object = values["?"]
		}
		if _, err := x.Insert(object, values); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestDeleteMergeConvertPurge(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.grant("Contact", "HubSpot_Id__c", external)
	winner := x.insert("Contact", "LastName", "Lee", "HubSpot_Id__c", "1")
	loser := x.insert("Contact", "LastName", "Leigh", "HubSpot_Id__c", "2")
	boss := x.insert("Contact", "LastName", "Report", "ReportsToId", loser)
	x.move(time.Hour)
	if err := x.Merge("Contact", winner, loser); err != nil {
		t.Fatal(err)
	}
	all := func(q string) response {
		return x.do(http.MethodGet, "/queryAll?q="+url.QueryEscape(q), "")
	}
	r := all("SELECT Id, MasterRecordId FROM Contact WHERE IsDeleted = TRUE AND SystemModstamp >= 2026-03-04T06:00:00Z")
	if get(r.json, "records", 0, "MasterRecordId") != winner || get(r.json, "records", 0, "Id") != loser {
		t.Errorf("the loser: %s", r.text)
	}
	if c, _ := x.Get("Contact", boss); c["ReportsToId"] != winner {
		t.Errorf("who reported to the loser reports to %s", c["ReportsToId"])
	}
	if r := x.must(404, http.MethodPatch, "/sobjects/Contact/"+loser, `{"Title":"x"}`); get(r.json, 0, "errorCode") != "ENTITY_IS_DELETED" {
		t.Errorf("writing to the loser: %s", r.text)
	}
	x.must(201, http.MethodPost, "/sobjects/Contact", `{"LastName":"New","HubSpot_Id__c":"2"}`) // what is deleted blocks no value

	lead := x.insert("Lead", "LastName", "Chen", "Company", "Acme", "Email", "bo@example.com")
	account, contact, err := x.Convert(lead, "", "")
	if err != nil {
		t.Fatal(err)
	}
	r = x.soql("SELECT IsConverted, ConvertedContactId, ConvertedAccountId, ConvertedDate, Status, ConvertedContact.Email FROM Lead WHERE IsConverted = TRUE")
	for step, want := range map[string]any{"ConvertedContactId": contact, "ConvertedAccountId": account, "ConvertedDate": "2026-03-04", "Status": "Closed - Converted"} {
		if got := get(r.json, "records", 0, step); got != want {
			t.Errorf("%s is %v, want %v", step, got, want)
		}
	}
	if get(r.json, "records", 0, "ConvertedContact", "Email") != "bo@example.com" {
		t.Errorf("the contact: %s", r.text)
	}
	if _, _, err := x.Convert(lead, "", ""); err == nil {
		t.Error("converted twice")
	}
	if err := x.Purge("Contact", loser); err != nil {
		t.Fatal(err)
	}
	if n := len(get(all("SELECT Id FROM Contact WHERE IsDeleted = TRUE").json, "records").([]any)); n != 0 {
		t.Errorf("queryAll still sees %d purged", n)
	}
}
