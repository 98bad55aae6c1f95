package pipelines_test

import (
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox"
	"lockstep/pipelines"
)

// A woken run brings an edit over while HubSpot's search does not show it yet, for as many calls as an idle tick and those
// of the edit. What else moved meanwhile is still seen by the runs after it, as if it had not been.
func TestWokenRun(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	crms, err := sandbox.Start(t.Context(), sandbox.Options{SearchLag: 30 * time.Second, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer crms.Close()
	h := must(crms.HubSpot.Insert("contacts", map[string]string{"firstname": "Ann", "lastname": "Lee", "email": "ann@example.com"}))(t)
	s := must(crms.Salesforce.Insert("Contact", map[string]string{"FirstName": "Ann", "LastName": "Lee", "Email": "ann@example.com"}))(t)
	job := projectJob(t, crms, func() time.Time { return now })
	job.Pipeline.Entities = []string{"contact"}
	run := func(job pipelines.Job, after time.Duration) pipelines.Result {
		t.Helper()
		now = now.Add(after)
		crms.ResetCalls()
		res, err := pipelines.Run(t.Context(), job)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	run(job, time.Minute)
	run(job, time.Minute)
	mobile := func() string {
		t.Helper()
		c, ok := crms.Salesforce.Get("Contact", s)
		if !ok {
			t.Fatal("the Contact is gone")
		}
		return c["MobilePhone"]
	}
	edit := func(value string) {
		t.Helper()
		if err := crms.HubSpot.Edit("contacts", h, map[string]string{"mobilephone": value}); err != nil {
			t.Fatal(err)
		}
	}
	woken := job
	woken.Name, woken.Woken = pipelines.Woken, true
	woken.Named = map[crm.Object][]string{
		{System: crm.HubSpot, Name: "contacts"}: {h, "999999"}, {System: crm.HubSpot, Name: ""}: nil, {System: crm.Salesforce, Name: "Nothing__c"}: {"a00000000000001AAA"},
	}

	edit("+1 555 0101") // HubSpot's search shows it in half a minute
	if res := run(woken, time.Second); mobile() != "+1 555 0101" || res.Load.Counts["taken"] != 1 {
		t.Errorf("the Contact holds %q, %+v", mobile(), res.Load)
	}
	objects := mirrored(t)
	if n := crms.Count(crm.HubSpot, "/properties/") + crms.Count(crm.Salesforce, "/describe"); n > 0 || crms.Count(crm.HubSpot, "") > 6+objects[crm.HubSpot] {
		t.Errorf("a woken run reads metadata, or more: %+v", crms.Calls())
	}

	t.Log("a record edited again under the stamp that it was read with")
	edit("+1 555 0102")
	if run(woken, 0); mobile() != "+1 555 0102" {
		t.Errorf("the Contact holds %q", mobile())
	}

	t.Log("a woken run that sees nothing is no reason for the next tick to look no closer")
	run(woken, time.Second)
	if run(job, time.Second); crms.Count(crm.HubSpot, "/properties/") == 0 {
		t.Errorf("the run after one with changes only asks for stamps: %+v", crms.Calls())
	}
	if !run(job, 15*time.Minute).Idle {
		t.Error("no run is idle any more")
	}

	t.Log("an edit that nobody told of is brought along")
	edit("+1 555 0105")
	now = now.Add(time.Minute)
	other := woken
	other.Named = map[crm.Object][]string{{System: crm.Salesforce, Name: "Contact"}: {s}}
	if run(other, 0); mobile() != "+1 555 0105" {
		t.Errorf("the Contact holds %q", mobile())
	}
}
