package hubspot_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"lockstep/internal/sandbox/hubspot"
)

const lists = "/crm/v3/lists"

// branch is a filterBranch of one AND of property filters.
func branch(filters ...any) m {
	return m{"filterBranchType": "OR", "filters": list{}, "filterBranches": list{m{"filterBranchType": "AND", "filterBranches": list{}, "filters": list(filters)}}}
}

func property(name, kind, operator string, more m) m {
	operation := m{"operationType": kind, "operator": operator}
	for k, v := range more {
		operation[k] = v
	}
	return m{"filterType": "PROPERTY", "property": name, "operation": operation}
}

// list makes a list and returns its path.
func (w *world) list(body m) string {
	w.t.Helper()
	if body["objectTypeId"] == nil {
		body["objectTypeId"] = "0-1"
	}
	r := w.call("POST", lists, body)
	r.want(w.t, 200, nil)
	return lists + "/" + r.at("list.listId").(string)
}

// inList are the members of a list.
func (w *world) inList(path string) string {
	w.t.Helper()
	r := w.call("GET", path+"/memberships", nil)
	r.want(w.t, 200, nil)
	ids := ""
	for _, x := range r.body["results"].([]any) {
		ids += x.(m)["recordId"].(string) + " "
	}
	return ids
}

func TestCreateAndReadLists(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.call("POST", lists, m{"name": "By hand", "objectTypeId": "0-1", "processingType": "MANUAL"}).want(t, 200, m{"list": m{
		"listId": "1", "listVersion": 1.0, "createdAt": "2026-11-21T10:00:00.250Z", "updatedAt": "2026-11-21T10:00:00.250Z", "filtersUpdatedAt": "2026-11-21T10:00:00.250Z",
		"processingStatus": "COMPLETE", "createdById": "76070032", "updatedById": "76070032", "processingType": "MANUAL", "objectTypeId": "0-1", "name": "By hand",
		"listPermissions":    m{"teamsWithEditAccess": list{}, "usersWithEditAccess": list{}},
		"membershipSettings": m{"membershipTeamId": nil, "includeUnassigned": nil},
	}})
	w.call("POST", lists, m{"name": "Filtered", "objectTypeId": "contacts", "processingType": "DYNAMIC", "filterBranch": branch(property("city", "STRING", "IS_EQUAL_TO", m{"value": "Bern"}))}).want(t, 200, m{
		"list.processingStatus": "PROCESSING",
		"list.filterBranch": m{"filterBranchOperator": "OR", "filterBranchType": "OR", "filters": list{}, "filterBranches": list{m{
			"filterBranchOperator": "AND", "filterBranchType": "AND", "filterBranches": list{}, "filters": list{m{
				"filterType": "PROPERTY", "property": "city", "operation": m{"operationType": "STRING", "operator": "IS_EQUAL_TO", "value": "Bern", "includeObjectsWithNoValueSet": false},
			}},
		}}},
	})
	w.call("GET", "/crm/lists/2026-03/1", nil).want(t, 200, m{"list.name": "By hand", "list.size": absent, "list.filterBranch": absent})
	w.call("GET", lists+"/2", nil).want(t, 200, m{"list.processingStatus": "COMPLETE", "list.filterBranch": absent})
	w.call("GET", lists+"/2?includeFilters=true", nil).want(t, 200, m{"list.filterBranch.filterBranchType": "OR"})
	w.call("GET", lists+"/object-type-id/0-1/name/by%20hand", nil).want(t, 200, m{"list.listId": "1"})
	w.call("GET", lists+"/object-type-id/0-2/name/By%20hand", nil).want(t, 404, m{"category": "OBJECT_NOT_FOUND"})
	w.call("GET", lists+"/-1", nil).want(t, 404, m{
		"message": "List does not exist with ID -1.", "context": m{"listId": list{"-1"}}, "category": "OBJECT_NOT_FOUND", "subCategory": "ListError.LIST_ID_DOES_NOT_EXIST",
	})
	w.call("GET", lists, nil).want(t, 200, m{"lists": list{}})
	w.call("GET", lists+"?listIds=2&listIds=1,9", nil).want(t, 200, m{"lists.0.listId": "2", "lists.0.size": 0, "lists.1.listId": "1", "lists.2": absent})
	w.call("GET", lists+"?listIds=x", nil).want(t, 400, nil)
	w.call("GET", lists+"/folders", nil).want(t, 404, nil)

	for _, tt := range []struct {
		body any
		want m
	}{
		{`{"name":null,"objectTypeId":"0-1","processingType":"MANUAL"}`, m{"message": "Invalid input JSON on line 1, column 60. Some required fields were not set: [name]", "category": "VALIDATION_ERROR"}},
		{m{}, nil},
		{`null`, m{"message": "validation error", "errors": list{"The request body may not be null"}}},
		{m{"name": "BY HAND", "objectTypeId": "0-1", "processingType": "MANUAL"}, m{"subCategory": "ILS.DUPLICATE_LIST_NAMES"}},
		{m{"name": "x", "objectTypeId": "0-999", "processingType": "MANUAL"}, m{"message": "Unable to infer object type from: 0-999"}},
		{m{"name": "x", "objectTypeId": "0-1", "processingType": "OTHER"}, nil},
		{m{"name": "x", "objectTypeId": "0-1", "processingType": "DYNAMIC"}, nil},
		{m{"name": "x", "objectTypeId": "0-1", "processingType": "MANUAL", "filterBranch": branch()}, nil},
		{m{"name": "x", "objectTypeId": "0-1", "processingType": "MANUAL", "listFolderId": 1}, nil},
		{m{"name": "x", "objectTypeId": "0-1", "processingType": "MANUAL", "nope": 1}, nil},
	} {
		w.call("POST", lists, tt.body).want(t, 400, tt.want)
	}

	w.call("PUT", lists+"/1/update-list-name?listName=Renamed", nil).want(t, 200, m{"updatedList.name": "Renamed", "updatedList.listVersion": 1})
	w.call("PUT", lists+"/1/update-list-name?listName=filtered", nil).want(t, 400, m{"subCategory": "ILS.DUPLICATE_LIST_NAMES"})
	w.call("PUT", lists+"/1/update-list-name", nil).want(t, 400, nil)
	w.call("DELETE", lists+"/1", nil).want(t, 204, nil)
	w.call("DELETE", lists+"/1", nil).want(t, 404, nil)
	w.call("PUT", lists+"/1/restore", nil).want(t, 204, nil)
	w.call("GET", lists+"/1", nil).want(t, 200, m{"list.name": "Renamed"})
	w.call("DELETE", lists+"/1", nil).want(t, 204, nil)
	w.clock.pass(91 * 24 * time.Hour)
	w.call("PUT", lists+"/1/restore", nil).want(t, 404, nil)
	w.call("PUT", lists+"/x/restore", nil).want(t, 404, nil)
}

func TestSearchLists(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	path := w.list(m{"name": "Customers", "processingType": "MANUAL"})
	w.list(m{"name": "Firms", "processingType": "MANUAL", "objectTypeId": "0-2"})
	w.list(m{"name": "Old customers", "processingType": "DYNAMIC", "filterBranch": branch(property("email", "ALL_PROPERTY", "IS_KNOWN", nil))})
	w.call("PUT", path+"/memberships/add", list{1, 2}).want(t, 200, nil)
	r := w.call("POST", lists+"/search", m{"query": "", "count": 2, "additionalProperties": list{"hs_list_size"}})
	r.want(t, 200, m{
		"offset": 2, "hasMore": true, "total": 3, "lists.2": absent, "lists.0.listPermissions": absent,
		"lists.0.additionalProperties": m{"hs_list_size": "2", "hs_list_reference_count": "0", "hs_last_record_added_at": "1795255200250"},
		"lists.1.additionalProperties": m{"hs_list_size": "0", "hs_list_reference_count": "0"},
	})
	w.call("POST", lists+"/search", m{"count": 2, "offset": "2"}).want(t, 200, m{"offset": 3, "hasMore": false, "lists.0.listId": "3", "lists.0.additionalProperties.hs_list_size": "3"})
	w.call("POST", lists+"/search", m{"query": "CUSTOMERS", "processingTypes": list{"DYNAMIC"}}).want(t, 200, m{"total": 1, "lists.0.name": "Old customers"})
	w.call("POST", lists+"/search", m{"objectTypeId": "0-2"}).want(t, 200, m{"total": 1, "lists.0.name": "Firms"})
	w.call("POST", lists+"/search", m{"listIds": list{"1", 3}}).want(t, 200, m{"total": 2})
	for _, bad := range []any{`null`, m{"count": 501}, m{"count": 0}, m{"count": "x"}, m{"offset": -1}, m{"offset": 9999, "count": 20}, m{"after": "1"}, m{"objectTypeId": "moon"}, m{"nope": 1}} {
		w.call("POST", lists+"/search", bad).want(t, 400, nil)
	}
	// 2026-09 has an endpoint with a cursor.
	w.call("POST", "/crm/lists/2026-09/all", m{"count": 2}).want(t, 200, m{"lists.1.listId": "2", "lists.2": absent, "paging.next.after": "2"})
	w.call("POST", "/crm/lists/2026-09/all", m{"count": 2, "after": "2"}).want(t, 200, m{"lists.0.listId": "3", "paging": absent})
	w.call("POST", "/crm/lists/2026-09/all", m{"offset": 1}).want(t, 400, nil)
	w.call("POST", "/crm/lists/2026-03/all", m{}).want(t, 405, nil)
}

func TestMemberships(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	path := w.list(m{"name": "L", "processingType": "MANUAL"}) + "/memberships"
	w.call("PUT", path+"/add", "[3]").want(t, 200, m{"recordsIdsAdded": list{"3"}, "recordIdsMissing": absent, "recordIdsRemoved": absent})
	r := w.call("PUT", path+"/add", "[3]")
	r.want(t, 200, nil)
	if r.text != "{}" {
		t.Errorf("a member already: %s", r.text)
	}
	w.clock.pass(time.Second)
	w.call("PUT", path+"/add", list{"1", 404}).want(t, 200, m{"recordsIdsAdded": list{"1"}, "recordIdsMissing": list{"404"}})
	w.call("PUT", path+"/remove", "[42]").want(t, 200, m{"recordIdsMissing": list{"42"}, "recordIdsRemoved": absent})
	w.call("PUT", path+"/add-and-remove", m{"recordIdsToAdd": list{2}, "recordIdsToRemove": list{"x"}}).want(t, 200, m{"recordsIdsAdded": list{"2"}, "recordIdsMissing": list{"x"}})
	w.call("PUT", path+"/add-and-remove", m{"recordIdsToAdd": list{2}}).want(t, 400, nil)
	w.call("PUT", path+"/add", `[{"id":1}]`).want(t, 400, m{"message": "Invalid input JSON on line 1, column 2: Cannot deserialize value of type `java.lang.String` from Object value (token `JsonToken.START_OBJECT`)", "category": absent})

	w.call("GET", path, nil).want(t, 200, m{"total": 3, "paging": absent, "results.0": m{"recordId": "1", "membershipTimestamp": "2026-11-21T10:00:01.250Z"}, "results.2.recordId": "3"})
	w.call("GET", path+"/join-order", nil).want(t, 200, m{"results.0.recordId": "3", "results.1.recordId": "1", "results.2.recordId": "2"})
	for _, order := range []struct {
		path string
		ids  [3]string
	}{{path, [3]string{"1", "2", "3"}}, {path + "/join-order", [3]string{"3", "1", "2"}}} {
		r := w.call("GET", order.path+"?limit=2", nil)
		r.want(t, 200, m{"results.0.recordId": order.ids[0], "results.1.recordId": order.ids[1], "results.2": absent, "paging.prev": absent})
		after := r.at("paging.next.after").(string)
		link := r.at("paging.next.link").(string)
		r = w.call("GET", link[len(w.url):], nil)
		r.want(t, 200, m{"results.0.recordId": order.ids[2], "results.1": absent, "paging.next": absent})
		before := r.at("paging.prev.before").(string)
		w.call("GET", order.path+"?limit=1&before="+before, nil).want(t, 200, m{"results.0.recordId": order.ids[1], "paging.next.after": after})
		w.call("GET", order.path+"?after=zz", nil).want(t, 400, nil)
		w.call("GET", order.path+"?after=1&before=1", nil).want(t, 400, nil)
	}
	w.call("GET", path+"?limit=251", nil).want(t, 400, nil)

	other := w.list(m{"name": "M", "processingType": "SNAPSHOT"})
	w.call("PUT", other+"/memberships/add-from/1", nil).want(t, 204, nil)
	w.call("PUT", other+"/memberships/add-from/9", nil).want(t, 404, nil)
	if err := w.Delete("contacts", "1"); err != nil {
		t.Fatal(err)
	}
	if got := w.inList(other); got != "2 3 " {
		t.Errorf("members: %s", got)
	}
	w.call("DELETE", path, nil).want(t, 204, nil)
	if got := w.inList(lists + "/1"); got != "" {
		t.Errorf("emptied: %s", got)
	}
	firms := w.list(m{"name": "F", "processingType": "MANUAL", "objectTypeId": "0-2"})
	w.call("PUT", firms+"/memberships/add-from/1", nil).want(t, 400, nil)

	w.call("GET", lists+"/records/0-1/2/memberships", nil).want(t, 200, m{"results": list{m{
		"listId": "2", "listVersion": 1.0, "firstAddedTimestamp": "2026-11-21T10:00:01.250Z", "lastAddedTimestamp": "2026-11-21T10:00:01.250Z",
	}}})
	w.call("GET", lists+"/records/0-1/404/memberships", nil).want(t, 404, nil)
	w.call("POST", lists+"/records/memberships/batch/read", m{"inputs": list{m{"objectTypeId": "0-1", "recordId": "3"}, m{"objectTypeId": "0-1", "recordId": 404}}}).want(t, 207, m{
		"results.0.recordId": "3", "results.0.recordListMemberships.0.listId": "2", "errors.0.category": "OBJECT_NOT_FOUND",
	})
	w.call("POST", lists+"/records/memberships/batch/read", m{"inputs": list{}}).want(t, 200, nil)
	w.call("POST", lists+"/records/memberships/batch/read", m{}).want(t, 400, nil)
}

func TestDynamicLists(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{ListLag: time.Minute})
	w.people()
	path := w.list(m{"name": "Bern", "processingType": "DYNAMIC", "filterBranch": branch(property("city", "STRING", "IS_EQUAL_TO", m{"value": "BERN"}))})
	w.call("PATCH", contacts+"/2", m{"properties": m{"city": "Bern"}}).want(t, 200, nil)
	w.call("GET", path, nil).want(t, 200, m{"list.processingStatus": "PROCESSING"})
	if got := w.inList(path); got != "" {
		t.Errorf("too early: %s", got)
	}
	w.clock.pass(time.Minute)
	w.call("GET", path, nil).want(t, 200, m{"list.processingStatus": "COMPLETE"})
	w.call("GET", path+"/memberships", nil).want(t, 200, m{"results": list{m{"recordId": "2", "membershipTimestamp": "2026-11-21T10:01:00.250Z"}}})
	w.call("PATCH", contacts+"/3", m{"properties": m{"city": "bern"}}).want(t, 200, nil)
	w.clock.pass(30 * time.Second)
	w.call("DELETE", contacts+"/2", nil).want(t, 204, nil)
	if got := w.inList(path); got != "2 " {
		t.Errorf("a list lags: %s", got)
	}
	w.clock.pass(30 * time.Second)
	if got := w.inList(path); got != "3 " {
		t.Errorf("reprocessed: %s", got)
	}
	for _, change := range []string{"add", "remove"} {
		w.call("PUT", path+"/memberships/"+change, "[1]").want(t, 400, m{"category": "VALIDATION_ERROR"})
	}
	w.call("DELETE", path+"/memberships", nil).want(t, 400, nil)
	w.call("PUT", path+"/update-list-filters", m{"filterBranch": branch(property("city", "ALL_PROPERTY", "IS_UNKNOWN", nil))}).want(t, 200, m{"updatedList.processingStatus": "PROCESSING", "updatedList.listVersion": 2})
	w.clock.pass(time.Minute)
	if got := w.inList(path); got != "1 " {
		t.Errorf("other filters: %s", got)
	}
	w.call("PUT", path+"/update-list-filters", m{}).want(t, 400, nil)
	w.call("PUT", w.list(m{"name": "M", "processingType": "MANUAL"})+"/update-list-filters", m{"filterBranch": branch()}).want(t, 400, nil)
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	for i, values := range []map[string]string{
		{"firstname": "Ann", "numemployees": "1-5", "hs_lead_status": "NEW", "closedate": "2026-03-01T00:00:00Z", "rank": "5"},
		{"firstname": "Joanne", "hs_lead_status": "OPEN", "closedate": "2026-06-01T00:00:00Z", "rank": "10"},
		{"lastname": "Lee"},
	} {
		values["hs_object_id"] = strconv.Itoa(i + 1)
		if i == 0 {
			w.call("POST", "/crm/v3/properties/contacts", m{"name": "rank", "label": "Rank", "type": "number", "fieldType": "number", "groupName": "contactinformation"}).want(t, 201, nil)
			w.call("POST", "/crm/v3/properties/contacts", m{"name": "vip", "label": "VIP", "type": "bool", "fieldType": "booleancheckbox", "groupName": "contactinformation", "options": list{m{"label": "Yes", "value": "true"}, m{"label": "No", "value": "false"}}}).want(t, 201, nil)
			values["vip"] = "true"
		}
		w.insert(values)
	}
	first := w.list(m{"name": "first", "processingType": "MANUAL"})
	w.call("PUT", first+"/memberships/add", "[1]").want(t, 200, nil)
	day := func(month, day int) m {
		return m{"timePoint": m{"timeType": "DATE", "zoneId": "UTC", "year": 2026, "month": month, "day": day}}
	}
	with := func(more, even m) m {
		for k, v := range even {
			more[k] = v
		}
		return more
	}
	for i, tt := range []struct {
		filter m
		want   string
	}{
		{property("firstname", "STRING", "IS_EQUAL_TO", m{"value": "ANN"}), "1 "},
		{property("firstname", "STRING", "IS_NOT_EQUAL_TO", m{"value": "ann"}), "2 "},
		{property("firstname", "STRING", "IS_NOT_EQUAL_TO", m{"value": "ann", "includeObjectsWithNoValueSet": true}), "2 3 "},
		{property("firstname", "STRING", "CONTAINS", m{"value": "ann"}), "1 2 "},
		{property("firstname", "STRING", "DOES_NOT_CONTAIN", m{"value": "jo"}), "1 "},
		{property("firstname", "STRING", "STARTS_WITH", m{"value": "jo"}), "2 "},
		{property("firstname", "STRING", "ENDS_WITH", m{"value": "nn"}), "1 "},
		{property("firstname", "MULTISTRING", "IS_EQUAL_TO", m{"values": list{"ANN", "Bo"}}), "1 "},
		{property("firstname", "MULTISTRING", "CONTAINS", m{"values": list{"Bo", "joa"}}), "2 "},
		{property("firstname", "ALL_PROPERTY", "IS_KNOWN", nil), "1 2 "},
		{property("firstname", "ALL_PROPERTY", "IS_UNKNOWN", nil), "3 "},
		{property("rank", "NUMBER", "IS_EQUAL_TO", m{"value": 5}), "1 "},
		{property("rank", "NUMBER", "IS_GREATER_THAN", m{"value": 5}), "2 "},
		{property("rank", "NUMBER", "IS_LESS_THAN_OR_EQUAL_TO", m{"value": 10}), "1 2 "},
		{property("rank", "NUMBER", "IS_BETWEEN", m{"lowerBound": 6, "upperBound": 10}), "2 "},
		{property("vip", "BOOL", "IS_EQUAL_TO", m{"value": true}), "1 "},
		{property("hs_lead_status", "ENUMERATION", "IS_ANY_OF", m{"values": list{"NEW", "CONNECTED"}}), "1 "},
		{property("hs_lead_status", "ENUMERATION", "IS_NONE_OF", m{"values": list{"NEW"}}), "2 "},
		{property("hs_lead_status", "ENUMERATION", "IS_NONE_OF", m{"values": list{"NEW"}, "includeObjectsWithNoValueSet": true}), "2 3 "},
		{property("closedate", "TIME_POINT", "IS_AFTER", day(3, 1)), "2 "},
		{property("closedate", "TIME_POINT", "IS_AFTER", with(day(3, 1), m{"endpointBehavior": "INCLUSIVE"})), "1 2 "},
		{property("closedate", "TIME_POINT", "IS_BEFORE", day(6, 1)), "1 "},
		{m{"filterType": "IN_LIST", "listId": "1", "operator": "IN_LIST"}, "1 "},
		{m{"filterType": "IN_LIST", "listId": 1, "operator": "NOT_IN_LIST"}, "2 3 "},
	} {
		for _, processing := range []string{"DYNAMIC", "SNAPSHOT"} {
			path := w.list(m{"name": fmt.Sprint(processing, i), "processingType": processing, "filterBranch": branch(tt.filter)})
			if got := w.inList(path); got != tt.want {
				t.Errorf("%s %v: %q, want %q", processing, tt.filter, got, tt.want)
			}
		}
	}
	// Groups are alternatives.
	two := branch(property("firstname", "STRING", "IS_EQUAL_TO", m{"value": "Ann"}))
	two["filterBranches"] = append(two["filterBranches"].(list), branch(property("lastname", "STRING", "IS_EQUAL_TO", m{"value": "Lee"}))["filterBranches"].(list)...)
	if got := w.inList(w.list(m{"name": "either", "processingType": "DYNAMIC", "filterBranch": two})); got != "1 3 " {
		t.Errorf("either: %q", got)
	}
	deep := branch()
	for range 30 {
		deep = m{"filterBranchType": "OR", "filterBranches": list{deep}}
	}
	for _, bad := range []any{
		deep, m{"filterBranchType": "AND"}, m{"filterBranchType": "ASSOCIATION"}, m{"filterBranchType": "OR", "filterBranchOperator": "AND"},
		branch(property("nope", "STRING", "IS_EQUAL_TO", m{"value": "x"})), branch(property("city", "STRING", "HAS_EVER_BEEN", m{"value": "x"})),
		branch(property("rank", "NUMBER", "IS_EQUAL_TO", m{"value": "x"})), branch(property("city", "STRING", "CONTAINS", nil)),
		branch(property("closedate", "TIME_POINT", "IS_AFTER", nil)), branch(property("closedate", "TIME_POINT", "IS_AFTER", m{"timePoint": m{"timeType": "INDEXED"}})),
		branch(property("closedate", "TIME_POINT", "IS_AFTER", m{"timePoint": m{"timeType": "DATE", "zoneId": "Moon/Base"}})),
		branch(m{"filterType": "PROPERTY", "property": "city"}), branch(m{"filterType": "FORM_SUBMISSION"}), branch(m{"filterType": "IN_LIST", "listId": "99", "operator": "IN_LIST"}),
		branch(m{"filterType": "IN_LIST", "listId": "1", "operator": "MAYBE"}),
	} {
		w.call("POST", lists, m{"name": "bad", "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": bad}).want(t, 400, m{"category": "VALIDATION_ERROR"})
	}
}

func TestListsThatLookAtEachOther(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	in := func(id int) m { return branch(m{"filterType": "IN_LIST", "listId": id, "operator": "NOT_IN_LIST"}) }
	a := w.list(m{"name": "a", "processingType": "DYNAMIC", "filterBranch": branch(property("city", "ALL_PROPERTY", "IS_KNOWN", nil))})
	b := w.list(m{"name": "b", "processingType": "DYNAMIC", "filterBranch": in(1)})
	w.call("PUT", a+"/update-list-filters", m{"filterBranch": in(2)}).want(t, 200, nil)
	for _, path := range []string{a, b} {
		w.call("GET", path+"/memberships", nil).want(t, 200, nil)
	}
}

func TestListsV1(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	path := w.list(m{"name": "A", "processingType": "MANUAL"})
	w.list(m{"name": "F", "processingType": "MANUAL", "objectTypeId": "0-2"})
	w.list(m{"name": "B", "processingType": "DYNAMIC", "filterBranch": branch(property("email", "ALL_PROPERTY", "IS_KNOWN", nil))})
	w.call("PUT", path+"/memberships/add", "[1,2]").want(t, 200, nil)
	w.call("GET", "/contacts/v1/lists?count=1", nil).want(t, 200, m{
		"offset": 1, "has-more": true, "lists.0.listId": 201, "lists.0.listType": "STATIC", "lists.0.dynamic": false, "lists.0.metaData.size": 2, "lists.0.metaData.processing": "DONE",
		"lists.0.metaData.lastSizeChangeAt": 1795255200250, "lists.1": absent,
	})
	w.call("GET", "/contacts/v1/lists?count=5&offset=1", nil).want(t, 200, m{"offset": 2, "has-more": false, "lists.0.name": "B", "lists.0.dynamic": true})
	w.call("GET", "/contacts/v1/lists/202", nil).want(t, 200, m{"name": "B", "metaData.size": 3})
	w.call("GET", "/contacts/v1/lists/1", nil).want(t, 404, nil)
	w.call("GET", "/contacts/v1/lists/201/contacts/all?count=1&property=email", nil).want(t, 200, m{
		"has-more": true, "vid-offset": 1, "contacts.0.vid": 1, "contacts.0.addedAt": 1795255200250, "contacts.0.properties.email": m{"value": "p1@example.com"},
		"contacts.0.properties.lastmodifieddate": m{"value": "1795255200250"}, "contacts.0.identity-profiles.0.identities.0.type": "EMAIL",
	})
	w.call("GET", "/contacts/v1/lists/201/contacts/all?vidOffset=1", nil).want(t, 200, m{"has-more": false, "vid-offset": 2, "contacts.0.vid": 2, "contacts.1": absent})
	w.call("GET", "/contacts/v1/lists/201/contacts/all?vidOffset=x", nil).want(t, 400, nil)
	w.call("GET", "/contacts/v3/lists", nil).want(t, 404, nil)
	w.call("GET", lists+"/idmapping?legacyListId=202", nil).want(t, 200, m{"legacyListId": "202", "listId": "3"})
	w.call("GET", lists+"/idmapping?legacyListId=7", nil).want(t, 404, nil)
	w.call("POST", lists+"/idmapping", `["201", 7]`).want(t, 200, m{"legacyListIdsToIdsMapping": list{m{"legacyListId": "201", "listId": "1"}}, "missingLegacyListIds": list{"7"}})
}

func TestListScopes(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{Tokens: []hubspot.Token{{Value: "pat-1", Scopes: []string{"crm.lists.read"}}}})
	w.token = "pat-1"
	w.call("POST", lists+"/search", m{}).want(t, 200, nil)
	w.call("POST", lists, m{}).want(t, 403, m{"errors.0.context.requiredGranularScopes": list{"crm.lists.write"}})
}

func TestListsFromGo(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	w.people()
	id, err := w.CreateList(hubspot.ListDefinition{Object: "contacts", Name: "By hand"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.AddToList(id, "3", "1", "3"); err != nil {
		t.Fatal(err)
	}
	if err := w.RemoveFromList(id, "3", "2"); err != nil {
		t.Fatal(err)
	}
	known, err := w.CreateList(hubspot.ListDefinition{Object: "contacts", Name: "Known", Filters: `{"filterBranchType":"OR","filterBranches":[{"filterBranchType":"AND","filters":[{"filterType":"PROPERTY","property":"email","operation":{"operationType":"ALL_PROPERTY","operator":"IS_KNOWN"}}]}]}`})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(w.ListMembers(id), w.ListMembers(known), w.ListMembers("9")); got != "[1] [1 2 3] []" {
		t.Errorf("members: %s", got)
	}
	for name, err := range map[string]error{
		"unknown record": w.AddToList(id, "404"), "unknown list": w.AddToList("9", "1"), "no number": w.AddToList(id, "x"), "no list number": w.RemoveFromList("x"),
		"dynamic": w.AddToList(known, "1"),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, d := range []hubspot.ListDefinition{{Object: "moons", Name: "x"}, {Object: "contacts", Name: "known"}, {Object: "contacts", Name: "x", Filters: "{"}, {Object: "contacts", Name: "x", Processing: "DYNAMIC"}} {
		if _, err := w.CreateList(d); err == nil {
			t.Errorf("%+v: no error", d)
		}
	}
}
