package main

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/health"
	"lockstep/internal/project"
	"lockstep/pipelines"
)

// newTestScheduled is a schedule over a project in a folder of its own, whose CRMs nobody calls, and what it logs.
func newTestScheduled(t *testing.T, env map[string]string) (*scheduled, *strings.Builder, string) {
	t.Helper()
	dir, log := t.TempDir(), &strings.Builder{}
	writeFile(t, filepath.Join(dir, "lockstep.yaml"), "salesforce:\n  url: https://crm.example.com\n  client_id: x\n")
	look := func(name string) (string, bool) {
		v, ok := env[name]
		if name == project.HubSpotToken || name == project.SalesforceClientSecret {
			return "x", true
		}
		return v, ok
	}
	a := &app{stdout: io.Discard, stderr: log, env: look, now: time.Now, dir: dir, under: &underWay{}}
	p, err := a.project()
	if err != nil {
		t.Fatal(err)
	}
	s, err := a.newScheduled(p, false)
	if err != nil {
		t.Fatal(err)
	}
	return s, log, dir
}

// TestReload: what was changed counts once it passes its check; until then the one before is at work, with a line in the
// log and a problem that alerts tell of.
func TestReload(t *testing.T) {
	t.Parallel()
	s, log, dir := newTestScheduled(t, nil)
	good := s.good
	said := func(want string) {
		t.Helper()
		s.reload(t.Context())
		if got := log.String(); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("logged %q, want %q", got, want)
		}
		log.Reset()
	}
	said("")
	file := filepath.Join(dir, "sql", "contact", "winner.sql")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, file, "-- one row per conflict\nselect pair_id fro \"ann@example.com\" conflict\n")
	said("does not pass its check")
	if p := s.problems(); len(p) != 1 || p[0].Kind != health.Unread || s.good != good {
		t.Errorf("%+v, and the project at work moved: %v", p, s.good != good)
	}
	// who asks for health of the folder hears it, with the place; a run of the one before has it from the schedule alone
	told := func(p *project.Project) *health.Problem {
		t.Helper()
		o, err := pipelines.HealthOptions(p, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return o.Unread
	}
	if p := told(s.live); p == nil || !strings.Contains(p.Detail, "sql/contact/winner.sql:2") || p.Since.IsZero() || strings.Contains(p.Detail, "ann@") || told(s.good) != nil {
		t.Errorf("health hears of the folder %+v, of the one at work %+v", p, told(s.good))
	}
	said("still does not pass")
	writeFile(t, file, "-- one row per conflict\nselect pair_id, field, 'hubspot' as winner, 'a test' as reason from conflict\n")
	said("passed its check")
	if p := s.problems(); len(p) > 0 || s.good == good || told(s.live) != nil {
		t.Errorf("%+v, %+v, and the project at work is the old one: %v", p, told(s.live), s.good == good)
	}
	said("")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	said("passed its check")
	if err := os.Mkdir(filepath.Join(dir, "pipelines"), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "pipelines", "nightly.yaml"), "cron: never\n")
	if p := told(s.live); p == nil || !strings.Contains(p.Detail, "pipelines/nightly.yaml:1") {
		t.Errorf("a pipeline that cannot be read, before any run looked at it: %+v", p)
	}
	said("does not pass its check")
	if err := os.Remove(filepath.Join(dir, "pipelines", "nightly.yaml")); err != nil {
		t.Fatal(err)
	}
	said("")
	if p := s.problems(); len(p) > 0 || told(s.live) != nil {
		t.Errorf("taken back, and still a problem: %+v, %+v", p, told(s.live))
	}
}

// TestUnheard: a word of an edit that can come to nothing is one that somebody set up wrongly.
func TestUnheard(t *testing.T) {
	t.Parallel()
	s, _, _ := newTestScheduled(t, nil)
	got := unheard(s.good, map[crm.Object][]string{
		{System: crm.HubSpot, Name: "Contacts"}: {"1"}, {System: crm.HubSpot, Name: "deals"}: nil, {System: crm.Salesforce, Name: "Opportunity"}: nil,
		{System: crm.Salesforce, Name: "contacts"}: {"003"}, {System: crm.HubSpot, Name: "tickets"}: nil,
		{System: crm.HubSpot}: nil, // an event whose type says no object
	})
	if d := cmp.Diff([]string{"hubspot.tickets", "salesforce.contacts"}, got); d != "" {
		t.Error(d)
	}
}

// TestARunThatCannotBegin is told once, and once more when one does: no warehouse is open then that could keep it.
func TestARunThatCannotBegin(t *testing.T) {
	t.Parallel()
	var posts []string
	far := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		posts = append(posts, string(body))
	}))
	defer far.Close()
	s, _, _ := newTestScheduled(t, map[string]string{project.AlertURL: far.URL})
	broken := errors.New("the file of ann@example.com is damaged")
	for _, id := range []string{"r1", "", "", "r2", "r3"} {
		var err error
		if id == "" {
			err = broken
		}
		s.tell(t.Context(), "nightly", id, err)
	}
	if len(posts) != 2 || !strings.Contains(posts[0], `"state":"raised"`) || !strings.Contains(posts[1], `"state":"recovered"`) || strings.Contains(posts[0], "ann@") {
		t.Errorf("%q", posts)
	}
}

// TestLogLines: a line belongs to the run under way, and holds no e-mail address.
func TestLogLines(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	a := &app{stderr: &out, under: &underWay{}}
	log := a.log()
	ended := a.under.begin("r1", "nightly")
	another := a.log()
	another.Info().Str("error", "no owner ann@example.com").Msg("of another logger")
	ended()
	log.Info().Msg("after it")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], `"error":"no owner [e-mail]"`) || !strings.Contains(lines[0], `"run":"r1","pipeline":"nightly"`) || strings.Contains(lines[1], "r1") {
		t.Errorf("%q", lines)
	}
}
