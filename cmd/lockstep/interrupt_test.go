package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox"
	"lockstep/internal/warehouse"
)

// lab is a project over two CRMs with a few people, set up.
type lab struct {
	t     *testing.T
	dir   string
	crm   *sandbox.Sandbox
	ahead time.Duration // of the program's clock
}

func newLab(t *testing.T, people int) *lab {
	t.Helper()
	s, err := sandbox.Start(t.Context(), sandbox.Options{People: people, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	l := &lab{t: t, dir: t.TempDir(), crm: s}
	writeFile(t, filepath.Join(l.dir, "lockstep.yaml"), sandboxConfig(s))
	l.want(t.Context(), 0, "setup")
	return l
}

// want runs the program in the project and returns what it printed.
func (l *lab) want(ctx context.Context, code int, args ...string) (stdout, stderr string) {
	l.t.Helper()
	var out, errs strings.Builder
	a := &app{stdout: &out, stderr: &errs, env: sandboxEnv, now: func() time.Time { return time.Now().Add(l.ahead) }}
	if got := run(ctx, a, append(args, "--project", l.dir)); got != code {
		l.t.Fatalf("lockstep %s: exit code %d, want %d; it printed\n%s%s", strings.Join(args, " "), got, code, &out, &errs)
	}
	return out.String(), errs.String()
}

// interruptAt returns a context that ends when a request to an endpoint arrives, which then hangs.
func (l *lab) interruptAt(system crm.System, path string) context.Context {
	l.t.Helper()
	if err := l.crm.Faults.Add(sandbox.Fault{System: system, Path: path, Kind: sandbox.Hang}); err != nil {
		l.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(l.t.Context())
	l.t.Cleanup(cancel)
	l.crm.Watch(func(e sandbox.Event) {
		if e.System == system && strings.Contains(e.Path, path) {
			cancel()
		}
	})
	return ctx
}

// A signal during a read, or during a write, ends the run with 130, and the next run continues. A write that
// was never answered may still be under way, so the next run leaves its records alone until that is ruled out.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, path string
		system     crm.System
		args       []string
	}{
		{"while reading", "/objects/", crm.HubSpot, []string{"run", "quarter_hourly"}},
		{"while writing", "/composite", crm.Salesforce, []string{"run", "quarter_hourly"}},
		{"in a scheduled run", "/query", crm.Salesforce, []string{"schedule"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, 8)
			if tt.args[0] == "schedule" {
				if err := os.Mkdir(filepath.Join(l.dir, "pipelines"), 0o755); err != nil {
					t.Fatal(err)
				}
				writeFile(t, filepath.Join(l.dir, "pipelines", "quarter_hourly.yaml"), "cron: \"@every 5s\"\nentities: [contact]\n")
			}
			_, text := l.want(l.interruptAt(tt.system, tt.path), 130, tt.args...)
			if !strings.HasSuffix(text, "lockstep: interrupted\nhint: what was sent is recorded; the next run continues where this one stopped\n") {
				t.Errorf("it printed\n%s", text)
			}
			l.crm.Watch(nil)
			l.crm.Faults.Clear()
			if got := l.states(); !slices.Contains(got, "interrupted") {
				t.Errorf("history has runs that are %v", got)
			}
			l.ahead = 11 * time.Minute
			if out, _ := l.want(t.Context(), 0, "run", "quarter_hourly"); !strings.Contains(out, " taken") {
				t.Errorf("the run after it printed\n%s", out)
			}
		})
	}
}

// states are how the runs ended, as the warehouse has them.
func (l *lab) states() (all []string) {
	l.t.Helper()
	w, err := warehouse.Open(l.t.Context(), warehouse.Options{Path: l.warehouse(), RunAt: time.Now()})
	l.must(err)
	defer func() { l.must(w.Close()) }()
	rows, err := w.DB.QueryContext(l.t.Context(), `select state from history.run order by started_at`)
	l.must(err)
	defer func() { l.must(rows.Close()) }()
	for rows.Next() {
		var state string
		l.must(rows.Scan(&state))
		all = append(all, state)
	}
	l.must(rows.Err())
	return all
}

// While one run holds the warehouse, a second ends with 5 and names the first.
func TestSecondRunFindsTheWarehouseHeld(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1)
	w, err := warehouse.Open(t.Context(), warehouse.Options{
		Path: filepath.Join(l.dir, ".lockstep", "warehouse.duckdb"), RunAt: time.Now(), Who: "nightly",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"plan"}, {"run", "nightly", "--wait", "1ms"}, {"extract"}, {"check"}} {
		_, text := l.want(t.Context(), 5, args...)
		if !strings.Contains(text, "another run holds the warehouse: nightly, process") || !strings.Contains(text, "\nhint: ") {
			t.Errorf("%s printed\n%s", args[0], text)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	l.want(t.Context(), 0, "plan")
}

// A plan over a limit is stopped before anything is written.
func TestLimitStopsARun(t *testing.T) {
	t.Parallel()
	l := newLab(t, 30)
	_, text := l.want(t.Context(), 4, "run", "quarter_hourly")
	if !strings.Contains(text, "would be linked anew") || !strings.Contains(text, "\nhint: ") {
		t.Errorf("it printed\n%s", text)
	}
	for _, c := range l.crm.Salesforce.All("Contact") {
		if c["HubSpot_Id__c"] != "" {
			t.Fatalf("Contact %s was written", c["Id"])
		}
	}
	if out, _ := l.want(t.Context(), 0, "history"); !strings.Contains(out, "stopped") {
		t.Errorf("history has\n%s", out)
	}
}

// CRMs that fail are named, each with a hint, and the next run goes on as if nothing had been.
func TestFailingCRMs(t *testing.T) {
	t.Parallel()
	l := newLab(t, 4)
	writeFile(t, filepath.Join(l.dir, "lockstep.yaml"), strings.ReplaceAll(sandboxConfig(l.crm), "  url:", "  attempts: 1\n  timeout: 2s\n  url:"))
	for _, kind := range []sandbox.Kind{"401", "403", "429", "500", "503", "html", "truncated", "hang", "reset"} {
		if err := l.crm.Faults.Add(sandbox.Fault{Kind: kind}); err != nil {
			t.Fatal(err)
		}
		_, text := l.want(t.Context(), 1, "plan")
		for _, system := range crm.Systems {
			if !strings.Contains(text, "lockstep: ") || !strings.Contains(text, string(system)) || strings.Count(text, "\nhint: ") != 2 {
				t.Errorf("%s printed\n%s", kind, text)
			}
		}
		l.crm.Faults.Clear()
	}
	l.want(t.Context(), 0, "plan")
}

// The nightly pipeline leaves one table per file of sql/report/ that reads records, and only those: the others are views in the
// publication.
func TestNightlyMakesReports(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1)
	if err := os.MkdirAll(filepath.Join(l.dir, "sql", "report"), 0o755); err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(l.dir, "sql", "report", "people.sql")
	writeFile(t, mine, "-- one row: how many contacts each CRM has\nselect count(*) as hubspot from hubspot.contacts where nope is null\n")
	_, text := l.want(t.Context(), 0, "run", "nightly")
	if !strings.Contains(text, "sql/report/people.sql:2: ") || !strings.Contains(text, "hint") {
		t.Errorf("a wrong report printed\n%s", text)
	}
	if out, _ := l.want(t.Context(), 1, "health"); !strings.Contains(out, "the last run of nightly could not make every report") {
		t.Errorf("after a wrong report health printed\n%s", out)
	}
	if out, _ := l.want(t.Context(), 0, "report", "duplicates", "--format", "csv"); !strings.HasPrefix(out, "group_number,") {
		t.Errorf("beside a wrong report that of duplicates is\n%s", out)
	}
	writeFile(t, mine, "-- one row: how many contacts each CRM has\nselect count(*) as hubspot from hubspot.contacts\n")
	l.want(t.Context(), 0, "run", "nightly")
	w, err := warehouse.Open(t.Context(), warehouse.Options{Path: filepath.Join(l.dir, ".lockstep", "warehouse.duckdb"), RunAt: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}()
	var tables string
	if err := w.DB.QueryRowContext(t.Context(), `select string_agg(table_name, ' ' order by table_name) from duckdb_tables() where schema_name = 'report'`).Scan(&tables); err != nil {
		t.Fatal(err)
	}
	if tables != "drift duplicates field_coverage latency lead_contact_twins people shared_domains unmapped_values waiting" {
		t.Errorf("the reports are %s", tables)
	}
}

// TERM ends a run within ten seconds, whatever it is doing, with what was under way accounted for: the next run brings both
// CRMs, history, links and bases to what they would be had nobody interfered.
func TestTerminated(t *testing.T) {
	t.Parallel()
	const patience = 10 * time.Second
	r := newReference(t, "people")
	write, verify := "/contacts/batch/update", "/contacts/batch/read"
	for _, tt := range []struct {
		name   string
		fault  sandbox.Fault // strikes the request in which the signal comes; no kind: none does
		path   string        // of HubSpot's request in which the signal comes
		logged string        // or the line of the log after which it comes
		slow   bool          // a check that takes for ever
		crash  bool          // the run before it was killed while HubSpot made records
	}{
		{name: "reading, a CRM that never answers", fault: sandbox.Fault{Kind: sandbox.Hang}, path: "/contacts/search"},
		{name: "reading, a CRM that dribbles", fault: sandbox.Fault{Kind: sandbox.Slow, Pause: time.Second}, path: "/contacts/search"},
		{name: "a CRM that says to come back later", fault: sandbox.Fault{Kind: sandbox.Unavailable, RetryAfter: time.Hour, Count: -1}, path: "/contacts/search"},
		{name: "planning", logged: `"stage":"extract"`, slow: true},
		{name: "verifying", fault: sandbox.Fault{Kind: sandbox.Hang}, path: verify},
		{name: "writing, not seen", fault: sandbox.Fault{Kind: sandbox.Hang}, path: write},
		{name: "writing, done and never answered", fault: sandbox.Fault{Kind: sandbox.HangAfter}, path: write},
		{name: "writing, answered", path: write},
		{name: "settling what a crash left", fault: sandbox.Fault{Kind: sandbox.Hang}, path: verify, crash: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newCrashWorld(t, r.from)
			w.people(true)
			if tt.crash {
				i := slices.IndexFunc(r.all, func(b boundary) bool { return b.done && strings.HasSuffix(b.path, "/contacts/batch/upsert") })
				if c := w.crash(r.all[i], r.from, r.run...); c.end() != -1 {
					t.Fatalf("the run never came to making records; it printed\n%s", c.printed())
				}
				w.pass(settled)
			}
			if tt.slow {
				w.write("sql/contact/check/slow.sql", []byte("-- no row\nselect count(*) as n from range(1000000000000) as a (i) where hash(i) = 1 having n < 0\n"))
			}
			if tt.fault.Kind != "" {
				tt.fault.System, tt.fault.Path = crm.HubSpot, tt.path
				w.must(w.crm.Faults.Add(tt.fault))
			}
			var told time.Time
			begun, once := make(chan *child, 1), sync.Once{}
			term := func() {
				once.Do(func() {
					c := <-begun
					told = time.Now()
					c.signal(syscall.SIGTERM)
				})
			}
			w.crm.Watch(func(e sandbox.Event) {
				hangs := tt.fault.Kind == sandbox.HangAfter || tt.fault.Kind == ""
				if tt.path != "" && e.System == crm.HubSpot && strings.Contains(e.Path, tt.path) && e.Answered == hangs {
					term()
				}
			})
			c := launch(t, w.dir, w.now(), r.run...)
			begun <- c
			if tt.logged != "" {
				c.wait(tt.logged)
				term()
			}
			code := c.end()
			took := time.Since(told)
			w.crm.Watch(nil)
			w.crm.Faults.Clear()
			if code != 130 || told.IsZero() || took > patience || !strings.Contains(c.printed(), "lockstep: interrupted\nhint: ") {
				t.Fatalf("exit code %d after %v, want 130 within %v; it printed\n%s", code, took, patience, c.printed())
			}
			t.Logf("ended %v after the signal", took)
			if tt.slow {
				w.must(os.Remove(filepath.Join(w.dir, "sql", "contact", "check", "slow.sql")))
			}
			w.pass(settled)
			r.same(w, w.lockstep(0, r.run...))
		})
	}
}
