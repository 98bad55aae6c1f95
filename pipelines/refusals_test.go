package pipelines_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox"
	"lockstep/load"
)

// refusedCase is a person of whom a server refuses an edit, or the whole record where it would be a new one.
type refusedCase struct {
	name, column, value string // value is SQL
	category            crm.Category
	words               string // of the server's answer
	whole, created      bool
}

// refusedBy has refusals of every category but two: a record that is gone by then is stale, and what a quota keeps back is
// deferred; neither is refused.
var refusedBy = map[crm.System][]refusedCase{
	crm.Salesforce: {
		{name: "other", category: crm.Other, words: "not specified", whole: true, created: true},
		{name: "required", column: "LastName", value: "null", category: crm.RequiredField, words: "Required fields are missing: [LastName]"},
		{name: "picklist", column: "Level__c", value: "'Iron'", category: crm.Picklist, words: "bad value for restricted picklist field: Iron"},
		{name: "protected", category: crm.Permission, words: "insufficient access rights on object id", whole: true},
		{name: "computed", column: "Twice__c", value: "'x'", category: crm.Permission, words: "Unable to create/update fields: Twice__c"},
		{name: "unique", column: "Code__c", value: "'taken'", category: crm.Duplicate, words: "duplicate value found: Code__c"},
		{name: "rule", column: "Title", value: "'Never'", category: crm.ValidationRule, words: "nobody is called that"},
		{name: "trigger", column: "Title", value: "'Trigger'", category: crm.ValidationRule, words: "the trigger says no", whole: true},
		{name: "long", column: "Title", value: "repeat('x', 129)", category: crm.LengthOrType, words: "data value too large"},
		{name: "owner", column: "OwnerId", value: "'005Kx000000000IIAQ'", category: crm.Owner, words: "inactive user"},
		{name: "association", column: "ReportsToId", value: "'003000000000404AAA'", category: crm.Association, words: "insufficient access rights on cross-reference id"},
		{name: "orphan", column: "ReportsToId", value: "'003000000000404AAA'", category: crm.Association, words: "insufficient access rights on cross-reference id", created: true},
		{name: "ignored", column: "Department", value: "'Elsewhere'", category: crm.Ignored, words: "accepted, and read back as before"},
	},
	crm.HubSpot: {
		{name: "other", category: crm.Other, words: "Something was not valid", whole: true, created: true},
		{name: "required", column: "jobtitle", value: "null", category: crm.RequiredField, words: "required", whole: true, created: true},
		{name: "picklist", column: "level", value: "'iron'", category: crm.Picklist, words: "iron was not one of the allowed options"},
		{name: "computed", column: "hs_email_domain", value: "'example.com'", category: crm.Permission, words: "its value cannot be set"},
		{name: "unique", column: "code", value: "'taken'", category: crm.Duplicate, words: "already has that value"},
		{name: "rule", column: "motto", value: "'n0'", category: crm.ValidationRule, words: "must consist of ALPHA_ONLY characters"},
		{name: "number", column: "size", value: "'many'", category: crm.LengthOrType, words: "many was not a valid number"},
		{name: "owner", column: "hubspot_owner_id", value: "'404'", category: crm.Owner, words: "404"},
		{name: "association", column: "associated_company_id", value: "'404'", category: crm.Association, words: "404"},
	},
}

// refusedSQL has a one-way field per column of the table, made of the source's nick: of a person who is called by their
// name, a space, and "bad" it is the value that is refused.
func refusedSQL() map[string]string {
	mine, theirs, to := map[crm.System]string{}, map[crm.System]string{}, map[crm.System]string{}
	fields := ""
	for _, system := range crm.Systems {
		when := map[string]string{}
		for _, c := range refusedBy[system] {
			if c.column != "" {
				when[c.column] += fmt.Sprintf(" when '%s bad' then %s", c.name, c.value)
			}
		}
		for _, column := range slices.Sorted(maps.Keys(when)) {
			field, usual := "to_"+strings.ToLower(column), map[string]string{"LastName": " else 'Lee'", "jobtitle": " else 'Any'"}[column]
			mine[system.Other()] += fmt.Sprintf(", case nick%s%s end as %s", when[column], usual, field)
			theirs[system] += fmt.Sprintf(", %s as %s", column, field)
			to[system] += fmt.Sprintf(", thing.%s as %s", field, column)
			fields += fmt.Sprintf("\n    ('%s', '%s_to_%s', '%[2]s', 'clear', null, null),", field, system.Other(), system)
		}
	}
	from := func(system crm.System) string { return mine[system] + theirs[system] }
	return map[string]string{
		"thing/fields.sql": "-- one row per field\nselect * from (values" + fields + `
    ('hubspot_id', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('salesforce_id', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('rest', 'two_way', 'hubspot', 'keep', null, null)
) as fields (field, direction, rule, blank, refers_to, together)`,
		"thing/from_hubspot.contacts.sql": `-- one row per contact
with contact as (select id, lastmodifieddate, salesforce_id, nick, firstname, _deleted` + columnsOf(crm.HubSpot) + ` from hubspot.contacts)
select id, lastmodifieddate as modified_at, id as hubspot_id, salesforce_id, firstname as rest, _deleted as deleted` + from(crm.HubSpot) + " from contact",
		"thing/from_salesforce.Contact.sql": `-- one row per Contact
with contact as (select Id, LastModifiedDate, HubSpot_Id__c, Nick__c as nick, FirstName, _deleted` + columnsOf(crm.Salesforce) + ` from salesforce.Contact)
select Id as id, LastModifiedDate as modified_at, HubSpot_Id__c as hubspot_id, Id as salesforce_id, FirstName as rest, _deleted as deleted` + from(crm.Salesforce) + " from contact",
		"thing/match.sql": `-- one row per possible pair
select hubspot.object as hubspot_object, hubspot.id as hubspot_id, salesforce.object as salesforce_object, salesforce.id as salesforce_id, 'stamped id' as rule, 1 as rank
from hubspot
join salesforce on salesforce.hubspot_id = hubspot.id`,
		"thing/create.sql": `-- one row per record without a partner
select 'salesforce' as system, 'Contact' as object, object as source_object, id as source_id, 'new' as reason from hubspot where rest <> 'Standing'
union all
select 'hubspot', 'contacts', object, id, 'new' from salesforce where rest <> 'Standing'`,
		"thing/to_salesforce.Contact.sql": "-- one row per pair\nselect thing.pair_id, thing.hubspot_id as HubSpot_Id__c, thing.rest as FirstName" + to[crm.Salesforce] + " from thing",
		"thing/to_hubspot.contacts.sql":   "-- one row per pair\nselect thing.pair_id, thing.salesforce_id, thing.rest as firstname" + to[crm.HubSpot] + " from thing",
	}
}

// columnsOf lists the columns of a CRM that the table names.
func columnsOf(system crm.System) (all string) {
	seen := map[string]bool{}
	for _, c := range refusedBy[system] {
		if c.column != "" && !seen[c.column] {
			all += ", " + c.column
		}
		seen[c.column] = true
	}
	return all
}

// refusedWorld is both CRMs with the people of the table. Pre-flight is off: it is the servers that refuse.
type refusedWorld struct {
	*small
	source map[string]string // the id of the record that people edit, by "<system written> <name>"
	target map[string]string
	gone   [2]sync.Once
}

// TestServersRefuse: whatever a server refuses of a record is told once, with its category, the server's words and a
// remedy; the rest of the record goes, and so do all others. It is not sent again by itself, but when the target record
// or its metadata move, or somebody asks; and once the value is another one nothing is refused any more.
func TestServersRefuse(t *testing.T) {
	t.Parallel()
	w := newRefusedWorld(t)
	if r := w.run(); !r.Complete() {
		t.Fatalf("%+v", r.Lines)
	}
	w.everybody("bad", "New")
	w.box.Watch(w.deleteOne)
	r := w.run()
	w.box.Watch(nil)
	if n := r.Counts[load.Stale]; n != 2 {
		t.Errorf("%d stale, of two records that were deleted after they had been verified: %+v", n, r.Lines)
	}
	w.standing(func(refusedCase) bool { return true })
	w.others("New")

	step := func(what string, sent func(refusedCase) bool) {
		t.Helper()
		calls := w.writes()
		w.unlike()
		r := w.run()
		want := map[string]string{}
		for s, cases := range refusedBy {
			for _, c := range cases {
				if sent(c) {
					want[string(s)+" "+c.name] = "refused"
				}
			}
		}
		if diff := cmp.Diff(want, w.refusedIn(w.o.PlanID)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
		if len(want) == 0 && (w.writes() > calls || len(r.Lines) > 0) {
			t.Errorf("%s: %d writes, %+v", what, w.writes()-calls, r.Lines)
		}
	}
	none, all := func(refusedCase) bool { return false }, func(refusedCase) bool { return true }
	step("nothing has moved", none)
	w.touch()
	step("the target records have moved", func(c refusedCase) bool { return !c.created || !c.whole })
	w.addColumns()
	step("the metadata have moved", all)
	w.o.RetryRefused = true
	step("somebody asks", all)
	w.o.RetryRefused = false
	w.everybody("fine", "Newer")
	w.box.Faults.Clear()
	w.run()
	w.standing(func(c refusedCase) bool { return c.name == "protected" })
	w.others("Newer")
	w.quota()
}

// quota: what a CRM has no calls or no room for waits, and is not refused.
func (w *refusedWorld) quota() {
	w.t.Helper()
	w.person(crm.HubSpot, "late", "late", "New")
	w.person(crm.Salesforce, "late", "late", "New")
	w.box.Salesforce.LimitStorage(1)
	if err := w.box.Faults.Add(sandbox.Fault{System: crm.HubSpot, Path: "/batch/upsert", Kind: "429", Code: "DAILY"}); err != nil {
		w.t.Fatal(err)
	}
	if n := w.run().Counts; n[load.Deferred] < 2 || n[load.Refused]+n[load.Taken] > 0 {
		w.t.Errorf("without calls or room: %v", n)
	}
	w.standing(func(c refusedCase) bool { return c.name == "protected" })
	w.box.Salesforce.LimitStorage(0)
	w.box.Faults.Clear()
	if n := w.run().Counts; n[load.Taken] < 2 || n[load.Deferred]+n[load.Refused] > 0 {
		w.t.Errorf("with both again: %v", n)
	}
}

// standing compares history.refusal with the table.
func (w *refusedWorld) standing(which func(refusedCase) bool) {
	w.t.Helper()
	got := w.pairs(`
		select concat_ws(' ', system, pair_id, "column"), concat_ws('|', category, remedy, words)
		from history.refusal where not predicted and first_at <= last_at and run_id <> ''`)
	for s, cases := range refusedBy {
		for _, c := range cases {
			id := w.pair(s, c)
			found := map[string]string{}
			for key, said := range got {
				if column, ok := strings.CutPrefix(key, string(s)+" "+id+" "); ok {
					found[column] = said
					delete(got, key)
				}
			}
			if !which(c) {
				if len(found) > 0 {
					w.t.Errorf("%s %s: still refused: %v", s, c.name, found)
				}
				continue
			}
			if len(found) == 0 || !c.whole && (len(found) != 1 || found[c.column] == "") {
				w.t.Errorf("%s %s: refused are %v", s, c.name, found)
			}
			for column, said := range found {
				part := strings.SplitN(said, "|", 3)
				if part[0] != string(c.category) || part[1] != c.category.Remedy() || part[2] == "" || !strings.Contains(part[2], c.words) {
					w.t.Errorf("%s %s, %s: %q, want %s and %q", s, c.name, column, part, c.category, c.words)
				}
			}
		}
	}
	if len(got) > 0 {
		w.t.Errorf("refused besides: %v", got)
	}
}

// pair is the pair of a record that is to be created, and has it from then on.
func (w *refusedWorld) pair(s crm.System, c refusedCase) string {
	source := map[crm.System][2]string{crm.Salesforce: {"contacts", "hubspot_id"}, crm.HubSpot: {"Contact", "salesforce_id"}}[s]
	return w.pairs(`select 'pair', coalesce(any_value(pair_id), left(md5(concat_ws('/', 'thing', 'create', $1, $2)), 16)) from link.thing where `+source[1]+` = $2`,
		source[0], w.source[string(s)+" "+c.name])["pair"]
}

// others checks that the rest of each record that is not refused whole went, and what people without a refusal edited.
func (w *refusedWorld) others(rest string) {
	w.t.Helper()
	w.find()
	for s, cases := range refusedBy {
		for _, c := range append(cases, refusedCase{name: "ordinary"}) {
			if c.whole && (rest == "New" || c.name == "protected") {
				continue
			}
			r, _ := w.box.HubSpot.Get("contacts", w.target[string(s)+" "+c.name])
			got := r["firstname"]
			if s == crm.Salesforce {
				r, _ = w.box.Salesforce.Get("Contact", w.target[string(s)+" "+c.name])
				got = r["FirstName"]
			}
			if got != rest {
				w.t.Errorf("%s %s: the rest of the record is %q, want %q", s, c.name, got, rest)
			}
		}
	}
}

// refusedIn are the people of whom a run was refused something.
func (w *refusedWorld) refusedIn(run string) map[string]string {
	w.t.Helper()
	who := map[string]string{}
	for s, cases := range refusedBy {
		for _, c := range cases {
			who[w.pair(s, c)] = string(s) + " " + c.name
		}
	}
	all := map[string]string{}
	for id := range w.pairs(`select distinct pair_id, '' from history.change where run_id = $1 and outcome in ('refused', 'not_taken')`, run) {
		all[who[id]] = "refused"
	}
	return all
}

// writes counts the calls that write.
func (w *refusedWorld) writes() int {
	return w.box.Count(crm.HubSpot, "/batch/update") + w.box.Count(crm.HubSpot, "/batch/upsert") + w.box.Count(crm.Salesforce, "/composite/sobjects/Contact/") + w.box.Count(crm.Salesforce, "/composite")
}
