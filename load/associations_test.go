package load_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox"
	"lockstep/load"
)

// TestAssociationColumns: a deal's company is written and read like any column, moved and taken away, alone or with
// properties; one that HubSpot refuses leaves the rest of its row and the other rows written.
func TestAssociationColumns(t *testing.T) {
	t.Parallel()
	c := startCRMs(t)
	target := c.targets[crm.HubSpot]
	insert := func(object string, values map[string]string) string {
		t.Helper()
		id, err := c.HubSpot.Insert(object, values)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	one, two := insert("companies", map[string]string{"name": "One"}), insert("companies", map[string]string{"name": "Two"})
	deals := []string{insert("deals", map[string]string{"dealname": "A"}), insert("deals", map[string]string{"dealname": "B"})}
	text := func(s string) *string { return &s }
	const column = "associated_company_id"
	for _, step := range []struct {
		name    string
		rows    []load.Row
		want    map[string]string // per deal, as read afterwards
		refused string            // the deal whose association is refused
	}{
		{"the first, alone and with a property", []load.Row{
			{ID: deals[0], Values: map[string]*string{column: text(one)}},
			{ID: deals[1], Values: map[string]*string{column: text(two), "dealname": text("B2")}},
		}, map[string]string{deals[0]: one, deals[1]: two}, ""},
		{"moved: the earlier one is gone", []load.Row{{ID: deals[0], Values: map[string]*string{column: text(two)}}},
			map[string]string{deals[0]: two, deals[1]: two}, ""},
		{"to a company that is not there", []load.Row{
			{ID: deals[0], Values: map[string]*string{column: text(one)}},
			{ID: deals[1], Values: map[string]*string{column: text("99"), "dealname": text("B3")}},
		}, map[string]string{deals[0]: one, deals[1]: two}, deals[1]},
		{"taken away", []load.Row{{ID: deals[0], Values: map[string]*string{column: nil}}}, map[string]string{deals[0]: "", deals[1]: two}, ""},
	} {
		answer, err := target.Update(t.Context(), load.Batch{Object: "deals", Rows: step.rows, Columns: []string{"dealname", column}})
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		for i, o := range answer.Outcomes {
			if o.Record == nil || len(o.Refusals) > 0 || (len(o.Partly) > 0) != (step.rows[i].ID == step.refused) {
				t.Errorf("%s: %s: %+v", step.name, step.rows[i].ID, o)
			}
		}
		read, err := target.Read(t.Context(), "deals", deals, []string{"dealname", column})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, r := range read {
			got[r.ID] = ""
			if v := r.Values[column]; v != nil {
				got[r.ID] = *v
			}
		}
		if d := cmp.Diff(step.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, d)
		}
	}
	if b, _ := c.HubSpot.Get("deals", deals[1]); b["dealname"] != "B3" {
		t.Errorf("the rest of the refused row was not written: %v", b["dealname"])
	}
}

// TestAnAssociationWhoseCallFails: it goes by a call after that of its record. Where that one fails, the record is written
// and the column is nobody's refusal: it says so, and is planned anew.
func TestAnAssociationWhoseCallFails(t *testing.T) {
	t.Parallel()
	c := startCRMs(t)
	company, err := c.HubSpot.Insert("companies", map[string]string{"name": "One"})
	if err != nil {
		t.Fatal(err)
	}
	deal, err := c.HubSpot.Insert("deals", map[string]string{"dealname": "A"})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Faults.Add(sandbox.Fault{System: crm.HubSpot, Path: "/associations/", Kind: "500", Nth: 2, Count: -1}); err != nil {
		t.Fatal(err)
	}
	const column = "associated_company_id"
	name := "B"
	answer, err := c.targets[crm.HubSpot].Update(t.Context(), load.Batch{
		Object: "deals", Columns: []string{"dealname", column}, Rows: []load.Row{{ID: deal, Values: map[string]*string{"dealname": &name, column: &company}}},
	})
	if err != nil || len(answer.Outcomes) != 1 {
		t.Fatalf("%v: %+v", err, answer)
	}
	if o := answer.Outcomes[0]; len(o.Partly) > 0 || len(o.Refusals) > 0 || !slices.Equal(o.Open, []string{column}) {
		t.Errorf("%+v", o)
	}
}
