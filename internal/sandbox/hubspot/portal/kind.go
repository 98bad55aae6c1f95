package portal

import (
	_ "embed"
	"strings"
	"sync"
)

// kind is what the portal knows of an object type before anybody uses it: one line of objects.csv.
type kind struct {
	typeID, plural, singular string
	scope                    string     // the word in crm.objects.<scope>.read
	created, modified        string     // the properties that hold the stamps
	defaults                 []string   // what a read shows beside the stamps and the id
	required                 [][]string // what a create must set: one of each
	searched                 []string   // where the text of a search is looked up
	pipeline, stage          string     // the properties of a record's place in a pipeline; empty: the object has none
	fixed                    bool       // records come from HubSpot only: the API makes none
}

//go:embed objects.csv
var objectsCSV string

// kinds are HubSpot's own objects, contacts and companies first.
var kinds = sync.OnceValue(func() []kind {
	var all []kind
	for _, r := range rowsOf(objectsCSV) {
		k := kind{
			typeID: r[0], plural: r[1], singular: r[2], scope: r[3], created: r[4], modified: r[5],
			defaults: strings.Fields(r[6]), searched: strings.Fields(r[8]), pipeline: r[9], stage: r[10],
			fixed: r[7] == "-",
		}
		for anyOf := range strings.FieldsSeq(strings.TrimPrefix(r[7], "-")) {
			k.required = append(k.required, strings.Split(anyOf, "|"))
		}
		all = append(all, k)
	}
	return all
})

// isActivity says whether records of the kind stand on a timeline: they share properties and the contacts' scopes.
func (k kind) isActivity() bool { return k.scope == "contacts" && k.plural != "contacts" }

// isEngagement says whether an id of the kind is one of the engagements': no two of them are the same, whatever their object.
func (k kind) isEngagement() bool {
	return k.plural == "calls" || k.plural == "emails" || k.plural == "meetings" || k.plural == "notes" || k.plural == "tasks"
}

// missing lists what a create must set and does not.
func (k kind) missing(values map[string]string) []string {
	var names []string
	for _, anyOf := range k.required {
		set := false
		for _, name := range anyOf {
			set = set || values[name] != ""
		}
		if !set {
			names = append(names, anyOf...)
		}
	}
	return names
}
