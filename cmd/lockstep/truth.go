package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox"
)

// truth says whose each record is: a person's name by the record's system and id. Ids alone do, for HubSpot has
// one object of people, and a Salesforce id is unique in its org.
type truth map[record]string

type record struct {
	system crm.System
	id     string
}

// readTruth reads a folder's truth.csv: a pair per line (hubspot_id, salesforce_id), or a record per line
// (system, object, id, person).
func readTruth(dir string) (truth, error) {
	path := filepath.Join(dir, "truth.csv")
	f, err := os.Open(path)
	if err != nil {
		return nil, crm.WithHint(err, "--load takes a folder that has a truth.csv beside its <system>.<Object>.csv")
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	t := truth{}
	switch {
	case len(lines) > 0 && slices.Equal(lines[0], []string{"hubspot_id", "salesforce_id"}):
		for _, l := range lines[1:] {
			t[record{crm.HubSpot, l[0]}], t[record{crm.Salesforce, l[1]}] = l[0], l[0]
		}
	case len(lines) > 0 && slices.Equal(lines[0], []string{"system", "object", "id", "person"}):
		for _, l := range lines[1:] {
			t[record{crm.System(l[0]), l[2]}] = l[3]
		}
	default:
		return nil, crm.WithHint(fmt.Errorf("%s:1: unknown columns", path), "want hubspot_id,salesforce_id or system,object,id,person")
	}
	return t, nil
}

// told makes a truth of what the sandbox's generator tells.
func (t truth) told(person int, r crm.Record) {
	t[record{r.Object.System, r.ID}] = strconv.Itoa(person)
}

// only leaves the records that a run can link: those of people that are live. A converted Lead is its Contact's.
func (t truth) only(s *sandbox.Sandbox) {
	live := map[record]bool{}
	for _, r := range s.HubSpot.All("contacts") {
		live[record{crm.HubSpot, r["hs_object_id"]}] = true
	}
	for _, object := range []string{"Lead", "Contact"} {
		for _, r := range s.Salesforce.All(object) {
			live[record{crm.Salesforce, r["Id"]}] = r["IsConverted"] != "true"
		}
	}
	for r := range t {
		if !live[r] {
			delete(t, r)
		}
	}
}

// same reports whether the two records are one person's.
func (t truth) same(hubspot, salesforce string) bool {
	h, known := t[record{crm.HubSpot, hubspot}]
	s, too := t[record{crm.Salesforce, salesforce}]
	return known && too && h == s
}

// people are how many records each person has in either CRM.
func (t truth) people() map[string]map[crm.System]int {
	n := map[string]map[crm.System]int{}
	for r, person := range t {
		if n[person] == nil {
			n[person] = map[crm.System]int{}
		}
		n[person][r.system]++
	}
	return n
}
