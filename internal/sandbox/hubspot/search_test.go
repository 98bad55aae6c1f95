package hubspot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/hubspot"
)

const search = contacts + "/search"

// found lists the ids of a search's answer in order.
func (r reply) found() []string {
	ids := []string{}
	results, _ := r.body["results"].([]any)
	for _, x := range results {
		ids = append(ids, x.(m)["id"].(string))
	}
	return ids
}

// where is a search with one group of filters.
func where(filters ...m) m { return m{"filterGroups": list{m{"filters": filters}}} }

func people(t *testing.T, o hubspot.Options) *world {
	w := start(t, o)
	for i, values := range []map[string]string{
		{"email": "ann@example.com", "firstname": "Ann", "lastname": "Lee", "lifecyclestage": "lead", "hs_buying_role": "CHAMPION;BLOCKER", "closedate": "2026-03-01T00:00:00Z", "associatedcompanyid": "9"},
		{"email": "bo@example.org", "firstname": "Bo", "lastname": "Chen", "lifecyclestage": "customer", "phone": "+1 555 0100", "associatedcompanyid": "10"},
		{"firstname": "ann", "lastname": "Lee-Roy", "email": "cy@example.com", "hs_additional_emails": "cy1@example.com;cy2@example.com"},
		{"firstname": "Dee", "company": "Example Works"},
	} {
		values["hs_object_id"] = fmt.Sprint(i + 1)
		values["lastmodifieddate"] = fmt.Sprintf("2026-01-0%dT00:00:00Z", 4-i)
		values["createdate"] = fmt.Sprintf("2025-01-0%dT00:00:00Z", i+1)
		w.insert(values)
	}
	return w
}

func TestOperators(t *testing.T) {
	t.Parallel()
	tests := []struct {
		filter m
		want   []string
	}{
		{m{"propertyName": "firstname", "operator": "EQ", "value": "ANN"}, []string{"1", "3"}},
		{m{"propertyName": "firstname", "operator": "NEQ", "value": "ann"}, []string{"2", "4"}},
		{m{"propertyName": "lastname", "operator": "NEQ", "value": "lee"}, []string{"2", "3"}},
		{m{"propertyName": "firstname", "operator": "IN", "values": list{"ann", "dee"}}, []string{"1", "3", "4"}},
		{m{"propertyName": "firstname", "operator": "IN", "values": list{"Ann"}}, []string{}},
		{m{"propertyName": "firstname", "operator": "NOT_IN", "values": list{"ann", "bo"}}, []string{"4"}},
		{m{"propertyName": "lastname", "operator": "HAS_PROPERTY"}, []string{"1", "2", "3"}},
		{m{"propertyName": "lastname", "operator": "NOT_HAS_PROPERTY"}, []string{"4"}},
		{m{"propertyName": "lastname", "operator": "CONTAINS_TOKEN", "value": "roy"}, []string{"3"}},
		{m{"propertyName": "lastname", "operator": "CONTAINS_TOKEN", "value": "l*"}, []string{"1", "3"}},
		{m{"propertyName": "lastname", "operator": "NOT_CONTAINS_TOKEN", "value": "lee"}, []string{"2"}},
		{m{"propertyName": "email", "operator": "CONTAINS_TOKEN", "value": "*@example.com"}, []string{"1", "3"}},
		{m{"propertyName": "lifecyclestage", "operator": "EQ", "value": "lead"}, []string{"1"}},
		{m{"propertyName": "lifecyclestage", "operator": "EQ", "value": "LEAD"}, []string{}},
		{m{"propertyName": "hs_buying_role", "operator": "IN", "values": list{"BLOCKER"}}, []string{"1"}},
		{m{"propertyName": "email", "operator": "EQ", "value": "BO@example.org"}, []string{"2"}},
		{m{"propertyName": "email", "operator": "EQ", "value": "CY2@example.com"}, []string{"3"}},
		{m{"propertyName": "email", "operator": "IN", "values": list{"bo@example.org", "cy@example.com"}}, []string{"2", "3"}},
		{m{"propertyName": "associatedcompanyid", "operator": "GT", "value": 9}, []string{"2"}},
		{m{"propertyName": "associatedcompanyid", "operator": "GTE", "value": "9"}, []string{"1", "2"}},
		{m{"propertyName": "associatedcompanyid", "operator": "EQ", "value": "10.0"}, []string{"2"}},
		{m{"propertyName": "associatedcompanyid", "operator": "BETWEEN", "value": "1", "highValue": "9"}, []string{"1"}},
		{m{"propertyName": "closedate", "operator": "LT", "value": "2026-03-01T02:00:00+01:00"}, []string{"1"}},
		{m{"propertyName": "closedate", "operator": "LTE", "value": "1772323200000"}, []string{"1"}},
		{m{"propertyName": "hs_object_id", "operator": "GT", "value": "2"}, []string{"3", "4"}},
		{m{"propertyName": "hs_object_id", "operator": "EQ", "value": "2"}, []string{"2"}},
		{m{"propertyName": "hs_object_id", "operator": "IN", "values": list{"1", "4", "7"}}, []string{"1", "4"}},
		{m{"propertyName": "lastmodifieddate", "operator": "GTE", "value": "2026-01-03T00:00:00Z"}, []string{"1", "2"}},
		{m{"propertyName": "lastmodifieddate", "operator": "GT", "value": "2026-01-03T00:00:00Z"}, []string{"1"}},
		{m{"propertyName": "lastmodifieddate", "operator": "BETWEEN", "value": "2026-01-02", "highValue": "2026-01-03"}, []string{"2", "3"}},
		{m{"propertyName": "lastmodifieddate", "operator": "EQ", "value": "1767225600000"}, []string{"4"}},
	}
	w := people(t, hubspot.Options{})
	for _, tt := range tests {
		r := w.call("POST", search, where(tt.filter))
		r.want(t, 200, m{"total": len(tt.want), "paging": absent})
		if diff := cmp.Diff(tt.want, r.found()); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.filter, diff)
		}
	}
	w = people(t, hubspot.Options{Rules: hubspot.Rules{EmptyMatchesNot: true}})
	if diff := cmp.Diff([]string{"2", "3", "4"}, w.call("POST", search, where(tests[2].filter)).found()); diff != "" {
		t.Errorf("NEQ with empty values (-want +got):\n%s", diff)
	}
}

func TestSearchBodies(t *testing.T) {
	t.Parallel()
	w := people(t, hubspot.Options{})
	ann, bo := m{"propertyName": "firstname", "operator": "EQ", "value": "ann"}, m{"propertyName": "firstname", "operator": "EQ", "value": "bo"}
	lee := m{"propertyName": "lastname", "operator": "EQ", "value": "lee"}
	tests := []struct {
		name string
		body m
		want []string
	}{
		{"nothing: in order of creation", m{}, []string{"1", "2", "3", "4"}},
		{"filters and", where(ann, lee), []string{"1"}},
		{"groups or", m{"filterGroups": list{m{"filters": list{ann}}, m{"filters": list{bo}}, m{"filters": list{lee}}}}, []string{"1", "2", "3"}},
		{"filters at the top", m{"filters": list{bo}}, []string{"2"}},
		{"sorted", m{"sorts": list{m{"propertyName": "lastmodifieddate", "direction": "ASCENDING"}}}, []string{"4", "3", "2", "1"}},
		{"sorted downwards, empty last", m{"sorts": list{"-lastname"}}, []string{"3", "1", "2", "4"}},
		{"only the first sort counts", m{"sorts": list{m{"propertyName": "firstname"}, "-hs_object_id"}}, []string{"1", "3", "2", "4"}},
		{"query", m{"query": "ann le"}, []string{"1", "3"}},
		{"query by additional address", m{"query": "cy2@example.com"}, []string{"3"}},
		{"query by company", m{"query": "WORKS"}, []string{"4"}},
		{"a page", m{"limit": "2", "after": 1}, []string{"2", "3"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := w.call("POST", search, tt.body)
			r.want(t, 200, nil)
			if diff := cmp.Diff(tt.want, r.found()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	w.call("POST", search, m{"limit": 2, "properties": list{"phone", "nope"}}).want(t, 200, m{
		"total": 4, "paging": m{"next": m{"after": "2"}},
		"results.0.properties": m{"createdate": "2025-01-01T00:00:00Z", "hs_object_id": "1", "lastmodifieddate": "2026-01-04T00:00:00Z", "phone": nil},
	})
	if err := w.Delete("contacts", "1"); err != nil {
		t.Fatal(err)
	}
	w.call("POST", search, where(ann)).want(t, 200, m{"total": 1, "results.0.id": "3"})
}

func TestSearchRefuses(t *testing.T) {
	t.Parallel()
	w := people(t, hubspot.Options{})
	f := m{"propertyName": "firstname", "operator": "EQ", "value": "a"}
	several := func(n int) list {
		var fs list
		for range n {
			fs = append(fs, f)
		}
		return fs
	}
	groups := func(sizes ...int) m {
		var gs list
		for _, n := range sizes {
			gs = append(gs, m{"filters": several(n)})
		}
		return m{"filterGroups": gs}
	}
	tests := map[string]any{
		"page":              m{"limit": 201},
		"window":            m{"limit": 100, "after": "9901"},
		"cursor":            m{"after": "x"},
		"long body":         m{"query": strings.Repeat("x", 3000)},
		"7 filters":         groups(7),
		"6 groups":          groups(1, 1, 1, 1, 1, 1),
		"19 filters":        groups(6, 6, 6, 1),
		"operator":          where(m{"propertyName": "firstname", "operator": "LIKE", "value": "a"}),
		"no value":          where(m{"propertyName": "firstname", "operator": "EQ"}),
		"no values":         where(m{"propertyName": "firstname", "operator": "IN", "value": "a"}),
		"no high value":     where(m{"propertyName": "hs_object_id", "operator": "BETWEEN", "value": "1"}),
		"not a number":      where(m{"propertyName": "hs_object_id", "operator": "EQ", "value": "x"}),
		"not an instant":    where(m{"propertyName": "lastmodifieddate", "operator": "GTE", "value": "yesterday"}),
		"unknown property":  where(m{"propertyName": "nope", "operator": "HAS_PROPERTY"}),
		"unknown sort":      m{"sorts": list{"nope"}},
		"unknown direction": m{"sorts": list{m{"propertyName": "email", "direction": "UP"}}},
		"unknown member":    m{"filterGroup": list{}},
	}
	for name, body := range tests {
		if r := w.call("POST", search, body); r.status != 400 {
			t.Errorf("%s: %d %s", name, r.status, r.text)
		}
	}
	w.call("POST", search, groups(6, 6, 6)).want(t, 200, nil)
	w.call("POST", search, m{"limit": 100, "after": "9900"}).want(t, 200, m{"results": list{}})
}

// TestSearchWindow pages through more records than a search serves, all with one stamp, by id beyond it.
func TestSearchWindow(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	for i := range 10_100 {
		w.insert(map[string]string{"hs_object_id": fmt.Sprint(i + 1), "lastmodifieddate": "2026-01-01T00:00:00Z"})
	}
	same := m{"propertyName": "lastmodifieddate", "operator": "EQ", "value": "2026-01-01T00:00:00Z"}
	body := where(same)
	body["sorts"], body["limit"], body["after"] = list{"hs_object_id"}, 200, "9800"
	w.call("POST", search, body).want(t, 200, m{"total": 10_100, "results.199.id": "10000", "paging.next.after": "10000"})
	body["after"] = "10000"
	w.call("POST", search, body).want(t, 400, nil)
	body = where(same, m{"propertyName": "hs_object_id", "operator": "GT", "value": "10000"})
	body["sorts"], body["limit"] = list{"hs_object_id"}, 200
	w.call("POST", search, body).want(t, 200, m{"total": 100, "results.0.id": "10001", "results.99.id": "10100", "paging": absent})
}

func TestSearchLags(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{SearchLag: 10 * time.Second})
	id := w.insert(map[string]string{"phone": "1", "lastmodifieddate": "2026-01-01T00:00:00Z"})
	phones := func() []any {
		t.Helper()
		var seen []any
		r := w.call("POST", search, m{"properties": list{"phone"}, "sorts": list{"hs_object_id"}})
		r.want(t, 200, nil)
		for i := range r.found() {
			seen = append(seen, r.at(fmt.Sprintf("results.%d.properties.phone", i)))
		}
		return seen
	}
	step := func(want ...any) {
		t.Helper()
		if diff := cmp.Diff(want, phones()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	step("1")
	w.call("PATCH", contacts+"/"+id, m{"properties": m{"phone": "2"}}).want(t, 200, nil)
	step("1")
	w.clock.pass(4 * time.Second)
	w.call("PATCH", contacts+"/"+id, m{"properties": m{"phone": "3"}}).want(t, 200, nil)
	w.create(m{"phone": "9"})
	step("1")
	if got := w.get(id, "phone")["phone"]; got != "3" {
		t.Errorf("a read by id lags: %v", got)
	}
	w.clock.pass(6 * time.Second)
	step("2")
	w.clock.pass(4 * time.Second)
	step("3", "9")
	if err := w.Delete("contacts", id); err != nil {
		t.Fatal(err)
	}
	step("3", "9")
	w.clock.pass(10 * time.Second)
	step("9")
	stale := where(m{"propertyName": "phone", "operator": "EQ", "value": "9"})
	w.call("PATCH", contacts+"/"+w.call("POST", search, stale).found()[0], m{"properties": m{"phone": "8"}}).want(t, 200, nil)
	w.call("POST", search, stale).want(t, 200, m{"total": 1})
}
