package pipelines_test

import (
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/sandbox"
	"lockstep/pipelines"
	defaults "lockstep/sql"
)

// An idle tick over all entities asks who it is, one search per HubSpot object, and one composite call per five
// objects of Salesforce. Metadata, users and owners come with the first run of an hour and with every run that has
// something to do.
func TestIdleTickIsCheap(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	crms, err := sandbox.Start(t.Context(), sandbox.Options{People: 30, Companies: true, Seed: 3, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer crms.Close()
	job := projectJob(t, crms, func() time.Time { return now })
	tick := func() pipelines.Result {
		t.Helper()
		now = now.Add(15 * time.Minute)
		crms.ResetCalls()
		res, err := pipelines.Run(t.Context(), job)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	for runs := 1; !tick().Idle; runs++ {
		if runs == 4 {
			t.Fatal("no run is idle")
		}
	}
	objects := mirrored(t)
	// The run before may have been the first of its hour: then this one goes by its metadata.
	if tick(); crms.Count(crm.HubSpot, "/properties/") > 0 {
		tick()
	}
	for system, most := range map[crm.System]int{crm.HubSpot: 1 + objects[crm.HubSpot], crm.Salesforce: 1 + (objects[crm.Salesforce]+4)/5} {
		if n := crms.Count(system, ""); n == 0 || n > most {
			t.Errorf("an idle tick over %d objects costs %s %d calls, want up to %d: %+v", objects[system], system, n, most, crms.Calls())
		}
	}

	t.Log("a tick with an edit reads the metadata first")
	contact := crms.HubSpot.All("contacts")[0]["hs_object_id"]
	if err := crms.HubSpot.Edit("contacts", contact, map[string]string{"phone": "+1 555 0199"}); err != nil {
		t.Fatal(err)
	}
	if res := tick(); res.Idle || crms.Count(crm.HubSpot, "/properties/") < objects[crm.HubSpot] || crms.Count(crm.Salesforce, "/describe") == 0 && crms.Count(crm.Salesforce, "/composite") < 2 {
		t.Errorf("idle %v: %+v", res.Idle, crms.Calls())
	}
	tick()
	tick()

	t.Log("a property made meanwhile is known within an hour")
	read := 0
	for range 5 {
		if tick(); crms.Count(crm.HubSpot, "/properties/") > 0 {
			read++
		}
	}
	if read != 1 {
		t.Errorf("five idle ticks read the metadata %d times", read)
	}
}

// mirrored counts the objects that the default project reads.
func mirrored(t *testing.T) map[crm.System]int {
	t.Helper()
	p, err := entity.Load(defaults.FS)
	if err != nil {
		t.Fatal(err)
	}
	n, seen := map[crm.System]int{}, map[crm.Object]bool{}
	for _, e := range p.Entities {
		for _, o := range e.Objects() {
			if _, _, set := o.Associations(); !set && !seen[o] {
				n[o.System]++
			}
			seen[o] = true
		}
	}
	return n
}
