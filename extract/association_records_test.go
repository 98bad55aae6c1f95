package extract_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"lockstep/extract"
	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

// Associations are read where there are deals: all at first and in full reads, in a tick those of deals that changed. One
// that is missing has ended only if its contact is still there.
func TestAssociationRecords(t *testing.T) {
	t.Parallel()
	b := newBoth(t, 6)
	must := func(id string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	var people []string
	for _, r := range b.box.HubSpot.All("contacts")[:3] {
		people = append(people, r["hs_object_id"])
	}
	passed := time.Duration(0)
	run := func(full bool) (calls int) {
		t.Helper()
		defer func() { passed += time.Hour }()
		if _, err := b.run(extract.Options{Full: full, Now: func() time.Time { return time.Now().Add(passed) }}); err != nil {
			t.Fatal(err)
		}
		return b.box.Count(crm.HubSpot, "/associations/") - b.box.Count(crm.HubSpot, "/companies/batch/read")
	}
	stand := func() string {
		t.Helper()
		rows, err := b.w.DB.Query(`select to_id, coalesce(labels, '-'), _deleted from hubspot.deals_to_contacts order by to_id`)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		var all []string
		for rows.Next() {
			var to, labels string
			var deleted bool
			if err := rows.Scan(&to, &labels, &deleted); err != nil {
				t.Fatal(err)
			}
			for i, id := range people {
				if id == to {
					all = append(all, fmt.Sprint(i, " ", labels, " ", deleted))
				}
			}
		}
		return strings.Join(all, ", ")
	}
	is := func(what, want string) {
		t.Helper()
		if got := stand(); got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	if n := run(true); n != 0 {
		t.Errorf("%d calls without a deal", n)
	}
	deal := must(b.box.HubSpot.Insert("deals", map[string]string{"dealname": "A", "dealstage": "appointmentscheduled", "pipeline": "default"}))
	must("", b.box.HubSpot.LabelAssociations("deals", "contacts", "Payer", ""))
	must("", b.box.HubSpot.Associate("deals", deal, "contacts", people[0], "Payer"))
	must("", b.box.HubSpot.Associate("deals", deal, "contacts", people[1], ""))
	run(false)
	is("a new deal", "0 Payer false, 1 - false")
	if n := run(false); n != 0 {
		t.Errorf("%d calls in a tick in which nothing moved", n)
	}
	must("", b.box.HubSpot.Dissociate("deals", deal, "contacts", people[0]))
	must("", b.box.HubSpot.Associate("deals", deal, "contacts", people[2], ""))
	run(false)
	is("associations move no stamp", "0 Payer false, 1 - false")
	must("", b.box.HubSpot.Delete("contacts", people[1]))
	must("", b.box.HubSpot.Edit("deals", deal, map[string]string{"dealname": "B"}))
	run(false)
	is("the deal changed; an archived contact proves nothing", "0 Payer true, 1 - false, 2 - false")
	must("", b.box.HubSpot.Associate("deals", deal, "contacts", people[0], ""))
	run(true)
	is("a full read; it is there again", "0 - false, 1 - false, 2 - false")
	var options int
	if err := b.w.DB.QueryRow(`select count(*) from catalog.option where object = 'deals_to_contacts' and value = 'Payer'`).Scan(&options); err != nil || options != 1 {
		t.Errorf("%d options %v", options, err)
	}
}

// The last members of a set may leave it for good, so that nothing is returned of them, not even as deleted: no riddle, as
// it is of people.
func TestTheLastElementsOfASetLeave(t *testing.T) {
	t.Parallel()
	b := newBoth(t, 4)
	insert := func(object string, values map[string]string) string {
		t.Helper()
		id, err := b.box.Salesforce.Insert(object, values)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	deal := insert("Opportunity", map[string]string{"Name": "A", "StageName": "Prospecting", "CloseDate": "2026-12-31"})
	role := insert("OpportunityContactRole", map[string]string{"OpportunityId": deal, "ContactId": insert("Contact", map[string]string{"LastName": "Lee"})})
	for what, full := range map[string]bool{"first": false, "nightly": true} {
		if _, err := b.run(extract.Options{Full: full}); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	for _, purge := range [][2]string{{"OpportunityContactRole", role}, {"Opportunity", deal}} {
		if err := b.box.Salesforce.Purge(purge[0], purge[1]); err != nil {
			t.Fatal(err)
		}
		_, err := b.run(extract.Options{Full: true})
		if is := errors.Is(err, warehouse.ErrNothing); is != (purge[0] == "Opportunity") || !is && err != nil {
			t.Errorf("without any %s: %v", purge[0], err)
		}
	}
}
