package hubspot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lockstep/internal/sandbox/hubspot"
)

func TestMergeKeepsThePrimary(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	company := w.makes("companies", m{"name": "Example"})
	ann := w.insert(map[string]string{"email": "ann@example.com", "firstname": "Ann", "lifecyclestage": "lead", "createdate": "2026-02-01T00:00:00Z"})
	bo := w.insert(map[string]string{"email": "bo@example.com", "hs_additional_emails": "b@example.com", "firstname": "Bo", "phone": "1", "lifecyclestage": "customer", "createdate": "2026-01-01T00:00:00Z"})
	w.call("PUT", "/crm/v4/objects/contacts/"+bo+"/associations/default/companies/"+company, nil).want(t, 200, nil)
	r := w.call("POST", contacts+"/merge", m{"primaryObjectId": ann, "objectIdToMerge": bo})
	r.want(t, 200, m{
		"id": ann, "createdAt": "2026-01-01T00:00:00Z", "properties.email": "ann@example.com", "properties.firstname": "Ann", "properties.phone": "1",
		"properties.lifecyclestage": "customer", "properties.hs_merged_object_ids": bo, "properties.hs_additional_emails": "bo@example.com;b@example.com",
		"properties.hs_calculated_merged_vids": bo + ":1795255200250", "properties.hs_all_contact_vids": ann + ";" + bo,
	})
	// The old id leads to the one that is left, one by one; a batch does not follow it. There is no tombstone.
	w.call("GET", contacts+"/"+bo+"?associations=companies", nil).want(t, 200, m{"id": ann, "associations.companies.results.0.id": company})
	w.call("PATCH", contacts+"/"+bo, m{"properties": m{"city": "Bern"}}).want(t, 200, m{"id": ann})
	w.call("POST", contacts+"/batch/update", m{"inputs": list{m{"id": bo, "properties": m{"city": "Chur"}}}}).want(t, 207, m{
		"errors.0.category": "OBJECT_NOT_FOUND", "errors.0.context.ids": list{bo}, "results": list{},
	})
	w.call("POST", contacts+"/batch/read", m{"inputs": list{m{"id": bo}}}).want(t, 207, nil)
	w.call("GET", contacts+"?archived=true", nil).want(t, 200, m{"results": list{}})
	w.call("GET", contacts, nil).want(t, 200, m{"results.0.id": ann, "results.1": absent})
	w.call("POST", search, where(m{"propertyName": "email", "operator": "EQ", "value": "bo@example.com"})).want(t, 200, m{"total": 1, "results.0.id": ann})
	w.call("DELETE", contacts+"/"+bo, nil).want(t, 404, nil)
	w.call("POST", contacts, m{"properties": m{"email": "b@example.com"}}).want(t, 409, m{"message": "Contact already exists. Existing ID: " + ann})

	cy := w.create(m{"email": "cy@example.com"})
	w.call("POST", contacts+"/merge", m{"primaryObjectId": cy, "objectIdToMerge": ann}).want(t, 200, m{"properties.hs_merged_object_ids": ann + ";" + bo})
	w.call("GET", contacts+"/"+bo, nil).want(t, 200, m{"id": cy})
	w.call("POST", contacts+"/merge", m{"primaryObjectId": cy, "objectIdToMerge": bo}).want(t, 400, m{"category": "VALIDATION_ERROR"})
	w.call("POST", contacts+"/merge", m{"primaryObjectId": cy, "objectIdToMerge": "999"}).want(t, 404, nil)
	w.call("POST", contacts+"/merge", m{"primaryObjectId": cy}).want(t, 400, nil)
	w.call("POST", "/crm/v3/objects/notes/merge", m{"primaryObjectId": "1", "objectIdToMerge": "2"}).want(t, 404, nil)
	if err := w.Check(); err != nil {
		t.Error(err)
	}
}

func TestMergeMakesANewRecord(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Rules: hubspot.Rules{MergeNewID: true}})
	b := w.makes("companies", m{"name": "Two", "city": "Bern"})
	w.clock.pass(time.Minute)
	a := w.makes("companies", m{"name": "One", "domain": "example.com"})
	contact := w.create(m{"email": "ann@example.com"})
	w.call("PUT", "/crm/v4/objects/companies/"+a+"/associations/default/contacts/"+contact, nil).want(t, 200, nil)
	left, err := w.Merge("companies", a, b)
	if err != nil {
		t.Fatal(err)
	}
	if left == a || left == b {
		t.Fatalf("kept the id %s", left)
	}
	w.wantShown("companies", left, m{"name": "One", "city": "Bern", "domain": "example.com", "hs_merged_object_ids": b + ";" + a, "createdate": "2026-11-21T10:00:00.250Z"})
	for _, old := range []string{a, b} {
		w.call("GET", "/crm/v3/objects/companies/"+old+"?associations=contacts", nil).want(t, 200, m{"id": left, "associations.contacts.results.0.id": contact})
	}
	w.call("GET", "/crm/v3/objects/companies", nil).want(t, 200, m{"results.0.id": left, "results.1": absent})
	w.wantShown("contacts", contact, m{"associatedcompanyid": left})
	if err := w.Check(); err != nil {
		t.Error(err)
	}
}

func TestMergesAreCounted(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	first := w.insert(map[string]string{"email": "p@example.com"})
	for i := range 250 {
		if _, err := w.Merge("contacts", first, w.insert(map[string]string{"email": fmt.Sprintf("p%d@example.com", i)})); err != nil {
			t.Fatal(err)
		}
	}
	one := w.insert(map[string]string{"email": "last@example.com"})
	w.call("POST", contacts+"/merge", m{"primaryObjectId": first, "objectIdToMerge": one}).want(t, 414, m{"message": "Cannot have more than 250 identities on a profile"})
	if got, _ := w.Get("contacts", first); len(strings.Split(got["hs_additional_emails"], ";")) != 250 {
		t.Errorf("addresses: %s", got["hs_additional_emails"])
	}
}

func TestRestoreWithin90Days(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.unique("ext_id")
	id := w.create(m{"email": "ann@example.com", "ext_id": "A"})
	w.call("DELETE", contacts+"/"+id, nil).want(t, 204, nil)
	w.call("GET", contacts+"?archived=true", nil).want(t, 200, m{"results.0.id": id, "results.0.archivedAt": "2026-11-21T10:00:00.250Z"})
	w.call("GET", contacts+"/"+id+"?archived=true", nil).want(t, 200, m{"archived": true})
	w.clock.pass(89 * 24 * time.Hour)
	again := w.create(m{"email": "ann@example.com"})
	if err := w.Restore("contacts", id); err == nil {
		t.Error("restored beside a contact that has its address")
	}
	w.call("DELETE", contacts+"/"+again, nil).want(t, 204, nil)
	if err := w.Restore("contacts", id); err != nil {
		t.Fatal(err)
	}
	w.wantShown("contacts", id, m{"email": "ann@example.com", "ext_id": "A"})
	w.call("GET", contacts+"/A?idProperty=ext_id", nil).want(t, 200, m{"id": id, "archived": false, "archivedAt": absent})
	if err := w.Restore("contacts", id); err == nil {
		t.Error("restored what is live")
	}
	w.call("DELETE", contacts+"/"+id, nil).want(t, 204, nil)
	w.clock.pass(90 * 24 * time.Hour)
	w.call("GET", contacts+"?archived=true", nil).want(t, 200, m{"results": list{}})
	w.call("GET", contacts+"/"+id+"?archived=true", nil).want(t, 404, nil)
	if err := w.Restore("contacts", id); err == nil {
		t.Error("restored after 90 days")
	}
}

func TestGDPRDelete(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	byID, byMail := w.create(m{"email": "ann@example.com"}), w.create(m{"email": "bo@example.com"})
	const path = contacts + "/gdpr-delete"
	w.call("POST", path, m{"objectId": byID}).want(t, 204, nil)
	w.call("POST", "/crm/objects/2026-03/contacts/gdpr-delete", m{"objectId": "BO@example.com", "idProperty": "email"}).want(t, 204, nil)
	for _, id := range []string{byID, byMail} {
		w.call("GET", contacts+"/"+id, nil).want(t, 404, nil)
		w.call("GET", contacts+"/"+id+"?archived=true", nil).want(t, 404, nil)
		if err := w.Restore("contacts", id); err == nil {
			t.Error("restored what was deleted for good")
		}
	}
	w.call("POST", path, m{"objectId": byID}).want(t, 404, nil)
	w.call("POST", path, m{"objectId": "cy@example.com", "idProperty": "email"}).want(t, 204, nil)
	w.call("POST", contacts, m{"properties": m{"email": "Cy@example.com"}}).want(t, 400, m{"category": "VALIDATION_ERROR"})
	w.create(m{"email": "ann@example.com"})
	w.call("POST", path, m{"objectId": "x", "idProperty": "phone"}).want(t, 400, nil)
	w.call("POST", path, m{}).want(t, 400, nil)
	w.call("POST", "/crm/v3/objects/companies/gdpr-delete", m{"objectId": "1"}).want(t, 404, nil)
	if err := w.Check(); err != nil {
		t.Error(err)
	}
}
