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
	if _, err := db.Exec(`create schema report; create table report.duplicates as select 'contact' as entity, kind, 'rule' as rule, score::double as score, 'v' as evidence, scope,
		'hubspot' as a_system, 'contacts' as a_object, a as a_id, 'L' || a as a_label, 'hubspot' as b_system, 'contacts' as b_object, b as b_id, null::varchar as b_label,
		'contacts ' || a as keep, 'because ' || a as keep_reason from (values ` + rows + `) as said (scope, kind, score, a, b)`); err != nil {
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

// Chains of evidence are one group, whichever link of the chain comes first, and what is kept is what nothing is kept before.
func TestRead(t *testing.T) {
	t.Parallel()
	db := reported(t, `('hubspot', 'exact', 1, '2', '3'), ('hubspot', 'close', 0.8, '4', '5'), ('hubspot', 'normalized', 0.9, '1', '2'),
		('hubspot', 'exact', 1, '1', '2'), ('hubspot', 'close', 0.7, '3', '4'), ('across', 'exact', 0.5, '3', '9'), ('hubspot', 'exact', 1, '7', '8')`)
	for _, tt := range []struct {
		f     Filter
		limit int
		want  []string
		n     int
	}{
		{Filter{}, 0, []string{"hubspot 1 2 3 4 5: because 1", "hubspot 7 8: because 7", "across 3 9: because 3"}, 3},
		{Filter{}, 1, []string{"hubspot 1 2 3 4 5: because 1"}, 3},
		{Filter{Kind: "exact", Scope: "hubspot"}, 0, []string{"hubspot 1 2 3: because 1", "hubspot 7 8: because 7"}, 2},
		{Filter{ID: "8"}, 0, []string{"hubspot 7 8: because 7"}, 1},
		{Filter{Entity: "company"}, 0, nil, 0},
	} {
		got, n, err := Read(context.Background(), db, tt.f, tt.limit)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tt.want, names(got)); d != "" || n != tt.n {
			t.Errorf("%+v: %d of %d: %s", tt.f, n, tt.n, d)
		}
	}
	if _, err := db.Exec("drop table report.duplicates"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Read(context.Background(), db, Filter{}, 0); err == nil || !strings.Contains(err.Error(), "not made yet") {
		t.Error(err)
	}
}
