package salesforce_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/salesforce"
)

// create saves a record through the API and returns its id.
func (x *org) create(object, body string) string {
	x.Helper()
	return get(x.must(201, http.MethodPost, "/sobjects/"+object, body).json, "id").(string)
}

// refusal saves something that must be refused, and returns "CODE message [fields]" of its first error.
func (x *org) refusal(method, path, body string, header ...string) string {
	x.Helper()
	r := x.do(method, path, body, header...)
	if r.status < 400 {
		x.Fatalf("%s %s %s: status %d: %s", method, path, body, r.status, r.text)
	}
	var fields []string
	list, _ := get(r.json, 0, "fields").([]any)
	for _, f := range list {
		fields = append(fields, f.(string))
	}
	return get(r.json, 0, "errorCode").(string) + " " + get(r.json, 0, "message").(string) + " [" + strings.Join(fields, " ") + "]"
}

// has compares some columns of a record; an empty want means a blank.
func (x *org) has(object, id string, want map[string]string) {
	x.Helper()
	all, ok := x.Get(object, id)
	if !ok {
		x.Fatalf("%s %s is not there", object, id)
	}
	got := map[string]string{}
	for name := range want {
		got[name] = all[name]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		x.Errorf("%s %s (-want +got):\n%s", object, id, diff)
	}
}

func TestOpportunityFollowsItsStage(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	if got, want := x.refusal("POST", "/sobjects/Opportunity", `{}`), "REQUIRED_FIELD_MISSING Required fields are missing: [Name, StageName, CloseDate] [Name StageName CloseDate]"; got != want {
		t.Errorf("nothing given: %s", got)
	}
	if got := x.refusal("POST", "/sobjects/Opportunity", `{"Name":"Deal","StageName":"Prospecting","CloseDate":"2026-05-06T00:00:00Z"}`); got != "JSON_PARSER_ERROR Cannot deserialize instance of date from VALUE_STRING value 2026-05-06T00:00:00Z or request may be missing a required field at [line:1, column:54] []" {
		t.Errorf("a date with a time: %s", got)
	}
	if got := x.refusal("POST", "/sobjects/Opportunity", `{"Name":"Deal","StageName":"Prospecting","CloseDate":"2026-05-06","IsWon":true}`); !strings.HasPrefix(got, "INVALID_FIELD_FOR_INSERT_UPDATE") {
		t.Errorf("a derived field given: %s", got)
	}
	id := x.create("Opportunity", `{"Name":"Deal","StageName":"Prospecting","CloseDate":"2026-05-06","Amount":"1000.55"}`)
	x.has("Opportunity", id, map[string]string{
		"Probability": "10", "ForecastCategory": "Pipeline", "ForecastCategoryName": "Pipeline", "ExpectedRevenue": "100.05", "IsClosed": "false",
		"IsWon": "false", "FiscalYear": "2026", "FiscalQuarter": "2", "Fiscal": "2026 2", "LastStageChangeDate": "", "OwnerId": x.IntegrationUser(),
	})
	x.move(time.Hour)
	x.must(204, "PATCH", "/sobjects/Opportunity/"+id, `{"StageName":"Closed Won","Amount":null}`)
	x.has("Opportunity", id, map[string]string{
		"Probability": "100", "ForecastCategory": "Closed", "ExpectedRevenue": "", "IsClosed": "true", "IsWon": "true", "LastStageChangeDate": "2026-03-04T06:06:07.000+0000",
	})
	x.must(204, "PATCH", "/sobjects/Opportunity/"+id, `{"StageName":"Closed Lost","Probability":5,"ForecastCategoryName":"Best Case"}`)
	x.has("Opportunity", id, map[string]string{"Probability": "5", "ForecastCategory": "BestCase", "IsClosed": "true", "IsWon": "false"})
	x.must(204, "PATCH", "/sobjects/Opportunity/"+id, `{"StageName":"A stage of our own"}`)
	x.has("Opportunity", id, map[string]string{"Probability": "", "IsClosed": "false", "StageName": "A stage of our own"})
	if got := x.refusal("PATCH", "/sobjects/Opportunity/"+id, `{"ForecastCategoryName":"Sure"}`); got != "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST Forecast Category: bad value for restricted picklist field: Sure [ForecastCategoryName]" {
		t.Errorf("a restricted picklist: %s", got)
	}
	if got := x.names("ApiName", "SELECT ApiName FROM OpportunityStage WHERE IsClosed = TRUE ORDER BY SortOrder"); got != "Closed Won Closed Lost" {
		t.Errorf("closed stages: %s", got)
	}
	inserted := x.insert("Opportunity", "Name", "Old", "StageName", "Closed Won", "CloseDate", "2025-12-31", "Probability", "99")
	x.has("Opportunity", inserted, map[string]string{"IsWon": "true", "Probability": "99", "Fiscal": "2025 4"})
}

func TestOpportunityContacts(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	ann := x.insert("Contact", "LastName", "Lee")
	bo := x.insert("Contact", "LastName", "Chen")
	id := x.create("Opportunity", `{"Name":"Deal","StageName":"Prospecting","CloseDate":"2026-05-06","ContactId":"`+ann+`"}`)
	roles := x.All("OpportunityContactRole")
	if len(roles) != 1 || roles[0]["ContactId"] != ann || roles[0]["IsPrimary"] != "true" || roles[0]["OpportunityId"] != id {
		t.Fatalf("roles after the create: %v", roles)
	}
	if got := x.refusal("PATCH", "/sobjects/Opportunity/"+id, `{"ContactId":"`+bo+`"}`); !strings.HasPrefix(got, "INVALID_FIELD_FOR_INSERT_UPDATE Unable to create/update fields: ContactId.") {
		t.Errorf("ContactId changed: %s", got)
	}
	second := x.create("OpportunityContactRole", `{"OpportunityId":"`+id+`","ContactId":"`+bo+`","Role":"Decision Maker","IsPrimary":true}`)
	x.has("OpportunityContactRole", roles[0]["Id"], map[string]string{"IsPrimary": "false"})
	x.has("Opportunity", id, map[string]string{"ContactId": bo})
	x.must(204, "PATCH", "/sobjects/OpportunityContactRole/"+roles[0]["Id"], `{"IsPrimary":true}`)
	x.has("OpportunityContactRole", second, map[string]string{"IsPrimary": "false"})
	x.has("Opportunity", id, map[string]string{"ContactId": ann})
	x.must(204, "PATCH", "/sobjects/OpportunityContactRole/"+second, `{"IsPrimary":true}`)
	if got := x.refusal("PATCH", "/sobjects/OpportunityContactRole/"+second, `{"OpportunityId":"`+id+`"}`); !strings.HasPrefix(got, "INVALID_FIELD_FOR_INSERT_UPDATE") {
		t.Errorf("OpportunityId changed: %s", got)
	}
	if got := x.refusal("POST", "/sobjects/OpportunityContactRole", `{"Role":"Other"}`); got != "REQUIRED_FIELD_MISSING Required fields are missing: [OpportunityId, ContactId] [OpportunityId ContactId]" {
		t.Errorf("a role of nobody: %s", got)
	}
	x.must(204, "DELETE", "/sobjects/Contact/"+bo, "")
	if n := len(x.All("OpportunityContactRole")); n != 1 {
		t.Errorf("%d roles outlive the contact", n)
	}
	x.has("Opportunity", id, map[string]string{"ContactId": ""})
}
