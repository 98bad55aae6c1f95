package transform

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/internal/crm"
)

// TestResults has one case per row of the result table of the merge (design §5).
func TestResults(t *testing.T) {
	t.Parallel()
	const h0, s0 = "phone=1 status=a1 title=T memo=m firstname=Ann lastname=Lee country=1 city=Ulm zip=89 nick=Al greeting=Hey", "Phone=1 Status__c=A Title=T Memo__c=m Name=Ann_Lee City=Ulm Zip=89 Nick=Al Greeting=Hey"
	tests := []struct {
		name           string
		h, s           string // the sides now
		baseH, baseS   string // bases other than the values of the start
		answers        string // of a person: "field winner hubspot salesforce hour", - for a blank
		changes        []string
		settled, field []string
		why            []string // reasons of what was decided
	}{
		{name: "nothing moved: leave"},
		{name: "the same on both sides: agreed", h: "phone=2 country=2", s: "Phone=2",
			settled: []string{"hubspot cc 2 agreed", "hubspot phone 2 agreed", "salesforce cc 2 agreed", "salesforce phone 2 agreed"}},
		{name: "the to file turns one value into what the other holds: agreed", h: "status=b1", s: "Status__c=B",
			settled: []string{"hubspot status b1 agreed", "salesforce status b1 agreed"}},
		{name: "many-to-one: a2 is A, which stands there already: agreed", h: "status=a2",
			settled: []string{"hubspot status a2 agreed"}},
		{name: "no base on a side, one blank: the other's value", h: "phone= country=", s: "", baseH: "phone=- cc=1",
			changes: []string{"update hubspot country ∅→1 [cc]", "update hubspot phone ∅→1 [phone]"}},
		{name: "no base on a side, both set: conflict, first link", h: "phone=2", baseH: "phone=-",
			changes: []string{"update hubspot phone 2→1 [phone]"}, field: []string{"phone salesforce true true 2 1 ∅ 1"}},
		{name: "no base on a side, both set, one-way: the source's value", h: "memo=n", baseH: "memo=-",
			changes: []string{"update salesforce Memo__c m→n [memo]"}, why: []string{"memo: hubspot_to_salesforce, only hubspot may change it"}},
		{name: "no base on a side, the target blank, one-way: the source's value", s: "Memo__c=", baseS: "memo=-",
			changes: []string{"update salesforce Memo__c ∅→m [memo]"}, why: []string{"memo: hubspot_to_salesforce, hubspot has a value, salesforce has none"}},
		{name: "no base on a side, HubSpot blank, one-way: Salesforce's value", h: "country=", baseH: "cc=-",
			changes: []string{"update hubspot country ∅→1 [cc]"}, why: []string{"cc: salesforce_to_hubspot, salesforce has a value, hubspot has none"}},
		{name: "one-way, together, first link, the target has more: it keeps it", h: "floor=1", s: "Floor=1 Room=2", baseH: "floor=- room=-",
			settled: []string{"hubspot floor 1 nothing to send", "hubspot room ∅ nothing to send", "salesforce floor 1 nothing to send", "salesforce room 2 nothing to send"}},
		{name: "the same from Salesforce", h: "aisle=1 seat=2", s: "Aisle=1", baseS: "aisle=- seat=-",
			settled: []string{"hubspot aisle 1 nothing to send", "hubspot seat 2 nothing to send", "salesforce aisle 1 nothing to send", "salesforce seat ∅ nothing to send"}},
		{name: "only hubspot changed: hubspot's value", h: "phone=2",
			changes: []string{"update salesforce Phone 1→2 [phone]"}},
		{name: "only salesforce changed: salesforce's value", s: "Title=U",
			changes: []string{"update hubspot title T→U [title]"}},
		{name: "both changed: conflict, the field's rule", h: "phone=2", s: "Phone=3",
			changes: []string{"update hubspot country 1→3 [cc]", "update hubspot phone 2→3 [phone]"}, field: []string{"phone salesforce true false 2 3 1 1"}},
		{name: "both changed: winner.sql decides before the rule", h: "phone=900 country=1", s: "Phone=300",
			changes: []string{"update hubspot country 1→3 [cc]", "update salesforce Phone 300→900 [phone]"}, field: []string{"phone hubspot true false 900 300 1 1"}},
		{name: "ask waits for a person, and the fields together wait as one", h: "city=Bonn zip=53", s: "City=Kiel",
			field: []string{"city ask true false Bonn Kiel Ulm Ulm", "zip ask true false 53 89 89 89"}, settled: []string{}},
		{name: "together: one part changed, the whole goes as one", h: "city=Bonn zip=53",
			changes: []string{"update salesforce City Ulm→Bonn [city]", "update salesforce Zip 89→53 [zip]"}},
		{name: "together, first link: the fuller set fills the other", h: "city=", baseH: "city=- zip=-",
			changes: []string{"update hubspot city ∅→Ulm [city]"}},
		{name: "together, keep: a blank part of the winner overwrites nothing", h: "city=Bonn zip=",
			changes: []string{"update salesforce City Ulm→Bonn [city]"}, settled: []string{"hubspot zip ∅ kept blank"}},
		{name: "together, keep: a blank part of the other winner overwrites nothing", s: "City=Bonn Zip=",
			changes: []string{"update hubspot city Ulm→Bonn [city]"}, settled: []string{"salesforce zip ∅ kept blank"}},
		{name: "together, first link: the fuller set of HubSpot fills the other", s: "City=", baseS: "city=- zip=-",
			changes: []string{"update salesforce City ∅→Ulm [city]"}},
		{name: "one-way, the target absent, the source new and blank: nothing", h: "memo=", s: "Memo__c=?", baseH: "memo=-"},
		{name: "the same the other way", h: "country=?", s: "Phone=", baseS: "cc=-",
			changes: []string{"update hubspot phone 1→∅ [phone]"}, settled: []string{}},
		{name: "one-way, together, one part of the source absent: nothing", h: "floor=? room=2"},
		{name: "the same from Salesforce", s: "Aisle=? Seat=2"},
		{name: "one-way, together: one part changed", h: "room=2", s: "Seat=3",
			changes: []string{"update hubspot seat ∅→3 [seat]", "update salesforce Room ∅→2 [room]"}},
		{name: "together, one part absent in HubSpot: nothing", h: "city=? zip=53"},
		{name: "together, one part absent in Salesforce: nothing", h: "zip=53", s: "City=?"},
		{name: "keep: both became blank: agreed, and told of once", h: "title=", s: "Title=", settled: []string{"hubspot title ∅ agreed", "salesforce title ∅ agreed"}},
		{name: "together, keep, one part absent, the other blank: no base moves", h: "city=? zip="},
		{name: "keep: the other side's blank counts as unchanged", s: "Title=", settled: []string{"salesforce title ∅ kept blank"}},
		{name: "keep: the other side's blank never wins a conflict", h: "title=U", s: "Title=",
			changes: []string{"update salesforce Title ∅→U [title]"}, settled: []string{"salesforce title ∅ kept blank"}},
		{name: "together, one part new in Salesforce: a first link as one", h: "city=Bonn", baseS: "zip=-",
			field: []string{"city ask true true Bonn Ulm Ulm Ulm"}},
		{name: "keep: a side that was blank and is, has nothing to settle", h: "title=", s: "Title=U", baseH: "title=",
			changes: []string{"update hubspot title ∅→U [title]"}, settled: []string{}},
		{name: "keep: of a side without a base nothing becomes blank", h: "title=", baseH: "title=-",
			changes: []string{"update hubspot title ∅→T [title]"}, settled: []string{}},
		{name: "keep: a blank side counts as unchanged and its base becomes blank", h: "title=",
			settled: []string{"hubspot title ∅ kept blank"}},
		{name: "keep: a blank never wins a conflict", h: "title=", s: "Title=U",
			changes: []string{"update hubspot title ∅→U [title]"}, settled: []string{"hubspot title ∅ kept blank"}},
		{name: "clear: a blank is a value", h: "phone=", changes: []string{"update salesforce Phone 1→∅ [phone]"}, settled: []string{}},
		{name: "first link never clears", h: "phone=", baseH: "phone=-", baseS: "phone=-", changes: []string{"update hubspot phone ∅→1 [phone]"}},
		{name: "one-way: whatever the target did, the source's value", h: "memo=n", s: "Memo__c=x",
			changes: []string{"update salesforce Memo__c x→n [memo]"}},
		{name: "one-way: the target's own change is put back", s: "Memo__c=x",
			changes: []string{"update salesforce Memo__c x→m [memo]"}},
		{name: "absent on a side: nothing, and no base moves", h: "status=zz"},
		{name: "a column of several fields is written as the editor sees it", h: "firstname=Anna lastname=Ray",
			changes: []string{"update salesforce Name Ann Lee→Anna Ray [firstname, lastname]"}},
		{name: "leave stays leave, one-way too, though the sides differ", h: "memo=n country=7 phone=3", baseH: "memo=n cc=7 phone=3"},
		{name: "many-to-one: what nobody changed is never rewritten", h: "status=a2", baseH: "status=a2", s: "Title=U",
			changes: []string{"update hubspot title T→U [title]"}},
		{name: "a field left alone stands in a composed column as the editor sees it", h: "firstname=Anna lastname=Ray", baseH: "firstname=Anna",
			changes: []string{"update salesforce Name Ann Lee→Anna Ray [lastname]"}},
		{name: "no base on a side, the same: agreed", baseH: "phone=-", settled: []string{"hubspot phone 1 agreed"}},
		{name: "one-way, keep: a blank source overwrites nothing and its base becomes blank", s: "Nick=", settled: []string{"salesforce nick ∅ kept blank"}},
		{name: "one-way, clear: a blank source is a value", s: "Phone=",
			changes: []string{"update hubspot country 1→∅ [cc]", "update hubspot phone 1→∅ [phone]"}, settled: []string{}},
		{name: "one-way, first link, a blank source: leave", h: "memo=", baseH: "memo=-", baseS: "memo=-"},
		{name: "one-way, the target absent, the source new: its value", s: "Memo__c=?", baseH: "memo=-",
			changes: []string{"update salesforce Memo__c ?→m [memo]"}},
		{name: "one-way, the target absent, the source changed: its value", h: "country=?", s: "Phone=2",
			changes: []string{"update hubspot country ?→2 [cc]", "update hubspot phone 1→2 [phone]"}},
		{name: "one-way, the target absent, HubSpot changed: its value", h: "memo=n", s: "Memo__c=?", changes: []string{"update salesforce Memo__c ?→n [memo]"}},
		{name: "one-way, the target absent, Salesforce new: its value", h: "country=?", baseS: "cc=-", changes: []string{"update hubspot country ?→1 [cc]"}},
		{name: "one-way, the target absent, the source as it was: nothing", h: "country=?", s: "Memo__c=?"},
		{name: "together, one part new on a side: a first link as one", h: "city=Bonn", baseH: "zip=-",
			field: []string{"city ask true true Bonn Ulm Ulm Ulm"}},
		{name: "together, keep: a part that became blank overwrites nothing", h: "city=", settled: []string{"hubspot city ∅ nothing to send"}},
		{name: "both changed, and the to file turns one into the other: agreed", h: "status=a2", baseS: "status=b1",
			settled: []string{"hubspot status a2 agreed", "salesforce status a1 agreed"}},
		{name: "both changed, Salesforce preferred: its value", h: "greeting=Hi", s: "Greeting=Ho",
			changes: []string{"update hubspot greeting Hi→Ho [greeting]"}},
		{name: "both changed, Salesforce preferred unless blank", h: "greeting=Hi", s: "Greeting=",
			changes: []string{"update salesforce Greeting ∅→Hi [greeting]"}},
		{name: "a blank that moves nothing is not what the other side holds", h: "memo=", s: "Memo__c=none", baseS: "memo=none",
			settled: []string{"hubspot memo ∅ nothing to send"}},
		{name: "one-way, keep: a blank source leaves what the target has made of it", h: "nick=Bert", s: "Nick=", settled: []string{"salesforce nick ∅ kept blank"}},
		{name: "both changed, and a person has said whose stands", h: "phone=2", s: "Phone=3", answers: "phone hubspot 2 3 1",
			changes: []string{"update hubspot country 1→3 [cc]", "update salesforce Phone 3→2 [phone]"}, field: []string{"phone hubspot true false 2 3 1 1"},
			why: []string{"cc: salesforce_to_hubspot, only salesforce may change it", "phone: answer, both changed it: hubspot wins, a person said so (answer)"}},
		{name: "a person has said it of another value of HubSpot", h: "phone=2", s: "Phone=3", answers: "phone hubspot 9 3 1",
			changes: []string{"update hubspot country 1→3 [cc]", "update hubspot phone 2→3 [phone]"}},
		{name: "a person has said it of another value of Salesforce", h: "phone=2", s: "Phone=3", answers: "phone hubspot 2 9 1",
			changes: []string{"update hubspot country 1→3 [cc]", "update hubspot phone 2→3 [phone]"}},
		{name: "a person has said it of another field", h: "phone=2", s: "Phone=3", answers: "title hubspot 2 3 1",
			changes: []string{"update hubspot country 1→3 [cc]", "update hubspot phone 2→3 [phone]"}},
		{name: "of two answers the newer", h: "phone=2", s: "Phone=3", answers: "phone hubspot 2 3 2; phone salesforce 2 3 1",
			changes: []string{"update hubspot country 1→3 [cc]", "update salesforce Phone 3→2 [phone]"}},
		{name: "only one changed, and a person has said that the other stands", h: "phone=2", answers: "phone salesforce 2 1 1",
			changes: []string{"update hubspot phone 2→1 [phone]"}},
		{name: "only the other changed, and a person has said that it does not stand", s: "Title=U", answers: "title hubspot T U 1",
			changes: []string{"update salesforce Title U→T [title]"}},
		{name: "one is blank at first, and a person has said that it stays so", h: "phone=", baseH: "phone=-", answers: "phone hubspot - 1 1",
			field: []string{"phone hubspot true true  1 ∅ 1"}},
		{name: "together, and a person has said it of both", h: "city=Bonn zip=53", s: "City=Kiel Zip=24", answers: "city hubspot Bonn Kiel 1; zip hubspot 53 24 1",
			changes: []string{"update salesforce City Kiel→Bonn [city]", "update salesforce Zip 24→53 [zip]"}},
		{name: "together, and a person has said it of the part that differs", h: "zip=53", s: "Zip=24", answers: "zip hubspot 53 24 1",
			changes: []string{"update salesforce Zip 24→53 [zip]"}},
		{name: "together, and a person has said it of one part only", h: "city=Bonn zip=53", s: "City=Kiel Zip=24", answers: "city hubspot Bonn Kiel 1",
			field: []string{"city ask true false Bonn Kiel Ulm Ulm", "zip ask true false 53 24 89 89"}},
		{name: "together, and a person has said one for each", h: "city=Bonn zip=53", s: "City=Kiel Zip=24", answers: "city hubspot Bonn Kiel 1; zip salesforce 53 24 1",
			field: []string{"city ask true false Bonn Kiel Ulm Ulm", "zip ask true false 53 24 89 89"}},
		{name: "both changed, winner.sql sees a blank as null", h: "greeting=", s: "Greeting=Ho",
			changes: []string{"update salesforce Greeting Ho→∅ [greeting]"}, why: []string{"greeting: winner.sql, both changed it: hubspot wins, blank (winner.sql)"}},
		{name: "both changed, one to a blank, HubSpot preferred unless blank", h: "motto=", s: "Motto=Y", changes: []string{"update hubspot motto ∅→Y [motto]"}},
		{name: "both changed, HubSpot preferred", h: "motto=X", s: "Motto=Y", changes: []string{"update salesforce Motto Y→X [motto]"},
			why: []string{"motto: prefer_hubspot_unless_blank, both changed it: hubspot wins, rule prefer_hubspot_unless_blank"}},
		{name: "an opt-out wins", h: "optout=yes", changes: []string{"update salesforce Optout ∅→yes [optout]"},
			why: []string{"optout: opt_out_wins, hubspot has it: an opt-out wins"}},
		{name: "an opt-out wins on the other side", s: "Optout=yes", changes: []string{"update hubspot optout ∅→yes [optout]"},
			why: []string{"optout: opt_out_wins, salesforce has it: an opt-out wins"}},
		{name: "an opt-out that one side took back is put back, and the base stays", h: "optout=yes", baseH: "optout=yes", baseS: "optout=yes",
			changes: []string{"update salesforce Optout ∅→yes [optout]"}, settled: []string{}, why: []string{"optout: opt_out_wins, salesforce took it back, hubspot did not: an opt-out wins"}},
		{name: "an opt-out that the other side took back", s: "Optout=yes", baseH: "optout=yes", baseS: "optout=yes",
			changes: []string{"update hubspot optout ∅→yes [optout]"}, settled: []string{}, why: []string{"optout: opt_out_wins, hubspot took it back, salesforce did not: an opt-out wins"}},
		{name: "off: nothing flows, whatever moved", h: "mood=low phone=2", s: "Mood=high",
			changes: []string{"update salesforce Phone 1→2 [phone]"}, settled: []string{}},
		{name: "one is blank at first: said so", h: "phone=", baseH: "phone=-", changes: []string{"update hubspot phone ∅→1 [phone]"},
			why: []string{"phone: fill, salesforce has a value, hubspot has none"}},
		{name: "only one changed: said so", h: "phone=2", changes: []string{"update salesforce Phone 1→2 [phone]"},
			why: []string{"phone: changed, hubspot changed it, salesforce did not"}},
		{name: "a first link, both set: said so", h: "phone=2", baseH: "phone=-", changes: []string{"update hubspot phone 2→1 [phone]"},
			why: []string{"phone: salesforce, first link, both have a value: salesforce wins, rule salesforce"}},
		{name: "a blank of Salesforce that moves nothing is not what HubSpot holds", h: "motto=none", s: "Motto=", baseH: "motto=none", baseS: "motto=none",
			settled: []string{"salesforce motto ∅ nothing to send"}},
		{name: "ask waits for a person, and what else changed goes", h: "city=Bonn zip=53", s: "City=Kiel Title=U",
			changes: []string{"update hubspot title T→U [title]"}, settled: []string{}},
		{name: "a field left alone that may not flow stands as it is in a composed column", h: "label=new seat=9", s: "Tag=old/5 Seat=5", baseH: "label=old seat=9", baseS: "label=old seat=5",
			changes: []string{"update salesforce Tag old/5→new/5 [label]"}},
		{name: "a field that waits for a person stands as it is in a composed column", h: "label=new verse=x", s: "Tag=old/5 Seat=5 Verse=y",
			baseH: "label=old seat=- verse=v", baseS: "label=old seat=5 verse=v",
			changes: []string{"update hubspot seat ∅→5 [seat]", "update salesforce Tag old/5→new/5/y [label]"}},
		{name: "a field left alone stands in a composed column as the editor sees it, unless it is blank there", h: "label=new", s: "Tag=old/5 Seat=5 Verse=y",
			baseH: "label=old seat=", baseS: "label=old seat=5 verse=y", changes: []string{"update salesforce Tag old/5→new/5/y [label]"}},
		{name: "leave stays leave beside what changes", h: "phone=2 greeting=Yo", baseH: "greeting=Yo", changes: []string{"update salesforce Phone 1→2 [phone]"}},
		{name: "a decided value without a translation waits, and the rest goes", h: "status=c1 phone=2",
			changes: []string{"update salesforce Phone 1→2 [phone]"}},
	}
	// all in one world, for a plan takes as long over one pair as over thirty
	v := newWorld(t)
	for path, edit := range map[string][2]string{
		"person/from_hubspot.contacts.sql":   {"h.country as cc, h.city", "h.label, h.verse, h.aisle, h.seat, if(h.floor = '?', unknown('?'), h.floor) as floor, h.room, if(h.city = '?', unknown('?'), h.city) as city, if(h.country = '?', unknown('?'), h.country) as cc, h.nick, h.greeting, h.motto, h.optout, h.mood"},
		"person/from_salesforce.Contact.sql": {"c.Memo__c as memo", "if(c.Aisle = '?', unknown('?'), c.Aisle) as aisle, c.Seat as seat, nullif(split_part(c.Tag, '/', 1), '') as label, c.Verse as verse, c.Floor as floor, c.Room as room, if(c.City = '?', unknown('?'), c.City) as city, if(c.Memo__c = '?', unknown('?'), c.Memo__c) as memo, c.Nick as nick, c.Greeting as greeting, c.Motto as motto, c.Optout as optout, c.Mood as mood"},
		"person/to_hubspot.contacts.sql":     {"p.cc as country", "p.cc as country, p.nick, p.greeting, coalesce(p.motto, 'none') as motto, p.optout, p.mood, p.aisle, p.seat, p.label, p.verse"},
		"person/to_salesforce.Contact.sql":   {"p.memo as Memo__c", "coalesce(p.memo, 'none') as Memo__c, p.greeting as Greeting, p.motto as Motto, p.optout as Optout, p.mood as Mood, p.floor as Floor, p.room as Room, nullif(concat_ws('/', p.label, p.seat, p.verse), '') as Tag, p.verse as Verse"},
		"person/fields.sql":                  {"    ('cc',", "    ('label', 'two_way', 'hubspot', 'clear', null, null),\n    ('verse', 'two_way', 'ask', 'clear', null, null),\n    ('nick', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),\n    ('motto', 'two_way', 'prefer_hubspot_unless_blank', 'clear', null, null),\n    ('optout', 'two_way', 'opt_out_wins', 'keep', null, null),\n    ('mood', 'off', 'hubspot', 'clear', null, null),\n    ('floor', 'hubspot_to_salesforce', 'hubspot', 'clear', null, 'desk'),\n    ('room', 'hubspot_to_salesforce', 'hubspot', 'clear', null, 'desk'),\n    ('aisle', 'salesforce_to_hubspot', 'salesforce', 'clear', null, 'place there'),\n    ('seat', 'salesforce_to_hubspot', 'salesforce', 'clear', null, 'place there'),\n    ('greeting', 'two_way', 'prefer_salesforce_unless_blank', 'clear', null, null),\n    ('cc',"},
	} {
		v.sql[path] = strings.Replace(v.sql[path], edit[0], edit[1], 1)
	}
	v.sql["person/winner.sql"] += " or field = 'greeting' and hubspot is null and salesforce = 'Ho'"
	v.sql["person/winner.sql"] = strings.Replace(v.sql["person/winner.sql"], "'special'", "if(hubspot is null, 'blank', 'special')", 1)
	v.sql["person/from_salesforce.Contact.sql"] = strings.Replace(v.sql["person/from_salesforce.Contact.sql"], " c.City as city,", "", 1)
	for _, c := range []string{"nick", "greeting", "motto", "optout", "mood", "floor", "room", "aisle", "seat", "label", "tag", "verse"} {
		v.exec(`alter table hubspot.contacts add column ` + c + ` varchar; alter table salesforce."Contact" add column ` + strings.ToUpper(c[:1]) + c[1:] + ` varchar`)
	}
	hubspot := func(i int) string { return fmt.Sprint(100 + i) }
	put := func(i int, h, s string) {
		v.put("hubspot.contacts", hubspot(i), "salesforce_id=003"+hubspot(i)+" "+h)
		v.put(`salesforce."Contact"`, "003"+hubspot(i), "HubSpot_Id__c="+hubspot(i)+" "+s)
	}
	for i := range tests {
		put(i, h0, s0)
	}
	v.link()
	for i, tt := range tests {
		put(i, tt.h+" "+h0, tt.s+" "+s0)
		for system, bases := range map[string]string{"hubspot": tt.baseH, "salesforce": tt.baseS} {
			v.baseOf("pair_id = (select pair_id from link.person where hubspot_id = '"+hubspot(i)+"') and system = '"+system+"'", bases)
		}
		for _, a := range strings.Split(tt.answers, ";") {
			if a := strings.Fields(a); len(a) > 0 {
				v.exec(`insert into history.answer (entity, pair_id, field, winner, hubspot, salesforce, answered_at)
					select 'person', pair_id, $1, $2, replace($3, '-', ''), replace($4, '-', ''), timestamptz '2026-02-01' + to_hours($5::integer) from link.person where hubspot_id = $6`,
					a[0], a[1], a[2], a[3], a[4], hubspot(i))
			}
		}
	}
	v.mustPlan(Options{})
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			of := func(rows []string) (mine []string) {
				for _, r := range rows {
					if m, ok := strings.CutPrefix(r, hubspot(i)+" "); ok {
						mine = append(mine, m)
					}
				}
				return mine
			}
			changes := of(v.rows(`select l.hubspot_id, c.action, c.system, v."column", coalesce(v.before, '∅') || '→' || coalesce(v.after, '∅'), '[' || array_to_string(v.fields, ', ') || ']'
				from plan.change c join plan.value v using (plan_id, change_id) join link.person as l using (pair_id) order by all`))
			if d := cmp.Diff(tt.changes, changes); d != "" {
				t.Errorf("changes (-want +got):\n%s", d)
			}
			if tt.settled != nil || tt.changes == nil && tt.field == nil {
				settled := of(v.rows(`select l.hubspot_id, system, field, coalesce(nullif(value, ''), '∅'), event from plan.settle join link.person as l using (pair_id) order by all`))
				if d := cmp.Diff(tt.settled, settled, cmpopts.EquateEmpty()); d != "" {
					t.Errorf("settled (-want +got):\n%s", d)
				}
			}
			if tt.why != nil {
				why := of(v.rows(`select l.hubspot_id, field || ': ' || f.rule || ', ' || f.reason from plan.field as f join link.person as l using (pair_id) order by all`))
				if d := cmp.Diff(tt.why, why); d != "" {
					t.Errorf("reasons (-want +got):\n%s", d)
				}
			}
			if tt.field != nil {
				got := of(v.rows(`select l.hubspot_id, field, outcome, conflict, first_link, hubspot, salesforce, hubspot_base, salesforce_base
					from plan.field join link.person as l using (pair_id) where conflict order by all`))
				if d := cmp.Diff(tt.field, got); d != "" {
					t.Errorf("conflicts (-want +got):\n%s", d)
				}
			}
		})
	}
}

// TestMostRecent: the field's own time decides, corrected by each CRM's clock; a tie goes to Salesforce. The time of a change
// is that of the version in which it was first seen, not of a later one.
func TestMostRecent(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		history  string // when HubSpot's history says that the title was typed; empty: nothing known
		said     string // of the history where it is another's
		typed    string // HubSpot's stamp; empty: a day after all others
		modified string // LastModifiedDate
		ahead    string // the CRM whose clock is ten minutes ahead of ours
		winner   string
	}{
		{name: "HubSpot's edit is newer", history: "10:10", modified: "10:00", winner: "hubspot"},
		{name: "Salesforce's edit is newer", history: "09:00", modified: "10:00", winner: "salesforce"},
		{name: "under two minutes apart: a tie goes to Salesforce", history: "10:01", modified: "10:00", winner: "salesforce"},
		{name: "two minutes apart are a tie", history: "10:02", modified: "10:00", winner: "salesforce"},
		{name: "Salesforce's clock is ten minutes ahead", history: "10:05", modified: "10:10", ahead: "salesforce", winner: "hubspot"},
		{name: "HubSpot's clock is ten minutes ahead", history: "10:10", modified: "10:05", ahead: "hubspot", winner: "salesforce"},
		{name: "no history: the stamp of the version", modified: "10:00", winner: "hubspot"},
		{name: "no history: the stamp of the version in which it came", typed: "09:00", modified: "10:00", winner: "salesforce"},
		{name: "the history of another property", history: "10:10", said: "property = 'phone'", typed: "09:00", modified: "10:00", winner: "salesforce"},
		{name: "the history of another object's record", history: "10:10", said: "object = 'companies'", typed: "09:00", modified: "10:00", winner: "salesforce"},
		{name: "the history of another record", history: "10:10", said: "id = '0'", typed: "09:00", modified: "10:00", winner: "salesforce"},
	}
	all := newWorld(t)
	for i := range tests {
		all.marked(i).put("hubspot.contacts", "1~", "salesforce_id=003~ title=T")
		all.marked(i).put(`salesforce."Contact"`, "003~", "HubSpot_Id__c=1~ Title=T")
	}
	all.link()
	all.exec(`insert into catalog.column (system, object, name, type, required, createable, updateable, is_unique, external_id, restricted, calculated, state, extracted, complete, first_seen, changed_at)
		values ('hubspot', 'contacts', 'title', 'string', false, true, true, false, false, false, false, 'live', true, true, '2026-01-01', '2026-01-01')`)
	put := func(v *world, typed, modified string) {
		v.put("hubspot.contacts", "1~", "salesforce_id=003~ title=H lastmodifieddate="+typed)
		v.put(`salesforce."Contact"`, "003~", "HubSpot_Id__c=1~ Title=S LastModifiedDate="+modified)
	}
	var ids []string
	for i, tt := range tests {
		v := all.marked(i)
		ids = append(ids, v.marks("1~"))
		typed := "2026-02-04T10:00:00Z"
		if tt.typed != "" {
			typed = "2026-02-03T" + tt.typed + ":00Z"
		}
		put(v, typed, "2026-02-03T"+tt.modified+":00Z")
		if tt.history != "" {
			v.exec(`insert into hubspot.history (object, id, property, value, "at") values ('contacts', '1~', 'title', 'H', $1::timestamptz), ('contacts', '1~', 'title', 'T', timestamptz '2026-01-01')`, "2026-02-03 "+tt.history+":00Z")
		}
		if tt.said != "" {
			v.exec("update hubspot.history set " + tt.said + " where id = '1~'")
		}
	}
	wanted := []Histories{{Object: crm.Object{System: crm.HubSpot, Name: "contacts"}, IDs: ids, Columns: []string{"title"}}}
	if d := cmp.Diff(wanted, all.mustPlan(Options{}).Histories); d != "" {
		t.Errorf("histories wanted (-want +got):\n%s", d)
	}
	for _, when := range []string{"as first seen", "after other edits of the records"} {
		for _, ahead := range []string{"", "salesforce", "hubspot"} {
			all.exec(`delete from catalog.clock; insert into catalog.clock select $1, 600000, timestamptz '2026-01-01' where $1 <> ''`, ahead)
			if got := all.mustPlan(Options{HistoriesRead: true}).Histories; len(got) > 0 {
				t.Errorf("histories wanted again: %v", got)
			}
			winners := all.rows(`select f.outcome, 'of', l.hubspot_id from plan.field as f join link.person as l using (pair_id) where f.field = 'title'`)
			for i, tt := range tests {
				if got := strings.Join(all.marked(i).mine(winners), "; "); tt.ahead == ahead && got != tt.winner+" of 1" {
					t.Errorf("%s, %s: winner %s, want %s", tt.name, when, got, tt.winner)
				}
			}
		}
		for i := range tests {
			put(all.marked(i), "2026-02-20T00:00:00Z", "2026-02-21T00:00:00Z")
		}
	}
	// what went back to what it was and is typed again counts from then on
	all.exec(`delete from catalog.clock; update hubspot.contacts set title = 'T'; update salesforce."Contact" set Title = 'T'`)
	all.mustPlan(Options{})
	newer := []string{"2026-02-23T00:00:00Z", "2026-02-22T00:00:00Z"}
	for i := range tests {
		put(all.marked(i), newer[i%2], newer[1-i%2])
	}
	all.mustPlan(Options{HistoriesRead: true})
	winners := all.rows(`select f.outcome, 'of', l.hubspot_id from plan.field as f join link.person as l using (pair_id) where f.field = 'title'`)
	for i, tt := range tests {
		want := []string{"hubspot", "salesforce"}[i%2]
		if got := strings.Join(all.marked(i).mine(winners), "; "); (tt.history == "" || tt.said != "") && got != want+" of 1" {
			t.Errorf("%s, typed again: winner %s, want %s", tt.name, got, want)
		}
	}
}

// TestAbsent: absent is neither blank nor changed; it decides nothing, moves no base and sends nothing.
func TestAbsent(t *testing.T) {
	t.Parallel()
	const column = `insert into catalog.column (system, object, name, type, required, createable, updateable, is_unique, external_id, restricted, calculated, state, extracted, complete, first_seen, changed_at)
		values ('hubspot', 'contacts', 'title', 'string', false, true, true, false, false, false, false, '%s', true, %s, '2026-01-01', '2026-01-01')`
	tests := []struct{ name, do string }{
		{"the column is no longer returned", fmt.Sprintf(column, "vanished", "true")},
		{"the column has not been read for all records yet", fmt.Sprintf(column, "live", "false")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.h("title=T phone=1 country=1")
			v.s("Title=T Phone=1")
			v.link()
			v.h("title= phone=2 country=1")
			v.s("Title=U Phone=1")
			v.exec(strings.Replace(fmt.Sprintf(column, "live", "true"), "'title'", "'phone'", 1)) // an object without any would be hidden
			v.exec(tt.do)
			v.mustPlan(Options{})
			if d := cmp.Diff([]string{"update salesforce Phone 1→2 [phone]"}, v.changes()); d != "" {
				t.Errorf("changes (-want +got):\n%s", d)
			}
			if got := v.rows(`select * from plan.settle where field = 'title'`); len(got) > 0 {
				t.Errorf("a base of an absent field moved: %v", got)
			}
		})
	}
}

// TestNoColumn: a decided field that moves no column is settled without a write.
func TestNoColumn(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.h("title=T")
	v.s("Title=T")
	v.sql["person/to_salesforce.Contact.sql"] = strings.Replace(v.sql["person/to_salesforce.Contact.sql"], "p.title as Title, ", "", 1)
	v.link()
	v.h("title=H")
	v.mustPlan(Options{})
	if got := v.changes(); len(got) > 0 {
		t.Errorf("changes %v", got)
	}
	if d := cmp.Diff([]string{"hubspot title H nothing to send"}, v.settled()); d != "" {
		t.Errorf("settled (-want +got):\n%s", d)
	}
}

// TestOutOfScope: scope stops sending and creating, never matching.
func TestOutOfScope(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.sql["person/from_hubspot.contacts.sql"] = strings.Replace(v.sql["person/from_hubspot.contacts.sql"], "h.id as hubspot_id", "false as in_scope, h.id as hubspot_id", 1)
	v.unstamp()
	v.put("hubspot.contacts", "2", "email=bo@example.com")
	v.mustPlan(Options{})
	if d := cmp.Diff([]string{"linked 1 003 same e-mail ∅"}, v.links()); d != "" {
		t.Errorf("links (-want +got):\n%s", d)
	}
	if got := v.rows(`select * from plan.change`); len(got) > 0 {
		t.Errorf("changes %v, want none", got)
	}
}
