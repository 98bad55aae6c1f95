package pipelines_test

import (
	"errors"
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/pause"
	"lockstep/load"
	"lockstep/pipelines"
)

// TestPaused: of a paused entity neither a create nor an edit nor a deletion goes, run after run; once it is resumed each
// goes once, and a plan that is empty follows. A paused pipeline does not run, and history does not tell of it.
func TestPaused(t *testing.T) {
	t.Parallel()
	l := newPlain(t)
	path := l.job.Project.Config.Paths.Warehouse
	set := func(name string) {
		t.Helper()
		if err := pause.Set(path, name, l.now()); err != nil {
			t.Fatal(err)
		}
	}
	resume := func(name string) {
		t.Helper()
		if _, err := pause.Resume(path, name); err != nil {
			t.Fatal(err)
		}
	}
	step := func(taken, waiting int) {
		t.Helper()
		l.pass(15 * time.Minute)
		res, err := l.once()
		if err != nil {
			t.Fatal(err)
		}
		if got := res.Load.Counts[load.Taken]; got != taken || len(res.Paused) != waiting {
			t.Errorf("%d taken, %q waiting; want %d and %d", got, res.Paused, taken, waiting)
		}
	}
	person := l.insert(crm.HubSpot, "contacts", map[string]string{"lastname": "New1", "email": "one@example.com"})
	set("thing")
	step(0, 1)
	step(0, 1)
	if n := len(l.crms.Salesforce.All("Contact")); n != 0 {
		t.Errorf("%d were created", n)
	}
	resume("thing")
	step(2, 0) // the record, and its id on the other side
	step(0, 0)
	set("thing")
	if err := l.crms.HubSpot.Edit("contacts", person, map[string]string{"email": "two@example.com"}); err != nil {
		t.Fatal(err)
	}
	step(0, 1)
	l.insert(crm.Salesforce, "Contact", map[string]string{"LastName": "New2", "Email": "three@example.com"})
	step(0, 1)
	// what a saved plan approved waits, too, and is not stale
	due := l.job
	l.job.Until = pipelines.Planned
	planned, err := l.once()
	if err != nil || len(planned.Plan.Changes) != 3 {
		t.Fatalf("%v: %d changes planned", err, len(planned.Plan.Changes))
	}
	l.job = due
	l.job.Saved, l.job.Name = planned.Plan, "apply"
	if res, err := l.once(); err != nil || len(res.Stale) > 0 || len(res.Paused) != 1 || res.Load.Counts[load.Taken] > 0 {
		t.Errorf("%v: %d stale, %q waiting, %v", err, len(res.Stale), res.Paused, res.Load.Counts)
	}
	l.job = due
	resume("thing")
	step(3, 0)
	step(0, 0)
	set("world")
	if _, err := l.once(); !errors.Is(err, pipelines.ErrPaused) {
		t.Errorf("%v: want ErrPaused", err)
	}
	w := l.open()
	defer func() { _ = w.Close() }()
	if got := query(t, w, `select count(*)::varchar || ' ' || string_agg(distinct state) from history.run`); got[0][0] != "10 done" {
		t.Errorf("history has %v", got)
	}
	if got := query(t, w, `select count(*)::varchar from history.change where outcome <> 'taken'`); got[0][0] != "0" {
		t.Errorf("what waits stands in history %s times", got[0][0])
	}
}
