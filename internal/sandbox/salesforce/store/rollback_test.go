package store

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// dump is everything that a user or the log of deletions can see of the records.
func (org *Org) dump() map[string]any {
	out := map[string]any{}
	for _, o := range org.Objects() {
		if !o.records() && o.Name != "CampaignMemberStatus" {
			continue
		}
		rows := map[string]any{}
		for row := range o.Rows() {
			if o.state[row] != gone {
				rows[o.ids[row].String()] = []any{o.state[row] == deleted, o.texts(row)}
			}
		}
		found := map[string]int{}
		for _, f := range o.Fields {
			if f.index != nil {
				for row := range o.Rows() {
					if v := f.values.get(row); o.state[row] == live && !v.IsNull() {
						found[f.Name+" "+v.String()] = len(f.holders(v))
					}
				}
			}
		}
		out[o.Name] = []any{rows, found, len(o.deletions), o.live}
	}
	cleared := map[string]int{}
	for id, list := range org.cleared {
		if len(list) > 0 {
			cleared[id.String()] = len(list)
		}
	}
	out["cleared"] = cleared
	return out
}

// Whatever a transaction did, taken back it has done nothing: no record, index, log or reference differs.
func TestRollbackLeavesNothing(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	org := New(func() time.Time { return at })
	lines, err := org.AddObject("Line__c", "Line", "Lines", "L-{000}", false)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	pick := func(object string) string {
		o := org.Object(object)
		if o.Rows() == 0 {
			return ""
		}
		row := int32(r.IntN(int(o.Rows())))
		for range 20 { // what rollbacks left behind is met now and then, live records mostly
			if o.state[row] == live || r.IntN(20) == 0 {
				break
			}
			row = int32(r.IntN(int(o.Rows())))
		}
		if o.state[row] != live && r.IntN(4) > 0 {
			return ""
		}
		return o.ids[row].String()
	}
	// step does one thing, allowed or not; what is refused must have changed nothing either.
	step := func(tx *Tx) {
		at = at.Add(time.Duration(r.IntN(90)) * time.Second)
		create := func(object string, values map[string]string) { tx.Create(draft(org.Object(object), values)) }
		switch n := fmt.Sprint(r.IntN(5)); r.IntN(12) {
		case 0:
			for range 3 {
				create("Account", map[string]string{"Name": "A" + n, "ParentId": pick("Account")})
			}
		case 1:
			create("Contact", map[string]string{"LastName": "C" + n, "AccountId": pick("Account"), "ReportsToId": pick("Contact"), "Email": n + "@example.com"})
		case 2:
			create("Lead", map[string]string{"LastName": "L" + n, "Company": "Example"})
		case 3:
			create("Opportunity", map[string]string{"Name": "O" + n, "StageName": "Prospecting", "CloseDate": "2026-02-03", "AccountId": pick("Account"), "ContactId": pick("Contact")})
		case 4:
			create("Campaign", map[string]string{"Name": n})
		case 5:
			create("CampaignMember", map[string]string{"CampaignId": pick("Campaign"), "LeadId": pick("Lead"), "Status": "Responded"})
			create("CampaignMember", map[string]string{"CampaignId": pick("Campaign"), "ContactId": pick("Contact")})
		case 6:
			create("Task", map[string]string{"WhoId": pick("Contact"), "WhatId": pick("Opportunity"), "Status": "Completed"})
			create("Case", map[string]string{"ContactId": pick("Contact"), "Subject": n})
		case 7:
			tx.Create(draft(lines, map[string]string{"OwnerId": org.Human.String()}))
		case 8:
			object := []string{"Account", "Contact", "Lead", "Opportunity", "Campaign", "Case", "Task", "Case", "Account"}[r.IntN(9)]
			tx.Delete(org.Object(object), pick(object))
		case 9:
			tx.Merge(org.Object("Contact"), pick("Contact"), []string{pick("Contact")}, map[string]string{"Title": n})
		case 10:
			tx.Convert(Conversion{Lead: pick("Lead"), Account: pick("Account"), Opportunity: n})
		case 11:
			d := draft(org.Object("Contact"), map[string]string{"AccountId": pick("Account"), "Email": n + "@example.org"})
			d.ID = pick("Contact")
			tx.Update(d)
		}
	}
	for round := range 90 {
		before := org.dump()
		tx := org.Begin(org.Integration)
		for range 1 + r.IntN(8) {
			step(tx)
		}
		tx.Rollback(0)
		if diff := cmp.Diff(before, org.dump()); diff != "" {
			t.Fatalf("round %d (-before +after):\n%s", round, diff)
		}
		tx = org.Begin(org.Integration)
		for range 3 {
			step(tx) // and this time it stays
		}
	}
	if n := org.Object("Contact").Live() + org.Object("CampaignMember").Live() + lines.Live(); n < 20 {
		t.Errorf("%d records: hardly anything happened", n)
	}
}
