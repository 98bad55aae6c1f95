package pipelines

import (
	"os"
	"strconv"
	"testing"
)

// BenchmarkDuplicates makes the report of duplicates over generated people: LOCKSTEP_PEOPLE (default 1,000,000) in each CRM, 19 of 20
// of them linked, one in twenty in a CRM twice, one in fifty with an error of the fingers in the name; a company per 30 people, and one
// switchboard number for each of them.
func BenchmarkDuplicates(b *testing.B) {
	n := 1_000_000
	if s := os.Getenv("LOCKSTEP_PEOPLE"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	r := newReporting(b)
	r.exec(`set memory_limit = '4GB'`)
	r.exec(`set temp_directory = '` + b.TempDir() + `'`)
	fill(r, n)
	for b.Loop() {
		got := r.rows("duplicates", `select kind, rule, count(*) from $report group by all order by all`)
		b.StopTimer()
		b.Log(got)
		b.StartTimer()
	}
}

// fill makes people and companies.
func fill(r *reporting, n int) {
	r.exec(`create temp table first as select unnest(['James', 'Mary', 'Robert', 'Patricia', 'John', 'Jennifer', 'Michael', 'Linda', 'David', 'Elizabeth', 'William', 'Barbara', 'Richard',
		'Susan', 'Joseph', 'Jessica', 'Thomas', 'Karen', 'Christopher', 'Sarah', 'Charles', 'Lisa', 'Daniel', 'Nancy', 'Matthew', 'Sandra', 'Anthony', 'Betty', 'Mark', 'Ashley']) as name, generate_subscripts(range(30), 1) - 1 as place`)
	for _, system := range []string{"hubspot", "salesforce"} {
		r.exec(`insert into mapped.contact (system, object, id, pair_id, modified_at, in_scope, deleted, email, firstname, lastname, phone, address, city, zip, company)
			with person as (
				select i, copy, hash(i) as h, hash(i, copy, $1::varchar) as dirt
				from range($2::bigint) as numbers (i), (values (0), (1)) as copies (copy)
				where copy = 0 or hash(i, $1::varchar) % 20 = 0)
			select $1, case when $1 = 'hubspot' then 'contacts' when h % 3 = 0 then 'Lead' else 'Contact' end, (i * 2 + copy)::varchar, if(copy = 0 and h % 20 > 0, 'p' || i, null),
				timestamptz '2026-01-01' + to_seconds(h % 1000000), true, false,
				if(copy = 1 and h % 2 = 0, null, 'person' || i || '@company' || (h // 7 % ($2 // 30)) || '.example'),
				first.name, if(dirt % 50 = 0, 'x', '') || substr(md5((h // 11 % 40000)::varchar), 1, 8),
				if(h % 4 = 0, '+1 555 ' || (h // 7 % ($2 // 30)) || '0000', '+1 555 1' || i), 'Street ' || (h // 3 % 900), 'City ' || (h // 5 % 3000), (10000 + h // 5 % 3000)::varchar, 'Company ' || (h // 7 % ($2 // 30))
			from person join first on place = h % 30`, system, n)
		r.exec(`insert into mapped.company (system, object, id, pair_id, modified_at, in_scope, deleted, name, domain, phone, city, zip)
			select $1, if($1 = 'hubspot', 'companies', 'Account'), i::varchar, 'c' || i, timestamptz '2026-01-01', true, false, 'Company ' || i, 'company' || i || '.example', '+1 555 ' || i || '0000', 'City ' || i % 3000, (10000 + i % 3000)::varchar
			from range($2::bigint // 30) as numbers (i)`, system, n)
	}
}
