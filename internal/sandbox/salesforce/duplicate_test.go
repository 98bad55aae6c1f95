package salesforce_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/salesforce"
)

func TestDuplicateRules(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for _, r := range []salesforce.DuplicateRule{
		{Name: "Contacts_DR", MatchingRule: "Contact_MR", Fields: []string{"LastName", "Email"}, Message: "Another one is there."},
		{Name: "Blocked", Fields: []string{"Phone"}, Block: true},
		{Name: "Leads", Fields: []string{"Email"}, Against: "Lead", CreateOnly: true},
	} {
		if err := x.DefineDuplicateRule("Contact", r); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range []salesforce.DuplicateRule{{Name: "x"}, {Name: "x", Fields: []string{"Nope"}}, {Name: "x", Fields: []string{"Phone"}, Against: "Nope"}} {
		if x.DefineDuplicateRule("Contact", r) == nil {
			t.Errorf("%v is taken", r)
		}
	}
	there := x.insert("Contact", "LastName", "Lee", "Email", "ann@example.com", "Phone", "+1 555 0100", "Title", "CEO")
	x.insert("Lead", "LastName", "Chen", "Company", "Example", "Email", "bo@example.com")
	const same = `{"LastName":"LEE","Email":"Ann@example.com"}`
	r := x.must(400, "POST", "/sobjects/Contact", same)
	want := `[{"duplicateResut":{"allowSave":true,"duplicateRule":"Contacts_DR","duplicateRuleEntityType":"Contact","errorMessage":"Another one is there.",` +
		`"matchResults":[{"entityType":"Contact","errors":[],"matchEngine":"ExactMatchEngine","matchRecords":[{"additionalInformation":[],"fieldDiffs":[],"matchConfidence":100,` +
		`"record":{"Id":"` + there + `","attributes":{"type":"Contact","url":"/services/data/v60.0/sobjects/Contact/` + there + `"}}}],"rule":"Contact_MR","size":1,"success":true}]},` +
		`"errorCode":"DUPLICATES_DETECTED","message":"Another one is there."}]`
	if diff := cmp.Diff(want, r.text); diff != "" {
		t.Error(diff)
	}
	r = x.must(400, "POST", "/sobjects/Contact", same, "Sforce-Duplicate-Rule-Header", "allowSave=false; includeRecordDetails=true")
	if get(r.json, 0, "duplicateResut", "matchResults", 0, "matchRecords", 0, "record", "Title") != "CEO" {
		t.Errorf("with details: %s", r.text)
	}
	r = x.must(200, "POST", "/composite/sobjects", `{"records":[{"attributes":{"type":"Contact"},"LastName":"Lee","Email":"ann@example.com"}]}`)
	if diff := cmp.Diff(`[{"errors":[{"fields":[],"message":"Another one is there.","statusCode":"DUPLICATES_DETECTED"}],"success":false}]`, r.text); diff != "" {
		t.Error(diff)
	}
	const allow = "allowSave=true"
	second := get(x.must(201, "POST", "/sobjects/Contact", same, "Sforce-Duplicate-Rule-Header", allow).json, "id").(string)
	r = x.must(400, "POST", "/sobjects/Contact", `{"LastName":"X","Phone":"+1 555 0100"}`, "Sforce-Duplicate-Rule-Header", allow)
	if get(r.json, 0, "duplicateResut", "allowSave") != false || get(r.json, 0, "duplicateResut", "errorMessage") != "Use one of these records?" {
		t.Errorf("a blocking rule: %s", r.text)
	}
	r = x.must(400, "POST", "/sobjects/Contact", `{"LastName":"X","Email":"bo@example.com"}`)
	if get(r.json, 0, "duplicateResut", "matchResults", 0, "entityType") != "Lead" {
		t.Errorf("a lead is in the way: %s", r.text)
	}
	x.must(204, "PATCH", "/sobjects/Contact/"+second, `{"Title":"x"}`) // looked at when a compared column changes
	x.must(400, "PATCH", "/sobjects/Contact/"+second, `{"Phone":"+1 555 0100"}`)
	x.must(400, "PATCH", "/sobjects/Contact/"+second, `{"Email":"Ann@example.com","LastName":"Lee"}`)
	if got := x.refusal("POST", "/sobjects/Contact", same, "Sforce-Duplicate-Rule-Header", "allowsaves=true"); !strings.HasPrefix(got, "INVALID_ARGUMENT") {
		t.Errorf("a misspelt header: %s", got)
	}
}

func TestAssignmentRules(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	queue := x.insert("Group", "Name", "Inbound", "Type", "Queue")
	user := x.insert("User", "LastName", "East", "Username", "east@example.com", "Email", "east@example.com", "IsActive", "true")
	active, err := x.DefineAssignmentRule("Lead", salesforce.AssignmentRule{Name: "Standard", Active: true, Entries: []salesforce.AssignmentEntry{
		{When: func(r map[string]string) bool { return r["Country"] == "US" }, Owner: queue},
	}})
	if err != nil {
		t.Fatal(err)
	}
	other, err := x.DefineAssignmentRule("Lead", salesforce.AssignmentRule{Name: "Other", Entries: []salesforce.AssignmentEntry{{Owner: user}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.DefineAssignmentRule("Lead", salesforce.AssignmentRule{Entries: []salesforce.AssignmentEntry{{Owner: "005Sx0000000zzz"}}}); err == nil {
		t.Error("an owner that is not there is taken")
	}
	if got := x.names("Id", "SELECT Id FROM AssignmentRule WHERE SobjectType = 'Lead' AND Active = TRUE"); got != active {
		t.Errorf("active rules: %s", got)
	}
	me := x.IntegrationUser()
	for _, c := range []struct{ name, header, country, owner string }{
		{"the active one", "", "US", queue}, {"asked for", "TRUE", "US", queue}, {"no entry wants it", "", "DE", me}, {"refused", "FALSE", "US", me},
		{"by id", other, "US", user}, {"by short id", other[:15], "DE", user},
	} {
		r := x.must(201, "POST", "/sobjects/Lead", `{"LastName":"Lee","Company":"Example","Country":"`+c.country+`"}`, "Sforce-Auto-Assign", c.header)
		id := get(r.json, "id").(string)
		x.has("Lead", id, map[string]string{"OwnerId": c.owner})
		x.must(204, "PATCH", "/sobjects/Lead/"+id, `{"OwnerId":"`+me+`"}`, "Sforce-Auto-Assign", "FALSE")
		x.must(204, "PATCH", "/sobjects/Lead/"+id, `{"Title":"CEO"}`, "Sforce-Auto-Assign", c.header) // an update can take the lead away
		x.has("Lead", id, map[string]string{"OwnerId": c.owner})
	}
	if err := x.Edit("Lead", x.insert("Lead", "LastName", "Lee", "Company", "Example", "Country", "US", "OwnerId", user), map[string]string{"Title": "x"}); err != nil {
		t.Fatal(err)
	}
	if got := x.names("OwnerId", "SELECT OwnerId FROM Lead WHERE Title = 'x'"); got != user {
		t.Errorf("a human's edit hands the lead to %s", got)
	}
	for header, want := range map[string]string{"maybe": "MALFORMED_ID malformed id maybe []", "01QSx0000000zzz": "INVALID_CROSS_REFERENCE_KEY invalid cross reference id []"} {
		if got := x.refusal("POST", "/sobjects/Lead", `{"LastName":"Lee","Company":"Example"}`, "Sforce-Auto-Assign", header); got != want {
			t.Errorf("%s: %s", header, got)
		}
	}
}
