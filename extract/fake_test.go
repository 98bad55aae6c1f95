package extract

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

var (
	start    = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	contacts = crm.Object{System: crm.HubSpot, Name: "contacts"}
)

// fake is a CRM of contacts in memory. Its calls are listed, and one of them may fail.
type fake struct {
	portal  string
	columns []crm.Column
	records []map[string]string // id, at, archived, and columns
	hidden  string              // a column that no answer has
	onPage  int

	calls  []string
	failAt int // the page that fails, counted from 1 over all reads; 0: none
	pages  int
	ahead  time.Duration
}

func newFake(n int) *fake {
	f := &fake{portal: "1", onPage: 2, columns: []crm.Column{{Name: "email", Type: "string"}, {Name: "num_notes", Type: "number"}, {Name: "phone", Type: "string"}}}
	for i := range n {
		f.records = append(f.records, map[string]string{
			"id": fmt.Sprint(i + 1), "at": at(i), "email": fmt.Sprintf("ann%d@example.com", i+1), "num_notes": fmt.Sprint(i), "phone": "+1 555 01" + fmt.Sprint(i),
		})
	}
	return f
}

// at is a stamp, minute after minute.
func at(minute int) string {
	return start.Add(time.Duration(minute-60) * time.Minute).Format(time.RFC3339)
}

func (f *fake) edit(id string, minute int, column, value string) {
	for _, r := range f.records {
		if r["id"] == id {
			r[column], r["at"] = value, at(minute)
		}
	}
}

func (f *fake) System() crm.System { return crm.HubSpot }

func (f *fake) Account(context.Context) (warehouse.Account, error) {
	f.calls = append(f.calls, "account")
	return warehouse.Account{System: crm.HubSpot, ID: f.portal}, nil
}

func (f *fake) Columns(_ context.Context, objects []string) (map[string][]crm.Column, map[string]error, error) {
	all := map[string][]crm.Column{}
	for _, o := range objects {
		f.calls = append(f.calls, "columns "+o)
		all[o] = f.columns
	}
	return all, nil, nil
}

func (f *fake) People(context.Context) ([]warehouse.Person, error) {
	f.calls = append(f.calls, "people")
	return []warehouse.Person{{ID: "41", Email: "owner@example.com", Active: true}}, nil
}

func (f *fake) Changes(_ context.Context, asked []Changed) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		for _, a := range asked {
			f.calls = append(f.calls, "changes "+a.Object+" "+strings.Join(a.Columns, ",")+" since "+a.Since.Format("15:04"))
			var found []map[string]string
			for _, r := range f.records {
				if when, err := time.Parse(time.RFC3339, r["at"]); err == nil && !when.Before(a.Since) && r["archived"] != "true" {
					found = append(found, r)
				}
			}
			slices.SortStableFunc(found, func(a, b map[string]string) int { return strings.Compare(a["at"], b["at"]) })
			if !f.yieldPages(yield, a.Columns, found, func(int) string { return "" }) {
				return
			}
		}
	}
}

func (f *fake) All(_ context.Context, object string, columns []string, position string) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		f.calls = append(f.calls, strings.TrimSpace("all "+object+" "+strings.Join(columns, ",")+" "+position))
		from := slices.IndexFunc(f.records, func(r map[string]string) bool { return r["id"] == position }) + 1
		rest := f.records[from:]
		f.yieldPages(yield, columns, rest, func(i int) string { return rest[i]["id"] })
	}
}

func (f *fake) yieldPages(yield func(Page, error) bool, columns []string, records []map[string]string, position func(int) string) bool {
	for i := 0; i == 0 || i < len(records); i += f.onPage {
		if f.pages++; f.pages == f.failAt {
			yield(Page{}, fmt.Errorf("the CRM is down"))
			return false
		}
		page := records[i:min(i+f.onPage, len(records))]
		p := Page{Object: "contacts", Shape: warehouse.HubSpotResults, Body: f.body(columns, page), Records: int64(len(page))}
		if len(page) > 0 {
			p.Position = position(i + len(page) - 1)
		}
		if !yield(p, nil) {
			return false
		}
	}
	return true
}

func (f *fake) body(columns []string, records []map[string]string) []byte {
	var out []string
	for _, r := range records {
		var values []string
		for _, c := range columns {
			if c != f.hidden {
				values = append(values, fmt.Sprintf("%q:%q", c, r[c]))
			}
		}
		archived := `"archived":false`
		if r["archived"] == "true" {
			archived = `"archived":true,"archivedAt":"` + r["at"] + `"`
		}
		out = append(out, fmt.Sprintf(`{"id":%q,"updatedAt":%q,%s,"properties":{%s}}`, r["id"], r["at"], archived, strings.Join(values, ",")))
	}
	return []byte(`{"results":[` + strings.Join(out, ",") + `]}`)
}

func (f *fake) Records(_ context.Context, object string, columns, ids []string) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		f.calls = append(f.calls, "records "+object+" "+strings.Join(columns, ",")+" "+strings.Join(ids, ","))
		found := slices.DeleteFunc(slices.Clone(f.records), func(r map[string]string) bool { return !slices.Contains(ids, r["id"]) })
		f.yieldPages(yield, columns, found, func(int) string { return "" })
	}
}

func (f *fake) Histories(context.Context, string, []string, []string) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {}
}

func (f *fake) ClockAhead() (time.Duration, bool) { return f.ahead, true }

// world is a warehouse and the CRM it reads.
type world struct {
	t         *testing.T
	w         *warehouse.Warehouse
	crm       *fake
	mentioned []string
	minute    int // the run's time: each run is an hour after the last
}

func newWorld(t *testing.T, f *fake) *world {
	t.Helper()
	w, err := warehouse.Open(t.Context(), warehouse.Options{RunAt: start})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return &world{t: t, w: w, crm: f, mentioned: []string{"email", "num_notes", "select_me"}}
}

func (x *world) try(o Options) (ObjectReport, error) {
	x.t.Helper()
	x.crm.calls = nil
	now := start.Add(time.Duration(x.minute) * time.Minute)
	x.minute += 60
	o.Now = func() time.Time { return now }
	r, err := extract(x.t.Context(), x.w, map[crm.Object][]string{contacts: x.mentioned}, map[crm.System]Source{crm.HubSpot: x.crm}, o)
	if len(r.Objects) == 0 {
		return ObjectReport{}, err
	}
	return r.Objects[0], err
}

func (x *world) run(o Options) ObjectReport {
	x.t.Helper()
	r, err := x.try(o)
	if err != nil {
		x.t.Fatal(err)
	}
	return r
}

// reads are the calls that read records.
func (x *world) reads() []string {
	return slices.DeleteFunc(slices.Clone(x.crm.calls), func(c string) bool {
		return c == "account" || c == "people" || strings.HasPrefix(c, "columns")
	})
}

// mirror is what the mirror says of the live contacts.
func (x *world) mirror(columns string) []string {
	x.t.Helper()
	return texts(x.t, x.w, `select `+columns+` from hubspot.contacts where not _deleted order by cast(id as int)`)
}

// texts is a query's answer, one line per row, values separated by bars, NULL as a dash.
func texts(t *testing.T, w *warehouse.Warehouse, query string) []string {
	t.Helper()
	rows, err := w.DB.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		line := make([]string, len(values))
		for i, v := range values {
			switch v := v.(type) {
			case nil:
				line[i] = "-"
			case time.Time:
				line[i] = v.UTC().Format("15:04")
			default:
				line[i] = fmt.Sprint(v)
			}
		}
		out = append(out, strings.Join(line, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func diff(t *testing.T, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}
