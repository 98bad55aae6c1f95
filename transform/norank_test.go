package transform

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A proposal without a rank links nothing and is reported, its records are not created, and a rank beside it links
// as if it were not there.
func TestProposalWithoutRank(t *testing.T) {
	t.Parallel()
	asks := func(v *world) {
		v.sql["person/match.sql"] += "\nunion all\nselect hubspot.object, hubspot.id, salesforce.object, salesforce.id, 'looks like', null from hubspot join salesforce using (phone) where hubspot.pair_id is null or salesforce.pair_id is null"
	}
	sf := `salesforce."Contact"`
	tests := []struct {
		name             string
		do               func(v *world)
		links, ambiguous []string
		creates          int
	}{
		{name: "alone", do: func(v *world) { v.put(sf, "003", "Email=other@example.com Phone=1") },
			ambiguous: []string{
				"hubspot contacts 1 not linked: looks like as salesforce.Contact 003",
				"salesforce Contact 003 not linked: looks like as hubspot.contacts 1",
			}},
		{name: "of a pair that has a rank too", do: func(*world) {}, links: []string{"linked 1 003 same e-mail ∅"}},
		{name: "of one of the two with another record", do: func(v *world) { v.put(sf, "004", "Email=other@example.com Phone=1") },
			links:     []string{"linked 1 003 same e-mail ∅"},
			ambiguous: []string{"salesforce Contact 004 not linked: looks like as hubspot.contacts 1, which has a pair"}},
		{name: "of two records with one, a person says which", do: func(v *world) {
			v.put(sf, "003", "Email=other@example.com Phone=1")
			v.put(sf, "004", "Email=more@example.com Phone=1")
			v.sql["person/same_as.csv"] = "hubspot_object,hubspot_id,salesforce_object,salesforce_id,same\ncontacts,1,Contact,004,yes\n"
		}, links: []string{"linked 1 004 same_as.csv ∅"},
			ambiguous: []string{"salesforce Contact 003 not linked: looks like as hubspot.contacts 1, which has a pair"}},
		{name: "not the same, says a person: both are created", do: func(v *world) {
			v.put(sf, "003", "Email=other@example.com Phone=1")
			v.sql["person/same_as.csv"] = "hubspot_object,hubspot_id,salesforce_object,salesforce_id,same\ncontacts,1,Contact,003,no\n"
		}, creates: 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.unstamp()
			asks(v)
			tt.do(v)
			v.mustPlan(Options{})
			if d := cmp.Diff(tt.links, v.links()); d != "" {
				t.Errorf("links (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.ambiguous, v.notices("ambiguous")); d != "" {
				t.Errorf("ambiguous (-want +got):\n%s", d)
			}
			if got := v.rows(`select system, source_id from plan.change where action = 'create'`); len(got) != tt.creates {
				t.Errorf("creates %v, want %d", got, tt.creates)
			}
		})
	}
}
