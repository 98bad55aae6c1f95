package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
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
				writeFile(t, filepath.Join(l.dir, "pipelines", "quarter_hourly.yaml"), "cron: \"@every 1s\"\nentities: [contact]\n")
			}
			_, text := l.want(l.interruptAt(tt.system, tt.path), 130, tt.args...)
			if !strings.HasSuffix(text, "lockstep: interrupted\nhint: what was sent is recorded; the next run continues where this one stopped\n") {
				t.Errorf("it printed\n%s", text)
			}
			l.crm.Watch(nil)
			l.crm.Faults.Clear()
			if out, _ := l.want(t.Context(), 0, "history"); !strings.Contains(out, "interrupted") {
				t.Errorf("history has\n%s", out)
			}
			l.ahead = 11 * time.Minute
			if out, _ := l.want(t.Context(), 0, "run", "quarter_hourly"); !strings.Contains(out, " taken") {
				t.Errorf("the run after it printed\n%s", out)
			}
		})
	}
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
	for _, args := range [][]string{{"plan"}, {"run", "nightly", "--wait", "1ms"}, {"history"}, {"check"}} {
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

// The nightly pipeline leaves one table per file of sql/report/, and only those.
func TestNightlyMakesReports(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1)
	if err := os.MkdirAll(filepath.Join(l.dir, "sql", "report"), 0o755); err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(l.dir, "sql", "report", "people.sql")
	writeFile(t, mine, "-- one row: how many contacts each CRM has\nselect count(*) as hubspot from hubspot.contacts where nope is null\n")
	_, text := l.want(t.Context(), 1, "run", "nightly")
	if !strings.Contains(text, "lockstep: sql/report/people.sql:2: ") || !strings.Contains(text, "\nhint: ") {
		t.Errorf("a wrong report printed\n%s", text)
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
	if tables != "conflicts people unmapped_values" {
		t.Errorf("the reports are %s", tables)
	}
}
