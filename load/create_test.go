package load

import (
	"testing"

	"lockstep/internal/crm"
)

// creation plans a Salesforce record for h1 and, in HubSpot, the stamp with the new record's id.
func creation(v *world) {
	v.record(crm.HubSpot, "h1", row{"phone": "1", "firstname": "Ann", "lastname": "Lee"})
	c := v.change(Create, crm.Salesforce, "x", "", "h1", value{"Name", "-", "Ann Lee", "first last"}, value{"HubSpot_Id__c", "-", "h1", "hubspot_id"})
	v.decided("x", "salesforce_id", "salesforce", "-", placeholder+c, "", "")
	v.decided("x", "what", "salesforce", "-", "Contact", "", "")
	v.change(Update, crm.HubSpot, "x", "h1", placeholder+c, value{"salesforce_id", "-", placeholder + c, "salesforce_id"}, value{"memo", "-", "Contact", "what"})
}

func TestCreatesAreTiedAndTheirIdsStampedInTheSameRun(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	creation(v)
	r := v.apply()
	diff(t, map[State]int{Taken: 2}, r.Counts)
	diff(t, []string{"find 1", "create 1"}, v.force.calls)
	diff(t, []string{"read 1", "update 1"}, v.hubspot.calls)
	diff(t, "new1", *v.hubspot.rows["h1"]["salesforce_id"])
	diff(t, "h1", *v.force.rows["new1"]["HubSpot_Id__c"])
	diff(t, []row{{"pair_id": "x", "state": "linked", "hubspot_id": "h1", "salesforce_id": "new1", "salesforce_object": "Contact", "rule": "created"}},
		v.rows(`select pair_id, state, hubspot_id, salesforce_id, salesforce_object, rule from link.person`))
	diff(t, row{"Name": "Ann Lee", "HubSpot_Id__c": "h1"}, v.mirror(crm.Salesforce, "new1", "Name", "HubSpot_Id__c"))
	for _, s := range crm.Systems {
		diff(t, "new1", v.base("x", s)["salesforce_id"])
	}
}

func TestWhatNeedsARecordThatWasNotCreatedIsDeferred(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	creation(v)
	v.force.refuse = func(string, map[string]*string) []Refusal {
		return []Refusal{{Category: RequiredField, Columns: []string{"Company"}, Words: "Required fields are missing: [Company]"}}
	}
	r := v.apply()
	diff(t, map[State]int{Refused: 1, Deferred: 1}, r.Counts)
	diff(t, 0, len(v.hubspot.calls))
	diff(t, 0, len(v.rows(`select * from link.person`)))
}

func TestACreateWhoseKeyIsTakenIsNotSent(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	creation(v)
	v.record(crm.Salesforce, "s7", row{"HubSpot_Id__c": "h1", "Name": "Ann Lee"})
	r := v.apply()
	diff(t, map[State]int{Stale: 1, Deferred: 1}, r.Counts)
	diff(t, []string{"find 1"}, v.force.calls)
}

func TestAUniqueCollisionIsReported(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	creation(v)
	v.force.refuse = func(string, map[string]*string) []Refusal {
		return []Refusal{{Category: Duplicate, Words: "duplicate value found", Existing: "s7"}}
	}
	r := v.apply()
	diff(t, 1, len(r.Existing))
	diff(t, []row{{"kind": "collision", "record_id": "s7", "object": "Contact"}}, v.rows(`select kind, record_id, object from plan.notice`))
	diff(t, []row{{"category": "duplicate"}}, v.rows(`select distinct category from history.refusal`))
}

func TestACreateOfASourceLinkedByNowIsStale(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	creation(v)
	v.exec(`insert into link.person values ('other', 'linked', 'contacts', 'h1', 'Contact', 's5', 'by hand', null, now(), 'r')`)
	r := v.apply()
	diff(t, 1, r.Counts[Stale])
	diff(t, 0, len(v.force.calls))
}
