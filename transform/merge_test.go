package transform

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestResults has one case per row of the result table of the merge (design §5).
func TestResults(t *testing.T) {
	t.Parallel()
	const h0, s0 = "phone=1 status=a1 title=T memo=m firstname=Ann lastname=Lee country=1 city=Ulm zip=89", "Phone=1 Status__c=A Title=T Memo__c=m Name=Ann_Lee City=Ulm Zip=89"
	tests := []struct {
		name           string
		h, s           string // the sides now
		baseH, baseS   string // bases other than the values of the start
		changes        []string
		settled, field []string
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
			changes: []string{"update salesforce Memo__c m→n [memo]"}},
		{name: "only hubspot changed: hubspot's value", h: "phone=2",
			changes: []string{"update salesforce Phone 1→2 [phone]"}},
		{name: "only salesforce changed: salesforce's value", s: "Title=U",
			changes: []string{"update hubspot title T→U [title]"}},
		{name: "both changed: conflict, the field's rule", h: "phone=2", s: "Phone=3",
			changes: []string{"update hubspot country 1→3 [cc]", "update hubspot phone 2→3 [phone]"}, field: []string{"phone salesforce true false 2 3 1 1"}},
		{name: "both changed: winner.sql decides before the rule", h: "phone=900 country=1", s: "Phone=300",
			changes: []string{"update hubspot country 1→3 [cc]", "update salesforce Phone 300→900 [phone]"}, field: []string{"phone hubspot true false 900 300 1 1"}},
		{name: "ask waits for a person, and the fields together wait as one", h: "city=Bonn zip=53", s: "City=Kiel",
			field: []string{"city ask true false Bonn Kiel Ulm Ulm", "zip ask true false 53 89 89 89"}},
		{name: "together: one part changed, the whole goes as one", h: "city=Bonn zip=53",
			changes: []string{"update salesforce City Ulm→Bonn [city]", "update salesforce Zip 89→53 [zip]"}},
		{name: "together, first link: the fuller set fills the other", h: "city=", baseH: "city=- zip=-",
			changes: []string{"update hubspot city ∅→Ulm [city]"}},
		{name: "together, keep: a blank part of the winner overwrites nothing", h: "city=Bonn zip=",
			changes: []string{"update salesforce City Ulm→Bonn [city]"}},
		{name: "keep: a blank side counts as unchanged and its base becomes blank", h: "title=",
			settled: []string{"hubspot title ∅ kept blank"}},
		{name: "keep: a blank never wins a conflict", h: "title=", s: "Title=U",
			changes: []string{"update hubspot title ∅→U [title]"}, settled: []string{"hubspot title ∅ kept blank"}},
		{name: "clear: a blank is a value", h: "phone=", changes: []string{"update salesforce Phone 1→∅ [phone]"}},
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
		{name: "a decided value without a translation waits, and the rest goes", h: "status=c1 phone=2",
			changes: []string{"update salesforce Phone 1→2 [phone]"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.h(h0)
			v.s(s0)
			v.link()
			v.h(tt.h + " " + h0)
			v.s(tt.s + " " + s0)
			v.base("hubspot", tt.baseH)
			v.base("salesforce", tt.baseS)
			v.mustPlan(Options{})
			if d := cmp.Diff(tt.changes, v.changes()); d != "" {
				t.Errorf("changes (-want +got):\n%s", d)
			}
			if tt.settled != nil || tt.changes == nil && tt.field == nil {
				if d := cmp.Diff(tt.settled, v.settled()); d != "" {
					t.Errorf("settled (-want +got):\n%s", d)
				}
			}
			if tt.field != nil {
				got := v.rows(`select field, outcome, conflict, first_link, hubspot, salesforce, hubspot_base, salesforce_base from plan.field where conflict order by all`)
				if d := cmp.Diff(tt.field, got); d != "" {
					t.Errorf("conflicts (-want +got):\n%s", d)
				}
			}
		})
	}
}

// TestMostRecent: the field's own time decides, corrected by each CRM's clock; a tie goes to Salesforce.
func TestMostRecent(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		history       string // when HubSpot's history says the title was typed; empty: nothing known
		modified      string // LastModifiedDate
		skew          string // Salesforce's clock minus ours, ms
		winner        string
		wantHistories bool
	}{
		{name: "HubSpot's edit is newer", history: "2026-02-03 10:10", modified: "2026-02-03T10:00:00Z", winner: "hubspot"},
		{name: "Salesforce's edit is newer", history: "2026-02-03 09:00", modified: "2026-02-03T10:00:00Z", winner: "salesforce"},
		{name: "under two minutes apart: a tie goes to Salesforce", history: "2026-02-03 10:01", modified: "2026-02-03T10:00:00Z", winner: "salesforce"},
		{name: "Salesforce's clock is ten minutes ahead", history: "2026-02-03 10:05", modified: "2026-02-03T10:10:00Z", skew: "600000", winner: "hubspot"},
		{name: "no history yet: it is asked for", modified: "2026-02-03T10:00:00Z", winner: "salesforce", wantHistories: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.h("title=T country=")
			v.s("Title=T")
			v.link()
			v.exec(`insert into catalog.column (system, object, name, type, required, createable, updateable, is_unique, external_id, restricted, calculated, state, extracted, complete, first_seen, changed_at)
				values ('hubspot', 'contacts', 'title', 'string', false, true, true, false, false, false, false, 'live', true, true, '2026-01-01', '2026-01-01')`)
			if tt.history != "" {
				v.exec(`insert into hubspot.history (object, id, property, value, "at") values ('contacts', '1', 'title', 'H', $1::timestamptz), ('contacts', '1', 'title', 'T', timestamptz '2026-01-01')`, tt.history+":00Z")
			}
			if tt.skew != "" {
				v.exec("insert into catalog.clock values ('salesforce', " + tt.skew + ", timestamptz '2026-01-01')")
			}
			v.h("title=H lastmodifieddate=2026-02-05T00:00:00Z")
			v.s("Title=S LastModifiedDate=" + tt.modified)
			res := v.mustPlan(Options{HistoriesRead: !tt.wantHistories})
			if got := v.rows(`select outcome from plan.field where field = 'title'`); len(got) != 1 || got[0] != tt.winner && !tt.wantHistories {
				t.Errorf("winner %v, want %s", got, tt.winner)
			}
			if got := len(res.Histories) > 0; got != tt.wantHistories {
				t.Errorf("histories %v", res.Histories)
			}
			// The time of a change is that of the version in which it was first seen, not of a later one.
			v.s("Title=S LastModifiedDate=2026-02-20T00:00:00Z")
			v.mustPlan(Options{HistoriesRead: true})
			if got := v.rows(`select outcome from plan.field where field = 'title'`); !tt.wantHistories && got[0] != tt.winner {
				t.Errorf("after another edit of the record: winner %v, want %s", got, tt.winner)
			}
		})
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
