package hubspot_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/hubspot"
)

// put adds a record of any object as it stands.
func (w *world) put(object string, values map[string]string) string {
	w.t.Helper()
	id, err := w.Insert(object, values)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// associate associates two records as a person does.
func (w *world) associate(from, fromID, to, toID, label string) {
	w.t.Helper()
	if err := w.Associate(from, fromID, to, toID, label); err != nil {
		w.t.Fatal(err)
	}
}

// people adds contacts 1, 2, 3 and companies 11, 12, 13.
func (w *world) people() {
	w.t.Helper()
	for i := 1; i <= 3; i++ {
		w.put("contacts", map[string]string{"hs_object_id": strconv.Itoa(i), "email": fmt.Sprintf("p%d@example.com", i)})
		w.put("companies", map[string]string{"hs_object_id": strconv.Itoa(10 + i), "name": fmt.Sprintf("Firm %d", i)})
	}
}

// pairOf is one row of an association batch.
func pairOf(from, to any, types ...int) m {
	specs := list{}
	for _, t := range types {
		specs = append(specs, m{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": t})
	}
	return m{"from": m{"id": from}, "to": m{"id": to}, "types": specs}
}

func kind(id int, label any) m {
	return m{"category": "HUBSPOT_DEFINED", "typeId": float64(id), "label": label}
}

const v4 = "/crm/v4/associations/contacts/companies/"

func TestAssociationBatchRead(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	w.associate("contacts", "1", "companies", "11", "")
	w.associate("contacts", "1", "companies", "12", "")
	r := w.call("POST", v4+"batch/read", m{"inputs": list{m{"id": "1"}, m{"id": 2}, m{"id": "404"}, m{"id": "x"}}})
	r.want(t, 207, m{
		"results": list{m{"from": m{"id": "1"}, "to": list{
			m{"toObjectId": 11.0, "associationTypes": list{kind(1, "Primary"), kind(279, nil)}},
			m{"toObjectId": 12.0, "associationTypes": list{kind(279, nil)}},
		}}},
		"numErrors": 3, "status": "COMPLETE",
		"errors.0": m{
			"status": "error", "category": "OBJECT_NOT_FOUND", "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
			"message": "No company is associated with contact 2.", "context": m{"fromObjectId": list{"2"}, "fromObjectType": list{"contact"}, "toObjectType": list{"company"}},
		},
		"errors.1.context.fromObjectId.0": "404",
		"errors.2.subCategory":            "crm.associations.INVALID_IDENTIFIER",
	})
	w.call("POST", "/crm/associations/2026-03/0-2/CONTACT/batch/read", m{"inputs": list{m{"id": "11"}}}).want(t, 200, m{
		"results.0.to.0": m{"toObjectId": 1.0, "associationTypes": list{kind(2, "Primary Company"), kind(280, nil)}}, "errors": absent, "numErrors": absent,
	})
	many := list{}
	for i := range 1001 {
		many = append(many, m{"id": i})
	}
	w.call("POST", v4+"batch/read", m{"inputs": many}).want(t, 400, m{"category": "VALIDATION_ERROR", "message": "The maximum number of inputs supported in a batch is 1000. Please reduce the number of items and try again"})
	w.call("POST", v4+"batch/read", m{}).want(t, 400, nil)
}

func TestAssociationPaging(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	for i := range 501 {
		id := strconv.Itoa(1000 + i)
		w.put("contacts", map[string]string{"hs_object_id": id})
		w.associate("companies", "11", "contacts", id, "")
	}
	path := "/crm/v4/associations/companies/contacts/batch/read"
	w.call("POST", path, m{"inputs": list{m{"id": "11"}}}).want(t, 200, m{"results.0.to.499.toObjectId": 1499, "results.0.to.500": absent, "results.0.paging.next.after": "1499"})
	w.call("POST", path, m{"inputs": list{m{"id": "11", "after": "1499"}}}).want(t, 200, m{"results.0.to.0.toObjectId": 1500, "results.0.to.1": absent, "results.0.paging": absent})
	w.call("POST", path, m{"inputs": list{m{"id": "11", "after": "x"}}}).want(t, 400, nil)
	w.call("GET", "/crm/v4/objects/companies/11/associations/contacts", nil).want(t, 200, m{"results.499.toObjectId": 1499, "results.500": absent, "paging.next.after": "1499"})
	w.call("GET", "/crm/objects/2026-09/companies/11/associations/contacts?limit=2&after=1000", nil).want(t, 200, m{"results.0.toObjectId": 1001, "results.2": absent, "paging.next.after": "1002"})
	w.call("GET", "/crm/v4/objects/companies/11/associations/contacts?limit=501", nil).want(t, 400, nil)
	r := w.call("GET", "/crm/v3/objects/companies/11?associations=contacts", nil)
	r.want(t, 200, m{
		"associations.contacts.results.0": m{"id": "1000", "type": "company_to_contact"}, "associations.contacts.results.1": m{"id": "1000", "type": "company_to_contact_unlabeled"},
		"associations.contacts.results.200": absent, "associations.contacts.paging.next.after": "1099",
	})
	link, _ := r.at("associations.contacts.paging.next.link").(string)
	w.call("GET", link[len(w.url):], nil).want(t, 200, m{"results.0": m{"id": "1100", "type": "company_to_contact"}})
}

func TestAssociationBatchCreate(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	w.call("POST", v4+"batch/create", m{"inputs": list{pairOf("1", 11, 279), pairOf(2, "12", 1)}}).want(t, 201, m{"status": "COMPLETE", "errors": absent})
	for range 2 { // again is no error
		r := w.call("POST", v4+"batch/create", m{"inputs": list{pairOf(3, 13, 279)}})
		r.want(t, 201, m{"results.0": m{"fromObjectTypeId": "0-1", "fromObjectId": 3.0, "toObjectTypeId": "0-2", "toObjectId": 13.0, "labels": list{}}})
	}
	w.call("POST", "/crm/v4/associations/Company/Contact/batch/create", m{"inputs": list{pairOf(11, 2, 2)}}).want(t, 201, m{"results.0.labels": list{"Primary Company"}})
	if diff := cmp.Diff([]hubspot.Association{{ID: "11", Labels: []string{"Primary"}}, {ID: "12", Labels: []string{}}}, w.Associations("contacts", "2", "companies")); diff != "" {
		t.Errorf("the primary company moves (-want +got):\n%s", diff)
	}
	r := w.call("POST", v4+"batch/create", m{"inputs": list{
		pairOf(1, 12, 279), pairOf(1234, 11, 279), pairOf(1, 1234, 279), pairOf("x", 11, 279), pairOf(1, 11, 2), pairOf(1, 11, 999),
		m{"from": m{"id": 1}, "to": m{"id": 11}, "types": list{m{"associationCategory": "USER_DEFINED", "associationTypeId": 3}}},
	}})
	r.want(t, 207, m{
		"results.0.toObjectId": 12, "results.1": absent, "numErrors": 6,
		"errors.0": m{"status": "error", "category": "VALIDATION_ERROR", "message": "CONTACT=1234 is not valid"},
		"errors.1": m{"status": "error", "category": "VALIDATION_ERROR", "message": "COMPANY=1234 is not valid"},
		"errors.2": m{"status": "error", "category": "VALIDATION_ERROR", "subCategory": "crm.associations.INVALID_IDENTIFIER", "message": "x is not a valid ID", "context": m{"id": list{"x"}}},
		// Type 2 is one of company to contact: HubSpot misses the company 1.
		"errors.3.message": "COMPANY=1 is not valid",
		"errors.4.message": "HUBSPOT_DEFINED=999 is not a valid association definition id",
		"errors.5.message": "USER_DEFINED=3 is not a valid association definition id",
	})
	w.call("POST", "/crm/v4/associations/contacts/contacts/batch/create", m{"inputs": list{pairOf(1, 1, 449)}}).want(t, 207, m{
		"errors.0": m{"status": "error", "category": "VALIDATION_ERROR", "message": "Object 1 cannot be associated to itself (1)"},
	})
	for _, body := range []m{
		{}, {"inputs": list{m{"from": m{"id": 1}, "to": m{"id": 11}}}}, {"inputs": list{m{"to": m{"id": 11}, "types": list{}}}},
		{"inputs": list{m{"from": m{"id": 1}, "types": list{}}}}, {"inputs": list{pairOf(1, 11, 279)}, "x": 1},
		{"inputs": list{m{"from": m{"id": 1}, "to": m{"id": 11}, "types": list{m{"associationTypeId": 1}}}}},
		{"inputs": list{m{"from": m{"id": 1}, "to": m{"id": 11}, "type": "contact_to_company"}}},
	} {
		w.call("POST", v4+"batch/create", body).want(t, 400, nil)
	}
	w.call("POST", "/crm/v4/associations/contacts/butterflies/batch/create", m{}).want(t, 400, m{"message": "Unable to infer object type from: butterflies", "category": absent})
	w.call("POST", "/crm/v4/associations/companies/owners/batch/create", m{}).want(t, 400, nil)
	w.call("POST", "/crm/v4/associations/contacts/products/batch/create", m{"inputs": list{}}).want(t, 400, nil)
}

func TestAssociationResultsAreShuffled(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Seed: 1})
	w.people()
	inputs := list{}
	for i := range 30 {
		id := strconv.Itoa(100 + i)
		w.put("contacts", map[string]string{"hs_object_id": id})
		inputs = append(inputs, pairOf(id, 11, 279))
	}
	r := w.call("POST", v4+"batch/create", m{"inputs": inputs})
	r.want(t, 201, nil)
	for i := range 30 {
		if r.at(fmt.Sprintf("results.%d.fromObjectId", i)) != float64(100+i) {
			return
		}
	}
	t.Error("results came in the order of the inputs")
}

func TestAssociationArchive(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	for _, company := range []string{"11", "12", "13"} {
		w.associate("contacts", "1", "companies", company, "")
	}
	w.call("POST", v4+"batch/archive", m{"inputs": list{m{"from": m{"id": 1}, "to": list{m{"id": "11"}, m{"id": 404}, m{"id": "x"}}}, m{"from": m{"id": "404"}, "to": list{m{"id": 11}}}}}).want(t, 204, nil)
	if got := w.Associations("contacts", "1", "companies"); len(got) != 2 || len(got[0].Labels) != 0 {
		t.Errorf("left: %v", got)
	}
	w.associate("contacts", "1", "companies", "12", "primary")
	w.call("POST", v4+"batch/labels/archive", m{"inputs": list{pairOf(1, 12, 1), pairOf(1, 13, 279), pairOf(404, 13, 279)}}).want(t, 204, nil)
	if diff := cmp.Diff([]hubspot.Association{{ID: "12", Labels: []string{}}}, w.Associations("contacts", "1", "companies")); diff != "" {
		t.Errorf("without its plain type nothing is left of a pair (-want +got):\n%s", diff)
	}
	for range 2 {
		w.call("DELETE", "/crm/v4/objects/contacts/1/associations/companies/12", nil).want(t, 204, nil)
	}
	if got := w.Associations("companies", "12", "contacts"); got != nil {
		t.Errorf("left: %v", got)
	}
	for _, body := range []m{{}, {"inputs": list{m{"from": m{"id": 1}}}}, {"inputs": list{m{"to": list{}}}}} {
		w.call("POST", v4+"batch/archive", body).want(t, 400, nil)
	}
}

func TestAssociateDefault(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	deal := w.put("deals", map[string]string{"dealname": "Deal"})
	w.call("POST", "/crm/v4/associations/deals/companies/batch/associate/default", m{"inputs": list{
		m{"from": m{"id": deal}, "to": m{"id": "11"}}, m{"from": m{"id": deal}, "to": m{"id": 404}},
	}}).want(t, 207, m{
		"results":          list{m{"from": m{"id": deal}, "to": m{"id": "11"}, "associationSpec": m{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 341.0}}},
		"errors.0.message": "COMPANY=404 is not valid",
	})
	w.call("PUT", "/crm/v4/objects/deals/"+deal+"/associations/default/companies/12", nil).want(t, 200, m{
		"status": "COMPLETE", "results.0.associationSpec.associationTypeId": 341, "results.0.to.id": "12",
	})
	w.call("GET", "/crm/v4/objects/Deal/"+deal+"/associations/Company", nil).want(t, 200, m{
		"results": list{
			m{"toObjectId": 11.0, "associationTypes": list{kind(5, "Primary"), kind(341, nil)}},
			m{"toObjectId": 12.0, "associationTypes": list{kind(341, nil)}},
		},
		"paging": absent,
	})
	w.call("PUT", "/crm/v4/objects/deals/404/associations/default/companies/12", nil).want(t, 400, m{"message": "One or more associations are invalid"})
	w.call("GET", "/crm/v4/objects/deals/404/associations/companies", nil).want(t, 404, nil)
}

func TestLabelOnePair(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	path := "/crm/v4/objects/contacts/1/associations/companies/11"
	spec := func(id int) list {
		return list{m{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": id}}
	}
	w.call("PUT", path, spec(1)).want(t, 201, m{"fromObjectTypeId": "0-1", "fromObjectId": 1, "toObjectTypeId": "0-2", "toObjectId": 11, "labels": list{"Primary"}})
	w.call("PUT", path, spec(279)).want(t, 201, m{"labels": list{}})
	if diff := cmp.Diff([]hubspot.Association{{ID: "11", Labels: []string{}}}, w.Associations("contacts", "1", "companies")); diff != "" {
		t.Errorf("the set of types is replaced (-want +got):\n%s", diff)
	}
	deal := w.put("deals", map[string]string{"hs_object_id": "99", "dealname": "Deal"})
	w.call("PUT", "/crm/v4/objects/deal/"+deal+"/associations/company/11", spec(1)).want(t, 400, m{
		"category": "VALIDATION_ERROR", "message": "One or more associations are invalid",
		"context": m{"INVALID_OBJECT_IDS": list{"CONTACT=99 is not valid"}, "objectId": list{"99"}, "objectType": list{"CONTACT"}},
	})
	w.call("PUT", path, list{m{"associationCategory": "USER_DEFINED", "associationTypeId": 3}}).want(t, 400, m{
		"context": m{"associationSpec": list{"USER_DEFINED=3"}, "INVALID_ASSOCIATION_TYPE_ID": list{"USER_DEFINED=3 is not a valid association definition id"}},
	})
	w.call("PUT", path, list{m{}}).want(t, 400, m{"message": "Invalid input JSON on line 1, column 1. Some required fields were not set: [associationCategory, associationTypeId]"})
	w.call("PUT", path, list{}).want(t, 400, nil)
	w.call("PUT", path, m{}).want(t, 400, nil)
	w.call("PUT", "/crm/v4/objects/contacts/1/associations/companies/x", spec(1)).want(t, 400, m{"subCategory": "crm.associations.INVALID_IDENTIFIER"})
	w.call("PUT", "/crm/v4/objects/contacts/1/associations/contacts/1", spec(449)).want(t, 400, m{"message": "Object 1 cannot be associated to itself (1)"})
	// v4 is a version of associations alone.
	w.call("GET", "/crm/v4/objects/contacts/1", nil).want(t, 404, nil)
}

func TestPrimaryCompany(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	company := func() string { values, _ := w.Get("contacts", "1"); return values["associatedcompanyid"] }
	before := w.get("1")["lastmodifieddate"]
	w.call("POST", v4+"batch/create", m{"inputs": list{pairOf(1, 11, 279)}}).want(t, 201, nil)
	w.call("POST", v4+"batch/create", m{"inputs": list{pairOf(1, 12, 279)}}).want(t, 201, nil)
	if got := company(); got != "11" {
		t.Fatalf("the first company is the primary one: %q", got)
	}
	if after := w.get("1")["lastmodifieddate"]; after == before {
		t.Error("a contact whose primary company changes is modified")
	}
	w.call("POST", v4+"batch/create", m{"inputs": list{pairOf(1, 12, 1)}}).want(t, 201, nil)
	if got := company(); got != "12" {
		t.Errorf("moved: %q", got)
	}
	// Setting the property moves the association, clearing it ends it.
	w.call("PATCH", contacts+"/1", m{"properties": m{"associatedcompanyid": "13"}}).want(t, 200, nil)
	if diff := cmp.Diff([]hubspot.Association{{ID: "11", Labels: []string{}}, {ID: "12", Labels: []string{}}, {ID: "13", Labels: []string{"Primary"}}}, w.Associations("contacts", "1", "companies")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	w.call("PATCH", contacts+"/1", m{"properties": m{"associatedcompanyid": 404}}).want(t, 400, nil)
	w.call("PATCH", contacts+"/1", m{"properties": m{"associatedcompanyid": ""}}).want(t, 200, nil)
	if got := w.Associations("contacts", "1", "companies"); len(got) != 2 || company() != "" {
		t.Errorf("left: %v, %q", got, company())
	}
	// Archiving a record ends its associations.
	w.associate("contacts", "1", "companies", "11", "primary")
	if err := w.Delete("companies", "11"); err != nil {
		t.Fatal(err)
	}
	if got := w.Associations("contacts", "1", "companies"); len(got) != 1 || company() != "" {
		t.Errorf("left: %v, %q", got, company())
	}
	// A record taken as it stands is associated when the company is there already.
	id := w.put("contacts", map[string]string{"associatedcompanyid": "12"})
	if got := w.Associations("companies", "12", "contacts"); len(got) != 2 || got[1].ID != id {
		t.Errorf("inserted: %v", got)
	}
	w.call("GET", contacts+"?associations=companies&limit=100", nil).want(t, 200, m{
		"results.0.associations": m{"companies": m{"results": list{m{"id": "12", "type": "contact_to_company_unlabeled"}}}},
		"results.1.associations": absent,
		"results.3.associations": m{"companies": m{"results": list{m{"id": "12", "type": "contact_to_company"}, m{"id": "12", "type": "contact_to_company_unlabeled"}}}},
	})
	w.call("GET", contacts+"/2?associations=butterflies", nil).want(t, 400, m{"message": "Unable to infer object type from: butterflies"})
}

func TestExplicitPrimaryRule(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Rules: hubspot.Rules{ExplicitPrimary: true}})
	w.people()
	w.call("POST", v4+"batch/create", m{"inputs": list{pairOf(1, 11, 279)}}).want(t, 201, nil)
	w.call("POST", v4+"batch/associate/default", m{"inputs": list{m{"from": m{"id": 2}, "to": m{"id": 12}}}}).want(t, 200, nil)
	for id, want := range map[string][]string{"1": {}, "2": {"Primary"}} {
		if diff := cmp.Diff(want, w.Associations("contacts", id, "companies")[0].Labels); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

func TestCreateWithAssociations(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	to := func(id any, types ...int) m { row := pairOf(1, id, types...); delete(row, "from"); return row }
	body := func(email string, associations ...any) m {
		return m{"properties": m{"email": email}, "associations": list(associations)}
	}
	r := w.call("POST", contacts, body("new@example.com", to("11", 279), to(12, 1), to(2, 449)))
	r.want(t, 201, m{"associations": absent})
	id := r.body["id"].(string)
	if diff := cmp.Diff([]hubspot.Association{{ID: "11", Labels: []string{}}, {ID: "12", Labels: []string{"Primary"}}}, w.Associations("contacts", id, "companies")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := w.Associations("contacts", "2", "contacts"); len(got) != 1 || got[0].ID != id {
		t.Errorf("contacts: %v", got)
	}
	for _, tt := range []struct {
		associations list
		want         m
	}{
		{list{to(404, 279)}, m{"message": "One or more associations are invalid", "context": m{"INVALID_OBJECT_IDS": list{"COMPANY=404 is not valid"}, "objectId": list{"404"}, "objectType": list{"COMPANY"}}}},
		{list{to(11, 280)}, m{"message": "One or more associations are invalid", "context.associationSpec": list{"HUBSPOT_DEFINED=280"}}},
		{list{to(11)}, nil}, {list{m{"types": list{}}}, nil}, {list{to("x", 279)}, nil}, {list{to(11, 279, 449)}, nil},
	} {
		w.call("POST", contacts, body("x@example.com", tt.associations...)).want(t, 400, tt.want)
	}
	if _, exists := w.find("contacts", "email", "x@example.com"); exists {
		t.Error("a create with a bad association made the record")
	}
	w.call("PATCH", contacts+"/1", body("p1@example.com", to(11, 279))).want(t, 400, nil)
	batch := contacts + "/batch/create"
	w.call("POST", batch, m{"inputs": list{body("b1@example.com", to(11, 279)), body("b2@example.com", to(404, 279))}}).want(t, 400, nil)
	traced := list{body("b1@example.com", to(11, 279)), body("b2@example.com", to(404, 279))}
	for i := range traced {
		traced[i].(m)["objectWriteTraceId"] = strconv.Itoa(i)
	}
	r = w.call("POST", batch, m{"inputs": traced})
	r.want(t, 207, m{"errors.0.message": "One or more associations are invalid", "errors.0.context.objectWriteTraceId": list{"1"}, "results.1": absent})
	if got := w.Associations("companies", "11", "contacts"); len(got) != 2 || got[1].ID != r.at("results.0.id") {
		t.Errorf("batch: %v", got)
	}
	for _, kind := range []string{"update", "upsert"} {
		w.call("POST", contacts+"/batch/"+kind, m{"inputs": list{m{"id": "1", "properties": m{}, "associations": list{}}}}).want(t, 400, nil)
	}
}

// find looks a live record up by one value.
func (w *world) find(object, property, value string) (string, bool) {
	for _, r := range w.All(object) {
		if r[property] == value {
			return r["hs_object_id"], true
		}
	}
	return "", false
}

func TestSearchByAssociation(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	w.associate("contacts", "1", "companies", "11", "")
	w.associate("contacts", "3", "companies", "11", "")
	w.associate("contacts", "2", "companies", "12", "")
	filter := func(operator, property string, value any) m {
		key := "value"
		if operator == "IN" {
			key = "values"
		}
		return m{"filters": list{m{"propertyName": property, "operator": operator, key: value}}}
	}
	w.call("POST", search, filter("EQ", "associations.company", 11)).want(t, 200, m{"total": 2, "results.0.id": "1", "results.1.id": "3", "results.0.associations": absent})
	w.call("POST", search, filter("IN", "associations.companies", list{"11", "12"})).want(t, 200, m{"total": 3})
	w.call("POST", "/crm/v3/objects/companies/search", filter("EQ", "associations.contact", "2")).want(t, 200, m{"total": 1, "results.0.id": "12"})
	for _, bad := range []m{filter("GT", "associations.company", "11"), filter("EQ", "associations.company", "x"), filter("EQ", "associations.moon", "1"), filter("EQ", "associations.product", "1"), filter("IN", "associations.company", list{})} {
		w.call("POST", search, bad).want(t, 400, m{"category": "VALIDATION_ERROR"})
	}
}

func TestAssociationsOfMergedAndRestored(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	w.associate("contacts", "2", "companies", "12", "")
	w.call("POST", contacts+"/merge", m{"primaryObjectId": "1", "objectIdToMerge": "2"}).want(t, 200, m{"properties.associatedcompanyid": "12"})
	w.call("GET", "/crm/v4/objects/contacts/2/associations/companies", nil).want(t, 200, m{"results": list{m{"toObjectId": 12.0, "associationTypes": list{kind(1, "Primary"), kind(279, nil)}}}})
	w.call("PUT", "/crm/v4/objects/contacts/2/associations/default/companies/13", nil).want(t, 200, nil)
	if got := w.Associations("contacts", "1", "companies"); len(got) != 2 {
		t.Errorf("a merged id leads to the record that is left: %v", got)
	}
	// Batches take ids as they are.
	w.call("POST", v4+"batch/create", m{"inputs": list{pairOf(2, 11, 279)}}).want(t, 207, m{"errors.0.message": "CONTACT=2 is not valid"})
	w.call("POST", v4+"batch/read", m{"inputs": list{m{"id": 2}}}).want(t, 207, m{"errors.0.subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND"})

	w.call("DELETE", contacts+"/1", nil).want(t, 204, nil)
	if got := w.Associations("companies", "12", "contacts"); got != nil {
		t.Errorf("left: %v", got)
	}
	if err := w.Restore("contacts", "1"); err != nil {
		t.Fatal(err)
	}
	if values, _ := w.Get("contacts", "1"); values["associatedcompanyid"] != "" {
		t.Errorf("restored without the association: %v", values["associatedcompanyid"])
	}
}

func TestLeadEndsWithItsLastPrimary(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	lead := w.put("leads", map[string]string{"hs_lead_name": "Lead"})
	w.associate("leads", lead, "contacts", "1", "primary")
	w.associate("leads", lead, "companies", "11", "")
	w.associate("leads", lead, "contacts", "2", "primary") // moves
	w.call("GET", "/crm/v4/objects/leads/"+lead+"/associations/contacts", nil).want(t, 200, m{
		"results.0.associationTypes": list{kind(608, nil)}, "results.1.associationTypes": list{kind(578, "Primary"), kind(608, nil)},
	})
	if err := w.Dissociate("leads", lead, "contacts", "2"); err != nil {
		t.Fatal(err)
	}
	if _, live := w.Get("leads", lead); !live {
		t.Fatal("the lead has a primary company")
	}
	if err := w.Delete("companies", "11"); err != nil {
		t.Fatal(err)
	}
	if _, live := w.Get("leads", lead); live {
		t.Error("the lead is nobody's and still there")
	}
}

func TestAssociationScopes(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Tokens: []hubspot.Token{{Value: "pat-1", Scopes: []string{"crm.objects.contacts.read", "crm.objects.contacts.write", "crm.objects.companies.read"}}}})
	w.people()
	w.token = "pat-1"
	w.call("POST", v4+"batch/read", m{"inputs": list{m{"id": "1"}}}).want(t, 207, nil)
	w.call("POST", v4+"batch/create", m{"inputs": list{}}).want(t, 403, m{"category": "MISSING_SCOPES", "errors.0.context.requiredGranularScopes": list{"crm.objects.companies.write"}})
	w.call("GET", "/crm/v4/objects/contacts/1/associations/deals", nil).want(t, 403, m{"errors.0.context.requiredGranularScopes": list{"crm.objects.deals.read"}})
	w.call("GET", "/crm/v4/objects/notes/1/associations/contacts", nil).want(t, 404, nil) // activities go by the contacts' scopes
}

func TestAssociationBatchesAreNotCounted(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Limits: hubspot.Limits{Burst: 2, Daily: 100}})
	w.people()
	for range 3 {
		r := w.call("POST", v4+"batch/read", m{"inputs": list{m{"id": "1"}}})
		r.want(t, 207, nil)
		if r.header.Get("X-HubSpot-RateLimit-Remaining") != "2" || r.header.Get("X-HubSpot-RateLimit-Max") != "2" {
			t.Fatalf("headers: %v", r.header)
		}
	}
	w.call("GET", v4+"labels", nil).want(t, 200, nil)
	path := "/crm/v4/objects/contacts/1/associations/companies"
	w.call("GET", path, nil).want(t, 200, nil)
	w.call("POST", "/crm/v3/associations/contacts/companies/batch/read", m{"inputs": list{m{"id": "1"}}}).want(t, 207, nil)
	w.call("GET", path, nil).want(t, 429, m{"policyName": "TEN_SECONDLY_ROLLING"})
	w.call("POST", v4+"batch/read", m{"inputs": list{m{"id": "1"}}}).want(t, 207, nil)
}
