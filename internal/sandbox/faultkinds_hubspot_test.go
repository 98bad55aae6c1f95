package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// inputs is a HubSpot batch of so many new contacts.
func inputs(n int, traced bool) string {
	var rows []string
	for i := range n {
		trace := ""
		if traced {
			trace = fmt.Sprintf(`,"objectWriteTraceId":"t%d"`, i+1)
		}
		rows = append(rows, fmt.Sprintf(`{"properties":{"email":"p%d@example.com"}%s}`, i+1, trace))
	}
	return `{"inputs":[` + strings.Join(rows, ",") + `]}`
}

func TestRefusedRowsOfAHubSpotBatch(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	c := hubspotSession(t, s)
	for _, test := range []struct {
		name          string
		fault         Fault
		verb          string
		traced        bool
		status        int
		errors, wrote int
	}{
		{"a value, traced", Fault{Kind: Partial, Code: "INVALID_OPTION", Rows: []int{2}}, "create", true, 207, 1, 2},
		{"a value, not traced", Fault{Kind: Partial, Code: "INVALID_OPTION", Rows: []int{2}}, "create", false, 400, 1, 0},
		{"a conflict, traced", Fault{Kind: Partial, Code: "CONFLICT", Rows: []int{1, 3}}, "create", true, 207, 2, 1},
		{"a conflict, not traced", Fault{Kind: Partial, Code: "CONFLICT", Rows: []int{1}}, "create", false, 409, 0, 0},
		{"every row", Fault{Kind: Partial, Code: "VALIDATION_ERROR"}, "create", true, 207, 3, 0},
		{"no row of the share", Fault{Kind: Partial, Code: "VALIDATION_ERROR", Share: 1e-9}, "create", true, 201, 0, 3},
		{"gone, by update", Fault{Kind: Partial, Code: "OBJECT_NOT_FOUND", Rows: []int{1, 2}}, "update", false, 207, 1, 1},
		{"a value, by update", Fault{Kind: Partial, Code: "READ_ONLY_VALUE", Field: "phone", Rows: []int{1}}, "update", false, 400, 1, 0},
	} {
		s.Faults.Clear()
		for _, r := range s.HubSpot.All("contacts") {
			if err := s.HubSpot.Delete("contacts", r["hs_object_id"]); err != nil {
				t.Fatal(err)
			}
		}
		body, before := inputs(3, test.traced), 0
		if test.verb == "update" {
			var rows []string
			for range 3 {
				id, err := s.HubSpot.Insert("contacts", map[string]string{"firstname": "Ann"})
				if err != nil {
					t.Fatal(err)
				}
				rows = append(rows, fmt.Sprintf(`{"id":%q,"properties":{"phone":"1"}}`, id))
			}
			body = `{"inputs":[` + strings.Join(rows, ",") + `]}`
		}
		test.fault.Path = "/batch/"
		if err := s.Faults.Add(test.fault); err != nil {
			t.Fatal(err)
		}
		status, answer := c.call("POST", "/crm/v3/objects/contacts/batch/"+test.verb, body)
		m, _ := answer.(map[string]any)
		errs, _ := m["errors"].([]any)
		wrote := len(s.HubSpot.All("contacts")) - before
		if test.verb == "update" {
			wrote = 0
			for _, r := range s.HubSpot.All("contacts") {
				if r["phone"] == "1" {
					wrote++
				}
			}
		}
		if status != test.status || len(errs) != test.errors || wrote != test.wrote {
			t.Errorf("%s: %d, %d errors, %d written: %v", test.name, status, len(errs), wrote, answer)
		}
	}
}

func TestRefusedRecordsAndPairsOfHubSpot(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	c := hubspotSession(t, s)
	ids := map[string]string{}
	for _, object := range []string{"contacts", "companies"} {
		id, err := s.HubSpot.Insert(object, map[string]string{"phone": "0"})
		if err != nil {
			t.Fatal(err)
		}
		ids[object] = id
	}
	if err := s.Faults.Add(Fault{Kind: Partial, Code: "INVALID_OPTION", Rows: []int{1}, Path: "/crm/"}); err != nil {
		t.Fatal(err)
	}
	for _, call := range [][3]string{
		{"POST", "/crm/v3/objects/contacts", `{"properties":{"firstname":"Ann"}}`},
		{"PATCH", "/crm/v3/objects/contacts/" + ids["contacts"], `{"properties":{"phone":"1"}}`},
	} {
		if status, answer := c.call(call[0], call[1], call[2]); status != 400 || !strings.Contains(toJSON(t, answer), "INVALID_OPTION") {
			t.Errorf("%s: %d %v", call[1], status, answer)
		}
	}
	if all := s.HubSpot.All("contacts"); len(all) != 1 || all[0]["phone"] != "0" {
		t.Errorf("%v", all)
	}
	pair := `{"from":{"id":"` + ids["contacts"] + `"},"to":{"id":"` + ids["companies"] + `"}}`
	status, answer := c.call("POST", "/crm/v4/associations/contacts/companies/batch/associate/default", `{"inputs":[`+pair+`]}`)
	if status != 207 || !strings.Contains(toJSON(t, answer), `"numErrors":1`) || len(s.HubSpot.Associations("contacts", ids["contacts"], "companies")) != 0 {
		t.Errorf("%d %v", status, answer)
	}
}

func TestPendingBatchesAreDone(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Faults: []Fault{{Kind: Pending, Path: "/batch/create"}}})
	c := hubspotSession(t, s)
	status, answer := c.call("POST", "/crm/v3/objects/contacts/batch/create", inputs(2, true))
	m, _ := answer.(map[string]any)
	delete(m, "requestedAt")
	if diff := cmp.Diff(map[string]any{"status": "PENDING", "results": []any{}}, m); status != 201 || diff != "" {
		t.Errorf("%d %s", status, diff)
	}
	if n := len(s.HubSpot.All("contacts")); n != 2 {
		t.Errorf("%d written", n)
	}
}

func TestASearchOfAWhileAgo(t *testing.T) {
	t.Parallel()
	now := noon
	s := start(t, Options{Now: func() time.Time { return now }, Faults: []Fault{{Kind: StaleSearch, Age: 30 * time.Second, Path: "/search", Nth: 2}}})
	c := hubspotSession(t, s)
	found := func() (names []string) {
		_, answer := c.call("POST", "/crm/v3/objects/contacts/search", `{"properties":["firstname"],"limit":10}`)
		results, _ := answer.(map[string]any)["results"].([]any)
		for _, r := range results {
			properties, _ := r.(map[string]any)["properties"].(map[string]any)
			name, _ := properties["firstname"].(string)
			names = append(names, name)
		}
		return names
	}
	id, err := s.HubSpot.Insert("contacts", map[string]string{"firstname": "Ann"})
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	if err := s.HubSpot.Edit("contacts", id, map[string]string{"firstname": "Anna"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.HubSpot.Insert("contacts", map[string]string{"firstname": "Bo"}); err != nil {
		t.Fatal(err)
	}
	now = now.Add(10 * time.Second)
	for i, want := range [][]string{{"Anna", "Bo"}, {"Ann"}, {"Anna", "Bo"}} {
		if got := found(); !slices.Equal(got, want) {
			t.Errorf("search %d: %v, want %v", i+1, got, want)
		}
	}
	if err := s.Faults.Add(Fault{Kind: StaleSearch, Age: 30 * time.Second, Path: "/search"}); err != nil {
		t.Fatal(err)
	}
	now = now.Add(25 * time.Second)
	if got := found(); !slices.Equal(got, []string{"Anna", "Bo"}) {
		t.Errorf("after its age: %v", got)
	}
}

func TestErrorsAsTextAndWithoutCategory(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Faults: []Fault{{Kind: TextErrors, Count: 1, Path: "/batch/"}, {Kind: Partial, Code: "CONFLICT", Path: "/batch/"}, {Kind: NoCategory, Nth: 2, Path: "/batch/"}}})
	c := hubspotSession(t, s)
	_, answer := c.call("POST", "/crm/v3/objects/contacts/batch/create", inputs(1, true))
	if errs := answer.(map[string]any)["errors"]; toJSON(t, errs) != `["Contact already exists. Existing ID: 10000001"]` {
		t.Errorf("%v", errs)
	}
	_, answer = c.call("POST", "/crm/v3/objects/contacts/batch/create", inputs(1, true))
	if text := toJSON(t, answer); strings.Contains(text, "category") || !strings.Contains(text, "already exists") {
		t.Errorf("%s", text)
	}
}
