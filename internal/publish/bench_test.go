package publish_test

import (
	"fmt"
	"testing"
	"time"

	"lockstep/internal/publish"
)

// years fills the warehouse with a year of history: 96 runs a day and 5,000,000 columns sent.
func (s *shop) year(rows int) {
	s.t.Helper()
	s.exec(fmt.Sprintf(`insert into history.run by name select strftime("at", '%%Y%%m%%dT%%H%%M%%SZ-') || 'aaaaaa' as run_id, 'quarter_hourly' as pipeline, "at" as started_at,
		"at" + interval 40 seconds as ended_at, 'done' as state, 0 as exit_code, 100 as extracted, 5 as changed, 3 as planned, 3 as taken, 0 as refused, 12 as hubspot_calls, 9 as salesforce_calls
		from (select timestamptz '%s' - to_minutes(15 * i) as "at" from range(96 * 365) as t(i))`, start.Format(time.RFC3339)))
	s.exec(`insert into history.call select run_id, system, system || endpoint, 3, 0 from history.run, (values ('hubspot'), ('salesforce')) as s(system), (values (' search'), (' batch/read'), (' batch/update'), (' query')) as e(endpoint)`)
	s.exec(`insert into history.publication by name select run_id, ended_at as "at", true as ok, 4 as files, 10000 as bytes, 20 as ms from history.run`)
	s.exec(fmt.Sprintf(`insert into history.change by name
		select r.run_id, r.started_at + interval 20 seconds as "at", ['contact', 'company', 'deal'][1 + i %% 3] as entity, md5((i %% 800000)::varchar) as pair_id,
			['hubspot', 'salesforce'][1 + i %% 2] as system, ['contacts', 'Contact'][1 + i %% 2] as object, (10000000 + i %% 800000)::varchar as record_id, 'update' as action,
			['email', 'phone', 'jobtitle', 'city', 'lifecyclestage', 'hubspot_owner_id'][1 + i %% 6] as "column",
			if(i %% 6 = 0, 'old' || (i %% 800000) || '@example.com', 'value ' || i) as before, if(i %% 6 = 0, 'p' || (i %% 800000) || '@example.com', 'value ' || (i + 1)) as after,
			if(i %% 6 = 0, 'p' || (i %% 800000) || '@example.com', 'value ' || (i + 1)) as stored,
			[['email', 'phone', 'jobtitle', 'city', 'lifecyclestage', 'owner'][1 + i %% 6]] as fields, ['salesforce changed it, hubspot did not'] as rules,
			if(i %% 50 = 0, 'refused', 'taken') as outcome, if(i %% 50 = 0, 'the server said no to value ' || i, null) as reason
		from range(%d) as t(i)
		join (select run_id, started_at, row_number() over (order by started_at) - 1 as n from history.run) as r on r.n = i * 35040 // %[1]d
		order by "at"`, rows))
}

// BenchmarkYear is a year of history, 5,000,000 rows: what a run without work and a small one take to publish, and what
// people ask. `make bench` runs it.
func BenchmarkYear(b *testing.B) {
	s := newShop(b)
	s.year(5_000_000)
	s.o.Whole = true
	began := time.Now()
	report := s.mustRun(nil, sent)
	b.Logf("published anew: %d files, %d MB, %.1f s", report.Files, report.Bytes>>20, time.Since(began).Seconds())
	s.o.Whole = false
	s.mustRun(nil, sent)
	publishing := func(name string, change func(*publish.Options), statements ...string) {
		b.Run(name, func(b *testing.B) {
			var took time.Duration
			for b.Loop() {
				took += s.mustRun(change, statements...).Took
			}
			b.ReportMetric(float64(took.Milliseconds())/float64(b.N), "publish-ms/op")
		})
	}
	publishing("publish/small run", nil, sent, sent, sent)
	publishing("publish/idle", idle)
	r := s.open()
	ask := func(name, q string, args ...any) {
		b.Run(name, func(b *testing.B) {
			db, release := r.DB()
			defer release()
			n := 0
			for b.Loop() {
				rows, err := db.QueryContext(b.Context(), q, args...)
				if err != nil {
					b.Fatal(err)
				}
				for n = 0; rows.Next(); n++ {
				}
				if err := rows.Err(); err != nil {
					b.Fatal(err)
				}
			}
			if n == 0 {
				b.Error("no row")
			}
			b.ReportMetric(float64(n), "rows")
		})
	}
	const found = `select "at", run_id, system, object, record_id, "column", before, after, outcome, reason from history.change where `
	const newest = ` order by "at" desc, record_id limit 50`
	ask("search/id", found+`pair_id in (select pair_id from history.change where record_id = $1)`+newest, "10123456")
	ask("search/e-mail", found+`(before = $1 or after = $1)`+newest, "p600000@example.com")
	ask("search/field", found+`list_contains(fields, $1)`+newest, "jobtitle")
	ask("search/run", found+`run_id = (select run_id from history.run order by started_at limit 1 offset 20000)`+newest)
	ask("search/time range", found+`"at" between $1 and $2`+newest, start.AddDate(0, -3, 0), start.AddDate(0, -3, 1))
	ask("search/free text of 30 days", found+`"at" > $1 and concat_ws(' ', before, after, reason) ilike '%' || $2 || '%'`+newest, start.AddDate(0, 0, -30), "VALUE 49")
	ask("overview/runs", `select * from history.run order by started_at desc limit 20`)
	ask("overview/counts of a day", `select outcome, count(*) from history.change where "at" > $1 group by 1`, start.AddDate(0, 0, -1))
	ask("overview/counts of all", `select outcome, count(*), count(distinct record_id) from history.change group by 1`)
	ask("overview/calls by day", `select substr(run_id, 1, 8), system, sum(calls) from history.call where run_id > $1 group by all`, start.AddDate(0, 0, -30).Format("20060102"))
}
