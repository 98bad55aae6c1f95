package main

import (
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"lockstep/internal/crm"
)

// everybody are the filters of a list of all who have a city.
const everybody = `{"filterBranchType":"OR","filters":[],"filterBranches":[{"filterBranchType":"AND","filterBranches":[],"filters":[
	{"filterType":"PROPERTY","property":"city","operation":{"operationType":"ALL_PROPERTY","operator":"IS_KNOWN"}}]}]}`

func (w *world) label(ts *testscript.TestScript, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: label FROM TO LABEL")
	}
	ts.Check(w.crm.HubSpot.LabelAssociations(args[0], args[1], args[2], args[2]))
}

func (w *world) associate(ts *testscript.TestScript, args []string) {
	if len(args) != 4 && len(args) != 5 {
		ts.Fatalf("usage: associate FROM ID TO ID [LABEL]")
	}
	ts.Check(w.crm.HubSpot.Associate(args[0], args[1], args[2], args[3], strings.Join(args[4:], "")))
}

func (w *world) dissociate(ts *testscript.TestScript, args []string) {
	if len(args) != 4 {
		ts.Fatalf("usage: dissociate FROM ID TO ID")
	}
	ts.Check(w.crm.HubSpot.Dissociate(args[0], args[1], args[2], args[3]))
}

// pairs are HubSpot's associations between two objects, or the members of its lists, as records.
func (w *world) pairs(from, to string) (all []map[string]string) {
	if from == crm.Lists {
		for _, id := range w.lists {
			for _, member := range w.crm.HubSpot.ListMembers(id) {
				all = append(all, map[string]string{"hs_object_id": id + ":" + member, "from_id": id, "to_id": member})
			}
		}
		return all
	}
	for _, r := range w.crm.HubSpot.All(from) {
		for _, a := range w.crm.HubSpot.Associations(from, id(r), to) {
			all = append(all, map[string]string{"hs_object_id": id(r) + ":" + a.ID, "from_id": id(r), "to_id": a.ID, "labels": strings.Join(a.Labels, ";")})
		}
	}
	return all
}
