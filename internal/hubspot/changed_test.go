package hubspot

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// index is a HubSpot that searches, with the limits of the real one.
type index struct {
	t       *testing.T
	at      map[uint64]int64 // stamp in epoch milliseconds by id
	queries []query
	before  func(n int) // runs before the nth search, from 1
}

type query struct {
	FilterGroups []struct {
		Filters []struct{ PropertyName, Operator, Value string }
	}
	Sorts      []struct{ PropertyName, Direction string }
	Properties []string
	Limit      int
	After      string
}

var start = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

func (x *index) answer(a asked) reply {
	if strings.HasSuffix(a.Path, "/batch/read") {
		return x.read(a)
	}
	var q query
	if err := json.Unmarshal([]byte(a.Body), &q); err != nil {
		x.t.Error(err)
	}
	x.queries = append(x.queries, q)
	if x.before != nil {
		x.before(len(x.queries))
	}
	offset, _ := strconv.Atoi(q.After)
	if q.Limit > 200 || offset+q.Limit > 10_000 || len(a.Body) > 3_000 {
		x.t.Errorf("search beyond its limits: %s", a.Body)
		return reply{status: 400, body: `{"category":"VALIDATION_ERROR"}`}
	}
	var found []uint64
	for id, at := range x.at {
		if slices.ContainsFunc(q.FilterGroups[0].Filters, func(f struct{ PropertyName, Operator, Value string }) bool {
			limit, err := strconv.ParseInt(f.Value, 10, 64)
			value := at
			if f.PropertyName == "hs_object_id" {
				value = int64(id)
			}
			return err != nil || f.Operator == "GTE" && value < limit || f.Operator == "LTE" && value > limit || f.Operator == "GT" && value <= limit
		}) {
			continue
		}
		found = append(found, id)
	}
	slices.SortFunc(found, func(a, b uint64) int {
		if q.Sorts[0].PropertyName == "hs_object_id" {
			return cmp.Compare(a, b)
		}
		// Equal stamps come in no useful order.
		return cmp.Or(cmp.Compare(x.at[a], x.at[b]), cmp.Compare(a%7, b%7), cmp.Compare(b, a))
	})
	page := found[min(offset, len(found)):min(offset+q.Limit, len(found))]
	paging := ""
	if offset+q.Limit < len(found) {
		paging = fmt.Sprintf(`,"paging":{"next":{"after":"%d"}}`, offset+q.Limit)
	}
	return reply{body: fmt.Sprintf(`{"total":%d,"results":[%s]%s}`, len(found), x.records(page, "search"), paging)}
}

func (x *index) read(a asked) reply {
	var in struct {
		Inputs     []struct{ ID string }
		Properties []string
	}
	if err := json.Unmarshal([]byte(a.Body), &in); err != nil || len(in.Inputs) > 100 || len(in.Properties) < 100 {
		x.t.Errorf("batch read of %d records, %d properties, %v", len(in.Inputs), len(in.Properties), err)
	}
	var ids []uint64
	for _, i := range in.Inputs {
		id, _ := strconv.ParseUint(i.ID, 10, 64)
		ids = append(ids, id)
	}
	return reply{body: fmt.Sprintf(`{"results":[%s]}`, x.records(ids, "read"))}
}

func (x *index) records(ids []uint64, from string) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = fmt.Sprintf(`{"id":"%d","from":"%s","properties":{"lastmodifieddate":"%s"}}`, id, from, time.UnixMilli(x.at[id]).UTC().Format(time.RFC3339Nano))
	}
	return strings.Join(out, ",")
}

// walkAll walks all changes since start and returns the ids seen.
func (x *index) walkAll(t *testing.T, since time.Time, properties ...string) (ids map[uint64]int, pages []*Page) {
	t.Helper()
	ids = map[uint64]int{}
	for page, err := range serve(t, x.answer).client(t).Changed(t.Context(), "contacts", since, properties) {
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, page)
		for _, r := range page.Rows {
			id, _ := strconv.ParseUint(r.ID, 10, 64)
			ids[id]++
		}
	}
	return ids, pages
}

// spreadOut makes n records, per of them with each stamp, ids in no order of time.
func spreadOut(n, per int) map[uint64]int64 {
	at := map[uint64]int64{}
	for i := range n {
		at[uint64(i*7919%n+1)] = start.UnixMilli() + int64(i/per)
	}
	return at
}

func TestChanged(t *testing.T) {
	t.Parallel()
	mixed := spreadOut(900, 1)
	for i := range 700 { // an import in the middle
		mixed[uint64(50_000+i)] = start.UnixMilli() + 450
	}
	tests := map[string]struct {
		at map[uint64]int64
	}{
		"none":                                    {map[uint64]int64{}},
		"one page":                                {spreadOut(200, 1)},
		"a page and one":                          {spreadOut(201, 1)},
		"12,000 with stamps of their own":         {spreadOut(12_000, 1)},
		"3 to a stamp":                            {spreadOut(1_000, 3)},
		"a page to a stamp":                       {spreadOut(1_000, 200)},
		"just more than a page to a stamp":        {spreadOut(1_005, 201)},
		"10,500 with one stamp":                   {spreadOut(10_500, 10_500)},
		"an import among edits":                   {mixed},
		"two imports of 5,200, one after another": {spreadOut(10_400, 5_200)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := &index{t: t, at: tt.at}
			seen, pages := x.walkAll(t, start, "email")
			if len(seen) != len(tt.at) {
				t.Errorf("saw %d of %d records", len(seen), len(tt.at))
			}
			var rows int
			for _, p := range pages {
				rows += len(p.Rows)
				if p.After != "" {
					t.Error("a page offers a cursor that leads nowhere")
				}
			}
			if pages[0].Total != len(tt.at) {
				t.Errorf("the first page says %d in all, want %d", pages[0].Total, len(tt.at))
			}
			if rows > 2*len(tt.at)+200 {
				t.Errorf("%d rows for %d records", rows, len(tt.at))
			}
		})
	}
}

// since itself is in, what is older is not.
func TestChangedBeginsAtSince(t *testing.T) {
	t.Parallel()
	x := &index{t: t, at: map[uint64]int64{1: start.UnixMilli() - 1, 2: start.UnixMilli(), 3: start.UnixMilli() + 1}}
	if seen, _ := x.walkAll(t, start.Add(900*time.Microsecond)); len(seen) != 2 || seen[1] != 0 {
		t.Errorf("saw %v", seen)
	}
	x = &index{t: t, at: map[uint64]int64{1: 1}}
	if seen, _ := x.walkAll(t, time.Time{}); len(seen) != 1 || x.queries[0].FilterGroups[0].Filters[0].Value != "0" {
		t.Errorf("since the beginning: saw %v, asked %+v", seen, x.queries[0])
	}
}

// A record modified during the walk leaves its place; with offsets, the record that moves up into it is never
// seen.
func TestChangedLosesNothingWhileRecordsMove(t *testing.T) {
	t.Parallel()
	x := &index{t: t, at: spreadOut(2_000, 1)}
	x.before = func(n int) {
		if n > 1 && n < 9 { // ten of those already walked are edited
			for i := range 10 {
				x.at[uint64((n*10+i)*7919%2_000+1)] = start.Add(time.Hour).UnixMilli() + int64(n)
			}
		}
	}
	seen, _ := x.walkAll(t, start)
	if len(seen) != 2_000 {
		t.Errorf("saw %d of 2,000 records", len(seen))
	}
}

// Properties that do not fit a search: ids are searched, the records read by batch.
func TestChangedReadsByBatchWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	properties := make([]string, 200)
	for i := range properties {
		properties[i] = fmt.Sprintf("a_property_with_a_name_%d", i)
	}
	x := &index{t: t, at: spreadOut(450, 150)}
	seen, pages := x.walkAll(t, start, properties...)
	if len(seen) != 450 {
		t.Errorf("saw %d of 450 records", len(seen))
	}
	for _, p := range pages {
		if strings.Contains(string(p.Body), `"search"`) {
			t.Error("a page is the search's own, without the properties")
		}
	}
	if pages[0].Total != 450 {
		t.Errorf("the first page says %d in all", pages[0].Total)
	}
	for _, q := range x.queries {
		if q.Limit != 100 || len(q.Properties) != 1 {
			t.Errorf("searched %d records, %d properties", q.Limit, len(q.Properties))
		}
	}
}

// A search that does not move on must not be walked for ever.
func TestChangedStopsWhereSearchDoesNotAdvance(t *testing.T) {
	t.Parallel()
	row := `{"id":"5","properties":{"lastmodifieddate":"2026-11-01T00:00:00Z"}}`
	for name, bodies := range map[string][]string{
		"the same id again": {`{"results":[` + row + `],"paging":{"next":{"after":"1"}}}`},
		"back in time":      {`{"results":[{"id":"5","updatedAt":"2026-10-31T00:00:00Z"}],"paging":{"next":{"after":"1"}}}`},
		"an empty page":     {`{"results":[],"paging":{"next":{"after":"1"}}}`},
	} {
		n := 0
		p := serve(t, func(asked) reply {
			if n++; n > 5 {
				t.Errorf("%s: walks on", name)
				return reply{status: http.StatusTeapot}
			}
			return reply{body: bodies[0]}
		})
		var failed error
		for _, err := range p.client(t).Changed(t.Context(), "contacts", start, nil) {
			failed = err
		}
		if failed == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Whoever stops looking stops the calls.
func TestChangedStopsWhenTold(t *testing.T) {
	t.Parallel()
	x := &index{t: t, at: spreadOut(1_000, 1)}
	for range serve(t, x.answer).client(t).Changed(t.Context(), "contacts", start, nil) {
		break
	}
	if len(x.queries) != 1 {
		t.Errorf("%d searches, want 1", len(x.queries))
	}
}
