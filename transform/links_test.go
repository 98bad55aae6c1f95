package transform

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/internal/crm"
)

func (v *world) links() []string {
	return v.rows(`select state, hubspot_id, salesforce_id, rule, coalesce(replaced, '∅') || if(state = 'held' and rule = 'undo', ', ' || reason, '') from plan.link order by all`)
}

func (v *world) notices(kind string) []string {
	return v.rows(`select system, object, record_id, text from plan.notice where kind = $1 order by all`, kind)
}

// same adds lines to same_as.csv.
func (v *world) same(lines ...string) {
	const file = "person/same_as.csv"
	if v.sql[file] == "" {
		v.sql[file] = "hubspot_object,hubspot_id,salesforce_object,salesforce_id,same\n"
	}
	for _, l := range lines {
		v.sql[file] += v.marks(l) + "\n"
	}
}

// making is a create that was interrupted; source is the record it is made of, as object', 'id.
func (v *world) making(system, object, source string) {
	v.t.Helper()
	v.exec(`insert into plan.change (plan_id, change_id, position, entity, pair_id, action, system, object, source_object, source_id)
		values ('before', 'c~', 1, 'person', 'x', 'create', '` + system + `', '` + object + `', '` + source + `')`)
	v.exec(`insert into outbox (change_id, plan_id, run_id, batch, entity, pair_id, action, system, object, sent_at, sent)
		values ('c~', 'before', 'r', 1, 'person', 'x', 'create', '` + system + `', '` + object + `', timestamptz '2026-02-01', '{}')`)
}

// unstamp makes the two records of the world strangers that share an e-mail address.
func (v *world) unstamp() {
	v.t.Helper()
	v.put("hubspot.contacts", "1", "email=ann@example.com phone=1")
	v.put(`salesforce."Contact"`, "003", "Email=ann@example.com Phone=1")
}

// TestLinkStates has one case per cell of the table of link states, and one per sentence about following.
func TestLinkStates(t *testing.T) {
	t.Parallel()
	hs, sf := "hubspot.contacts", `salesforce."Contact"`
	tests := []struct {
		name    string
		do      func(v *world)
		links   []string // plan.link after
		changes []string
		notices map[string][]string
	}{
		{name: "linked: not matched again, not created from, merged",
			do:      func(v *world) { v.put(hs, "1~", "email=ann~@example.com phone=2 salesforce_id=003~ country=1") },
			changes: []string{"update salesforce Phone 1→2 [phone]"}},
		{name: "linked, a side out of scope: not merged, bases stay",
			do: func(v *world) {
				v.put(hs, "1~", "email=ann~@example.com phone=2 salesforce_id=003~ country=1 memo=away")
			}},
		{name: "linked, the other side out of scope: not merged either",
			do: func(v *world) {
				v.put(hs, "1~", "email=ann~@example.com phone=2 salesforce_id=003~ country=1")
				v.put(sf, "003~", "Email=ann~@example.com Phone=1 HubSpot_Id__c=1~ Memo__c=away")
			}},
		{name: "linked, a side invisible: not merged, the link stays",
			do: func(v *world) {
				v.exec("delete from " + sf + " where Id = '003~'")
				v.put(hs, "1~", "email=ann~@example.com phone=2 salesforce_id=003~ country=1")
			}},
		{name: "a side proven deleted: half, not merged, not created from",
			do:      func(v *world) { v.put(sf, "003~", "Email=ann~@example.com _deleted=true") },
			links:   []string{"half 1 003 same e-mail ∅"},
			notices: map[string][]string{"half": {"hubspot contacts 1 pair with salesforce.Contact 003: the salesforce record is deleted, or hidden from us"}}},
		{name: "the other side proven deleted",
			do:      func(v *world) { v.put(hs, "1~", "email=ann~@example.com _deleted=true") },
			links:   []string{"half 1 003 same e-mail ∅"},
			notices: map[string][]string{"half": {"hubspot contacts 1 pair with salesforce.Contact 003: the hubspot record is deleted, or hidden from us"}}},
		{name: "both proven deleted",
			do: func(v *world) {
				v.put(hs, "1~", "email=ann~@example.com _deleted=true")
				v.put(sf, "003~", "Email=ann~@example.com _deleted=true")
			},
			links:   []string{"half 1 003 same e-mail ∅"},
			notices: map[string][]string{"half": {"hubspot contacts 1 pair with salesforce.Contact 003: both records are deleted"}}},
		{name: "half as before: not told of again",
			do: func(v *world) {
				v.put(sf, "003~", "Email=ann~@example.com _deleted=true")
				v.exec("update link.person set state = 'half' where hubspot_id = '1~'")
			},
			notices: map[string][]string{"half": nil}},
		{name: "half: the live one is matched again",
			do: func(v *world) {
				v.put(sf, "003~", "Email=ann~@example.com _deleted=true")
				v.put(sf, "004~", "Email=ann~@example.com Phone=1")
			},
			links:   []string{"half 1 003 same e-mail ∅", "linked 1 004 same e-mail ∅"},
			changes: []string{"update hubspot salesforce_id 003→004 [salesforce_id]", "update salesforce HubSpot_Id__c ∅→1 [hubspot_id]"}},
		{name: "half, then restored: linked again",
			do:    func(v *world) { v.exec("update link.person set state = 'half' where hubspot_id = '1~'") },
			links: []string{"linked 1 003 same e-mail ∅"}},
		{name: "held: not matched again, not created from, not merged",
			do: func(v *world) {
				v.exec("update link.person set state = 'held' where hubspot_id = '1~'")
				v.put(hs, "1~", "email=ann~@example.com phone=2 salesforce_id=003~ country=1")
			}},
		{name: "held, until a person says: same_as.csv",
			do: func(v *world) {
				v.exec("update link.person set state = 'held' where hubspot_id = '1~'")
				v.same("contacts,1~,Contact,003~,yes")
				v.put(hs, "1~", "email=ann~@example.com phone=2 salesforce_id=003~ country=1")
			},
			links:   []string{"linked 1 003 same_as.csv ∅"},
			changes: []string{"update salesforce Phone 1→2 [phone]"}},
		{name: "strangers of whom one is out of scope: linked, not merged",
			do: func(v *world) {
				v.put(hs, "2~", "email=bo~@example.com phone=7 memo=away")
				v.put(sf, "005~", "Email=bo~@example.com Phone=8")
			},
			links: []string{"linked 2 005 same e-mail ∅"}},
		{name: "strangers of whom the other is out of scope",
			do: func(v *world) {
				v.put(hs, "2~", "email=bo~@example.com phone=7")
				v.put(sf, "005~", "Email=bo~@example.com Phone=8 Memo__c=away")
			},
			links: []string{"linked 2 005 same e-mail ∅"}},
		{name: "held, until a person says: not the same, so each finds its own",
			do: func(v *world) {
				v.exec("update link.person set state = 'held' where hubspot_id = '1~'")
				v.same("contacts,1~,Contact,003~,no")
				v.put(sf, "003~", "Email=bo~@example.com Phone=1")
				v.put(sf, "004~", "Email=ann~@example.com Phone=1")
				v.put(hs, "2~", "email=bo~@example.com phone=1")
			},
			links:   []string{"linked 1 004 same e-mail ∅", "linked 2 003 same e-mail ∅"},
			changes: []string{"update hubspot country ∅→1 [cc]", "update hubspot salesforce_id 003→004 [salesforce_id]", "update hubspot salesforce_id ∅→003 [salesforce_id]", "update salesforce HubSpot_Id__c ∅→1 [hubspot_id]", "update salesforce HubSpot_Id__c ∅→2 [hubspot_id]"}},
		{name: "merged away: the pair goes on as the survivor, through a chain",
			do: func(v *world) {
				v.put(sf, "003~", "Email=ann~@example.com _deleted=true MasterRecordId=004~")
				v.put(sf, "004~", "Email=ann~@example.com _deleted=true MasterRecordId=005~")
				v.put(sf, "005~", "Email=ann~@example.com Phone=1 HubSpot_Id__c=1~")
			},
			links:   []string{"linked 1 005 same e-mail salesforce"},
			changes: []string{"update hubspot salesforce_id 003→005 [salesforce_id]"}},
		{name: "merged away, and the survivor is deleted: half",
			do: func(v *world) {
				v.put(sf, "003~", "Email=ann~@example.com _deleted=true MasterRecordId=004~")
				v.put(sf, "004~", "Email=ann~@example.com _deleted=true")
			},
			links: []string{"half 1 004 same e-mail salesforce"}},
		{name: "merged away in HubSpot: the pair goes on as the survivor",
			do: func(v *world) {
				v.put(hs, "1~", "email=ann~@example.com title=into_2~ _deleted=true")
				v.put(hs, "2~", "email=ann~@example.com phone=1 country=1 salesforce_id=003~")
			},
			links:   []string{"linked 2 003 same e-mail hubspot"},
			changes: []string{"update salesforce HubSpot_Id__c 1→2 [hubspot_id]"}},
		{name: "merged away on both sides",
			do: func(v *world) {
				v.put(hs, "1~", "email=ann~@example.com title=into_2~ _deleted=true")
				v.put(hs, "2~", "email=ann~@example.com phone=1 country=1 salesforce_id=004~")
				v.put(sf, "003~", "Email=ann~@example.com _deleted=true MasterRecordId=004~")
				v.put(sf, "004~", "Email=ann~@example.com Phone=1 HubSpot_Id__c=2~")
			},
			links: []string{"linked 2 004 same e-mail both"}},
		{name: "merged away on both sides, into two that are a pair: the older stays",
			do: func(v *world) {
				v.put(hs, "1~", "email=ann~@example.com title=into_2~ _deleted=true")
				v.put(hs, "2~", "email=ann~@example.com phone=1 country=1 salesforce_id=004~")
				v.put(sf, "003~", "Email=ann~@example.com _deleted=true MasterRecordId=004~")
				v.put(sf, "004~", "Email=ann~@example.com Phone=1 HubSpot_Id__c=2~")
				v.exec("insert into link.person select 'q~', 'linked', 'contacts', '2~', 'Contact', '004~', 'same e-mail', null, timestamptz '2025-01-01', 'r'")
			},
			links: []string{"held 2 004 same e-mail both"}},
		{name: "said to go on as each other: waits",
			do: func(v *world) {
				v.put(sf, "003~", "Email=ann~@example.com MasterRecordId=004~")
				v.put(sf, "004~", "Email=ann~@example.com MasterRecordId=003~")
			},
			links: []string{"superseded 1 003 same e-mail ∅"}},
		{name: "said to go on as each other in HubSpot: waits",
			do: func(v *world) {
				v.put(hs, "1~", "email=ann~@example.com title=into_2~")
				v.put(hs, "2~", "email=ann~@example.com title=into_1~")
			},
			links: []string{"superseded 1 003 same e-mail ∅"}},
		{name: "held, and merged away: held as the survivor, for the reason it was",
			do: func(v *world) {
				v.exec("update link.person set state = 'held', rule = 'undo', reason = 'undone' where hubspot_id = '1~'")
				v.put(sf, "003~", "Email=ann~@example.com _deleted=true MasterRecordId=004~")
				v.put(sf, "004~", "Email=ann~@example.com Phone=1")
			},
			links: []string{"held 1 004 undo salesforce, undone"}},
		{name: "superseded: a survivor that is not in the mirror yet waits",
			do:      func(v *world) { v.put(sf, "003~", "Email=ann~@example.com _deleted=true MasterRecordId=004~") },
			links:   []string{"superseded 1 003 same e-mail ∅"},
			notices: map[string][]string{"superseded": {"hubspot contacts 1 pair with salesforce.Contact 004: goes on as a record that has not been read yet"}}},
		{name: "superseded as before: waits without a word",
			do: func(v *world) {
				v.put(sf, "003~", "Email=ann~@example.com _deleted=true MasterRecordId=004~")
				v.exec("update link.person set state = 'superseded' where hubspot_id = '1~'")
			},
			notices: map[string][]string{"superseded": nil}},
		{name: "following leads to a record that has a pair: the older stays, the other is held",
			do: func(v *world) {
				v.put(hs, "2~", "email=bo~@example.com salesforce_id=004~")
				v.put(sf, "004~", "Email=bo~@example.com HubSpot_Id__c=2~ Phone=1")
				v.exec("insert into link.person select 'q~', 'linked', 'contacts', '2~', 'Contact', '004~', 'same e-mail', null, timestamptz '2025-01-01', 'r'")
				v.exec("insert into base.person (pair_id, system, object, id, email, salesforce_id, hubspot_id, phone, cc) values ('q~', 'hubspot', 'contacts', '2~', 'bo~@example.com', '004~', '2~', '', ''), ('q~', 'salesforce', 'Contact', '004~', 'bo~@example.com', '004~', '2~', '1', '1')")
				v.put(sf, "003~", "Email=ann~@example.com _deleted=true MasterRecordId=004~")
			},
			links:   []string{"held 1 004 same e-mail salesforce"},
			notices: map[string][]string{"held": {"hubspot contacts 1 pair with salesforce.Contact 004: its record has an older pair"}}},
		{name: "linked, and a person says that the two are not the same: it stays, for that is what undoing is for",
			do: func(v *world) {
				v.put(hs, "1~", "email=ann~@example.com phone=2 salesforce_id=003~ country=1")
				v.same("contacts,1~,Contact,003~,no")
			},
			changes: []string{"update salesforce Phone 1→2 [phone]"}},
		{name: "of two pairs of one record the older stays, though the other's partner is invisible",
			do: func(v *world) {
				v.exec("insert into link.person select 'q~', 'linked', 'contacts', '1~', 'Contact', '004~', 'same e-mail', null, timestamptz '2025-01-01', 'r'")
				v.put(sf, "004~", "Email=ann~@example.com Phone=1 HubSpot_Id__c=1~")
				v.exec("delete from " + sf + " where Id = '003~'")
			},
			links: []string{"held 1 003 same e-mail ∅"}},
		{name: "a held pair takes no place: the other of its record stands",
			do: func(v *world) {
				v.exec("update link.person set state = 'half' where hubspot_id = '1~'")
				v.put(sf, "004~", "Email=bo~@example.com HubSpot_Id__c=1~")
				v.put(hs, "2~", "email=bo~@example.com salesforce_id=003~")
				v.exec("insert into link.person select 'q~', 'held', 'contacts', '1~', 'Contact', '004~', 'same e-mail', null, timestamptz '2025-01-01', 'r'")
				v.exec("insert into link.person select 'qq~', 'held', 'contacts', '2~', 'Contact', '003~', 'same e-mail', null, timestamptz '2025-01-01', 'r'")
			},
			links: []string{"linked 1 003 same e-mail ∅"}},
		{name: "a pair that waits for HubSpot takes no place: the other of its record stands",
			do: func(v *world) {
				v.put(hs, "1~", "email=ann~@example.com title=into_9~ _deleted=true")
				v.put(hs, "2~", "email=bo~@example.com salesforce_id=003~")
				v.exec("insert into link.person select 'q~', 'half', 'contacts', '2~', 'Contact', '003~', 'same e-mail', null, timestamptz '2026-02-01', 'r'")
			},
			links: []string{"linked 2 003 same e-mail ∅", "superseded 1 003 same e-mail ∅"}},
		{name: "a pair that waits for Salesforce takes no place: the other of its record stands",
			do: func(v *world) {
				v.put(sf, "003~", "Email=ann~@example.com _deleted=true MasterRecordId=009~")
				v.put(sf, "004~", "Email=bo~@example.com HubSpot_Id__c=1~")
				v.exec("insert into link.person select 'q~', 'half', 'contacts', '1~', 'Contact', '004~', 'same e-mail', null, timestamptz '2026-02-01', 'r'")
			},
			links: []string{"linked 1 004 same e-mail ∅", "superseded 1 003 same e-mail ∅"}},
		{name: "a pair that is half by Salesforce takes no place: the other of its record stands",
			do: func(v *world) {
				v.put(sf, "003~", "Email=ann~@example.com _deleted=true")
				v.put(sf, "004~", "Email=bo~@example.com HubSpot_Id__c=1~")
				v.exec("insert into link.person select 'q~', 'half', 'contacts', '1~', 'Contact', '004~', 'same e-mail', null, timestamptz '2026-02-01', 'r'")
			},
			links: []string{"half 1 003 same e-mail ∅", "linked 1 004 same e-mail ∅"}},
		{name: "of two pairs of one record the one that stood stays, though the other is older",
			do: func(v *world) {
				v.put(hs, "2~", "email=bo~@example.com salesforce_id=003~")
				v.exec("insert into link.person select 'q~', 'half', 'contacts', '2~', 'Contact', '003~', 'same e-mail', null, timestamptz '2025-01-01', 'r'")
			},
			links: []string{"held 2 003 same e-mail ∅"}},
		{name: "of two pairs of one record in HubSpot the one that stood stays, though the other is older",
			do: func(v *world) {
				v.put(sf, "004~", "Email=bo~@example.com HubSpot_Id__c=1~")
				v.exec("insert into link.person select 'q~', 'half', 'contacts', '1~', 'Contact', '004~', 'same e-mail', null, timestamptz '2025-01-01', 'r'")
			},
			links: []string{"held 1 004 same e-mail ∅"}},
		{name: "a pair that is half by HubSpot takes no place: the other of its record stands",
			do: func(v *world) {
				v.put(hs, "2~", "email=bo~@example.com salesforce_id=003~")
				v.put(hs, "1~", "email=ann~@example.com phone=1 salesforce_id=003~ country=1 _deleted=true")
				v.exec("insert into link.person select 'q~', 'half', 'contacts', '2~', 'Contact', '003~', 'same e-mail', null, timestamptz '2026-02-01', 'r'")
			},
			links:   []string{"half 1 003 same e-mail ∅", "linked 2 003 same e-mail ∅"},
			changes: []string{}},
	}
	all := newWorld(t)
	for side, file := range map[string]string{"h.memo": "person/from_hubspot.contacts.sql", "c.Memo__c": "person/from_salesforce.Contact.sql"} {
		at := strings.LastIndex(all.sql[file], "\nselect\n") + len("\nselect\n")
		all.sql[file] = all.sql[file][:at] + "    coalesce(" + side + " <> 'away', true) as in_scope,\n" + all.sql[file][at:]
	}
	file := "person/from_hubspot.contacts.sql"
	all.sql[file] = strings.Replace(all.sql[file], "h.title,", "if(h.title[:5] = 'into ', h.title[6:], null) as superseded_by, if(h.title[:5] = 'into ', 'contacts', null) as superseded_by_object, h.title,", 1)
	for i := range tests {
		v := all.marked(i)
		v.put(hs, "1~", "email=ann~@example.com phone=1 salesforce_id=003~")
		v.put(sf, "003~", "Email=ann~@example.com Phone=1 HubSpot_Id__c=1~")
	}
	all.link()
	all.exec("update link.person set rule = 'same e-mail'")
	all.base("hubspot", "cc=1")
	for i, tt := range tests {
		v := all.marked(i)
		v.put(hs, "1~", "email=ann~@example.com phone=1 salesforce_id=003~ country=1")
		tt.do(v)
	}
	all.mustPlan(Options{})
	links, changes := all.links(), all.rows(`select c.action, c.system, v."column", coalesce(v.before, '∅') || '→' || coalesce(v.after, '∅'), '[' || array_to_string(v.fields, ', ') || ']', 'of', coalesce(c.record_id, c.source_id)
		from plan.change c join plan.value v using (plan_id, change_id) where not starts_with(c.pair_id, 'q') order by all`)
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := all.marked(i)
			if d := cmp.Diff(tt.links, v.mine(links)); d != "" {
				t.Errorf("links (-want +got):\n%s", d)
			}
			var got []string
			for _, c := range v.mine(changes) {
				what, _, _ := strings.Cut(c, " of ")
				got = append(got, what)
			}
			if d := cmp.Diff(tt.changes, got, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("changes (-want +got):\n%s", d)
			}
			for kind, want := range tt.notices {
				if d := cmp.Diff(want, v.mine(all.notices(kind))); d != "" {
					t.Errorf("%s (-want +got):\n%s", kind, d)
				}
			}
		})
	}
}

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

// TestCreate: what is named by no proposal and in no link is created, and told its source in the same plan.
func TestCreate(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	// what only the new record may say and its source has no column for
	for file, edit := range map[string][2]string{
		"person/from_hubspot.contacts.sql":   {"h.email,", "h.email, null::varchar as code,"},
		"person/from_salesforce.Contact.sql": {"c.Email as email,", "c.Email as email, left(c.Phone, 2) as code,"},
		"person/fields.sql":                  {"    ('cc',", "    ('code', 'salesforce_to_hubspot', 'salesforce', 'clear', null, null),\n    ('cc',"},
	} {
		v.sql[file] = strings.Replace(v.sql[file], edit[0], edit[1], 1)
	}
	v.put("hubspot.contacts", "1", "email=ann@example.com phone=1 firstname=Ann lastname=Lee status=a2 memo=m")
	v.put("hubspot.contacts", "2", "phone=2")
	v.put(`salesforce."Contact"`, "009", "Email=bo@example.com Phone=900 Name=Bo_Chen Status__c=B Memo__c=x")
	v.mustPlan(Options{})
	want := []string{
		"create hubspot contacts ∅ 009 Bo Chen: country=9 email=bo@example.com firstname=Bo lastname=Chen phone=900 salesforce_id=009 status=b1",
		"create salesforce Contact ∅ 1 Ann Lee: Email=ann@example.com HubSpot_Id__c=1 Memo__c=m Name=Ann Lee Phone=1 Status__c=A",
		"update hubspot contacts 1 ∅ Ann Lee: country=1 salesforce_id=ID",
		"update salesforce Contact 009 1 Bo Chen: HubSpot_Id__c=ID",
	}
	got := v.rows(`select c.action, c.system, c.object, coalesce(c.record_id, '∅'), if(c.action = 'create', c.source_id, if(c.source_id is null, '∅', '1')), c.label || ':',
		string_agg(v."column" || '=' || if(starts_with(v.after, chr(57345)), 'ID', v.after), ' ' order by v."column")
		from plan.change c join plan.value v using (plan_id, change_id) group by all order by all`)
	want[3] = "update salesforce Contact 009 ∅ Bo Chen: HubSpot_Id__c=ID"
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("creates (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"hubspot contacts 2 no e-mail"}, v.notices("not created")); d != "" {
		t.Errorf("not created (-want +got):\n%s", d)
	}
	if got := v.settled(); len(got) > 0 {
		t.Errorf("bases of a pair that is not there yet: %v", got)
	}
}

// TestRefusedCreate: what was refused when it was to be created is not planned again until something moves.
func TestRefusedCreate(t *testing.T) {
	t.Parallel()
	const as, known = "email=ann~@example.com phone=1", "map {'Email': 'ann~@example.com', 'HubSpot_Id__c': '1~', 'Phone': '1'}"
	tests := []struct {
		name    string
		refused string // by column, as it was sent
		which   string // which of these refusals, and what is said of them, where that is not all of the same
		values  string // of the source now
		created bool
	}{
		{name: "all as it was", refused: known, values: as},
		{name: "a value moved", refused: known, values: "email=ann~@example.com phone=2", created: true},
		{name: "a column more", refused: known, values: as + " memo=m", created: true},
		{name: "never refused", refused: "map {}", values: as, created: true},
		{name: "the record as a whole", refused: "map {'all of it': null}", values: as},
		{name: "a blank sent then is none now", refused: "map {'Email': 'ann~@example.com', 'HubSpot_Id__c': '1~', 'Phone': null}", values: as, created: true},
		{name: "a value without a translation was not sent then either", refused: known, values: as + " status=c1"},
		{name: "only predicted: the metadata says today what it takes", refused: known, which: "predicted = true", values: as, created: true},
		{name: "of another entity", refused: known, which: "entity = 'firm'", values: as, created: true},
		{name: "of another object", refused: known, which: "object = 'Lead'", values: as, created: true},
		{name: "in the other CRM", refused: known, which: "system = 'hubspot'", values: as, created: true},
		{name: "before the metadata changed", refused: known, which: "last_at = timestamptz '2025-12-31'", values: as, created: true},
	}
	v := newWorld(t)
	// metadata that changed after the refusals is of other objects; that of this one changed before all but the last case's
	v.exec(`insert into catalog.column (system, object, name, type, required, createable, updateable, is_unique, external_id, restricted, calculated, state, extracted, complete, first_seen, changed_at)
		select system, object, 'Email', 'string', false, true, true, false, false, false, false, 'live', false, false, moved, moved
		from (values ('salesforce', 'Contact', timestamptz '2026-01-01'), ('salesforce', 'Lead', timestamptz '2027-01-01'), ('hubspot', 'Contact', timestamptz '2027-01-01')) as c (system, object, moved)`)
	for i, tt := range tests {
		v.marked(i).put("hubspot.contacts", "1~", tt.values)
	}
	v.mustPlan(Options{})
	for i, tt := range tests {
		v.marked(i).exec(`insert into history.refusal (entity, pair_id, system, object, "column", value, category, words, remedy, first_at, last_at, run_id)
			select 'person', pair_id, system, object, nullif(said.key, 'all of it'), said.value, 'duplicate', 'No.', 'Merge.', getvariable('run_at'), getvariable('run_at'), 'r'
			from plan.change, (select unnest(map_entries(` + tt.refused + `::map(varchar, varchar))) as said) where action = 'create' and source_id = '1~'`)
		if tt.which != "" {
			v.marked(i).exec("update history.refusal set " + tt.which + " where pair_id = (select pair_id from plan.change where source_id = '1~')")
		}
	}
	for _, retry := range []bool{false, true} { // the night tries again
		v.mustPlan(Options{RetryRefused: retry})
		planned, told := v.rows(`select source_id from plan.change where action = 'create'`), v.notices("refused")
		for i, tt := range tests {
			v := v.marked(i)
			if got := len(v.mine(planned)) > 0; got != (tt.created || retry) {
				t.Errorf("%s: planned %v, want %v", tt.name, got, tt.created || retry)
			}
			var want []string
			if !tt.created && !retry {
				want = []string{"hubspot contacts 1 refused before as a new salesforce.Contact, nothing has moved since: No.; Merge."}
			}
			if d := cmp.Diff(want, v.mine(told)); d != "" {
				t.Errorf("%s: refused (-want +got):\n%s", tt.name, d)
			}
		}
	}
}

// TestEditedMapping: editing SQL is not editing data.
func TestEditedMapping(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.h("phone=1 title=boss lastname=lee email=a@example.com country=1")
	v.s("Phone=1 Title=boss Name=lee Email=a@example.com")
	v.link()
	file := "person/from_hubspot.contacts.sql"
	v.sql[file] = strings.Replace(v.sql[file], "h.title,", "upper(h.title) as title,", 1)
	v.mustPlan(Options{})
	if got := v.changes(); len(got) > 0 {
		t.Errorf("an edited mapping sends nothing by itself, got %v", got)
	}
	if d := cmp.Diff([]string{"hubspot title BOSS mapping edited"}, v.settled()); d != "" {
		t.Errorf("settled (-want +got):\n%s", d)
	}
	// An edit of data made together with the edit of the mapping is still an edit.
	v.h("phone=1 title=chief lastname=lee email=a@example.com country=1")
	v.mustPlan(Options{})
	if d := cmp.Diff([]string{"update salesforce Title boss→CHIEF [title]"}, v.changes()); d != "" {
		t.Errorf("changes (-want +got):\n%s", d)
	}
	// --resync drops the bases: a first link.
	v.mustPlan(Options{Resync: []string{"person.title"}})
	if got := v.rows(`select field, conflict, first_link from plan.field`); len(got) != 1 || got[0] != "title true true" {
		t.Errorf("resync: got %v, want a first-link conflict of title", got)
	}
}

// TestFreeze: a value fight stops, a person who changes their mind does not.
func TestFreeze(t *testing.T) {
	t.Parallel()
	const pair = "(select pair_id from link.person where hubspot_id = '1~')"
	// what runs have written, from the given one on, every hour one; the newest is the eleventh
	wroteFrom := func(first int, system string, after ...string) string {
		var all []string
		for i, a := range after {
			s, column, record := system, "Phone", "Contact', '003~"
			if s == "both" {
				s = []string{"hubspot", "salesforce"}[i%2]
			}
			if s == "hubspot" {
				column, record = "phone", "contacts', '1~"
			}
			all = append(all, fmt.Sprintf("('r%02d', timestamptz '2026-02-01' + interval %d hours, 'person', %s, '%s', '%s', 'update', '%s', null, nullif('%s', ''), null, ['phone'], [], 'taken', null)", first+i, first+i, pair, s, record, column, a))
		}
		return "insert into history.change select * from (values " + strings.Join(all, ", ") + ");"
	}
	wrote := func(system string, after ...string) string { return wroteFrom(4, system, after...) }
	answered := func(hour int, field, hubspot string) string {
		return fmt.Sprintf("insert into history.answer values ('person', %s, '%s', 'hubspot', '%s', '1', timestamptz '2026-02-01' + interval %d hours);", pair, field, hubspot, hour)
	}
	froze := func(kind, reason, released string) string {
		return "insert into history.frozen values ('person', " + pair + ", 'phone', '" + kind + "', timestamptz '2026-01-01', 'r', '" + reason + "', " + released + ");"
	}
	const left, forth = "phone the value sent to salesforce is due there again although that side left it", "phone it goes back and forth between the CRMs for the third time"
	tests := []struct {
		name, history string
		phone         string // typed in HubSpot: 2 where it is not said
		goes          bool
		frozen, asks  string
	}{
		{name: "sent before, left by that side itself, due again", history: wrote("salesforce", "2"), frozen: left},
		{name: "sent before, and since then another value", history: wrote("salesforce", "2", "3"), goes: true},
		{name: "a blank sent before and due again", history: wrote("salesforce", "2", ""), phone: "-", frozen: left},
		{name: "sent in the last but nine run", history: wroteFrom(2, "salesforce", "2"), frozen: left},
		{name: "sent in the last but ten run: that is long ago", history: wroteFrom(1, "salesforce", "2"), goes: true},
		{name: "sent, and not taken", history: strings.ReplaceAll(wrote("salesforce", "2"), "'taken'", "'refused'"), goes: true},
		{name: "sent when it was made", history: strings.ReplaceAll(wrote("salesforce", "2"), "'update'", "'create'"), goes: true},
		{name: "sent to another column", history: strings.ReplaceAll(wrote("salesforce", "2"), "'Phone'", "'Fax'"), goes: true},
		{name: "sent for another field", history: strings.ReplaceAll(wrote("salesforce", "2"), "['phone']", "['cc']"), goes: true},
		{name: "sent to the other side", history: wrote("hubspot", "2"), goes: true},
		{name: "sent for another entity", history: strings.ReplaceAll(wrote("salesforce", "2"), "'person'", "'firm'"), goes: true},
		{name: "sent to the record that was merged away", history: strings.ReplaceAll(wrote("salesforce", "2"), "'003~'", "'009'"), goes: true},
		{name: "A, B, A, B typed by a person on one side", history: wrote("salesforce", "2", "3", "2", "3"), goes: true},
		{name: "two turns", history: wrote("both", "5", "6", "7", "8"), goes: true},
		{name: "back and forth for the third time, each value new", history: wrote("both", "5", "6", "7", "8", "9"), frozen: forth},
		{name: "frozen before, until it is released", history: froze("fight", "two automations", "null"), frozen: "phone two automations"},
		{name: "an interrupted write that nobody can judge asks", history: froze("unclear", "unclear", "null"), asks: "phone unclear"},
		{name: "released", history: froze("fight", "two automations", "timestamptz '2026-01-02'"), goes: true},
		{name: "frozen in another entity", history: strings.ReplaceAll(froze("fight", "two automations", "null"), "'person'", "'firm'"), goes: true},
		{name: "a person has decided since, about other values", history: wrote("salesforce", "2") + answered(5, "phone", "7"), goes: true},
		{name: "a person decided before", history: wrote("salesforce", "2") + answered(3, "phone", "7"), frozen: left},
		{name: "a person has decided another field since", history: wrote("salesforce", "2") + answered(5, "title", "7"), frozen: left},
		{name: "a person decided just these values", history: wrote("salesforce", "2") + answered(3, "phone", "2"), goes: true},
		{name: "frozen, and a person decided just these values", history: froze("fight", "two automations", "null") + answered(3, "phone", "2"), goes: true},
	}
	v := newWorld(t)
	for i := range tests {
		v.marked(i).put("hubspot.contacts", "1~", "salesforce_id=003~ phone=1 country=1")
		v.marked(i).put(`salesforce."Contact"`, "003~", "HubSpot_Id__c=1~ Phone=1")
	}
	v.link()
	for i := range 12 {
		v.exec("insert into history.run (run_id, pipeline, started_at, state) values ($1, 'x', timestamptz '2026-02-01' + to_hours($2), 'done')", fmt.Sprintf("r%02d", i), i)
	}
	for i, tt := range tests {
		phone := "2"
		if tt.phone != "" {
			phone = strings.TrimSuffix(tt.phone, "-")
		}
		v.marked(i).exec(tt.history)
		v.marked(i).put("hubspot.contacts", "1~", "salesforce_id=003~ country=1 phone="+phone)
	}
	v.mustPlan(Options{})
	of := func(outcome string) []string {
		return v.rows(`select f.field, f.reason, 'of', l.hubspot_id from plan.field as f join link.person as l using (pair_id) where f.outcome = $1`, outcome)
	}
	changes, frozen, asks := v.rows(`select source_id from plan.change`), of("frozen"), of("ask")
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := v.marked(i)
			if got := len(v.mine(changes)) > 0; got != tt.goes {
				t.Errorf("goes %v, want %v", got, tt.goes)
			}
			if got := strings.TrimSuffix(strings.Join(v.mine(frozen), "; "), " of 1"); got != tt.frozen {
				t.Errorf("frozen %q, want %q", got, tt.frozen)
			}
			if got := strings.TrimSuffix(strings.Join(v.mine(asks), "; "), " of 1"); got != tt.asks {
				t.Errorf("asks %q, want %q", got, tt.asks)
			}
		})
	}
	if got := v.rows(`select * from plan.settle`); len(got) > 0 {
		t.Errorf("bases stay, got %v", got)
	}
}

// TestBadFiles: every mistake in a file names the file, the line where there is one, and a hint.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, old, new, want, hint string }{
		{"unknown column", "person/match.sql", "salesforce.hubspot_id = hubspot.id", "salesforce.hubspot_idd = hubspot.id", `sql/person/match.sql:3: Values list "salesforce" does not have a column named "hubspot_idd"`, "check"},
		{"unknown column of a mirror", "person/from_hubspot.contacts.sql", "h.email,", "h.emial as email,", `sql/person/from_hubspot.contacts.sql:5: `, ""},
		{"two statements", "person/winner.sql", "select pair_id", "select 1; select pair_id", `sql/person/winner.sql: 2 statements`, "one select"},
		{"not a select", "person/create.sql", "select 'salesforce' as system", "drop table link.person; select 'salesforce' as system", "sql/person/create.sql: not a select", "one select"},
		{"now()", "person/from_hubspot.contacts.sql", "h.email,", "h.email, now() as title2,", "sql/person/from_hubspot.contacts.sql: now() gives another answer each time", "run_at"},
		{"star over a mirror", "person/from_hubspot.contacts.sql", "h.email,", "h.*,", "sql/person/from_hubspot.contacts.sql:6: select * over the mirror hubspot.contacts", "name the columns"},
		{"no grain", "person/match.sql", "-- one row per possible pair", "", "sql/person/match.sql:1: the first line is not a comment", "grain"},
		{"field not in fields.sql", "person/from_hubspot.contacts.sql", "h.memo,", "h.memo, h.memo as extra,", `sql/person/from_hubspot.contacts.sql: field "extra" is not in fields.sql`, "fields.sql"},
		{"records left out", "person/from_hubspot.contacts.sql", "left join", "where h.id <> '1' union all by name from (select null as id where false) left join", "sql/person/from_hubspot.contacts.sql", ""},
		{"column of the object not known", "person/to_hubspot.contacts.sql", "p.cc as country", "p.cc as contry", `sql/person/to_hubspot.contacts.sql: column "contry" not found in hubspot.contacts`, `did you mean "country"?`},
		{"a to file that filters", "person/to_hubspot.contacts.sql", "from person as p", "from (from person where phone = 'x') as p", "sql/person/to_hubspot.contacts.sql: 0 rows for 4 pairs", "never filters"},
		{"wrong direction", "person/fields.sql", "'two_way', 'salesforce', 'clear', null, null),\n    ('status'", "'both', 'salesforce', 'clear', null, null),\n    ('status'", `sql/person/fields.sql: field "phone": direction "both"`, "two_way"},
		{"a mistake in winner.sql, without a conflict", "person/winner.sql", "hubspot = '900'", "hubspott = '900'", `sql/person/winner.sql:2: Referenced column "hubspott" not found in FROM clause!`, "hubspot"},
		{"two winners", "person/winner.sql", "where field = 'phone' and hubspot = '900'", "where field = 'phone' union all select pair_id, field, 'salesforce', 'x' from conflict", "sql/person/winner.sql: two rows for field phone", "at most one row"},
		{"a crosswalk with a value twice", "crosswalk/status.csv", "b1,b1,B,both", "b1,b1,A,both", `sql/crosswalk/status.csv:5: "A" is read from salesforce twice, first in line 2`, "one way per direction"},
		{"a crosswalk with a cell missing", "crosswalk/status.csv", "b1,b1,B,both", "b1,b1,B", "sql/crosswalk/status.csv:5: wrong number of fields", "value,hubspot,salesforce,use"},
		{"syntax", "person/create.sql", "union all", "unionn all", "sql/person/create.sql:3: syntax error", "SQL"},
	}
	all := newWorld(t)
	all.h("phone=1 title=boss")
	all.s("Phone=2 Title=x")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := *all // a plan that fails leaves the warehouse as it was
			v.sql = maps.Clone(all.sql)
			if !strings.Contains(v.sql[tt.file], tt.old) {
				t.Fatalf("%s has no %q", tt.file, tt.old)
			}
			v.sql[tt.file] = strings.Replace(v.sql[tt.file], tt.old, tt.new, 1)
			_, err := v.plan(Options{})
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Fatalf("error %v, want %s…", err, tt.want)
			}
			var h *crm.Hinted
			if !errors.As(err, &h) || !strings.Contains(h.Hint, tt.hint) {
				t.Errorf("hint of %v, want …%s…", err, tt.hint)
			}
		})
	}
}

// TestBasesOfAReplacedRecord: a base stands where the new record says the same, else there is none: a first link. The
// side whose record stayed keeps its bases.
func TestBasesOfAReplacedRecord(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.h("phone=1 title=T lastname=Lee country=1")
	v.s("Phone=1 Title=T Name=Lee")
	v.link()
	v.put(`salesforce."Contact"`, "003", "_deleted=true MasterRecordId=004")
	v.put(`salesforce."Contact"`, "004", "Phone=1 Title=U Name=Lee HubSpot_Id__c=1")
	v.mustPlan(Options{})
	var got []string
	for _, s := range v.settled() {
		if strings.HasSuffix(s, "record replaced") {
			got = append(got, s)
		}
	}
	if d := cmp.Diff([]string{"salesforce salesforce_id ∅ record replaced", "salesforce title ∅ record replaced"}, got); d != "" {
		t.Errorf("bases (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"title true"}, v.rows(`select field, first_link from plan.field where conflict`)); d != "" {
		t.Errorf("conflicts (-want +got):\n%s", d)
	}
}
