package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
	"lockstep/load"
	"lockstep/pipelines"
)

// call runs one command line in a folder of its own and returns what it printed and its exit code.
func call(t *testing.T, env map[string]string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs strings.Builder
	a := &app{stdout: &out, stderr: &errs, now: time.Now, env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
	code = run(t.Context(), a, args)
	return out.String(), errs.String(), code
}

func TestEveryHelpHasTheExitCodes(t *testing.T) {
	t.Parallel()
	for _, c := range append(newRoot(&app{}).Commands(), newRoot(&app{})) {
		args := []string{c.Name(), "--help"}
		if !c.HasParent() {
			args = args[1:]
		}
		out, _, code := call(t, nil, args...)
		if code != 0 || !strings.Contains(out, pipelines.ExitCodes) || strings.Contains(out, "--out lockstep") { // a flag's value is one word
			t.Errorf("lockstep %s: exit code %d, prints\n%s", strings.Join(args, " "), code, out)
		}
	}
}

// A wrong command line, like any error, is two lines and exit code 1.
func TestErrorsAreTwoLines(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	for _, args := range [][]string{
		{"sync"}, {"apply"}, {"plan", "--fast"}, {"run"}, {"init"}, {"plan", "more"},
		{"plan", "--project", filepath.Join(empty, "absent")},
		{"plan", "--project", empty},
		{"run", "weekly", "--project", empty},
		{"history", "--project", empty},
		{"apply", filepath.Join(empty, "absent.json")},
		{"restore", filepath.Join(empty, "absent.duckdb"), "--project", empty},
		{"sandbox", "--faults", filepath.Join(empty, "absent.yaml")},
		{"sandbox", "--load", filepath.Join(empty, "absent")},
		{"sandbox", "--hubspot-addr", "0.0.0.0:1"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			_, text, code := call(t, nil, args...)
			lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
			if code != 1 || len(lines) != 2 || !strings.HasPrefix(lines[0], "lockstep: ") || !strings.HasPrefix(lines[1], "hint: ") {
				t.Errorf("exit code %d, prints\n%s", code, text)
			}
		})
	}
}

func TestMissingSecretIsNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, _, code := call(t, nil, "init", dir); code != 0 {
		t.Fatal("init failed")
	}
	writeFile(t, filepath.Join(dir, "lockstep.yaml"), "salesforce:\n  url: https://org.example.com\n  client_id: app\n")
	_, text, code := call(t, nil, "plan", "--project", dir)
	want := "lockstep: LOCKSTEP_HUBSPOT_TOKEN is not set, and hubspot.auth token needs it\nhint: export LOCKSTEP_HUBSPOT_TOKEN=…, or LOCKSTEP_HUBSPOT_TOKEN_FILE=PATH\n"
	if code != 1 || text != want {
		t.Errorf("exit code %d, prints\n%s", code, text)
	}
}

// A project that init has written passes check, and a bad file of it does not.
func TestInitThenCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, file, text, want string }{
		{"as written", "", "", ""},
		{"unknown key", "lockstep.yaml", "hubspot:\n  tokn: x\n", `lockstep.yaml:2: unknown key "tokn"`},
		{"unknown key of a pipeline", "pipelines/nightly.yaml", "entities: [contact]\nlimit: 3\n", `pipelines/nightly.yaml:2: unknown key "limit"`},
		{"unknown entity", "pipelines/nightly.yaml", "entities: [invoice]\n", `pipelines/nightly.yaml: there is no entity "invoice"`},
		{"two statements", "sql/contact/match.sql", "-- one row per match\nselect 1;\nselect 2\n", "sql/contact/match.sql"},
		{"broken SQL", "sql/contact/winner.sql", "-- one row per conflict\nselect\nfrom\n", "sql/contact/winner.sql"},
		{"broken CSV", "sql/crosswalk/lead_source.csv", "value,hubspot,salesforce,use\na,b\n", "sql/crosswalk/lead_source.csv:2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if _, text, code := call(t, nil, "init", dir); code != 0 {
				t.Fatal(text)
			}
			if tt.file != "" {
				writeFile(t, filepath.Join(dir, tt.file), tt.text)
			}
			out, text, code := call(t, nil, "check", "--project", dir)
			if tt.want == "" {
				if code != 0 || !strings.Contains(out, "no error") {
					t.Errorf("exit code %d: %s%s", code, out, text)
				}
				return
			}
			if code != 1 || !strings.Contains(text, tt.want) || !strings.Contains(text, "\nhint: ") {
				t.Errorf("exit code %d, prints\n%s", code, text)
			}
		})
	}
}

func TestExitCode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want int
	}{
		{nil, 0}, {errors.New("x"), 1}, {pipelines.ErrChanges, 2}, {pipelines.ErrIncomplete, 3},
		{crm.WithHint(&load.LimitError{}, "look"), 4}, {fmt.Errorf("open: %w", warehouse.ErrLocked), 5},
		{context.Canceled, 130}, {errors.Join(errors.New("a call"), context.Canceled), 130},
	} {
		if got := pipelines.ExitCode(tt.err); got != tt.want {
			t.Errorf("%v: %d, want %d", tt.err, got, tt.want)
		}
	}
}
