package salesforce_test

import (
	"slices"
	"strings"
	"testing"

	"lockstep/internal/sandbox/salesforce"
)

// A body that cannot be read says where reading stopped.
func TestUnreadableBodies(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for _, c := range []struct{ name, path, body, want string }{
		{"more than an object", "/sobjects/Lead", `{}}`, "at [line:1, column:3]"},
		{"a comma at the end", "/sobjects/Lead", `{"LastName":"Lee",}`, "Unexpected character ('}' (code 125)): was expecting double-quote to start field name\n at [line:1, column:20]"},
		{"no colon", "/sobjects/Lead", "{\n\"LastName\" \"Lee\"}", "Unexpected character ('\"' (code 34)): was expecting a colon to separate field name and value\n at [line:2, column:13]"},
		{"no comma", "/sobjects/Lead", `{"LastName":"Lee" "Company":"x"}`, "was expecting comma to separate Object entries\n at [line:1, column:20]"},
		{"a bare word", "/sobjects/Lead", `{"LastName":Lee}`, "Unexpected character ('L' (code 76)): expected a valid value"},
		{"half", "/sobjects/Lead", `{"LastName":`, "Unexpected end-of-input"},
		{"a list", "/sobjects/Lead", `[]`, "Cannot deserialize instance of object from START_ARRAY at [line:1, column:1]"},
		{"null", "/sobjects/Lead", `null`, "Cannot deserialize instance of object from VALUE_NULL"},
		{"nothing", "/sobjects/Lead", ` `, "The HTTP entity body is required"},
		{"a value, two lines down", "/sobjects/Lead", "{\"LastName\":\"Lee\",\n  \"NumberOfEmployees\": \"many\"}", "Cannot deserialize instance of int from VALUE_STRING value many or request may be missing a required field at [line:2, column:24]"},
		{"a value in a list", "/composite/sobjects", `{"records":[{"attributes":{"type":"Lead"}},{"attributes":{"type":"Lead"},"AnnualRevenue":true}]}`, "Cannot deserialize instance of double from VALUE_TRUE value true or request may be missing a required field at [line:1, column:90]"},
		{"an object for a text", "/sobjects/Lead", `{"Title":{}}`, "Cannot deserialize instance of string from START_OBJECT value { or request may be missing a required field at [line:1, column:10]"},
		{"an object for a date", "/sobjects/Contact", `{"Birthdate":[]}`, "Cannot deserialize instance of date from START_ARRAY value [ or request may be missing a required field at [line:1, column:14]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := x.refusal("POST", c.path, c.body); !strings.HasPrefix(got, "JSON_PARSER_ERROR ") || !strings.Contains(got, c.want) {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestReferencesByExternalID(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.grant("Account", "HubSpot_Id__c", external)
	account := x.insert("Account", "Name", "Acme", "HubSpot_Id__c", "9001")
	lead := x.insert("Lead", "LastName", "Chen", "Company", "Example", "Email", "bo@example.com")
	contact := x.create("Contact", `{"LastName":"Lee","Email":"ann@example.com","Account":{"HubSpot_Id__c":9001}}`)
	x.has("Contact", contact, map[string]string{"AccountId": account})
	x.must(204, "PATCH", "/sobjects/Contact/"+contact, `{"Account":null}`)
	x.has("Contact", contact, map[string]string{"AccountId": ""})
	for kind, id := range map[string]string{"Lead": lead, "Contact": contact} {
		email := map[string]string{"Lead": "bo@example.com", "Contact": "ann@example.com"}[kind]
		x.has("Task", x.create("Task", `{"Who":{"attributes":{"type":"`+kind+`"},"Email":"`+email+`"}}`), map[string]string{"WhoId": id})
	}
	for _, c := range []struct{ body, want string }{
		{`{"Who":{"Email":"bo@example.com"}}`, "INVALID_FIELD The relationship Who leads to several types: attributes must name the one that is meant []"},
		{`{"Who":{"attributes":{"type":"Account"},"Email":"x"}}`, "INVALID_FIELD No such column 'Email' on sobject of type Account []"},
		{`{"Who":{"attributes":{"type":"Lead"},"Title":"x"}}`, "INVALID_FIELD No such column 'Title' on sobject of type Lead []"},
		{`{"Who":{"attributes":{"type":"Lead"},"Email":"who@example.com"}}`, "INVALID_FIELD Foreign key external ID: who@example.com not found for field Email in entity Lead []"},
		{`{"Who":"bo@example.com"}`, "INVALID_FIELD No such column 'Who' on sobject of type Task []"},
	} {
		if got := x.refusal("POST", "/sobjects/Task", c.body); got != c.want {
			t.Errorf("%s: %s", c.body, got)
		}
	}
	_, id := x.ingest(`{"object":"Task","operation":"insert"}`, "Subject,Lead:Who.Email,Contact:Who.Email\na,bo@example.com,\nb,,ann@example.com\nc,who@example.com,\n")
	if got := x.lines(id, "failedResults"); len(got) != 2 || !strings.Contains(got[1], "INVALID_FIELD:Foreign key external ID: who@example.com not found for field Email in entity Lead") {
		t.Errorf("failed rows: %q", got)
	}
	var who []string
	for _, task := range x.All("Task") {
		if len(task["Subject"]) == 1 {
			who = append(who, task["WhoId"])
		}
	}
	if slices.Sort(who); !slices.Equal(who, []string{contact, lead}) {
		t.Errorf("bulk: %v", who)
	}
	job, _ := x.ingest(`{"object":"Task","operation":"insert"}`, "Subject,Account:Who.Email\na,x\n")
	if get(job.json, "errorMessage") != "InvalidBatch : Field name not found : Account:Who.Email" {
		t.Errorf("a type the reference does not have: %s", job.text)
	}
}

func TestUpdateOnly(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.grant("Lead", "HubSpot_Id__c", external)
	x.must(404, "PATCH", "/sobjects/Lead/HubSpot_Id__c/1?updateOnly=true", `{"LastName":"Lee","Company":"Example"}`)
	x.must(201, "PATCH", "/sobjects/Lead/HubSpot_Id__c/1?updateOnly=false", `{"LastName":"Lee","Company":"Example"}`)
	x.must(200, "PATCH", "/sobjects/Lead/HubSpot_Id__c/1?updateOnly=true", `{"Title":"CEO"}`)
}

func TestBulkRules(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	queue := x.insert("Group", "Name", "Inbound", "Type", "Queue")
	rule, err := x.DefineAssignmentRule("Lead", salesforce.AssignmentRule{Name: "Standard", Active: true, Entries: []salesforce.AssignmentEntry{{Owner: queue}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := x.DefineDuplicateRule("Lead", salesforce.DuplicateRule{Name: "Leads", Fields: []string{"Email"}}); err != nil {
		t.Fatal(err)
	}
	const rows = "LastName,Company,Email\n"
	x.ingest(`{"object":"Lead","operation":"insert"}`, rows+"Lee,Example,ann@example.com\n")
	x.ingest(`{"object":"Lead","operation":"insert","assignmentRuleId":"`+rule+`"}`, rows+"Chen,Example,bo@example.com\n")
	if got := x.names("OwnerId", "SELECT OwnerId FROM Lead ORDER BY LastName"); got != queue+" "+x.IntegrationUser() {
		t.Errorf("owners: %s", got)
	}
	if got := x.refusal("POST", "/jobs/ingest", `{"object":"Contact","operation":"insert","assignmentRuleId":"`+rule+`"}`); !strings.HasPrefix(got, "INVALIDJOB ") {
		t.Errorf("another object's rule: %s", got)
	}
	_, id := x.ingest(`{"object":"Lead","operation":"insert"}`, rows+"Lee,Example,ann@example.com\n")
	if got := x.lines(id, "failedResults"); len(got) != 2 || got[1] != `"","DUPLICATES_DETECTED:Use one of these records?:--","Lee","Example","ann@example.com"` {
		t.Errorf("a duplicate: %q", got)
	}
	y := start(t, salesforce.Options{Rules: salesforce.Rules{BulkHonoursDuplicateHeader: true}})
	if err := y.DefineDuplicateRule("Lead", salesforce.DuplicateRule{Name: "Leads", Fields: []string{"Email"}}); err != nil {
		t.Fatal(err)
	}
	y.insert("Lead", "LastName", "Lee", "Company", "Example", "Email", "ann@example.com")
	r := y.must(200, "POST", "/jobs/ingest", `{"object":"Lead","operation":"insert"}`, "Sforce-Duplicate-Rule-Header", "allowSave=true")
	job := "/jobs/ingest/" + get(r.json, "id").(string)
	y.must(201, "PUT", job+"/batches", rows+"Lee,Example,ann@example.com\n", "Content-Type", "text/csv")
	y.must(200, "PATCH", job, `{"state":"UploadComplete"}`)
	y.must(200, "GET", job, "")
	y.must(200, "GET", job, "")
	if n := len(y.All("Lead")); n != 2 {
		t.Errorf("%d leads with the header", n)
	}
}
