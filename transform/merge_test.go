package transform

import (
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
