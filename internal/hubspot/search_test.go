package hubspot

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	// As recorded: the cursor is an offset, there is no link, updatedAt equals the stamp.
	body := `{"total":57,"results":[
		{"id":"171596044870","properties":{"createdate":"2025-11-03T23:36:13.632Z","email":"siena@example.com","lastmodifieddate":"2025-11-04T12:10:35.352Z","phone":null},"createdAt":"2025-11-03T23:36:13.632Z","updatedAt":"2025-11-04T12:10:35.352Z","archived":false},
		{"id":"2","properties":{"lastmodifieddate":"2022-11-03T10:00:00Z"}}],"paging":{"next":{"after":"7"}}}`
	p := script(t, reply{body: body})
	page, err := p.client(t).Search(t.Context(), "contacts", Query{
		Groups: [][]Filter{
			{{Property: "lastmodifieddate", Operator: "GTE", Value: "1732147200000"}, {Property: "email", Operator: "HAS_PROPERTY"}},
			{{Property: "hs_object_id", Operator: "IN", Values: []string{"1", "2"}}},
		},
		Sort: Sort{Property: "lastmodifieddate", Descending: true}, Properties: []string{"email", "phone"}, Limit: 2, After: 5,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &Page{Body: []byte(body), After: "7", Total: 57, Rows: []Stamp{
		{"171596044870", time.Date(2025, 11, 4, 12, 10, 35, 352e6, time.UTC)}, {"2", time.Date(2022, 11, 3, 10, 0, 0, 0, time.UTC)}}}
	if diff := cmp.Diff(want, page); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	r := p.requests()[0]
	if r.Method != "POST" || r.Path != "/crm/objects/2026-03/contacts/search" {
		t.Errorf("called %s %s", r.Method, r.Path)
	}
	sameJSON(t, `{"filterGroups":[
		{"filters":[{"propertyName":"lastmodifieddate","operator":"GTE","value":"1732147200000"},{"propertyName":"email","operator":"HAS_PROPERTY"}]},
		{"filters":[{"propertyName":"hs_object_id","operator":"IN","values":["1","2"]}]}],
		"sorts":[{"propertyName":"lastmodifieddate","direction":"DESCENDING"}],"properties":["email","phone"],"limit":2,"after":"5"}`, r.Body)
}

func TestSearchLimits(t *testing.T) {
	t.Parallel()
	filters := func(n int) []Filter {
		out := make([]Filter, n)
		for i := range out {
			out[i] = Filter{Property: "email", Operator: "HAS_PROPERTY"}
		}
		return out
	}
	tests := map[string]struct {
		query Query
		want  string // empty: allowed
	}{
		"all defaults":         {Query{}, ""},
		"the last page":        {Query{After: 9_800}, ""},
		"past 10,000":          {Query{After: 9_801}, "a search reaches its first 10000 records, not 9801 to 10001"},
		"page of 201":          {Query{Limit: 201}, "a search page holds 1 to 200 records, not 201"},
		"page below nothing":   {Query{Limit: -1}, "a search page holds 1 to 200 records, not -1"},
		"18 filters":           {Query{Groups: [][]Filter{filters(6), filters(6), filters(6)}}, ""},
		"19 filters":           {Query{Groups: [][]Filter{filters(6), filters(6), filters(6), filters(1)}}, "takes 5 groups and 18 filters, not 4 and 19"},
		"6 groups":             {Query{Groups: make([][]Filter, 6)}, "takes 5 groups and 18 filters, not 6 and 0"},
		"7 filters in a group": {Query{Groups: [][]Filter{filters(7)}}, "a filter group holds 6 filters, not 7"},
		"3,000 characters":     {Query{Text: strings.Repeat("ä", 3_000-len(`{"filterGroups":[],"query":"","limit":200}`))}, ""},
		"3,001 characters":     {Query{Text: strings.Repeat("ä", 3_001-len(`{"filterGroups":[],"query":"","limit":200}`))}, "a search takes 3000 characters, not 3001"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := tt.query.body()
			if tt.want == "" && err != nil {
				t.Errorf("refused: %v", err)
			}
			if tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	// None of it reaches HubSpot.
	if _, err := script(t).client(t).Search(t.Context(), "contacts", Query{Limit: 201}); err == nil {
		t.Error("not refused")
	}
}

func TestModified(t *testing.T) {
	t.Parallel()
	for object, want := range map[string]string{
		"contacts": "lastmodifieddate", "0-1": "lastmodifieddate", "companies": "hs_lastmodifieddate", "deals": "hs_lastmodifieddate", "2-9001": "hs_lastmodifieddate",
	} {
		if got := Modified(object); got != want {
			t.Errorf("%s: %s, want %s", object, got, want)
		}
	}
	page, err := parsePage("companies", []byte(`{"results":[{"id":"1","properties":{"lastmodifieddate":"2001-01-01T00:00:00Z","hs_lastmodifieddate":"2026-01-02T03:04:05.678Z"}}]}`))
	if err != nil || page.Rows[0].ModifiedAt.Format(time.RFC3339Nano) != "2026-01-02T03:04:05.678Z" {
		t.Errorf("got %+v, %v", page, err)
	}
}

// An answer that is JSON but no page is named, with a hint, and without what stands in it.
func TestAnswerOfAnotherShape(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"status":"COMPLETE"}`:                   "an answer without results",
		`{"results":[{"id":""}]}`:                 "record 1 of the answer has no id",
		`{"results":{"email":"ann.lee@e.com"}}`:   "an answer of another shape than documented",
		`{"results":[{"id":"ann.lee@e.com"},17]}`: "an answer of another shape than documented",
	} {
		p := script(t, reply{body: body})
		_, err := p.client(t).Search(t.Context(), "contacts", Query{})
		var hinted *crm.Hinted
		if err == nil || !strings.HasSuffix(err.Error(), want) || !errors.As(err, &hinted) {
			t.Errorf("%s: got %v", body, err)
		}
		p.noSecrets(t, err.Error())
	}
}

// Half a JSON is a fault of the line: a search is asked again.
func TestHalfAJSONIsAskedAgain(t *testing.T) {
	t.Parallel()
	p := script(t, reply{body: `{"total":1,"results":[{"id":"1","prop`}, reply{body: `{"total":1,"results":[{"id":"1"}]}`})
	page, err := p.client(t).Search(t.Context(), "contacts", Query{})
	if err != nil || len(page.Rows) != 1 {
		t.Errorf("got %+v, %v", page, err)
	}
}

// The recorded 429 of search: no Retry-After, no policyName; a second is waited.
func TestSearchWaitsASecondAfter429(t *testing.T) {
	t.Parallel()
	secondly := reply{status: 429, body: `{"status":"error","message":"You have reached your secondly limit.","correlationId":"x","category":"RATE_LIMITS"}`}
	p := script(t, secondly, secondly, reply{body: `{"results":[]}`})
	if _, err := p.client(t).Search(t.Context(), "contacts", Query{}); err != nil {
		t.Fatal(err)
	}
	if got := p.pauses(time.Second); len(got) != 2 {
		t.Errorf("pauses %v, want two of a second or more", got)
	}
}

func TestTenSecondly429WaitsTenSeconds(t *testing.T) {
	t.Parallel()
	p := script(t,
		reply{status: 429, body: `{"status":"error","message":"You have reached your ten_secondly_rolling limit.","errorType":"RATE_LIMIT","policyName":"TEN_SECONDLY_ROLLING"}`},
		reply{body: `{"results":[]}`})
	// A 429 says that nothing was done, so even a create goes again.
	if _, err := p.client(t).BatchCreate(t.Context(), "contacts", "", make([]Write, 1)); err != nil {
		t.Fatal(err)
	}
	if got := p.pauses(10 * time.Second); len(got) != 1 {
		t.Errorf("pauses %v, want one of ten seconds", got)
	}
}

// Nothing goes again today.
func TestDaily429IsNotRetried(t *testing.T) {
	t.Parallel()
	p := script(t, reply{status: 429, header: map[string]string{"X-HubSpot-RateLimit-Daily": "250000", "X-HubSpot-RateLimit-Daily-Remaining": "0"},
		body: `{"status":"error","message":"You have reached your daily limit.","errorType":"RATE_LIMIT","policyName":"DAILY"}`})
	c := p.client(t)
	_, err := c.BatchUpdate(t.Context(), "contacts", writes(1))
	var e *wire.Error
	if !errors.As(err, &e) || e.Kind != wire.Quota || e.Uncertain || e.Attempts != 1 {
		t.Errorf("got %#v", e)
	}
	if f, ok := c.Meter().Figure(DailyFigure); !ok || f.Left != 0 || f.Limit != 250_000 {
		t.Errorf("figure %+v", f)
	}
}
