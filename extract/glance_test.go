package extract

import (
	"testing"

	"lockstep/internal/crm"
)

// A settled run asks for stamps alone, and reads as ever once one has moved, a column is named for the first time, or
// the metadata is an hour old.
func TestSettledRunOnlyGlances(t *testing.T) {
	t.Parallel()
	x := newWorld(t, newFake(5))
	x.run(Options{})
	x.minute -= 45 // runs a quarter of an hour apart
	glance := []string{"account", "changes contacts  since 09:04"}
	if r := x.run(Options{Settled: true}); r.Object != (crm.Object{}) {
		t.Errorf("%+v", r)
	}
	diff(t, glance, x.crm.calls)

	t.Log("an edit is read, with the metadata before it")
	x.minute -= 45
	x.crm.edit("2", 70, "email", "ann2@example.net")
	if r := x.run(Options{Settled: true}); r.Changed != 1 {
		t.Errorf("%+v", r)
	}
	diff(t, append(glance, "account", "people", "columns contacts", "changes contacts email,num_notes since 09:04"), x.crm.calls)

	x.minute -= 45
	x.run(Options{Settled: true})
	diff(t, []string{"account", "changes contacts  since 10:10"}, x.crm.calls)

	t.Log("after an hour everything is asked")
	x.minute += 30
	x.run(Options{Settled: true})
	diff(t, []string{"account", "people", "columns contacts", "changes contacts email,num_notes since 10:10"}, x.crm.calls)

	t.Log("so it is in a full read")
	x.minute -= 45
	if r := x.run(Options{Settled: true, Full: true}); !r.Full {
		t.Errorf("%+v", r)
	}

	t.Log("a CRM that fails is told of")
	x.minute -= 45
	x.crm.failAt = x.crm.pages + 1
	if _, err := x.try(Options{Settled: true}); err == nil {
		t.Error("no error")
	}
}
