package load_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox/hubspot"
	"lockstep/load"
)

// TestPairs: associations are created, labelled and ended like records; labels that the row does not name are taken away,
// and of the deal's other associations none is touched. One that HubSpot refuses leaves the others written.
func TestPairs(t *testing.T) {
	t.Parallel()
	c := startCRMs(t)
	target := c.targets[crm.HubSpot]
	must := func(id string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	deal := must(c.HubSpot.Insert("deals", map[string]string{"dealname": "A"}))
	var people []string
	for _, name := range []string{"Lee", "Chen", "Diaz", "Evans"} {
		people = append(people, must(c.HubSpot.Insert("contacts", map[string]string{"lastname": name})))
	}
	for _, label := range []string{"Champion", "Payer"} {
		must("", c.HubSpot.LabelAssociations("deals", "contacts", label, ""))
	}
	must("", c.HubSpot.Associate("deals", deal, "contacts", people[2], "Payer"))
	const object = "deals_to_contacts"
	if key := target.Key(object, nil); key != "from_id,to_id" {
		t.Errorf("key %q", key)
	}
	row := func(person string, labels ...string) load.Row {
		id, text := deal+":"+person, strings.Join(labels, ";")
		values := map[string]*string{"from_id": &deal, "to_id": &person, "labels": nil}
		if text != "" {
			values["labels"] = &text
		}
		return load.Row{ID: id, Key: id, Values: values}
	}
	for _, step := range []struct {
		name string
		do   func() (load.Answer, error)
		want string // labels by place of the person
		said string // outcomes: ok, partly, refused
	}{
		{"create", func() (load.Answer, error) {
			return target.Create(t.Context(), load.Batch{Object: object, Key: target.Key(object, nil), Rows: []load.Row{row(people[0], "Champion", "Payer"), row("99"), row(people[1])}})
		}, "0 Champion;Payer 1 - 2 Payer", "ok refused ok"},
		{"label", func() (load.Answer, error) {
			return target.Update(t.Context(), load.Batch{Object: object, Rows: []load.Row{row(people[0], "Payer"), row(people[1], "Champion", "Nobody knows")}})
		}, "0 Payer 1 Champion 2 Payer", "ok partly"},
		{"move", func() (load.Answer, error) {
			return target.Update(t.Context(), load.Batch{Object: object, Rows: []load.Row{{ID: deal + ":" + people[1], Values: map[string]*string{"to_id": &people[3]}}}})
		}, "0 Payer 2 Payer 3 Champion", "ok"},
		{"move back", func() (load.Answer, error) {
			return target.Update(t.Context(), load.Batch{Object: object, Rows: []load.Row{{ID: deal + ":" + people[3], Values: map[string]*string{"to_id": &people[1]}}}})
		}, "0 Payer 1 Champion 2 Payer", "ok"},
		{"unlabel", func() (load.Answer, error) {
			return target.Update(t.Context(), load.Batch{Object: object, Rows: []load.Row{row(people[0])}})
		}, "0 - 1 Champion 2 Payer", "ok"},
		{"end", func() (load.Answer, error) {
			return target.Delete(t.Context(), object, []string{deal + ":" + people[0], deal + ":" + people[1], deal + ":99"})
		}, "2 Payer", "ok ok ok"},
	} {
		answer, err := step.do()
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		var said, got []string
		for _, o := range answer.Outcomes {
			switch {
			case len(o.Refusals) > 0:
				said = append(said, "refused")
			case len(o.Partly) > 0:
				said = append(said, "partly")
			case o.Record != nil:
				said = append(said, "ok")
			}
		}
		for i, person := range people {
			for _, a := range c.HubSpot.Associations("deals", deal, "contacts") {
				if a.ID != person {
					continue
				}
				labels := strings.Join(a.Labels, ";")
				if labels == "" {
					labels = "-"
				}
				got = append(got, fmt.Sprint(i), labels)
			}
		}
		if d := cmp.Diff(step.want+" | "+step.said, strings.Join(got, " ")+" | "+strings.Join(said, " ")); d != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, d)
		}
	}
	found, err := target.Find(t.Context(), object, target.Key(object, nil), []string{deal + ":" + people[0], deal + ":" + people[2]}, nil)
	if err != nil || len(found) != 1 || *found[0].Values["labels"] != "Payer" {
		t.Errorf("found %+v %v", found, err)
	}
}

// TestMembers: members of a static list are added and removed; those of one that HubSpot fills are refused, and so is a
// record that is not there.
func TestMembers(t *testing.T) {
	t.Parallel()
	c := startCRMs(t)
	target := c.targets[crm.HubSpot]
	person, err := c.HubSpot.Insert("contacts", map[string]string{"lastname": "Lee"})
	if err != nil {
		t.Fatal(err)
	}
	list, err := c.HubSpot.CreateList(hubspot.ListDefinition{Name: "Chosen", Object: "contacts"})
	if err != nil {
		t.Fatal(err)
	}
	filled, err := c.HubSpot.CreateList(hubspot.ListDefinition{Name: "Filled", Object: "contacts", Filters: `{"filterBranchType":"OR","filters":[],"filterBranches":[
		{"filterBranchType":"AND","filterBranches":[],"filters":[{"filterType":"PROPERTY","property":"firstname","operation":{"operationType":"ALL_PROPERTY","operator":"IS_KNOWN"}}]}]}`})
	if err != nil {
		t.Fatal(err)
	}
	const object = "lists_to_contacts"
	var rows []load.Row
	for _, id := range []string{list + ":" + person, list + ":99", filled + ":" + person} {
		rows = append(rows, load.Row{Key: id, Values: map[string]*string{}})
	}
	answer, err := target.Create(t.Context(), load.Batch{Object: object, Key: target.Key(object, nil), Rows: rows})
	if err != nil {
		t.Fatal(err)
	}
	if o := answer.Outcomes; o[0].Record == nil || len(o[1].Refusals) != 1 || len(o[2].Refusals) != 1 || !strings.Contains(o[2].Refusals[0].Words, "DYNAMIC") {
		t.Errorf("outcomes: %+v", o)
	}
	if got := c.HubSpot.ListMembers(list); len(got) != 1 {
		t.Errorf("members: %v", got)
	}
	if answer, err = target.Delete(t.Context(), object, []string{list + ":" + person, filled + ":" + person}); err != nil {
		t.Fatal(err)
	}
	if o := answer.Outcomes; o[0].Record == nil || len(o[1].Refusals) != 1 || len(c.HubSpot.ListMembers(list)) != 0 {
		t.Errorf("outcomes: %+v", o)
	}
}
