package health_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/robfig/cron/v3"

	"lockstep/internal/health"
	"lockstep/internal/pause"
	"lockstep/internal/warehouse"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// world is a warehouse with what the statements put into it.
func world(t *testing.T, statements ...string) *warehouse.Warehouse {
	t.Helper()
	w, err := warehouse.Open(t.Context(), warehouse.Options{RunAt: noon, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	for _, s := range statements {
		if _, err := w.DB.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %s", s, err)
		}
	}
	return w
}

func options(t *testing.T) health.Options {
	t.Helper()
	pipeline := func(name, at string) health.Pipeline {
		s, err := cron.ParseStandard(at)
		if err != nil {
			t.Fatal(err)
		}
		return health.Pipeline{Name: name, After: s.Next, Reserve: map[string]int64{"hubspot": 1000}}
	}
	return health.Options{
		Now: noon, Pipelines: []health.Pipeline{pipeline("quarter_hourly", "*/15 * * * *"), pipeline("nightly", "20 2 * * *")},
		Bounds: health.Bounds{Late: time.Hour, Lag: time.Hour, Refused: 20},
	}
}

func read(t *testing.T, w *warehouse.Warehouse, o health.Options) health.Health {
	t.Helper()
	h, err := health.Read(t.Context(), w.DB, o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// quarterly is a run of the pipeline at a time of the day.
func quarterly(id, at, rest string) string {
	return `insert into history.run by name select '` + id + `' as run_id, 'quarter_hourly' as pipeline, timestamptz '2026-03-02 ` + at + `:00+00' as started_at,
		started_at + interval 5 seconds as ended_at, 0 as exit_code, 'done' as state, 90000 as hubspot_left, 7 as hubspot_calls, ` + rest
}

const nightly = `insert into history.run by name select 'n' as run_id, 'nightly' as pipeline, timestamptz '2026-03-02 02:20:00+00' as started_at,
	timestamptz '2026-03-02 02:30:00+00' as ended_at, 'done' as state, 0 as exit_code, 100 as planned, 100 as taken`

func TestWell(t *testing.T) {
	t.Parallel()
	h := read(t, world(t, nightly, quarterly("a", "11:45", "3 as extracted"), `insert into catalog.cursor values ('hubspot', 'contacts', timestamptz '2026-03-02 09:00:00+00', null)`), options(t))
	if !h.Well || len(h.Problems) != 0 {
		t.Errorf("not well: %+v", h.Problems)
	}
	want := []health.Run{
		{Pipeline: "quarter_hourly", ID: "a", StartedAt: noon.Add(-15 * time.Minute), EndedAt: noon.Add(-15*time.Minute + 5*time.Second), State: "done", Extracted: 3,
			WellAt: noon.Add(-15 * time.Minute), DueAt: noon},
		{Pipeline: "nightly", ID: "n", StartedAt: noon.Add(-580 * time.Minute), EndedAt: noon.Add(-570 * time.Minute), State: "done", Planned: 100, Taken: 100,
			WellAt: noon.Add(-580 * time.Minute), DueAt: noon.Add(860 * time.Minute)},
	}
	if d := cmp.Diff(want, h.Runs); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]health.Object{{System: "hubspot", Name: "contacts", ReadAt: noon.Add(-15 * time.Minute), NewestAt: noon.Add(-3 * time.Hour)}}, h.Objects); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]health.Calls{{System: "hubspot", Left: 90000, ToldAt: noon.Add(-15*time.Minute + 5*time.Second), LastDay: 7, Reserve: 1000}, {System: "salesforce", Left: -1}}, h.Calls); d != "" {
		t.Error(d)
	}
}

func TestNothingRanYet(t *testing.T) {
	t.Parallel()
	if h := read(t, world(t), options(t)); !h.Well {
		t.Errorf("a new project is not well: %+v", h.Problems)
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	cursor := `insert into catalog.cursor values ('hubspot', 'contacts', timestamptz '2026-03-02 09:00:00+00', null), ('hubspot', 'deals', null, null)`
	for _, tt := range []struct {
		name   string
		facts  []string
		paused string
		failed bool   // the last publication
		want   string // kind subject, in order
	}{
		{name: "failed", facts: []string{nightly, quarterly("a", "11:30", "1 as extracted"), quarterly("b", "11:45", "2 as extracted") + "; update history.run set state = 'failed', exit_code = 1, error = 'x' where run_id = 'b'"}, want: "failed quarter_hourly"},
		{name: "stopped", facts: []string{nightly, quarterly("a", "11:45", "1 as extracted") + "; update history.run set state = 'stopped', exit_code = 4 where run_id = 'a'"}, want: "stopped quarter_hourly"},
		{name: "interrupted is a person's doing", facts: []string{nightly, quarterly("a", "11:45", "1 as extracted") + "; update history.run set state = 'interrupted', exit_code = 130 where run_id = 'a'"}},
		{name: "failed and then well", facts: []string{nightly, quarterly("b", "11:30", "2 as extracted") + "; update history.run set state = 'failed', exit_code = 1", quarterly("a", "11:45", "1 as extracted"), `delete from history.run where pipeline = 'nightly'`}},
		{name: "a command that failed is its caller's", facts: []string{nightly, quarterly("a", "11:45", "1 as extracted") + "; insert into history.run by name select 'p' as run_id, 'plan' as pipeline, now() as started_at, 'failed' as state, 1 as exit_code"}},
		{name: "late, and behind", facts: []string{nightly, quarterly("a", "10:30", "1 as extracted"), cursor}, want: "late quarter_hourly, lag hubspot"},
		{name: "late, but paused", facts: []string{nightly, quarterly("a", "10:30", "1 as extracted"), cursor}, paused: "quarter_hourly", want: "lag hubspot"},
		{name: "everything is paused", facts: []string{quarterly("a", "01:30", "1 as extracted"), cursor}, paused: "all"},
		{name: "the nightly one never came", facts: []string{quarterly("a", "01:30", "1 as extracted"), quarterly("b", "11:45", "1 as extracted")}, want: "late nightly"},
		{name: "refusals", facts: []string{nightly, quarterly("a", "11:45", "10 as planned, 3 as refused")}, want: "refusals quarter_hourly"},
		{name: "few changes", facts: []string{nightly, quarterly("a", "11:45", "9 as planned, 9 as refused")}},
		{name: "budget", facts: []string{nightly, quarterly("a", "11:45", "1 as extracted") + "; update history.run set hubspot_left = 1000 where run_id = 'a'"}, want: "budget hubspot"},
		{name: "yesterday's budget", facts: []string{nightly, quarterly("a", "11:45", "1 as extracted"), "update history.run set hubspot_left = null; insert into history.run by name select 'o' as run_id, 'quarter_hourly' as pipeline, timestamptz '2026-03-01 11:00:00+00' as started_at, 'done' as state, 5 as hubspot_left"}},
		{name: "frozen", facts: []string{nightly, quarterly("a", "11:45", "1 as extracted"), `insert into history.frozen values ('contact', 'p1', 'phone', 'fight', now(), 'a', 'r', null), ('contact', 'p2', 'phone', 'fight', now(), 'a', 'r', now())`}, want: "frozen contact.phone"},
		{name: "publication", facts: []string{nightly, quarterly("a", "11:45", "1 as extracted")}, failed: true, want: "publication published"},
		{name: "a report that could not be made", facts: []string{nightly + "; update history.run set error = 'sql/report/drift.sql: out of memory'", quarterly("a", "11:45", "1 as extracted")}, want: "reports nightly"},
		{name: "alerts", facts: []string{nightly, quarterly("a", "11:45", "1 as extracted"), `insert into history.alert values ('failed nightly', 'failed', 'nightly', 'raised', 'x', now(), 'a', 2, now(), '503 Service Unavailable', null)`}, want: "alerts webhook"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := options(t)
			if tt.paused != "" {
				o.Paused = pause.Pauses{{Name: tt.paused, Since: noon}}
			}
			if tt.failed {
				o.Unpublished = &health.Problem{Detail: "disk full", Since: noon, RunID: "a"}
			}
			h := read(t, world(t, tt.facts...), o)
			var got []string
			for _, p := range h.Problems {
				got = append(got, string(p.Kind)+" "+p.Subject)
				if p.Text == "" || p.Since.IsZero() || p.Run == "" && p.Kind != health.Unheard {
					t.Errorf("a problem without its text, time or remedy: %+v", p)
				}
			}
			if d := cmp.Diff(tt.want, strings.Join(got, ", ")); d != "" {
				t.Error(d)
			}
			if h.Well != (tt.want == "") {
				t.Errorf("well: %v", h.Well)
			}
		})
	}
}

func TestRefusalsAndWhatWaits(t *testing.T) {
	t.Parallel()
	h := read(t, world(t,
		`insert into history.refusal by name
			select 'contact' as entity, 'p' || i as pair_id, 'salesforce' as system, 'Lead' as object, 'c' || j as "column", 'v' as value, 'picklist' as category, 'w' as words,
				if(i = 2, 'newer remedy', 'remedy') as remedy, timestamptz '2026-03-01 00:00:00+00' + to_hours(i::integer) as first_at, first_at + interval 1 day as last_at, 'a' as run_id, j = 1 as predicted
			from range(3) as a(i), range(2) as b(j)`,
		`insert into plan.plan by name select 'old' as plan_id, now() - interval 1 hour as made_at, 'made' as state union all by name select 'new' as plan_id, now() as made_at, 'made' as state
			union all by name select 'undo' as plan_id, now() + interval 1 hour as made_at, 'made' as state, 'a' as undoes`,
		`insert into plan.newest values ('contact', 'new'), ('company', 'old')`,
		`insert into plan.field by name select p as plan_id, 'contact' as entity, 'p' || i as pair_id, 'phone' as field, 'ask' as outcome, true as conflict, false as first_link, '1' as hubspot, '2' as salesforce, 'ask' as rule
			from range(3) as a(i), (values ('old'), ('new')) as b(p)`,
		`insert into history.answer values ('contact', 'p0', 'phone', 'hubspot', '1', '2', now()), ('contact', 'p1', 'phone', 'hubspot', '1', 'other', now())`,
		`insert into plan.notice by name select p as plan_id, entity, 'ambiguous' as kind, 'x' as "text" from (values ('old'), ('new')) as b(p), (values ('company'), ('contact')) as c(entity)`,
	), options(t))
	want := []health.Refusal{{Category: "picklist", Entity: "contact", System: "salesforce", Object: "Lead", Records: 3, Values: 6, Predicted: 3,
		FirstAt: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), LastAt: time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC), Remedy: "newer remedy", Run: "lockstep retry"}}
	if d := cmp.Diff(want, h.Refusals); d != "" {
		t.Error(d)
	}
	waiting := []health.Waiting{{Entity: "company", Kind: "ambiguous", Records: 1}, {Entity: "contact", Kind: "ambiguous", Records: 1}, {Entity: "contact", Kind: "conflict", Field: "phone", Records: 2}}
	if d := cmp.Diff(waiting, h.Waiting); d != "" {
		t.Error(d)
	}
}
