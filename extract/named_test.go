package extract

import (
	"testing"

	"lockstep/internal/crm"
)

// A record said to have been edited is read by its id, and of the rest only stamps: the edit arrives although no search
// shows it yet, nothing goes back, and the cursor stands.
func TestNamedRecordsAreReadByID(t *testing.T) {
	t.Parallel()
	x := newWorld(t, newFake(5))
	x.run(Options{})
	x.minute -= 45
	named := map[crm.Object][]string{
		{System: crm.HubSpot, Name: "Contacts"}:      {"2", "7", "2"},
		{System: crm.Salesforce, Name: "contacts"}:   {"3"},
		{System: crm.HubSpot, Name: "subscriptions"}: {"4"},
	}
	x.crm.edit("2", 40, "email", "before@example.com") // a version older than the cursor: what a lagging search hides
	x.crm.edit("5", 3, "email", "older@example.com")   // older than what the mirror has
	named[contacts] = []string{"5"}
	r := x.run(Options{Named: named, Woken: true})
	diff(t, ObjectReport{Object: contacts, Returned: 2, Changed: 1}, r)
	diff(t, []string{"account", "records contacts email,num_notes 2,5,7", "changes contacts  since 09:04"}, x.crm.calls)
	diff(t, []string{"09:04"}, texts(t, x.w, `select high_water from catalog.cursor`))
	diff(t, []string{"ann1@example.com", "before@example.com", "ann3@example.com", "ann4@example.com", "ann5@example.com"}, x.mirror("email"))

	t.Log("what else has moved is read as ever, once")
	x.minute -= 45
	x.crm.edit("3", 80, "email", "other@example.com")
	x.crm.edit("2", 81, "email", "named@example.com")
	x.crm.records[3]["archived"], x.crm.records[3]["at"] = "true", "2026-11-21T11:22:00Z"
	x.run(Options{Named: map[crm.Object][]string{contacts: {"2", "4"}}, Woken: true})
	diff(t, []string{
		"records contacts email,num_notes 2,4", "changes contacts  since 09:04", "changes contacts email,num_notes since 09:04",
	}, x.reads())
	diff(t, []string{"ann1@example.com", "named@example.com", "other@example.com", "ann5@example.com"}, x.mirror("email"))
	diff(t, []string{"11:22"}, texts(t, x.w, `select _deleted_at from hubspot.contacts where _deleted`))

	t.Log("an unsettled run that is not woken reads them among the rest")
	x.crm.edit("1", 1, "email", "late@example.com")
	x.run(Options{Named: map[crm.Object][]string{contacts: {"1"}}})
	diff(t, []string{"records contacts email,num_notes 1", "changes contacts email,num_notes since 10:21"}, x.reads())
	diff(t, []string{"late@example.com"}, texts(t, x.w, `select email from hubspot.contacts where id = '1'`))

	t.Log("a full read that broke off goes on where it stopped, and then reads them")
	x.crm.failAt = x.crm.pages + 2
	if _, err := x.try(Options{Full: true}); err == nil {
		t.Fatal("no error")
	}
	x.run(Options{Named: map[crm.Object][]string{contacts: {"1"}}, Woken: true})
	diff(t, []string{"all contacts email,num_notes 2", "records contacts email,num_notes 1", "changes contacts email,num_notes since 11:22"}, x.reads())
}
