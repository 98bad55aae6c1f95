package duplicates

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
)

// BenchmarkRead reads what `lockstep duplicates` and the page ask for from the evidence of 60,000 duplicates of a million people, as
// it is published: most are one beside the record to keep, some of thousands.
func BenchmarkRead(b *testing.B) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	file := filepath.Join(b.TempDir(), "duplicates.parquet")
	for _, q := range []string{
		`copy (select dense_rank() over (order by first) as group_number, count(distinct i) over (partition by first) + 1 as group_records, 'contacts ' || first as group_keep, 'contact' as entity,
			['exact', 'normalized', 'close'][1 + nth] as kind, ['same e-mail', 'same name and phone', 'nearly the same name, same company'][1 + nth] as rule, 1 - nth / 10 as score,
			'v' || i as evidence, 'hubspot' as scope, 'hubspot' as a_system, 'contacts' as a_object, first::varchar as a_id, 'Ann Lee ' || first as a_label,
			'hubspot' as b_system, 'contacts' as b_object, (i + 1000000)::varchar as b_id, 'Ann Lee ' || i as b_label, 'contacts ' || first as keep, 'it says more' as keep_reason
			from (select i, if(i < 10000, i % 3, i) as first, unnest(range(1 + i % 3)) as nth from range(60000) as r(i)) order by all) to '` + file + `'`,
		`create schema report`,
		`create view report.duplicates as from '` + file + `'`,
	} {
		if _, err := db.Exec(q); err != nil {
			b.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name   string
		f      Filter
		p      Page
		groups int
	}{
		{"first page", Filter{}, Page{Limit: 20, Evidence: 100}, 20},
		{"page far down", Filter{}, Page{Limit: 20, Offset: 40_000, Evidence: 100}, 20},
		{"of a kind", Filter{Kind: "close"}, Page{Limit: 20, Evidence: 100}, 20},
		{"of a record", Filter{ID: "1012345"}, Page{Limit: 20, Evidence: 100}, 1},
		{"command", Filter{}, Page{Limit: 20}, 20},
		{"all", Filter{}, Page{}, 50_003},
	} {
		b.Run(tt.name, func(b *testing.B) {
			for b.Loop() {
				if groups, n, err := Read(context.Background(), db, tt.f, tt.p); err != nil || len(groups) != tt.groups {
					b.Fatal(len(groups), n, err)
				}
			}
		})
	}
}
