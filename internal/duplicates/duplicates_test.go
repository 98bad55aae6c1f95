package duplicates

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/google/go-cmp/cmp"
)

func reported(t *testing.T, rows string) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`create schema report; create table report.duplicates as
		select n as group_number, records as group_records, 'contacts ' || first as group_keep, 'contact' as entity, kind, rule, score::double as score, 'v' as evidence, scope,
		'hubspot' as a_system, 'contacts' as a_object, a as a_id, 'L' || a as a_label, 'hubspot' as b_system, 'contacts' as b_object, b as b_id, if(b = '9', null, 'L' || b) as b_label,
		'contacts ' || a as keep, 'because ' || a as keep_reason from (values ` + rows + `) as said (n, records, first, scope, kind, rule, score, a, b)`); err != nil {
		t.Fatal(err)
	}
	return db
}

func names(groups []Group) (out []string) {
	for _, g := range groups {
		var ids []string
		for _, r := range g.Records {
			ids = append(ids, r.ID)
		}
		out = append(out, g.Scope+" "+strings.Join(ids, " ")+": "+g.Why)
	}
	return out
}

// A page is of whole groups, in the report's order, with the record to keep first; a filter chooses groups and leaves nothing out of them.
func TestRead(t *testing.T) {
	t.Parallel()
	db := reported(t, `(1, 5, '1', 'hubspot', 'close', 'name', 0.7, '3', '4'), (1, 5, '1', 'hubspot', 'exact', 'e-mail', 1, '2', '3'), (1, 5, '1', 'hubspot', 'normalized', 'phone', 0.9, '1', '2'),
		(2, 2, '7', 'hubspot', 'exact', 'e-mail', 1, '7', '8'), (1, 5, '1', 'hubspot', 'close', 'name', 0.8, '1', '5'), (3, 2, '3', 'across', 'close', 'e-mail', 0.5, '3', '9')`)
	const chain, two, across = "hubspot 1 2 5 3 4: because 1", "hubspot 7 8: because 7", "across 3 9: because 3"
	for _, tt := range []struct {
		f    Filter
		p    Page
		want []string
		n    int
	}{
		{Filter{}, Page{}, []string{chain, two, across}, 3},
		{Filter{}, Page{Limit: 1}, []string{chain}, 3},
		{Filter{}, Page{Limit: 1, Offset: 2}, []string{across}, 3},
		{Filter{}, Page{Limit: 1, Offset: 3}, nil, 3},
		{Filter{Scope: "hubspot"}, Page{Limit: 1, Offset: 1}, []string{two}, 2},
		{Filter{Kind: "exact"}, Page{}, []string{chain, two}, 2},
		{Filter{Rule: "e-mail"}, Page{}, []string{chain, two, across}, 3},
		{Filter{Kind: "close", Rule: "e-mail"}, Page{}, []string{across}, 1}, // of one piece of evidence
		{Filter{Kind: "exact", ID: "4"}, Page{}, []string{chain}, 1},         // of any record
		{Filter{ID: "8"}, Page{}, []string{two}, 1},
		{Filter{ID: "3"}, Page{}, []string{chain, across}, 2},
		{Filter{Entity: "company"}, Page{}, nil, 0},
	} {
		got, n, err := Read(context.Background(), db, tt.f, tt.p)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tt.want, names(got)); d != "" || n != tt.n {
			t.Errorf("%+v %+v: %d of %d: %s", tt.f, tt.p, n, tt.n, d)
		}
	}
	got, _, err := Read(context.Background(), db, Filter{}, Page{Limit: 1, Evidence: 1})
	if err != nil {
		t.Fatal(err)
	}
	l1, l2 := Record{"hubspot", "contacts", "1", "L1"}, Record{"hubspot", "contacts", "2", "L2"}
	if d := cmp.Diff([]Group{{Entity: "contact", Scope: "hubspot", Records: []Record{l1, l2}, Why: "because 1", Evidence: []Evidence{{"normalized", "phone", 0.9, "v", l1, l2}}, Size: 5, Said: 4}}, got); d != "" {
		t.Error(d)
	}
}

// A report that is not there, and one of a project that knows no groups, are named with what to do.
func TestNoReport(t *testing.T) {
	t.Parallel()
	db := reported(t, `(1, 2, '7', 'hubspot', 'exact', 'e-mail', 1, '7', '8')`)
	for _, tt := range []struct{ do, want string }{
		{"alter table report.duplicates drop group_number", "does not say which group"},
		{"drop table report.duplicates", "not made yet"},
		{"drop schema report", "not made yet"},
	} {
		if _, err := db.Exec(tt.do); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Read(context.Background(), db, Filter{ID: "7"}, Page{}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.do, err)
		}
	}
}
