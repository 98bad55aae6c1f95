package duplicates

import (
	"context"
	"database/sql"
	"testing"
)

// BenchmarkRead groups the evidence of 60,000 duplicates, most of them one beside the record to keep, some of thousands.
func BenchmarkRead(b *testing.B) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`create schema report; create table report.duplicates as select 'contact' as entity, 'exact' as kind, 'same e-mail' as rule, 1.0::double as score,
		'v' || i as evidence, 'hubspot' as scope, 'hubspot' as a_system, 'contacts' as a_object, if(i < 10000, i % 3, i)::varchar as a_id, 'Ann Lee' as a_label,
		'hubspot' as b_system, 'contacts' as b_object, (i + 1000000)::varchar as b_id, 'Ann Lee' as b_label, 'contacts ' || i as keep, 'it says more' as keep_reason
		from range(60000) as r(i)`); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, n, err := Read(context.Background(), db, Filter{}, 20); err != nil || n < 50000 {
			b.Fatal(n, err)
		}
	}
}
