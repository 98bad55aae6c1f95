package hubspot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/hubspot"
)

const contacts = "/crm/v3/objects/contacts"

func TestEveryVersionLeadsToTheSamePlace(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	id := w.insert(map[string]string{"hs_object_id": "501", "email": "ann@example.com"})
	for _, path := range []string{
		"/crm/v3/objects/contacts/", "/crm/v3/objects/contact/", "/crm/v3/objects/CONTACT/", "/crm/v3/objects/0-1/",
		"/crm/objects/2025-09/contacts/", "/crm/objects/2026-03/Contacts/", "/crm/objects/2026-09/0-1/",
	} {
		w.call("GET", path+id, nil).want(t, 200, m{"id": "501", "properties.email": "ann@example.com"})
	}
	for _, path := range []string{"/crm/objects/2024-01/contacts/501", "/crm/v2/objects/contacts/501", "/crm/objects/contacts/501", "/nope"} {
		r := w.call("GET", path, nil)
		if r.status != 404 || r.header.Get("Content-Type") != "text/html;charset=iso-8859-1" || r.header.Get("X-HubSpot-NotFound") != "true" {
			t.Errorf("%s: %d %v", path, r.status, r.header)
		}
	}
	w.call("GET", "/crm/v3/objects/butterflies", nil).want(t, 400, m{"message": "Unable to infer object type from: butterflies", "category": absent, "status": "error"})
	w.call("PUT", contacts+"/501", "{}").want(t, 405, nil)
	w.call("GET", contacts+"?limits=3", nil).want(t, 400, m{"category": "VALIDATION_ERROR", "message": `Unknown query parameter "limits"`})
	if r := w.call("GET", contacts+"?properties="+strings.Repeat("x", 9000), nil); r.status != 414 {
		t.Errorf("long URL: %d", r.status)
	}
}

func TestReadShowsWhatIsDefined(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.insert(map[string]string{
		"hs_object_id": "501", "email": "ann@example.com", "firstname": `A"nn` + "\n\x01é", "createdate": "2026-01-01T00:00:00.000Z",
		"lastmodifieddate": "2026-02-03T04:05:06.789Z",
	})
	tests := []struct {
		name, query string
		want        m
	}{
		{"defaults", "", m{
			"createdate": "2026-01-01T00:00:00Z", "email": "ann@example.com", "firstname": "A\"nn\n\x01é", "hs_object_id": "501",
			"lastmodifieddate": "2026-02-03T04:05:06.789Z", "lastname": nil,
		}},
		{"empty is null, undefined is dropped", "?properties=phone,nope&properties=company", m{
			"createdate": "2026-01-01T00:00:00Z", "hs_object_id": "501", "lastmodifieddate": "2026-02-03T04:05:06.789Z", "phone": nil, "company": nil,
		}},
		{"computed", "?properties=hs_email_domain,hs_object_source", m{
			"createdate": "2026-01-01T00:00:00Z", "hs_object_id": "501", "lastmodifieddate": "2026-02-03T04:05:06.789Z",
			"hs_email_domain": "example.com", "hs_object_source": "IMPORT",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := w.call("GET", contacts+"/501"+tt.query, nil)
			r.want(t, 200, m{
				"id": "501", "archived": false, "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-02-03T04:05:06.789Z", "archivedAt": absent,
				"properties": tt.want, "url": "https://app.hubspot.com/contacts/12345678/record/0-1/501",
			})
		})
	}
	head, _, _ := strings.Cut(w.call("GET", contacts+"/501", nil).text, `,"createdAt"`)
	want := `{"id":"501","properties":{"createdate":"2026-01-01T00:00:00Z","email":"ann@example.com","firstname":"A\"nn\n\u0001é","hs_object_id":"501","lastmodifieddate":"2026-02-03T04:05:06.789Z","lastname":null}`
	if diff := cmp.Diff(want, head); diff != "" {
		t.Errorf("keys are sorted (-want +got):\n%s", diff)
	}
}

func TestReadFindsAndMisses(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.insert(map[string]string{"hs_object_id": "501", "email": "ann@example.com", "hs_additional_emails": "lee@example.com"})
	w.insert(map[string]string{"hs_object_id": "502"})
	if err := w.Delete("contacts", "502"); err != nil {
		t.Fatal(err)
	}
	w.call("GET", contacts+"/ANN@example.com?idProperty=email", nil).want(t, 200, m{"id": "501"})
	w.call("GET", contacts+"/lee%40example.com?idProperty=email", nil).want(t, 200, m{"id": "501"})
	w.call("PATCH", contacts+"/999", m{"properties": m{"firstname": "X"}}).want(t, 404, m{"message": "resource not found", "category": absent})
	if r := w.call("GET", contacts+"/999", nil); r.status != 404 || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
		t.Errorf("unknown id: %d %s", r.status, r.header.Get("Content-Type"))
	}
	w.call("GET", contacts+"/abc", nil).want(t, 404, m{
		"message": "Object not found.  objectId are usually numeric.", "category": "OBJECT_NOT_FOUND", "context.id": list{"abc"},
	})
	r := w.call("GET", contacts+"/bo@example.com?idProperty=email", nil)
	if r.status != 404 || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
		t.Errorf("unknown e-mail: %d %s", r.status, r.header.Get("Content-Type"))
	}
	w.call("GET", contacts+"/502", nil).want(t, 404, nil)
	w.call("GET", contacts+"/502?archived=true", nil).want(t, 200, m{"archived": true, "archivedAt": "2026-11-21T10:00:00.250Z"})
	w.call("GET", contacts+"/x?idProperty=firstname", nil).want(t, 400, m{
		"message": "Unable to perform update/upsert by non-unique 0-1 property firstname in portal ID 12345678",
	})
}

func TestListPages(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	for _, id := range []string{"30", "10", "20", "40", "50"} {
		w.insert(map[string]string{"hs_object_id": id})
	}
	if err := w.Delete("contacts", "20"); err != nil {
		t.Fatal(err)
	}
	r := w.call("GET", contacts+"?limit=2&properties=phone", nil)
	r.want(t, 200, m{
		"results.0.id": "10", "results.1.id": "30", "results.2": absent, "paging.next.after": "31",
		"paging.next.link": w.url + contacts + "?limit=2&properties=phone&after=31",
	})
	w.call("GET", contacts+"?limit=2&after=31", nil).want(t, 200, m{"results.0.id": "40", "results.1.id": "50", "paging": absent})
	w.call("GET", contacts+"?after=51", nil).want(t, 200, m{"results": list{}, "paging": absent})
	w.call("GET", contacts+"?archived=true", nil).want(t, 200, m{"results.0.id": "20", "results.0.archived": true, "results.1": absent})
	for _, query := range []string{"limit=101", "limit=0", "limit=x", "after=x", "archived=yes", "limit=51&propertiesWithHistory=phone", "limit=%zz"} {
		w.call("GET", contacts+"?"+query, nil).want(t, 400, m{"category": "VALIDATION_ERROR"})
	}
	w.call("GET", contacts+"?limit=50&propertiesWithHistory=phone&associations=companies", nil).want(t, 200, m{"results.0.associations": absent})
}

func TestCreateAnswersEverythingStored(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	r := w.call("POST", contacts, m{"properties": m{"email": "Ann@Example.COM", "firstname": "Ann", "annualrevenue": 12, "closedate": 0}})
	id := r.body["id"].(string)
	r.want(t, 201, m{"properties": m{
		"annualrevenue": "12", "closedate": "1970-01-01T00:00:00Z", "createdate": "2026-11-21T10:00:00.250Z", "email": "ann@example.com", "firstname": "Ann",
		"hs_all_contact_vids": id, "hs_analytics_source": "OFFLINE", "hs_analytics_source_data_1": "INTEGRATION", "hs_analytics_source_data_2": "1000001",
		"hs_email_domain": "example.com", "hs_full_name_or_email": "Ann", "hs_is_contact": "true", "hs_is_unworked": "true",
		"hs_lastmodifieddate": "2026-11-21T10:00:00.250Z", "hs_latest_source": "OFFLINE", "hs_latest_source_data_1": "INTEGRATION",
		"hs_latest_source_data_2": "1000001", "hs_latest_source_timestamp": "2026-11-21T10:00:00.250Z", "hs_lifecyclestage_lead_date": "1795255200250",
		"hs_object_id": id, "hs_object_source": "INTEGRATION", "hs_object_source_id": "1000001", "hs_object_source_label": "INTEGRATION",
		"hs_pipeline": "contacts-lifecycle-pipeline", "lastmodifieddate": "2026-11-21T10:00:00.250Z", "lifecyclestage": "lead",
	}})
	if got := r.header.Get("Location"); got != w.url+contacts+"/"+id {
		t.Errorf("Location %q", got)
	}
	if diff := cmp.Diff("2026-11-21T10:00:00.250Z", w.get(id, "hs_lifecyclestage_lead_date")["hs_lifecyclestage_lead_date"]); diff != "" {
		t.Errorf("a read shows an instant: %s", diff)
	}
	w.call("POST", contacts, m{"properties": m{"lifecyclestage": "customer", "hs_analytics_source": "REFERRALS"}}).want(t, 201, m{
		"properties.lifecyclestage": "customer", "properties.hs_analytics_source": "REFERRALS",
	})
	w.call("POST", contacts, m{"properties": m{"email": "ANN@example.com"}}).want(t, 409, m{
		"message": "Contact already exists. Existing ID: " + id, "category": "CONFLICT",
	})
	w.call("POST", contacts, m{"properties": m{"email": ""}, "associations": list{m{"to": m{"id": "1"}}}}).want(t, 400, m{"category": "VALIDATION_ERROR"})
	w.call("POST", "/crm/v3/objects/companies", m{"properties": m{"domain": "example.com"}}).want(t, 201, m{
		"properties.website": "example.com", "properties.hs_lastmodifieddate": "2026-11-21T10:00:00.250Z", "properties.lifecyclestage": absent,
	})
	w.call("POST", "/crm/v3/objects/companies", m{"properties": m{"domain": "example.com"}}).want(t, 201, nil)
	w.call("POST", "/crm/v3/objects/companies", m{"properties": m{"city": "Bern"}}).want(t, 400, m{"category": "VALIDATION_ERROR"})
}

func TestUpdateMovesTheStampOnlyWhenSomethingChanges(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	id := w.insert(map[string]string{"email": "ann@example.com", "phone": "1", "lastmodifieddate": "2026-01-01T00:00:00.000Z"})
	stampOf := func() any { return w.get(id)["lastmodifieddate"] }

	w.call("PATCH", contacts+"/"+id, m{"properties": m{"phone": "1", "email": "ANN@example.com"}}).want(t, 200, m{"updatedAt": "2026-01-01T00:00:00Z"})
	w.call("POST", contacts+"/batch/update", m{"inputs": list{m{"id": id, "properties": m{"phone": "1"}}}}).want(t, 200, nil)
	if got := stampOf(); got != "2026-01-01T00:00:00Z" {
		t.Errorf("a write that changes nothing moved the stamp to %v", got)
	}
	w.call("PATCH", contacts+"/"+id, m{"properties": m{"phone": ""}}).want(t, 200, m{
		"properties.phone": "", "properties.email": absent, "properties.hs_object_id": id, "updatedAt": "2026-11-21T10:00:00.250Z",
	})
	if got := w.get(id, "phone")["phone"]; got != "" {
		t.Errorf("cleared reads as %v", got)
	}
	w.call("PATCH", contacts+"/"+id, m{"properties": m{"phone": "2"}}).want(t, 200, m{"updatedAt": "2026-11-21T10:00:00.251Z"})
	w.clock.pass(time.Minute)
	w.call("PATCH", contacts+"/ann@example.com?idProperty=email", m{"properties": m{"phone": 3}}).want(t, 200, m{"properties.phone": "3", "updatedAt": "2026-11-21T10:01:00.250Z"})
	if err := w.Touch("contacts", id); err != nil {
		t.Fatal(err)
	}
	if got := stampOf(); got != "2026-11-21T10:01:00.251Z" {
		t.Errorf("touch left the stamp at %v", got)
	}
	w.call("PATCH", contacts+"/999", m{"properties": m{"phone": "2"}}).want(t, 404, nil)
	other := w.insert(map[string]string{"email": "bo@example.com"})
	w.call("PATCH", contacts+"/"+other, m{"properties": m{"email": "ann@example.com"}}).want(t, 409, m{"message": "Contact already exists. Existing ID: " + id})
}

func TestArchive(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	id := w.insert(map[string]string{"email": "ann@example.com"})
	w.call("DELETE", contacts+"/"+id, nil).want(t, 204, nil)
	w.call("DELETE", contacts+"/"+id, nil).want(t, 204, nil)
	w.call("DELETE", contacts+"/999", nil).want(t, 404, nil)
	w.call("PATCH", contacts+"/"+id, m{"properties": m{"phone": "2"}}).want(t, 404, nil)
	again := w.create(m{"email": "ann@example.com"}) // the address is free again
	w.call("POST", contacts+"/batch/archive", m{"inputs": list{m{"id": again}, m{"id": "999"}, m{"id": "abc"}}}).want(t, 204, nil)
	if all := w.All("contacts"); len(all) != 0 {
		t.Errorf("left: %v", all)
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	id := w.insert(map[string]string{"phone": "1", "city": "Bern", "createdate": "2026-01-01T00:00:00Z", "lastmodifieddate": "2026-01-02T00:00:00Z"})
	w.call("PATCH", contacts+"/"+id, m{"properties": m{"phone": "2"}}).want(t, 200, nil)
	w.clock.pass(time.Minute)
	if err := w.Edit("contacts", id, map[string]string{"phone": "3", "company": "Example"}); err != nil {
		t.Fatal(err)
	}
	want := m{
		"phone": list{
			m{"value": "3", "timestamp": "2026-11-21T10:01:00.250Z", "sourceType": "CRM_UI", "sourceId": "userId:76070032", "updatedByUserId": 76070032.0},
			m{"value": "2", "timestamp": "2026-11-21T10:00:00.250Z", "sourceType": "INTEGRATION", "sourceId": "1000001", "sourceLabel": "Sandbox app"},
			m{"value": "1", "timestamp": "2026-01-01T00:00:00Z", "sourceType": "IMPORT", "sourceId": "1", "sourceLabel": "Import"},
		},
		"city":    list{m{"value": "Bern", "timestamp": "2026-01-01T00:00:00Z", "sourceType": "IMPORT", "sourceId": "1", "sourceLabel": "Import"}},
		"company": list{m{"value": "Example", "timestamp": "2026-11-21T10:01:00.250Z", "sourceType": "CRM_UI", "sourceId": "userId:76070032", "updatedByUserId": 76070032.0}},
		"state":   list{},
	}
	w.call("GET", contacts+"/"+id+"?propertiesWithHistory=phone,city,company,state,nope", nil).want(t, 200, m{"propertiesWithHistory": want})
	w.call("GET", contacts+"?propertiesWithHistory=phone", nil).want(t, 200, m{"results.0.propertiesWithHistory.phone": want["phone"]})
	w.call("POST", contacts+"/batch/read", m{"inputs": list{m{"id": id}}, "propertiesWithHistory": list{"city"}}).want(t, 200, m{
		"results.0.propertiesWithHistory": m{"city": want["city"]},
	})
}

func TestBodiesThatAreNoRequests(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	tests := []struct{ body, message string }{
		{``, "validation error"},
		{`null`, "validation error"},
		{`{"properties":{"email":{}}}`, "Invalid input JSON on line 1, column 27: Cannot deserialize value of type `java.lang.String` from Object value (token `JsonToken.START_OBJECT`)"},
		{`{"properties":{"email":["x"]}}`, "Invalid input JSON on line 1, column 30: Cannot deserialize value of type `java.lang.String` from Array value (token `JsonToken.START_ARRAY`)"},
		{"{\n\"nope\":1}", "Invalid input JSON on line 2, column 9: Unrecognized field \"nope\""},
		{`{"properties":`, "Invalid input JSON on line 1, column 14: unexpected EOF"},
		{`{"properties":{}} {}`, "Invalid input JSON on line 1, column 19: Trailing token after the value"},
		{`{}`, "Invalid input JSON on line 1, column 1. Some required fields were not set: [properties]"},
	}
	for _, tt := range tests {
		r := w.call("POST", contacts, tt.body)
		if r.status != 400 || r.body["message"] != tt.message {
			t.Errorf("%s: %d %v, want %s", tt.body, r.status, r.body["message"], tt.message)
		}
		if r.body["correlationId"] != r.header.Get("X-HubSpot-Correlation-Id") {
			t.Errorf("%s: correlation %v, header %s", tt.body, r.body["correlationId"], r.header.Get("X-HubSpot-Correlation-Id"))
		}
	}
	if all := w.All("contacts"); len(all) != 0 {
		t.Errorf("something was written: %v", all)
	}
}

func TestNullIsARule(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]any{"": "1", "clear": ""} {
		w := start(t, hubspot.Options{Rules: hubspot.Rules{Null: rule}})
		id := w.insert(map[string]string{"phone": "1"})
		w.call("PATCH", contacts+"/"+id, m{"properties": m{"phone": nil}}).want(t, 200, nil)
		if got := w.get(id, "phone")["phone"]; got != want {
			t.Errorf("rule %q: %v, want %v", rule, got, want)
		}
	}
	w := start(t, hubspot.Options{Rules: hubspot.Rules{Null: "refuse"}})
	id := w.insert(map[string]string{"phone": "1"})
	w.call("PATCH", contacts+"/"+id, m{"properties": m{"phone": nil}}).want(t, 400, nil)
}

func TestInsertTakesRecordsAsTheyStand(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	id := w.insert(map[string]string{"email": "not an address", "lifecyclestage": "nope", "date_of_birth": "19720230", "shoe_size": "large", "favourite": ""})
	if diff := cmp.Diff(m{
		"email": "not an address", "lifecyclestage": "nope", "shoe_size": "large", "favourite": nil,
		"createdate": "2026-11-21T10:00:00.250Z", "lastmodifieddate": "2026-11-21T10:00:00.250Z", "hs_object_id": id,
	}, w.get(id, "email", "lifecyclestage", "shoe_size", "favourite")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	w.call("GET", "/crm/v3/properties/contacts/shoe_size", nil).want(t, 200, m{"type": "string", "fieldType": "text", "hubspotDefined": absent})
	for _, values := range []map[string]string{{"hs_object_id": id}, {"hs_object_id": "x"}, {"Shoe Size": "1"}, {"createdate": "yesterday"}} {
		if _, err := w.Insert("contacts", values); err == nil {
			t.Errorf("inserted %v", values)
		}
	}
	if _, err := w.Insert("butterflies", nil); err == nil {
		t.Error("inserted a butterfly")
	}
	got, ok := w.Get("contacts", id)
	if !ok || got["shoe_size"] != "large" || got["hs_object_id"] != id {
		t.Errorf("got %v", got)
	}
	if err := w.Edit("contacts", id, map[string]string{"email": "still not"}); err == nil {
		t.Error("a person cannot enter an invalid address")
	}
}

func TestWorkflowsRunAfterTheAnswer(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	seen := []string{}
	err := w.OnWrite("contacts", func(before, after map[string]string) map[string]string {
		seen = append(seen, fmt.Sprintf("%s→%s", before["phone"], after["phone"]))
		return map[string]string{"phone": strings.ReplaceAll(after["phone"], " ", "")}
	})
	if err != nil {
		t.Fatal(err)
	}
	id := w.create(m{"phone": "1 2"})
	r := w.call("PATCH", contacts+"/"+id, m{"properties": m{"phone": "3 4"}})
	r.want(t, 200, m{"properties.phone": "3 4"})
	if got := w.get(id, "phone"); got["phone"] != "34" || got["lastmodifieddate"] == r.body["updatedAt"] {
		t.Errorf("after the workflow: %v", got)
	}
	if diff := cmp.Diff([]string{"→1 2", "12→3 4"}, seen); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	w.call("GET", contacts+"/"+id+"?propertiesWithHistory=phone", nil).want(t, 200, m{
		"propertiesWithHistory.phone.0.sourceType": "AUTOMATION_PLATFORM", "propertiesWithHistory.phone.1.value": "3 4",
	})
}

func TestClearedIsEmptyOrNull(t *testing.T) {
	t.Parallel()
	for rule, want := range map[bool]any{false: "", true: nil} {
		w := start(t, hubspot.Options{Rules: hubspot.Rules{ClearedIsNull: rule}})
		id := w.create(m{"email": "ann@example.com", "phone": "1"})
		w.call("PATCH", contacts+"/"+id, m{"properties": m{"phone": "", "company": ""}}).want(t, 200, nil)
		got := w.get(id, "phone", "company")
		if got["phone"] != want || got["company"] != nil {
			t.Errorf("rule %v: cleared reads as %v, never set as %v", rule, got["phone"], got["company"])
		}
		w.call("POST", contacts+"/search", m{"filterGroups": list{m{"filters": list{m{"propertyName": "phone", "operator": "HAS_PROPERTY"}}}}}).want(t, 200, m{"total": 0})
	}
}
