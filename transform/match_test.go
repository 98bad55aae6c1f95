package transform

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMatching: smallest rank, ambiguity, a person's answers; a proposal without a rank links nothing and is reported.
func TestMatching(t *testing.T) {
	t.Parallel()
	hs, sf := "hubspot.contacts", `salesforce."Contact"`
	looks := func(id string) func(v *world) { // alike by their phones only
		return func(v *world) {
			v.put(hs, "1~", "email=ann~@example.com phone=1~")
			v.put(sf, id, "Email=other~@example.com Phone=1~")
		}
	}
	tests := []struct {
		name             string
		linked           bool // the two are a pair already
		do               func(v *world)
		links, ambiguous []string
		creates          []string
	}{
		{name: "the only one of the smallest rank", do: func(v *world) {}, links: []string{"linked 1 003 same e-mail ∅"}},
		{name: "the smaller rank wins", do: func(v *world) { v.put(sf, "004~", "Email=x~@example.com HubSpot_Id__c=1~") },
			links:     []string{"linked 1 004 stamped id ∅"},
			ambiguous: []string{"salesforce Contact 003 not linked: same e-mail as hubspot.contacts 1, which has a pair"}},
		{name: "the smaller rank wins on the other side too", do: func(v *world) {
			v.put(hs, "2~", "email=x~@example.com")
			v.put(sf, "003~", "Email=ann~@example.com HubSpot_Id__c=2~")
		},
			links:     []string{"linked 2 003 stamped id ∅"},
			ambiguous: []string{"hubspot contacts 1 not linked: same e-mail as salesforce.Contact 003, which has a pair"}},
		{name: "of two rules that name one pair the stronger is said", do: func(v *world) { v.put(sf, "003~", "Email=ann~@example.com HubSpot_Id__c=1~") },
			links: []string{"linked 1 003 stamped id ∅"}},
		{name: "two of equal rank are never guessed between", do: func(v *world) { v.put(sf, "004~", "Email=ann~@example.com") },
			ambiguous: []string{
				"hubspot contacts 1 not linked: same e-mail as salesforce.Contact 003; same e-mail as salesforce.Contact 004",
				"salesforce Contact 003 not linked: same e-mail as hubspot.contacts 1",
				"salesforce Contact 004 not linked: same e-mail as hubspot.contacts 1"}},
		{name: "two of equal rank, the other way round", do: func(v *world) { v.put(hs, "2~", "email=ann~@example.com") },
			ambiguous: []string{
				"hubspot contacts 1 not linked: same e-mail as salesforce.Contact 003",
				"hubspot contacts 2 not linked: same e-mail as salesforce.Contact 003",
				"salesforce Contact 003 not linked: same e-mail as hubspot.contacts 1; same e-mail as hubspot.contacts 2"}},
		{name: "two of the smallest rank and one of another: the strongest is told first", do: func(v *world) {
			v.put(sf, "002~", "Email=ann~@example.com")
			v.put(sf, "003~", "Email=x~@example.com HubSpot_Id__c=1~")
			v.put(sf, "004~", "Email=y~@example.com HubSpot_Id__c=1~")
		},
			ambiguous: []string{
				"hubspot contacts 1 not linked: stamped id as salesforce.Contact 003; stamped id as salesforce.Contact 004; same e-mail as salesforce.Contact 002",
				"salesforce Contact 002 not linked: same e-mail as hubspot.contacts 1",
				"salesforce Contact 003 not linked: stamped id as hubspot.contacts 1",
				"salesforce Contact 004 not linked: stamped id as hubspot.contacts 1"}},
		{name: "a line in same_as.csv ends the ambiguity", do: func(v *world) {
			v.put(sf, "004~", "Email=ann~@example.com")
			v.same("contacts,1~,Contact,004~,yes", "contacts,1~,Contact,003~,no")
		}, links: []string{"linked 1 004 same_as.csv ∅"}, creates: []string{"salesforce 003"}},
		{name: "a line in same_as.csv comes before a smaller rank", do: func(v *world) {
			v.put(sf, "004~", "Email=x~@example.com HubSpot_Id__c=1~")
			v.same("contacts,1~,Contact,003~,yes")
		}, links: []string{"linked 1 003 same_as.csv ∅"},
			ambiguous: []string{"salesforce Contact 004 not linked: stamped id as hubspot.contacts 1, which has a pair"}},
		{name: "not the same, says a person", do: func(v *world) { v.same("contacts,1~,Contact,003~,no") },
			creates: []string{"hubspot 1", "salesforce 003"}},
		{name: "what is being made has no partner before that is settled", do: func(v *world) {
			v.making("salesforce", "Contact", "contacts', '1~")
			v.put(hs, "1~", "salesforce_id=003~ email=ann~@example.com")
			v.put(sf, "003~", "HubSpot_Id__c=1~ Email=ann~@example.com")
		}, ambiguous: []string{
			"hubspot contacts 1 not linked: stamped id as salesforce.Contact 003; it may have been made a moment ago, which the next run settles",
			"salesforce Contact 003 not linked: stamped id as hubspot.contacts 1; it may have been made a moment ago, which the next run settles"}},
		{name: "what another entity makes of it", do: func(v *world) {
			v.making("salesforce", "Contact", "contacts', '1~")
			v.exec("update outbox set entity = 'firm' where change_id = 'c~'")
		}, links: []string{"linked 1 003 same e-mail ∅"}},
		{name: "an update of it that was interrupted", do: func(v *world) {
			v.making("salesforce", "Contact", "contacts', '1~")
			v.exec("update outbox set action = 'update' where change_id = 'c~'")
		}, links: []string{"linked 1 003 same e-mail ∅"}},
		{name: "the same in HubSpot", do: func(v *world) { v.making("hubspot", "contacts", "Contact', '003~") },
			ambiguous: []string{
				"hubspot contacts 1 not linked: same e-mail as salesforce.Contact 003; it may have been made a moment ago, which the next run settles",
				"salesforce Contact 003 not linked: same e-mail as hubspot.contacts 1; it may have been made a moment ago, which the next run settles"}},
		{name: "a proposal that touches a linked record links nothing", linked: true,
			do:        func(v *world) { v.put(sf, "004~", "Email=ann~@example.com") },
			ambiguous: []string{"salesforce Contact 004 not linked: same e-mail as hubspot.contacts 1, which has a pair"}},
		{name: "the same on the other side, also where a person says it", linked: true,
			do: func(v *world) {
				v.put(hs, "2~", "email=x~@example.com")
				v.same("contacts,2~,Contact,003~,yes")
			},
			ambiguous: []string{"hubspot contacts 2 not linked: same_as.csv as salesforce.Contact 003, which has a pair"}},
		{name: "a proposal that touches a linked record, by a person", linked: true,
			do: func(v *world) {
				v.put(sf, "004~", "Email=x~@example.com")
				v.same("contacts,1~,Contact,004~,yes")
			},
			ambiguous: []string{"salesforce Contact 004 not linked: same_as.csv as hubspot.contacts 1, which has a pair"}},
		{name: "a held pair is not opened by a rule", linked: true,
			do: func(v *world) {
				v.exec("update link.person set state = 'held' where hubspot_id = '1~'")
				v.put(sf, "004~", "Email=ann~@example.com")
			},
			ambiguous: []string{"salesforce Contact 004 not linked: same e-mail as hubspot.contacts 1, which has a pair"}},
		{name: "a held pair is not opened by a rule from the other side", linked: true,
			do: func(v *world) {
				v.exec("update link.person set state = 'held' where hubspot_id = '1~'")
				v.put(hs, "2~", "email=ann~@example.com")
			},
			ambiguous: []string{"hubspot contacts 2 not linked: same e-mail as salesforce.Contact 003, which has a pair"}},
		{name: "a held pair is opened by a person's word from the other side", linked: true,
			do: func(v *world) {
				v.exec("update link.person set state = 'held' where hubspot_id = '1~'")
				v.put(hs, "2~", "email=x~@example.com")
				v.same("contacts,2~,Contact,003~,yes")
			},
			links: []string{"linked 2 003 same_as.csv ∅"}},
		{name: "a held pair is opened by a person's word of another", linked: true,
			do: func(v *world) {
				v.exec("update link.person set state = 'held' where hubspot_id = '1~'")
				v.put(sf, "004~", "Email=x~@example.com")
				v.same("contacts,1~,Contact,004~,yes")
			},
			links: []string{"linked 1 004 same_as.csv ∅"}},
		{name: "no rank, alone", do: looks("003~"),
			ambiguous: []string{
				"hubspot contacts 1 not linked: looks like as salesforce.Contact 003",
				"salesforce Contact 003 not linked: looks like as hubspot.contacts 1"}},
		{name: "no rank, of a pair that has a rank too", do: func(v *world) {
			v.put(hs, "1~", "email=ann~@example.com phone=1~")
			v.put(sf, "003~", "Email=ann~@example.com Phone=1~")
		}, links: []string{"linked 1 003 same e-mail ∅"}},
		{name: "no rank, of one of the two with another record", do: func(v *world) {
			looks("004~")(v)
			v.put(sf, "003~", "Email=ann~@example.com Phone=1~")
		},
			links:     []string{"linked 1 003 same e-mail ∅"},
			ambiguous: []string{"salesforce Contact 004 not linked: looks like as hubspot.contacts 1, which has a pair"}},
		{name: "no rank, of two records with one, a person says which", do: func(v *world) {
			looks("003~")(v)
			v.put(sf, "004~", "Email=more~@example.com Phone=1~")
			v.same("contacts,1~,Contact,004~,yes")
		}, links: []string{"linked 1 004 same_as.csv ∅"},
			ambiguous: []string{"salesforce Contact 003 not linked: looks like as hubspot.contacts 1, which has a pair"}},
		{name: "no rank, not the same, says a person: both are created", do: func(v *world) {
			looks("003~")(v)
			v.same("contacts,1~,Contact,003~,no")
		}, creates: []string{"hubspot 1", "salesforce 003"}},
	}
	all := newWorld(t)
	all.sql["person/match.sql"] += "\nunion all\nselect hubspot.object, hubspot.id, salesforce.object, salesforce.id, 'looks like', null from hubspot join salesforce using (phone) where hubspot.pair_id is null or salesforce.pair_id is null"
	strangers := func(v *world) { // who share an e-mail address
		v.put(hs, "1~", "email=ann~@example.com")
		v.put(sf, "003~", "Email=ann~@example.com")
	}
	for i, tt := range tests {
		if tt.linked {
			strangers(all.marked(i))
		}
	}
	all.link()
	for i, tt := range tests {
		if !tt.linked {
			strangers(all.marked(i))
		}
		tt.do(all.marked(i))
	}
	all.mustPlan(Options{})
	links, ambiguous, creates := all.links(), all.notices("ambiguous"), all.rows(`select source_system, source_id from (
		select if(system = 'hubspot', 'salesforce', 'hubspot') as source_system, source_id from plan.change where action = 'create' and plan_id = 'p') order by all`)
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := all.marked(i)
			if d := cmp.Diff(tt.links, v.mine(links)); d != "" {
				t.Errorf("links (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.ambiguous, v.mine(ambiguous)); d != "" {
				t.Errorf("ambiguous (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.creates, v.mine(creates)); d != "" {
				t.Errorf("creates (-want +got):\n%s", d)
			}
		})
	}
}
