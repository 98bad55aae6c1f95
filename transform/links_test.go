package transform

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
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
