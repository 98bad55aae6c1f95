package pipelines_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox"
	"lockstep/load"
	"lockstep/pipelines"
)

// The clock of both CRMs stands still: nothing that people do while a run writes is later than the write by its stamp.
// An edit is one all the same, by its value; and an edit of something else keeps no update back, however often it comes.
func TestPeopleEditInTheSecondOfAWrite(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	crms, err := sandbox.Start(t.Context(), sandbox.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer crms.Close()
	h := must(crms.HubSpot.Insert("contacts", map[string]string{"firstname": "Ann", "lastname": "Lee", "email": "ann@example.com", "phone": "+1 555 0100"}))(t)
	s := must(crms.Salesforce.Insert("Contact", map[string]string{"FirstName": "Ann", "LastName": "Lee", "Email": "ann@example.com", "Phone": "+1 555 0100"}))(t)
	job := projectJob(t, crms, func() time.Time { return now })
	job.Pipeline.Entities = []string{"contact"}
	edit := func(system crm.System, column, value string) {
		t.Helper()
		err := crms.HubSpot.Edit("contacts", h, map[string]string{column: value})
		if system == crm.Salesforce {
			err = crms.Salesforce.Edit("Contact", s, map[string]string{column: value})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	// run runs once, and somebody edits at the one moment: a call of that system whose path ends so has arrived, or is done.
	run := func(system crm.System, path string, done bool, column, value string) {
		t.Helper()
		var once sync.Once
		edited := false
		crms.Watch(func(e sandbox.Event) {
			// the composite calls of an extract do not count: our value has to be there
			wrote := !strings.HasSuffix(path, "/composite") || crms.Salesforce.All("Contact")[0]["Phone"] == crms.HubSpot.All("contacts")[0]["phone"]
			if path != "" && e.System == system && e.Answered == done && strings.HasSuffix(e.Path, path) && wrote {
				edited = true
				once.Do(func() { edit(system, column, value) })
			}
		})
		defer func() {
			if path != "" && !edited {
				t.Errorf("nobody has edited %s: no call of %s ends in %s", column, system, path)
			}
		}()
		result, err := pipelines.Run(t.Context(), job)
		if n := result.Load.Counts; err != nil || n[load.Stale]+n[load.Deferred]+n[load.Refused]+n[load.NotTaken] > 0 {
			t.Fatalf("%v: %v", err, n)
		}
	}
	phones := func(want string) {
		t.Helper()
		for _, got := range []string{crms.HubSpot.All("contacts")[0]["phone"], crms.Salesforce.All("Contact")[0]["Phone"]} {
			if got != want {
				t.Errorf("phone %q, want %q", got, want)
			}
		}
	}
	run(crm.HubSpot, "", false, "", "")

	edit(crm.HubSpot, "phone", "+1 555 0101")
	run(crm.Salesforce, "/composite", true, "Phone", "+1 555 0102")
	now = now.Add(time.Minute) // the stamp of what is edited between reading and writing is another one
	run(crm.HubSpot, "/contacts/batch/read", false, "website", "example.com")
	phones("+1 555 0102")

	edit(crm.Salesforce, "Phone", "+1 555 0103")
	run(crm.HubSpot, "/contacts/batch/update", true, "phone", "+1 555 0104")
	now = now.Add(time.Minute)
	run(crm.Salesforce, "/composite/sobjects/Contact", false, "Department", "Sales")
	phones("+1 555 0104")

	// Between reading and writing nothing protects: our value stands, of an edit of that very column.
	now = now.Add(time.Minute)
	edit(crm.Salesforce, "Phone", "+1 555 0105")
	run(crm.HubSpot, "/contacts/batch/update", false, "phone", "+1 555 0106")
	phones("+1 555 0105")
}

// must is the id of what was inserted.
func must(id string, err error) func(*testing.T) string {
	return func(t *testing.T) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
}
