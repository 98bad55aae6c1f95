package pipelines

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"lockstep/internal/warehouse"
)

// BenchmarkDuplicates makes the report of duplicates over generated people, LOCKSTEP_PEOPLE (default 1,000,000) in each CRM, in a
// warehouse with the default memory. It tells how much was spilled at most, and how many of the records that are there twice it found.
func BenchmarkDuplicates(b *testing.B) {
	n := 1_000_000
	if s := os.Getenv("LOCKSTEP_PEOPLE"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	dir, err := os.MkdirTemp("", "BenchmarkDuplicates") // b.TempDir is not removed when the benchmark is killed, and has no such name
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = os.RemoveAll(dir) })
	r := reportingIn(b, warehouse.Options{Path: filepath.Join(dir, "warehouse.duckdb"), RunAt: reportsAt, Memory: "1GB"})
	populate(r, n)
	r.exec(`set max_temp_directory_size = '8GB'`)
	ctx, done := context.WithCancel(context.Background())
	most := make(chan int64)
	go func() { most <- spilled(ctx, dir) }()
	var got []string
	for b.Loop() {
		got = r.rows("duplicates", `select kind, rule, count(*) from $report group by all order by all`)
	}
	done()
	b.ReportMetric(float64(<-most)/1e9, "GB-spilled")
	b.ReportMetric(found(r), "%-found")
	b.Log(strings.Join(got, "\n"))
}

// found is how many of a hundred records that people made a second time are in one group with the first.
func found(r *reporting) (percent float64) {
	r.t.Helper()
	if err := r.w.DB.QueryRow(`
		with listed as (
			select distinct a_system as system, entity, unnest([a_id, b_id])::bigint as id, group_number
			from report.duplicates
			where scope <> 'across'
		)
		select 100 * (select count(*) from listed as one join listed as other using (system, entity, group_number) where one.id % 2 = 0 and other.id = one.id + 1)
			/ ((select count(*) from mapped.contact where id::bigint % 2 = 1) + (select count(*) from mapped.company where id::bigint % 2 = 1))`).Scan(&percent); err != nil {
		r.t.Fatal(err)
	}
	return percent
}

// spilled is how many bytes below dir were DuckDB's temporary files at most, until ctx is over.
func spilled(ctx context.Context, dir string) (most int64) {
	for tick := time.NewTicker(100 * time.Millisecond); ; {
		var now int64
		_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error { // files come and go
			if err == nil && strings.HasSuffix(path, ".tmp") {
				if i, err := d.Info(); err == nil {
					now += i.Size()
				}
			}
			return nil
		})
		most = max(most, now)
		select {
		case <-ctx.Done():
			tick.Stop()
			return most
		case <-tick.C:
		}
	}
}

// populate makes people and companies as a CRM has them: few names, companies and places are very common, most are rare (the first
// of a rank comes as often as the Smiths, the largest company has 1 in 400 people), and there are more of them where there are more
// people: names by the root of their number, companies by a tenth of it. 19 of 20 people are linked. In each CRM one in twenty is
// there twice, half the time without an e-mail address, every fourth time with a letter missing in the name, which one in fifty others
// have, too; a quarter of the phones are the company's switchboard, more than half of the addresses are the company's.
func populate(r *reporting, people int) {
	r.t.Helper()
	fill := func(text, system string) {
		for _, q := range strings.Split(strings.NewReplacer("{people}", strconv.Itoa(people), "{system}", "'"+system+"'").Replace(text), ";\n") {
			r.exec(q)
		}
	}
	fill(nouns, "")
	for _, system := range []string{"hubspot", "salesforce"} {
		fill(records, system)
	}
}

// nouns are the words that names are made of, the companies, and the people.
const nouns = `create temp macro chance(i, what) as hash(concat(i, what)) / 18446744073709551616.0;
create temp macro pick(i, what, n) as (hash(concat(i, what)) % n)::bigint;
create temp macro rank(i, what, ranks, head) as floor(head * pow((ranks + head) / head, chance(i, what)) - head)::bigint;
create temp table syllable as
	select row_number() over (order by hash(a, b, c)) - 1 as place, a || b || c as text
	from (select unnest(string_split('b br c d f g gr h j k l m n p r s st t v w', ' ')) as a), (select unnest(['a', 'e', 'i', 'o', 'u', 'ie']) as b), (select unnest(['', '', 'n', 'r', 'l', 's', 'ck']) as c);
create temp table word as
	select nth, x.text || y.text || coalesce(z.text, '') as text
	from range((100 * sqrt({people}))::bigint) as words (nth)
	join syllable as x on x.place = pick(nth, 1, 840)
	join syllable as y on y.place = pick(nth, 2, 840)
	left join syllable as z on z.place = pick(nth, 3, 840) and nth % 2 = 0;
create temp table firm as
	select k, upper(word.text[1]) || word.text[2:] || ' ' || ['Tools', 'Foods', 'Media', 'Legal', 'Freight', 'Homes', 'Systems', 'Partners', 'Clinic', 'Energy'][1 + pick(k, 'trade', 10)] as name,
		word.text || k || '.example' as domain, '+1 555 3' || lpad(k::varchar, 7, '0') as phone, 1 + pick(k, 'house', 999) || ' ' || street.text || ' St' as address, 'City ' || rank(k, 'zip', 30000, 300) as city, (10000 + rank(k, 'zip', 30000, 300))::varchar as zip
	from range({people} // 10) as firms (k)
	join word on word.nth = pick(k, 'word', (100 * sqrt({people}))::bigint)
	join word as street on street.nth = rank(k, 'street', 2000, 20);
create temp table someone as
	select i, first.text as first, last.text as last, firm.name as company, firm.domain, firm.phone as switchboard,
		case when chance(i, 'e-mail') < 0.7 then if(firm.k % 2 = 0, first.text, left(first.text, 1)) || '.' || last.text || '@' || firm.domain
			when chance(i, 'e-mail') < 0.85 then first.text || last.text || i % 1000 || '@gmail.com' end as email,
		case when chance(i, 'phone') < 0.25 then firm.phone when chance(i, 'phone') < 0.7 then '+1 555 ' || 40000000 + i end as phone,
		if(chance(i, 'address') < 0.6, firm.address, 1 + pick(i, 'house', 999) || ' ' || street.text || ' St') as address,
		if(chance(i, 'address') < 0.6, firm.city, 'City ' || rank(i, 'zip', 30000, 300)) as city,
		if(chance(i, 'address') < 0.6, firm.zip, (10000 + rank(i, 'zip', 30000, 300))::varchar) as zip,
		if(chance(i, 'link') < 0.95, 'p' || i, null) as pair
	from range({people}) as people (i)
	join word as first on first.nth = 2 * rank(i, 'first', (8 * sqrt({people}))::bigint, 8)
	join word as last on last.nth = 2 * rank(i, 'last', (50 * sqrt({people}))::bigint - 1, 10) + 1
	join firm on firm.k = rank(i, 'firm', {people} // 10, 50)
	join word as street on street.nth = rank(i, 'street', 2000, 20)`

// records are what a CRM has of them; ids are even, those of a second record for somebody odd.
const records = `insert into mapped.contact (system, object, id, pair_id, modified_at, in_scope, deleted, email, firstname, lastname, phone, address, city, zip, company)
	with copy as (
		select *, 0 as copy, hash(concat(i, {system})) as h from someone
		union all
		select *, 1, hash(concat(i, {system}, 'again')) from someone where hash(concat(i, {system})) % 20 = 0)
	select {system}, case when {system} = 'hubspot' then 'contacts' when chance(h, 'object') < 0.3 then 'Lead' else 'Contact' end, (i * 2 + copy)::varchar, if(copy = 0, pair, null), timestamptz '2026-01-01' + to_seconds((h % 10000000)::bigint),
		true, false, if(chance(h, 'no e-mail') < if(copy = 1, 0.5, 0), null, email), first, if(chance(h, 'error') < if(copy = 1, 0.25, 0.02), last[:1 + pick(h, 'where', length(last))] || last[3 + pick(h, 'where', length(last)):], last),
		if(chance(h, 'no phone') < 0.3, null, phone), if(chance(h, 'no address') < 0.2, null, address), if(chance(h, 'no address') < 0.2, null, city), if(chance(h, 'no address') < 0.2, null, zip), company
	from copy;
insert into mapped.company (system, object, id, pair_id, modified_at, in_scope, deleted, name, domain, phone, address, city, zip)
	select {system}, if({system} = 'hubspot', 'companies', 'Account'), (k * 2 + copy)::varchar, if(copy = 0, 'c' || k, null), timestamptz '2026-01-01', true, false, if(copy = 0, name, name || ' Inc.'), if(copy = 0, domain, null), phone, address, city, zip
	from firm, (values (0), (1)) as copies (copy)
	where copy = 0 or pick(k, {system}, 20) = 0`
