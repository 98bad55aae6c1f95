package transform

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A column that an org lacks makes its field absent and is not written, until it is there.
func TestOptionalColumns(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	fields := strings.Replace(v.sql["person/fields.sql"], "    ('cc',", "    ('optout', 'two_way', 'hubspot', 'keep', null, null),\n    ('cc',", 1)
	v.sql["person/fields.sql"] = fields
	v.sql["person/from_hubspot.contacts.sql"] = strings.Replace(v.sql["person/from_hubspot.contacts.sql"], "h.email,", "h.optout as optout, h.email,", 1)
	v.sql["person/to_hubspot.contacts.sql"] = strings.Replace(v.sql["person/to_hubspot.contacts.sql"], "p.email,", "p.optout, p.email,", 1)
	v.sql["person/from_salesforce.Contact.sql"] = strings.Replace(v.sql["person/from_salesforce.Contact.sql"], "\nselect\n", "\n-- optional: Opt_Out__c\nselect\n    if(c.Opt_Out__c, 'true', null) as optout,\n", 1)
	v.sql["person/to_salesforce.Contact.sql"] = strings.Replace(v.sql["person/to_salesforce.Contact.sql"], "\nselect ", "\n-- optional: Opt_Out__c\nselect p.optout as Opt_Out__c, ", 1)
	v.exec(`alter table hubspot.contacts add column optout varchar`)
	v.h("email=ann@example.com optout=true lastname=Lee country=1")
	v.s("Email=ann@example.com Phone=1 Name=Ann_Lee")

	optout := func(what []string) (out []string) {
		for _, c := range what {
			if strings.Contains(strings.ToLower(c), "opt") {
				out = append(out, c)
			}
		}
		return out
	}
	v.mustPlan(Options{})
	if got := optout(v.changes()); got != nil {
		t.Errorf("without the column: %v", got)
	}
	if got := optout(v.settled()); got != nil {
		t.Errorf("without the column: %v", got)
	}
	v.exec(`alter table salesforce."Contact" add column "Opt_Out__c" boolean`)
	v.mustPlan(Options{})
	if d := cmp.Diff([]string{"update salesforce Opt_Out__c ∅→true [optout]"}, optout(v.changes())); d != "" {
		t.Error(d)
	}
	// the org hides it again: the mirror still has it
	v.exec(`insert into catalog.column by name select 'salesforce' as system, 'Contact' as object, 'Opt_Out__c' as name, 'boolean' as type, false as required, true as createable, true as updateable,
		false as is_unique, false as external_id, false as restricted, false as calculated, 'vanished' as state, timestamptz '2026-01-01' as first_seen, timestamptz '2026-01-01' as changed_at`)
	v.mustPlan(Options{})
	if got := optout(v.changes()); got != nil {
		t.Errorf("with a vanished column: %v", got)
	}
	delete(v.sql, "person/to_salesforce.Contact.sql")
	v.sql["person/from_salesforce.Contact.sql"] = strings.Replace(v.sql["person/from_salesforce.Contact.sql"], "-- optional: Opt_Out__c", "-- optional: Opt_Owt__c", 1)
	if _, err := v.plan(Options{}); err == nil || !strings.Contains(err.Error(), "does not stand in the SQL") {
		t.Error(err)
	}
}
