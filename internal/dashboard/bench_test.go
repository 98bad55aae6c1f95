//go:build unix

package dashboard

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/entity"
	"lockstep/sql"
)

// A publication of a year: 35,040 runs, 5,000,000 columns sent to a million linked people, one Parquet file for each month
// that is over and for each day since.
const (
	yearRuns = `select strftime(started, '%Y%m%dT%H%M%SZ-') || 'aaaaaa' as run_id, 'quarter_hourly' as pipeline, started as started_at, started + interval 40 second as ended_at,
	if(i % 90 = 0, 'refused', 'done') as state, 0 as exit_code, null::varchar as plan_id, 100::bigint as extracted, 5::bigint as changed, 143::bigint as planned, 140::bigint as taken,
	3::bigint as refused, 0::bigint as stale, 0::bigint as deferred, 12::bigint as hubspot_calls, 9::bigint as salesforce_calls, 240000::bigint as hubspot_left, 90000::bigint as salesforce_left,
	null::varchar as error, null::varchar as mapping
	from (select i, timestamptz '2026-03-02 08:45:00Z' - (35039 - i) * interval 15 minute as started from range(35040) as t (i))`
	yearChanges = `select strftime(started, '%%Y%%m%%dT%%H%%M%%SZ-') || 'aaaaaa' as run_id, started + interval 20 second as "at", 'contact' as entity, 'pair-' || person as pair_id,
	if(i %% 2 = 0, 'hubspot', 'salesforce') as system, if(i %% 2 = 0, 'contacts', 'Contact') as object, if(i %% 2 = 0, (10000000 + person)::varchar, '003' || lpad(person::varchar, 12, '0') || 'AAA') as record_id,
	'update' as action, ['email', 'phone', 'jobtitle', 'city'][1 + i %% 4] as "column", 'value ' || i as before, 'value ' || (i + 1) as after, 'value ' || (i + 1) as stored,
	[['email', 'phone', 'jobtitle', 'city'][1 + i %% 4]] as fields, ['salesforce changed it, hubspot did not'] as rules, if(i %% 50 = 0, 'refused', 'taken') as outcome,
	if(i %% 50 = 0, 'the server said no to value ' || i, null) as reason
	from (select i, (hash(i) %% 1000000)::bigint as person, timestamptz '2026-03-02 08:45:00Z' - (35039 - i // 143) * interval 15 minute as started from range(%d, %d) as t (i))`
	yearLinks = `select 'pair-' || i as pair_id, 'linked' as state, 'contacts' as hubspot_object, (10000000 + i)::varchar as hubspot_id,
	'Contact' as salesforce_object, '003' || lpad(i::varchar, 12, '0') || 'AAA' as salesforce_id from range(1000000) as t (i)`
	yearPeople = `select (10000000 + i)::varchar as id, 'person' || i || '@example.org' as email from range(1000000) as t (i)`
)

// yearly makes the files, with views of the tables' names over them.
func yearly(b *testing.B) db {
	b.Helper()
	dir := b.TempDir()
	source := warehoused(b, `insert into catalog.account (system, id, bound_at) values ('hubspot', '4711001', '2026-01-01 00:00:00Z'), ('salesforce', '00Dxx0000001gEREAY', '2026-01-01 00:00:00Z')`)
	do := func(text string) {
		b.Helper()
		if _, err := source.all.Exec(text); err != nil {
			b.Fatal(err)
		}
	}
	put := func(name, query string) string {
		file := filepath.Join(dir, name+".parquet")
		do("copy (" + query + ") to '" + file + "' (compression zstd)")
		return "'" + file + "'"
	}
	const day = 96 * 143
	var files []string
	for from := 0; from < 5_000_000; {
		to := from + 30*day
		if to > 5_000_000-30*day {
			to = from + day
		}
		files = append(files, put(fmt.Sprintf("change-%d", from), fmt.Sprintf(yearChanges, from, min(to, 5_000_000))))
		from = to
	}
	do("drop table history.run")
	do("drop table history.change")
	do("create view history.change as select * from read_parquet([" + strings.Join(files, ", ") + "])")
	for table, query := range map[string]string{"history.run": yearRuns, "link.contact": yearLinks, "hubspot.contacts": yearPeople} {
		do("create view " + table + " as select * from read_parquet(" + put(table, query) + ")")
	}
	return source
}

// BenchmarkYear is what a person waits for at 5,000,000 rows of history and a million linked people: the overview has to be there in 0.5 s, every search in 1 s.
func BenchmarkYear(b *testing.B) {
	s, err := New(Options{Source: yearly(b), Now: func() time.Time { return now }, Log: zerolog.Nop()})
	if err != nil {
		b.Fatal(err)
	}
	deep := cursor{Keys: []key{keyOf(now.AddDate(0, -6, 0)), keyOf(""), keyOf(""), keyOf("")}}
	for _, tt := range []struct {
		name, path string
		rows       bool
	}{
		{"overview", "/", true},
		{"runs", "/runs", true},
		{"run", "/runs/20250915T120000Z-aaaaaa", true},
		{"search/newest", "/history", true},
		{"search/page far down", "/history?after_history=" + deep.String(), true},
		{"search/id", "/history?record=10123456", true},
		{"search/e-mail", "/history?record=person123456@example.org", true},
		{"search/e-mail of nobody", "/history?record=nobody@example.org", false},
		{"search/field", "/history?field=jobtitle", true},
		{"search/field and outcome", "/history?field=jobtitle&outcome=refused", true},
		{"search/run", "/history?run=20250915T120000Z-aaaaaa", true},
		{"search/time range", "/history?since=2025-09-01&until=2025-09-02", true},
		{"search/text of 30 days", "/history?text=value+49999", true},
		{"search/text of nothing", "/history?text=nobody+said+this", false},
	} {
		b.Run(tt.name, func(b *testing.B) { showing(b, s, tt.path, tt.rows) })
	}
}

// The report of 60,000 duplicates of a million people, as the nightly run makes it: most of them one beside the record to keep, some of thousands.
const (
	manyContacts = `select (10000000 + i)::varchar as id, 'person' || i || '@example.org' as email, 'Ann' as firstname, 'Lee ' || i % 40000 as lastname, '+1 555 ' || i as phone, 'CEO' as jobtitle,
	i || ' Main Street' as address, 'Springfield' as city, (10000 + i % 89999)::varchar as zip, 'Tern ' || i % 30000 as company, timestamptz '2026-03-01' as lastmodifieddate, false as _deleted, ` + manyColumns + ` from range(1000000) as t (i)`
	manyColumns    = `'a' || i % 7 as lifecyclestage, 'b' || i % 9 as hs_lead_status, 'c' || hash(i) as salesforce_id, 'd' || i % 50 as hubspot_owner_id, 'e' || hash(i) % 9000 as website, 'f' || i % 60 as country, 'g' || i % 70 as state`
	manyDuplicates = `select dense_rank() over (order by first) as group_number, count(*) over (partition by first) + 1 as group_records, 'contacts ' || 10000000 + first as group_keep,
	'contact' as entity, ['exact', 'normalized', 'close'][1 + i % 3] as kind, 'same e-mail' as rule, 1.0::double as score, 'v' || i as evidence, 'hubspot' as scope,
	'hubspot' as a_system, 'contacts' as a_object, (10000000 + first)::varchar as a_id, 'Ann Lee ' || first as a_label, 'hubspot' as b_system, 'contacts' as b_object, (10500000 + i)::varchar as b_id,
	'Ann Lee ' || i as b_label, 'contacts ' || 10000000 + first as keep, 'it says more' as keep_reason
	from (select i, if(i < 10000, i % 3, i) as first from range(60000) as t (i)) order by all`
)

// BenchmarkDuplicates is the page of duplicates over the mirror of a million contacts.
func BenchmarkDuplicates(b *testing.B) {
	dir := b.TempDir()
	var do []string
	for table, query := range map[string]string{"hubspot.contacts": manyContacts, "report.duplicates": manyDuplicates} {
		file := filepath.Join(dir, table+".parquet")
		do = append(do, "copy ("+query+") to '"+file+"' (compression zstd)", "create view "+table+" as from '"+file+"'")
	}
	project := func() (*entity.Project, error) { return entity.Load(sql.FS) }
	s, err := New(Options{Source: warehoused(b, do...), Project: project, Now: func() time.Time { return now }, Log: zerolog.Nop()})
	if err != nil {
		b.Fatal(err)
	}
	for _, tt := range []struct{ name, path string }{
		{"first page", "/duplicates"}, {"page far down", "/duplicates?from=40000"}, {"of a kind", "/duplicates?kind=close"}, {"of a record", "/duplicates?id=10512345"},
	} {
		b.Run(tt.name, func(b *testing.B) { showing(b, s, tt.path, true) })
	}
}

// showing asks for one page over and over.
func showing(b *testing.B, s *Server, path string, rows bool) {
	b.Helper()
	for b.Loop() {
		w := httptest.NewRecorder()
		s.routes().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), `<tbody>`) != rows {
			b.Fatalf("%d\n%s", w.Code, w.Body)
		}
	}
}
