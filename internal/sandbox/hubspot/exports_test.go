package hubspot_test

import (
	"fmt"
	"testing"
	"time"

	"lockstep/internal/sandbox/hubspot"
)

const exporting = "/crm/v3/exports/export/async"

func view(more m) m {
	body := m{"exportType": "VIEW", "format": "CSV", "exportName": "e", "language": "EN", "objectType": "CONTACT", "objectProperties": list{"email", "hs_lead_status"}}
	for k, v := range more {
		body[k] = v
	}
	return body
}

// export runs an export and returns its file.
func (w *world) export(body m) string {
	w.t.Helper()
	r := w.call("POST", exporting, body)
	r.want(w.t, 202, nil)
	status := r.at("links.status").(string)
	r = w.call("GET", status[len(w.url):], nil)
	r.want(w.t, 200, m{"status": "COMPLETE"})
	result := r.at("result").(string)
	token := w.token
	w.token = "" // the file asks for none
	r = w.call("GET", result[len(w.url):], nil)
	w.token = token
	if r.status != 200 || r.header.Get("Content-Type") != "text/csv;charset=utf-8" {
		w.t.Fatalf("%d %v", r.status, r.header)
	}
	return r.text
}

func TestExport(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{SearchLag: time.Hour})
	w.people()
	w.insert(map[string]string{"hs_object_id": "4", "firstname": "A \"B\", C", "hs_lead_status": "IN_PROGRESS"})
	w.associate("contacts", "1", "companies", "12", "")
	w.associate("contacts", "1", "companies", "11", "")
	inList := w.list(m{"name": "L", "processingType": "MANUAL"})
	w.call("PUT", inList+"/memberships/add", "[2,4]").want(t, 200, nil)
	for _, tt := range []struct {
		body m
		want string
	}{
		{view(nil), "\"Record ID\",\"Email\",\"Lead Status\"\n\"1\",\"p1@example.com\",\"\"\n\"2\",\"p2@example.com\",\"\"\n\"3\",\"p3@example.com\",\"\"\n\"4\",\"\",\"In Progress\"\n"},
		{
			view(m{"exportInternalValuesOptions": list{"NAMES", "VALUES"}, "publicCrmSearchRequest": m{"filters": list{m{"propertyName": "hs_lead_status", "operator": "HAS_PROPERTY"}}}}),
			"\"Record ID\",\"email\",\"hs_lead_status\"\n\"4\",\"\",\"IN_PROGRESS\"\n",
		},
		{
			view(m{"objectProperties": list{}, "associatedObjectType": "COMPANY", "publicCrmSearchRequest": m{"query": "p1", "sorts": list{m{"propertyName": "email", "direction": "DESCENDING"}}}}),
			"\"Record ID\",\"Associated Company IDs\"\n\"1\",\"11;12\"\n",
		},
		{view(m{"exportType": "LIST", "listId": 1, "objectProperties": list{"firstname"}}), "\"Record ID\",\"First Name\"\n\"2\",\"\"\n\"4\",\"A \"\"B\"\", C\"\n"},
	} {
		if got := w.export(tt.body); got != tt.want {
			t.Errorf("%v:\n%s\nwant\n%s", tt.body, got, tt.want)
		}
	}
	for _, bad := range []m{
		{}, view(m{"exportType": "ALL"}), view(m{"format": "XLSX"}), view(m{"format": "PDF"}), view(m{"exportType": "LIST"}), view(m{"listId": 1}), view(m{"nope": 1}),
		view(m{"objectType": "moon"}), view(m{"objectProperties": list{"nope"}}), view(m{"associatedObjectType": "moon"}), view(m{"associatedObjectType": "PRODUCT"}),
		view(m{"exportInternalValuesOptions": list{"ALL"}}), view(m{"publicCrmSearchRequest": m{"filters": list{m{"propertyName": "nope", "operator": "HAS_PROPERTY"}}}}),
		view(m{"exportType": "LIST", "listId": 1, "objectType": "COMPANY"}), view(m{"exportType": "LIST", "listId": 1, "publicCrmSearchRequest": m{}}),
	} {
		w.call("POST", exporting, bad).want(t, 400, nil)
	}
	w.call("POST", exporting, view(m{"exportType": "LIST", "listId": 9})).want(t, 404, nil)
	w.call("GET", exporting+"/tasks/99/status", nil).want(t, 404, nil)
	w.call("GET", "/exports/none.csv", nil).want(t, 404, nil)
}

func TestExportsWaitForEachOther(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Export: time.Minute})
	w.people()
	w.call("POST", "/crm/exports/2026-03/export/async", view(nil)).want(t, 202, m{"id": "1"})
	w.call("POST", exporting, view(nil)).want(t, 202, m{"id": "2"})
	status := func(id int, want string) reply {
		t.Helper()
		r := w.call("GET", fmt.Sprintf("%s/tasks/%d/status", exporting, id), nil)
		r.want(t, 200, m{"status": want})
		return r
	}
	status(1, "PROCESSING")
	status(2, "PENDING").want(t, 200, m{"result": absent, "startedAt": absent})
	w.clock.pass(time.Minute)
	first := status(1, "COMPLETE").at("result").(string)
	status(2, "PROCESSING")
	w.clock.pass(5 * time.Minute)
	w.call("GET", first[len(w.url):], nil).want(t, 404, nil)
	second := status(1, "COMPLETE").at("result").(string)
	if second == first {
		t.Error("another poll gives another URL")
	}
	w.call("GET", second[len(w.url):], nil).want(t, 200, nil)
	for range 28 {
		w.call("POST", exporting, view(nil)).want(t, 202, nil)
	}
	w.call("POST", exporting, view(nil)).want(t, 429, m{"category": "RATE_LIMITS"})
	w.clock.pass(24 * time.Hour)
	w.call("POST", exporting, view(nil)).want(t, 202, nil)
}
