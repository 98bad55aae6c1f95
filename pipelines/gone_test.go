package pipelines_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox"
	salesforcesandbox "lockstep/internal/sandbox/salesforce"
	"lockstep/load"
)

// TestAnArchivedContactIsFoundByTheNextWrite: HubSpot's search does not tell of archived records, and only the nightly read
// lists them. Where a tick would write to one, it is asked after: the change is stale once, and from then on the pair is half.
func TestAnArchivedContactIsFoundByTheNextWrite(t *testing.T) {
	t.Parallel()
	s := newSmall(t, uniqueSQL, sandbox.Options{}, []string{"contacts"}, []string{"Contact"})
	if err := s.box.Salesforce.DefineField("Contact", salesforcesandbox.CustomField{Name: "Code__c", Type: "Text", Length: 20}); err != nil {
		t.Fatal(err)
	}
	s.insert(crm.HubSpot, "contacts", map[string]string{"lastname": "Old", "code": "1"})
	archived := s.insert(crm.Salesforce, "Contact", map[string]string{"LastName": "New1"})
	kept := s.insert(crm.Salesforce, "Contact", map[string]string{"LastName": "New2"})
	if r := s.run(); !r.Complete() {
		t.Fatalf("%+v", r.Lines)
	}
	s.ticks = true
	s.run()
	for _, c := range s.box.HubSpot.All("contacts") {
		if c["salesforce_id"] == archived {
			if err := s.box.HubSpot.Delete("contacts", c["hs_object_id"]); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, id := range []string{archived, kept} {
		if err := s.box.Salesforce.Edit("Contact", id, map[string]string{"Email": "ann" + id + "@example.com"}); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.run().Counts; n[load.Stale] != 1 || n[load.Taken] != 1 {
		t.Errorf("the tick that would write to it: %v", n)
	}
	told := map[string]string{}
	for range 2 {
		if r := s.run(); len(r.Lines) > 0 {
			t.Errorf("a tick later: %+v", r.Lines)
		}
		for k, v := range s.pairs(`select kind || ' ' || plan_id, "text" from plan.notice where plan_id = $1`, s.o.PlanID) {
			told[k] = v
		}
	}
	if diff := cmp.Diff(map[string]string{"half run4": "pair with salesforce.Contact " + archived + ": the hubspot record is deleted, or hidden from us"}, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if n := s.pairs(`select 'gone', count(*)::varchar from hubspot.contacts where _deleted and _deleted_at = timestamptz '2026-03-02 09:30:00Z'`)["gone"]; n != "1" {
		t.Error("the mirror does not know when it was archived")
	}
}
