package hubspot_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/hubspot"
)

func own(id int, label any) m {
	return m{"category": "USER_DEFINED", "typeId": float64(id), "label": label}
}

func TestAssociationLabels(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	path := v4 + "labels"
	w.call("GET", path, nil).want(t, 200, m{"results": list{kind(1, "Primary"), kind(279, nil)}})
	// Ids are unique within a category only: 1 and 2 are taken by HubSpot's own as well.
	w.call("POST", path, m{"label": "Buyer", "name": "buyer", "inverseLabel": "Seller"}).want(t, 200, m{"results": list{own(1, "Buyer"), own(2, "Seller")}})
	w.call("POST", "/crm/associations/2026-09/contacts/contacts/labels", m{"label": "Friend", "name": "friend"}).want(t, 200, m{"results": list{own(3, "Friend")}})
	w.call("GET", "/crm/v4/associations/companies/contacts/labels", nil).want(t, 200, m{"results": list{own(2, "Seller"), kind(2, "Primary Company"), kind(280, nil)}})

	buyer := m{"from": m{"id": "1"}, "to": m{"id": "11"}, "types": list{m{"associationCategory": "USER_DEFINED", "associationTypeId": 1}}}
	w.call("POST", v4+"batch/create", m{"inputs": list{buyer}}).want(t, 201, m{"results.0.labels": list{"Buyer"}})
	w.call("POST", v4+"batch/read", m{"inputs": list{m{"id": 1}}}).want(t, 200, m{"results.0.to.0.associationTypes": list{own(1, "Buyer"), kind(1, "Primary"), kind(279, nil)}})
	w.call("POST", "/crm/v4/associations/companies/contacts/batch/read", m{"inputs": list{m{"id": 11}}}).want(t, 200, m{"results.0.to.0.associationTypes.0": own(2, "Seller")})
	w.associate("contacts", "2", "contacts", "3", "friend")
	for _, id := range []string{"2", "3"} {
		if diff := cmp.Diff([]string{"Friend"}, w.Associations("contacts", id, "contacts")[0].Labels); diff != "" {
			t.Errorf("a label without an inverse is the same on both sides (-want +got):\n%s", diff)
		}
	}

	w.call("PUT", path, m{"associationTypeId": 1, "label": "Customer"}).want(t, 204, nil)
	w.call("GET", path, nil).want(t, 200, m{"results.0": own(1, "Customer")})
	w.call("PUT", path, m{"associationTypeId": 9, "label": "x"}).want(t, 404, nil)
	w.call("PUT", path, m{"label": "x"}).want(t, 400, nil)
	w.call("POST", path, m{"label": "x"}).want(t, 400, m{"message": "Invalid input JSON on line 1, column 1. Some required fields were not set: [name]"})
	w.call("POST", path, m{"label": "customer", "name": "other"}).want(t, 409, nil)
	w.call("DELETE", v4+"labels/279", nil).want(t, 404, nil) // HubSpot's own stay
	w.call("DELETE", v4+"labels/x", nil).want(t, 400, nil)
	w.call("DELETE", v4+"labels/1", nil).want(t, 204, nil)
	w.call("POST", v4+"batch/read", m{"inputs": list{m{"id": 1}}}).want(t, 200, m{"results.0.to.0.associationTypes": list{kind(1, "Primary"), kind(279, nil)}})
	w.call("POST", v4+"batch/create", m{"inputs": list{buyer}}).want(t, 207, nil)

	for i := range 10 {
		w.call("POST", path, m{"label": "L" + strconv.Itoa(i), "name": "l" + strconv.Itoa(i)}).want(t, 200, nil)
	}
	w.call("POST", path, m{"label": "one more", "name": "one_more"}).want(t, 400, nil)
}

func TestAssociationLimits(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	path := "/crm/v4/associations/definitions/configurations/"
	pair := path + "companies/contacts"
	w.call("GET", pair, nil).want(t, 200, m{"results": list{}})
	limit := m{"inputs": list{m{"category": "HUBSPOT_DEFINED", "typeId": 280, "maxToObjectIds": 1}}}
	w.call("POST", pair+"/batch/create", limit).want(t, 200, m{"results.0": m{"category": "HUBSPOT_DEFINED", "typeId": 280.0, "label": nil, "userEnforcedMaxToObjectIds": 1.0}})
	w.call("GET", "/crm/associations/2026-03/definitions/configurations/all", nil).want(t, 200, m{"results": list{m{
		"fromObjectTypeId": "0-2", "toObjectTypeId": "0-1", "category": "HUBSPOT_DEFINED", "typeId": 280.0, "label": nil, "userEnforcedMaxToObjectIds": 1.0,
	}}})
	w.call("POST", v4+"batch/create", m{"inputs": list{pairOf(1, 11, 279)}}).want(t, 201, nil)
	w.call("POST", v4+"batch/create", m{"inputs": list{pairOf(1, 11, 279)}}).want(t, 201, nil)
	w.call("POST", v4+"batch/create", m{"inputs": list{pairOf(2, 11, 279)}}).want(t, 207, m{"errors.0.category": "VALIDATION_ERROR"})
	w.call("PUT", "/crm/v4/objects/contacts/2/associations/default/companies/11", nil).want(t, 400, nil)
	w.call("POST", pair+"/batch/update", m{"inputs": list{m{"category": "HUBSPOT_DEFINED", "typeId": 280, "maxToObjectIds": 2}}}).want(t, 200, nil)
	w.call("POST", v4+"batch/create", m{"inputs": list{pairOf(2, 11, 279)}}).want(t, 201, nil)
	w.call("POST", pair+"/batch/purge", m{"inputs": list{m{"category": "HUBSPOT_DEFINED", "typeId": 280}}}).want(t, 204, nil)
	w.call("POST", v4+"batch/create", m{"inputs": list{pairOf(3, 11, 279)}}).want(t, 201, nil)
	w.call("POST", pair+"/batch/update", m{"inputs": list{m{"category": "HUBSPOT_DEFINED", "typeId": 279, "maxToObjectIds": 2}, m{"category": "HUBSPOT_DEFINED", "typeId": 280, "maxToObjectIds": 0}}}).want(t, 207, m{"numErrors": 2})
	for _, bad := range []m{{}, {"inputs": list{m{"typeId": 280}}}} {
		w.call("POST", pair+"/batch/create", bad).want(t, 400, nil)
	}
	w.call("POST", pair+"/batch/purge", limit).want(t, 400, nil)
	w.call("POST", "/crm/v4/associations/usage/high-usage-report/7", nil).want(t, 200, m{"userId": 7, "enqueueTime": "2026-11-21T10:00:00.250Z"})
}

func TestAssociationsV3(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	path := "/crm/v3/associations/contacts/companies/"
	row := func(from, to, name any) m { return m{"from": m{"id": from}, "to": m{"id": to}, "type": name} }
	w.call("GET", path+"types", nil).want(t, 200, m{"results": list{m{"id": "1", "name": "contact_to_company"}, m{"id": "279", "name": "contact_to_company_unlabeled"}}})
	w.call("POST", path+"batch/create", m{"inputs": list{row("1", "11", "contact_to_company")}}).want(t, 200, m{
		"results": list{
			m{"from": m{"id": "1"}, "to": m{"id": "11"}, "type": "contact_to_company"}, m{"from": m{"id": "11"}, "to": m{"id": "1"}, "type": "company_to_contact"},
		},
	})
	w.call("POST", path+"batch/create", m{"inputs": list{row(1, 12, 279), row(1, 404, "contact_to_company"), row(1, 11, "nope"), row("x", 11, "contact_to_company")}}).want(t, 207, m{
		"numErrors": 3, "errors.0.message": "COMPANY=404 is not valid", "errors.1.subCategory": "crm.associations.INVALID_ASSOCIATION_TYPE",
		"errors.1.message": "nope is not a valid association type between CONTACT and COMPANY", "errors.2.subCategory": "crm.associations.INVALID_IDENTIFIER",
	})
	w.call("POST", path+"batch/read", m{"inputs": list{m{"id": "1"}, m{"id": "2"}, m{"id": "x"}}}).want(t, 207, m{
		"results": list{m{"from": m{"id": "1"}, "to": list{
			m{"id": "11", "type": "contact_to_company"}, m{"id": "11", "type": "contact_to_company_unlabeled"}, m{"id": "12", "type": "contact_to_company_unlabeled"},
		}}},
		"errors.0.subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND", "numErrors": 2,
	})
	w.call("POST", path+"batch/archive", m{"inputs": list{row(1, 12, "contact_to_company_unlabeled"), row(1, 404, "nope")}}).want(t, 204, nil)
	w.call("GET", "/crm/v3/objects/contacts/1/associations/companies?limit=1", nil).want(t, 200, m{
		"results": list{m{"id": "11", "type": "contact_to_company"}, m{"id": "11", "type": "contact_to_company_unlabeled"}}, "paging": absent,
	})
	single := "/crm/v3/objects/contacts/2/associations/companies/13/"
	w.call("PUT", single+"contact_to_company", nil).want(t, 200, m{"id": "2", "associations.companies.results.0": m{"id": "13", "type": "contact_to_company"}})
	w.call("PUT", single+"nope", nil).want(t, 400, nil)
	w.call("PUT", "/crm/v3/objects/contacts/2/associations/companies/404/1", nil).want(t, 400, nil)
	w.call("DELETE", single+"279", nil).want(t, 204, nil)
	if got := w.Associations("contacts", "2", "companies"); got != nil {
		t.Errorf("left: %v", got)
	}
	// What v3 does not have.
	for _, tt := range []struct{ method, path string }{
		{"GET", path + "labels"}, {"POST", path + "batch/associate/default"}, {"PUT", "/crm/v3/objects/contacts/1/associations/companies/11"},
		{"GET", "/crm/v4/associations/contacts/companies/types"}, {"PUT", "/crm/v4/objects/contacts/2/associations/companies/13/1"},
	} {
		w.call(tt.method, tt.path, nil).want(t, 404, nil)
	}
	w.call("POST", path+"batch/create", m{"inputs": list{m{"from": m{"id": 1}, "to": m{"id": 1}}}}).want(t, 400, nil)
	w.call("POST", path+"batch/create", m{"inputs": list{pairOf(1, 11, 1)}}).want(t, 400, nil)
}
