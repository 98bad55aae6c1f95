package pipelines_test

import (
	"fmt"
	"strings"
	"testing"

	"lockstep/internal/crm"
	"lockstep/internal/hubspot"
	"lockstep/internal/sandbox"
	salesforcesandbox "lockstep/internal/sandbox/salesforce"
	"lockstep/load"
)

// badTexts are what people, forms and imports put into text fields.
var badTexts = map[string]string{
	"nothing":              "",
	"blanks":               " \t ",
	"100 KB":               strings.Repeat("0123456789", 10_240),
	"emoji":                "👩🏽‍🚀🇩🇪 café e\u0301 ﷽",
	"right-to-left":        "\u202eשלום עולם\u202c مرحبا",
	"NUL":                  "a\x00b",
	"control characters":   "a\x01\x1b\x7f\u0085b",
	"line separators":      "a\r\nb\u2028c\u2029d",
	"invalid UTF-8":        "a\xff\xfe\xc3(b",
	"half a surrogate":     "a\xed\xa0\x80b",
	"the program's marks":  "\ue000lost \ue001id:1",
	"a new record's id":    "\ue001id:0123456789abcdef",
	"a formula":            `=cmd|'/c calc'!A1`,
	"another formula":      "@SUM(1+1)*cmd|' /C calc'!A0",
	"CSV":                  "\"a\",b;c\n\"d",
	"CSV's null":           "#N/A",
	"SQL":                  `'; drop table history.run; --`,
	"SOQL":                 `x' OR Name LIKE '%\' \\ _%`,
	"a placeholder":        `$1 ? {{.Entity}} %s ${HOME}`,
	"JSON":                 `{"a": [null, "\u0000"]}`,
	"markup":               `<script>alert(1)</script>&amp;<!--`,
	"the word null":        "null",
	"a number":             "1e309",
	"a HubSpot separator":  ";a;;b;",
	"two kinds of quote":   "\"'`´\\",
	"dots of a path":       "../../etc/passwd",
	"an unfinished escape": `\u12 \x`,
}

// badOthers are values of other kinds: a column and a value that is no good there, or only just.
var badOthers = map[string][2]string{
	"date of year 0": {"since", "0000-01-01"}, "date of year 9999": {"since", "9999-12-31"}, "no date": {"since", "2026-02-30"},
	"id of another kind": {"boss", "001Kx0000000001IAA"}, "no id": {"boss", "x' OR Id != '"}, "an id that was never there": {"boss", "003Kx0000000777IAA"},
	"too large a number": {"size", "1e308"}, "no number": {"size", "NaN"}, "many digits": {"size", "0.1234567890123456789"},
}

var badSQL = map[string]string{
	"thing/fields.sql": `-- one row per field
select * from (values
    ('hubspot_id', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('salesforce_id', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('name', 'two_way', 'hubspot', 'keep', null, null),
    ('note', 'two_way', 'most_recent', 'clear', null, null),
    ('since', 'two_way', 'hubspot', 'clear', null, null),
    ('size', 'two_way', 'hubspot', 'clear', null, null),
    ('boss', 'hubspot_to_salesforce', 'hubspot', 'clear', null, null)
) as fields (field, direction, rule, blank, refers_to, together)`,
	"thing/from_hubspot.contacts.sql": `-- one row per contact
select id, lastmodifieddate as modified_at, id as hubspot_id, salesforce_id, lastname as name, note, since, size, boss, _deleted as deleted from hubspot.contacts`,
	"thing/from_salesforce.Contact.sql": `-- one row per Contact
select
    Id as id, LastModifiedDate as modified_at, HubSpot_Id__c as hubspot_id, Id as salesforce_id, LastName as name, Note__c as note, Since__c::varchar as since,
    Size__c as size, ReportsToId as boss, _deleted as deleted
from salesforce.Contact`,
	"thing/match.sql": `-- one row per possible pair
select hubspot.object as hubspot_object, hubspot.id as hubspot_id, salesforce.object as salesforce_object, salesforce.id as salesforce_id, 'stamped id' as rule, 1 as rank
from hubspot
join salesforce on salesforce.id = hubspot.salesforce_id`,
	"thing/create.sql": `-- one row per record without a partner
select 'salesforce' as system, 'Contact' as object, object as source_object, id as source_id, 'new' as reason from hubspot
union all
select 'hubspot', 'contacts', object, id, 'new' from salesforce`,
	"thing/to_salesforce.Contact.sql": `-- one row per pair
select thing.pair_id, thing.hubspot_id as HubSpot_Id__c, thing.name as LastName, thing.note as Note__c, thing.since as Since__c, thing.size as Size__c, thing.boss as ReportsToId
from thing`,
	"thing/to_hubspot.contacts.sql": `-- one row per pair
select thing.pair_id, thing.salesforce_id, thing.name as lastname, thing.note, thing.since, thing.size from thing`,
}

// TestBadInput sends every one of the bad values both ways, in a record that is created and in one that is updated, beside
// good neighbours in the same batches. Each is stored right on the other side or refused with a reason, the rest of its
// record and the neighbours go, and the runs after find nothing to do.
func TestBadInput(t *testing.T) {
	t.Parallel()
	s := newSmall(t, badSQL, sandbox.Options{}, []string{"contacts"}, []string{"Contact"})
	for _, f := range []salesforcesandbox.CustomField{
		{Name: "Note__c", Type: "LongTextArea", Length: 131_072}, {Name: "Since__c", Type: "Date"}, {Name: "Size__c", Type: "Number", Precision: 18, Scale: 4},
	} {
		if err := s.box.Salesforce.DefineField("Contact", f); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"note", "since", "size", "boss"} {
		if _, err := s.clients.HubSpot.CreateProperty(t.Context(), "contacts", hubspot.Property{
			Name: name, Label: name, Type: "string", FieldType: "textarea", GroupName: "contactinformation",
		}); err != nil {
			t.Fatal(err)
		}
	}
	edits := map[crm.System]map[string]string{crm.HubSpot: {}, crm.Salesforce: {}} // id → case of one that is edited later
	for name := range badTexts {
		edits[crm.HubSpot][s.insert(crm.HubSpot, "contacts", map[string]string{"lastname": "hu " + name, "note": "before"})] = name
		edits[crm.Salesforce][s.insert(crm.Salesforce, "Contact", map[string]string{"LastName": "su " + name, "Note__c": "before"})] = name
	}
	for name := range badOthers {
		edits[crm.HubSpot][s.insert(crm.HubSpot, "contacts", map[string]string{"lastname": "hu " + name, "note": "before"})] = name
	}
	if r := s.run(); !r.Complete() {
		t.Fatalf("%+v", r.Lines)
	}
	value := func(name string) (column, v string) {
		if o, ok := badOthers[name]; ok {
			return o[0], o[1]
		}
		return "note", badTexts[name]
	}
	for id, name := range edits[crm.HubSpot] {
		column, v := value(name)
		s.put(crm.HubSpot, "contacts", id, map[string]string{column: v})
	}
	for id, name := range edits[crm.Salesforce] {
		s.put(crm.Salesforce, "Contact", id, map[string]string{"Note__c": badTexts[name]})
	}
	for name := range badTexts {
		s.insert(crm.HubSpot, "contacts", map[string]string{"lastname": "hc " + name, "note": badTexts[name]})
		s.insert(crm.Salesforce, "Contact", map[string]string{"LastName": "sc " + name, "Note__c": badTexts[name]})
	}
	for name, o := range badOthers {
		s.insert(crm.HubSpot, "contacts", map[string]string{"lastname": "hc " + name, o[0]: o[1]})
	}
	for i := range 5 {
		s.insert(crm.HubSpot, "contacts", map[string]string{"lastname": fmt.Sprint("hc neighbour ", i), "note": "good"})
		s.insert(crm.Salesforce, "Contact", map[string]string{"LastName": fmt.Sprint("sc neighbour ", i), "Note__c": "good"})
	}
	s.run()
	if r := s.run(); r.Counts[load.Taken] > 0 {
		t.Errorf("a run later %d changes: %+v", r.Counts[load.Taken], r.Lines)
	}
	here, there := s.byName(crm.HubSpot), s.byName(crm.Salesforce)
	refused := s.pairs(`
		with records as (
			select 'contacts' as object, id, lastname as name from hubspot.contacts
			union all
			select 'Contact', "Id", "LastName" from salesforce."Contact"
		)
		select records.name, any_value(refusal."column" || ': ' || refusal.category || ': ' || refusal.words || '; ' || refusal.remedy)
		from history.refusal as refusal
		join records on left(md5(concat_ws('/', 'thing', 'create', records.object, records.id)), 16) = refusal.pair_id
		group by all
		union all
		select records.name, any_value(notice.kind || ': ' || notice.text)
		from plan.notice as notice
		join records on records.object = notice.object and records.id = notice.record_id
		where notice.plan_id = $1 and notice.kind = 'unmapped'
		group by all`, s.o.PlanID)
	for name := range there {
		if here[name] == nil {
			t.Errorf("%s did not arrive", name)
		}
	}
	for name, h := range here {
		f, ok := there[name]
		if !ok {
			if !strings.Contains(refused[name], "association") { // which field it is Salesforce does not say
				t.Errorf("%s did not arrive: %q", name, refused[name])
			}
			continue
		}
		for _, c := range [][2]string{{"note", "Note__c"}, {"since", "Since__c"}, {"size", "Size__c"}, {"boss", "ReportsToId"}} {
			a, b := stored(h[c[0]]), stored(f[c[1]])
			if c[0] == "size" && len(b) > 5 && strings.HasPrefix(a, b) {
				continue // the field has four places
			}
			if a != b && refused[name] == "" {
				t.Errorf("%s: %s %.80q and %s %.80q, and nothing is said of it", name, c[0], a, c[1], b)
			}
		}
		if strings.Contains(name, "neighbour") && (h["note"] != "good" || f["Note__c"] != "good" || refused[name] != "") {
			t.Errorf("%s: %q and %q, refused %q", name, h["note"], f["Note__c"], refused[name])
		}
	}
}

// stored is a text as either CRM stores it: without what is no text, and without blanks around it.
func stored(s string) string { return strings.TrimSpace(string([]rune(s))) }

// put changes a record as it stands, whatever the CRM's own pages would say to the value.
func (s *small) put(system crm.System, object, id string, values map[string]string) {
	s.t.Helper()
	edit := s.box.HubSpot.Edit
	if system == crm.Salesforce {
		edit = s.box.Salesforce.Edit
	}
	if err := edit(object, id, values); err != nil {
		s.t.Logf("%s %s: %.200v", object, id, err)
	}
}

func (s *small) byName(system crm.System) map[string]map[string]string {
	object, column, list := "contacts", "lastname", s.box.HubSpot.All
	if system == crm.Salesforce {
		object, column, list = "Contact", "LastName", s.box.Salesforce.All
	}
	all := map[string]map[string]string{}
	for _, r := range list(object) {
		if _, twice := all[r[column]]; twice {
			s.t.Errorf("%s: %s is there twice", system, r[column])
		}
		all[r[column]] = r
	}
	return all
}
