package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"lockstep/internal/sandbox"
)

// typePair is one field between two types, and what becomes of its values on their way.
type typePair struct {
	name string

	hubspot    string // type of the property, as columns.csv has it: type/fieldType
	salesforce string // type of the field: type,length,scale
	options    string // of both

	// Expressions of the from and to files over v, the column or the field; empty: v itself.
	fromHubSpot, fromSalesforce, toHubSpot, toSalesforce string

	// Salesforce has first, HubSpot is to get arrives; a person there makes it edited, which Salesforce is to get as returns; a
	// person there makes it again, which HubSpot is to get as ends.
	first, arrives, edited, returns, again, ends string

	blank string // what Salesforce has when HubSpot's value is cleared
}

const (
	inBerlin = `(v at time zone 'Europe/Berlin')::date`
	berlin   = `instant_text(v::date::timestamp at time zone 'Europe/Berlin')`
)

// typePairs are the types that fields are of. Values that differ only in how a CRM writes them are one value.
var typePairs = []typePair{
	{name: "text", hubspot: "string", salesforce: "Text,80,",
		first: "Ann's \"new\" plan; 50 %", arrives: "Ann's \"new\" plan; 50 %", edited: "Zoë & Łukasz, 日本", returns: "Zoë & Łukasz, 日本", again: "<b>x</b>", ends: "<b>x</b>"},
	{name: "long_text", hubspot: "string/textarea", salesforce: "LongTextArea,32000,",
		first: "one\ntwo", arrives: "one\ntwo", edited: "one\n\n  two\nthree", returns: "one\n\n  two\nthree", again: strings.Repeat("word ", 5000) + "end", ends: strings.Repeat("word ", 5000) + "end"},
	{name: "line_breaks", hubspot: "string/textarea", salesforce: "TextArea,,", // as Windows breaks lines, and as HubSpot does
		first: "one\ntwo", arrives: "one\ntwo", edited: "one\r\ntwo\r\nthree", returns: "one\r\ntwo\r\nthree", again: "one\r\n\r\nfour", ends: "one\r\n\r\nfour"},
	{name: "rich_text", hubspot: "string/html", salesforce: "Html,32000,",
		first: "<p>one &amp; two</p>", arrives: "<p>one &amp; two</p>", edited: "<p>é</p><br>", returns: "<p>é</p><br>", again: "<b>x</b>", ends: "<b>x</b>"},
	{name: "picklist", hubspot: "enumeration", salesforce: "Picklist,,", options: "Warm;Cold;Very hot",
		first: "Warm", arrives: "Warm", edited: "Very hot", returns: "Very hot", again: "Cold", ends: "Cold"},
	{name: "picklist_radio", hubspot: "enumeration/radio", salesforce: "Picklist,,", options: "Warm;Cold",
		first: "Warm", arrives: "Warm", edited: "Cold", returns: "Cold", again: "Warm", ends: "Warm"},
	{name: "picklist_text", hubspot: "string", salesforce: "Picklist,,", options: "Warm;Cold",
		first: "Warm", arrives: "Warm", edited: "Cold", returns: "Cold", again: "Warm", ends: "Warm"},
	{name: "multi_select", hubspot: "enumeration/checkbox", salesforce: "MultiselectPicklist,,", options: "Red;Green;Blue",
		fromHubSpot: "set_text(v)", fromSalesforce: "set_text(v)",
		first: "Green;Red", arrives: "Green;Red", edited: "Red;Green;Blue", returns: "Blue;Green;Red", again: "Blue;Red", ends: "Blue;Red"},
	{name: "multi_mapped", hubspot: "enumeration/checkbox", salesforce: "MultiselectPicklist,,", options: "Red;Green;Blue;r;g;b",
		fromHubSpot: "set_text(v)", toHubSpot: "v",
		fromSalesforce: "mapped_set(v, map {'Red': 'r', 'Green': 'g', 'Blue': 'b'})", toSalesforce: "mapped_set(v, map {'r': 'Red', 'g': 'Green', 'b': 'Blue'})",
		first: "Green;Red", arrives: "g;r", edited: "r;g;b", returns: "Blue;Green;Red", again: "Blue", ends: "b"},
	{name: "boolean", hubspot: "bool", salesforce: "Checkbox,,",
		first: "true", arrives: "true", edited: "false", returns: "false", again: "true", ends: "true"},
	{name: "boolean_yes_no", hubspot: "enumeration", salesforce: "Checkbox,,", options: "Yes;No",
		fromHubSpot: "case v when 'Yes' then true when 'No' then false end", toHubSpot: "case v when 'true' then 'Yes' when 'false' then 'No' end",
		first: "true", arrives: "Yes", edited: "No", returns: "false", again: "true", ends: "Yes"},
	{name: "boolean_or_blank", hubspot: "bool", salesforce: "Checkbox,,", toSalesforce: "coalesce(v, 'false')", // a checkbox knows no blank: that is false
		first: "false", arrives: "false", edited: "true", returns: "true", again: "true", ends: "true", blank: "false"},
	{name: "number", hubspot: "number", salesforce: "Number,,4",
		first: "12.5", arrives: "12.5", edited: "-0.0625", returns: "-0.0625", again: "12345678901.5", ends: "12345678901.5"},
	{name: "number_coarser", hubspot: "number", salesforce: "Number,,2", // what Salesforce cuts off is no edit
		first: "12.5", arrives: "12.5", edited: "7.126", returns: "7.12", again: "8.25", ends: "8.25"},
	{name: "whole_number", hubspot: "number", salesforce: "Number,,0",
		first: "12", arrives: "12", edited: "1200", returns: "1200", again: "0", ends: "0"},
	{name: "number_text", hubspot: "string", salesforce: "Number,,2", fromHubSpot: "try_cast(v as decimal(18, 2))", fromSalesforce: "v", toHubSpot: "number_text(v)",
		first: "12.5", arrives: "12.5", edited: "3.10", returns: "3.1", again: "4", ends: "4"},
	{name: "currency", hubspot: "number", salesforce: "Currency,,2",
		first: "1999.99", arrives: "1999.99", edited: "2500", returns: "2500", again: "0.5", ends: "0.5"},
	{name: "percent", hubspot: "number", salesforce: "Percent,,2", // a quarter is 0.25 in HubSpot and 25 in Salesforce
		fromSalesforce: "v / 100", toSalesforce: "v::decimal(18, 6) * 100",
		first: "25", arrives: "0.25", edited: "0.125", returns: "12.5", again: "100", ends: "1"},
	{name: "date", hubspot: "date", salesforce: "Date,,",
		first: "2024-02-29", arrives: "2024-02-29", edited: "1999-12-31", returns: "1999-12-31", again: "2030-01-01", ends: "2030-01-01"},
	{name: "instant", hubspot: "datetime", salesforce: "DateTime,,",
		first: "2026-03-01T08:30:15.000Z", arrives: "2026-03-01T08:30:15Z", edited: "2026-03-29T01:30:00Z", returns: "2026-03-29T01:30:00Z",
		again: "2026-10-25T00:30:00.000Z", ends: "2026-10-25T00:30:00Z"},
	{name: "instant_elsewhere", hubspot: "datetime", salesforce: "DateTime,,", // written in other time zones, and as HubSpot counts milliseconds
		first: "2026-03-01T10:30:15.000+0200", arrives: "2026-03-01T08:30:15Z", edited: "1774747800000", returns: "2026-03-29T01:30:00Z",
		again: "2026-10-24T20:30:00.000-0400", ends: "2026-10-25T00:30:00Z"},
	{name: "instant_to_day", hubspot: "datetime", salesforce: "Date,,", // a day is HubSpot's midnight in UTC
		fromHubSpot: "(v at time zone 'UTC')::date", toHubSpot: "v || 'T00:00:00Z'",
		first: "2026-03-01", arrives: "2026-03-01T00:00:00Z", edited: "2026-03-02T22:15:00Z", returns: "2026-03-02", again: "2026-03-05", ends: "2026-03-05T00:00:00Z"},
	{name: "instant_to_day_there", hubspot: "datetime", salesforce: "Date,,", // a day is the one in Berlin, also in summer
		fromHubSpot: inBerlin, toHubSpot: berlin,
		first: "2026-03-01", arrives: "2026-02-28T23:00:00Z", edited: "2026-07-01T22:30:00Z", returns: "2026-07-02", again: "2026-07-05", ends: "2026-07-04T22:00:00Z"},
	{name: "day_to_instant", hubspot: "date", salesforce: "DateTime,,",
		fromSalesforce: inBerlin, toSalesforce: berlin,
		first: "2026-03-01T23:30:00.000Z", arrives: "2026-03-02", edited: "2026-07-02", returns: "2026-07-01T22:00:00Z", again: "2026-08-01T12:00:00.000Z", ends: "2026-08-01"},
	{name: "phone", hubspot: "string/phonenumber", salesforce: "Phone,,",
		first: "+1 555 0101", arrives: "+1 555 0101", edited: "(555) 010-2 ext. 7", returns: "(555) 010-2 ext. 7", again: "555.0103", ends: "555.0103"},
	{name: "phone_number", hubspot: "phone_number", salesforce: "Phone,,",
		first: "+15550104", arrives: "+15550104", edited: "+15550105", returns: "+15550105", again: "+15550106", ends: "+15550106"},
	{name: "email", hubspot: "string", salesforce: "Email,,", fromHubSpot: "clean_email(v)", fromSalesforce: "clean_email(v)",
		first: "ann@example.com", arrives: "ann@example.com", edited: "Bo.Chen+x@Example.org", returns: "bo.chen+x@example.org", again: "cy@example.net", ends: "cy@example.net"},
	{name: "url", hubspot: "string", salesforce: "Url,,",
		first: "https://example.com/a?b=c&d=%20#e", arrives: "https://example.com/a?b=c&d=%20#e", edited: "http://example.org", returns: "http://example.org", again: "example.net/x", ends: "example.net/x"},
	{name: "company", hubspot: "association", salesforce: "Lookup,,", // the reference
		first: "001Kx0000000001IAA", arrives: "201", edited: "202", returns: "001Kx0000000002IAA", again: "001Kx0000000001IAA", ends: "201"},
}

func (p typePair) hubspotColumn() string {
	if p.hubspot == "association" {
		return "associated_company_id"
	}
	return p.name
}

func (p typePair) salesforceColumn() string { return p.name + "__c" }

// over puts a column or a field into an expression.
func over(expression, v string) string {
	if expression == "" {
		return v
	}
	return onlyV.ReplaceAllString(expression, v)
}

// Every pair of types: a value of Salesforce arrives in HubSpot, an edit there returns, one in Salesforce arrives again, both by
// the very values the table says, and after each of them a further run sends nothing.
func TestTypesThereAndBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	typesProject(t, dir)
	s, err := sandbox.Start(t.Context(), sandbox.Options{LoadDir: filepath.Join(dir, "before")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	writeFile(t, filepath.Join(dir, "lockstep.yaml"), sandboxConfig(s)+"warehouse:\n  threads: 1\n")
	l := &lab{t: t, dir: dir, crm: s}
	lockstep := func(want string, args ...string) {
		t.Helper()
		if out, _ := l.want(t.Context(), 0, args...); !regexp.MustCompile("(?i)" + want).MatchString(out) {
			t.Errorf("lockstep %s: want output with %q:\n%s", strings.Join(args, " "), want, out)
		}
	}
	const nothing = "nothing sent|nothing has changed"
	const id = "a00Kx0000000001IAA"
	lockstep("", "setup")
	lockstep("taken", "run", "types")
	all := s.HubSpot.All("p_sample")
	if len(all) != 1 {
		t.Fatalf("%d samples in HubSpot", len(all))
	}
	there := all[0]["hs_object_id"]
	hubspotHas := func(when string, want func(typePair) string) {
		t.Helper()
		now, _ := s.HubSpot.Get("p_sample", there)
		for _, p := range typePairs {
			got := now[p.hubspotColumn()]
			if p.hubspot == "association" {
				for _, a := range s.HubSpot.Associations("p_sample", there, "companies") {
					got += a.ID
				}
			}
			if !sameText(got, want(p)) {
				t.Errorf("%s: %s: hubspot has %.80q, want %.80q", p.name, when, got, want(p))
			}
		}
		lockstep(nothing, "run", "types")
	}
	salesforceHas := func(when, id string, want func(typePair) string) {
		t.Helper()
		now, _ := s.Salesforce.Get("Sample__c", id)
		for _, p := range typePairs {
			if got := now[p.salesforceColumn()]; !sameText(got, want(p)) {
				t.Errorf("%s: %s: salesforce has %.80q, want %.80q", p.name, when, got, want(p))
			}
		}
		lockstep(nothing, "run", "types")
	}
	hubspotHas("created", func(p typePair) string { return p.arrives })

	edit := map[string]string{}
	for _, p := range typePairs {
		edit[p.hubspotColumn()] = p.edited
	}
	delete(edit, "associated_company_id")
	for _, err := range []error{
		s.HubSpot.Edit("p_sample", there, edit),
		s.HubSpot.Dissociate("p_sample", there, "companies", "201"), s.HubSpot.Associate("p_sample", there, "companies", "202", ""),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	lockstep("1 taken", "run", "types")
	salesforceHas("edited in hubspot", id, func(p typePair) string { return p.returns })

	edit = map[string]string{}
	for _, p := range typePairs {
		edit[p.salesforceColumn()] = p.again
	}
	if err := s.Salesforce.Edit("Sample__c", id, edit); err != nil {
		t.Fatal(err)
	}
	lockstep("1 taken", "run", "types")
	hubspotHas("edited in salesforce", func(p typePair) string { return p.ends })

	// The same values in another order or spelling are no edit.
	if err := s.HubSpot.Edit("p_sample", there, map[string]string{"multi_select": "Red;Blue", "number": "12345678901.50", "email": "CY@example.net"}); err != nil {
		t.Fatal(err)
	}
	lockstep(nothing, "run", "types")

	// A value cleared in HubSpot is cleared in Salesforce, and the other way round.
	clear := map[string]string{}
	for _, p := range typePairs {
		if p.hubspot != "association" && (p.blank != "" || !strings.HasPrefix(p.salesforce, "Checkbox")) { // a checkbox is never blank
			clear[p.name] = ""
		}
	}
	if err := s.HubSpot.Edit("p_sample", there, clear); err != nil {
		t.Fatal(err)
	}
	lockstep("1 taken", "run", "types")
	cleared := func(all bool) func(typePair) string {
		return func(p typePair) string {
			switch _, gone := clear[p.name]; {
			case gone && all:
				return p.blank
			case gone:
				return ""
			case all:
				return p.again
			}
			return p.ends
		}
	}
	salesforceHas("cleared in hubspot", id, cleared(true))
	hubspotHas("cleared", cleared(false))

	// What begins in HubSpot is created in Salesforce with the same values as an edit brings there.
	edit = map[string]string{}
	for _, p := range typePairs {
		edit[p.hubspotColumn()] = p.edited
	}
	delete(edit, "associated_company_id")
	other, err := s.HubSpot.Insert("p_sample", edit)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.HubSpot.Associate("p_sample", other, "companies", "202", ""); err != nil {
		t.Fatal(err)
	}
	lockstep("2 taken", "run", "types")
	for _, r := range s.Salesforce.All("Sample__c") {
		if r["Id"] != id {
			salesforceHas("created from hubspot", r["Id"], func(p typePair) string { return p.returns })
		}
	}
}

var onlyV = regexp.MustCompile(`\bv\b`)

// sameText compares texts; instants by when they are.
func sameText(a, b string) bool {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.000-0700"} {
		x, errX := time.Parse(time.RFC3339Nano, b)
		if y, errY := time.Parse(layout, a); errX == nil && errY == nil {
			return x.Equal(y)
		}
	}
	return a == b
}

// typesProject writes both CRMs before, and a project with one entity whose fields are the pairs. HubSpot's object goes by its type's id there, the first
// that a portal gives a custom object; p_sample is its other name.
func typesProject(t *testing.T, dir string) {
	t.Helper()
	columns := []string{"object,column,type,length,scale,values,refers_to", "hubspot.p_sample,,,,,,companies"}
	names, values := []string{"Id"}, []string{"a00Kx0000000001IAA"}
	var fromHubSpot, fromSalesforce, toHubSpot, toSalesforce, fields []string
	for _, p := range typePairs {
		refers, entity, blank := "", "null", "clear"
		if p.hubspot == "association" {
			refers, entity, blank = "Account", "'company'", "keep"
		} else {
			columns = append(columns, fmt.Sprintf("hubspot.p_sample,%s,%s,,,%s,", p.name, p.hubspot, p.options))
		}
		columns = append(columns, fmt.Sprintf("salesforce.Sample__c,%s,%s,%s,%s", p.salesforceColumn(), p.salesforce, p.options, refers))
		names, values = append(names, p.salesforceColumn()), append(values, `"`+strings.ReplaceAll(p.first, `"`, `""`)+`"`)
		fromHubSpot = append(fromHubSpot, over(p.fromHubSpot, "sample."+p.hubspotColumn())+" as "+p.name)
		fromSalesforce = append(fromSalesforce, over(p.fromSalesforce, "sample."+p.salesforceColumn())+" as "+p.name)
		toHubSpot = append(toHubSpot, over(p.toHubSpot, "sample."+p.name)+" as "+p.hubspotColumn())
		toSalesforce = append(toSalesforce, over(p.toSalesforce, "sample."+p.name)+" as "+p.salesforceColumn())
		fields = append(fields, fmt.Sprintf("('%s', 'two_way', 'salesforce', '%s', %s, null)", p.name, blank, entity))
	}
	lines := func(parts []string) string { return strings.Join(parts, ",\n    ") }
	for path, text := range map[string]string{
		"before/columns.csv":              strings.Join(columns, "\n") + "\n",
		"before/hubspot.companies.csv":    "hs_object_id,name,domain\n201,Tern Point,tern-point.example\n202,Quarry Lane,quarry-lane.example\n",
		"before/salesforce.Account.csv":   "Id,Name,Website\n001Kx0000000001IAA,Tern Point,tern-point.example\n001Kx0000000002IAA,Quarry Lane,quarry-lane.example\n",
		"before/salesforce.Sample__c.csv": strings.Join(names, ",") + "\n" + strings.Join(values, ",") + "\n",
		"pipelines/types.yaml":            "entities: [company, sample]\nfull: true\n",
		"sql/sample/from_hubspot.2-3465404.sql": "-- one row per sample\nselect\n    sample.id as id,\n    sample.hs_lastmodifieddate as modified_at,\n    sample._deleted as deleted,\n" +
			"    sample.id as hubspot_id,\n    sample.salesforce_id as salesforce_id,\n    sample.salesforce_object as salesforce_object,\n    " +
			lines(fromHubSpot) + "\nfrom hubspot.\"2-3465404\" as sample\n",
		"sql/sample/from_salesforce.Sample__c.sql": "-- one row per sample\nselect\n    sample.Id as id,\n    sample.LastModifiedDate as modified_at,\n    sample._deleted as deleted,\n" +
			"    sample.HubSpot_Id__c as hubspot_id,\n    sample.Id as salesforce_id,\n    'Sample__c' as salesforce_object,\n    " +
			lines(fromSalesforce) + "\nfrom salesforce.Sample__c as sample\n",
		"sql/sample/to_hubspot.2-3465404.sql": "-- one row per pair\nselect\n    sample.pair_id,\n    sample.salesforce_id,\n    sample.salesforce_object,\n    " +
			lines(toHubSpot) + "\nfrom sample\n",
		"sql/sample/to_salesforce.Sample__c.sql": "-- one row per pair\nselect\n    sample.pair_id,\n    sample.hubspot_id as HubSpot_Id__c,\n    " +
			lines(toSalesforce) + "\nfrom sample\n",
		"sql/sample/create.sql": "-- one row per record\nselect 'hubspot' as system, '2-3465404' as object, object as source_object, id as source_id, 'not there yet' as reason\nfrom salesforce\n" +
			"union all\nselect 'salesforce', 'Sample__c', object, id, 'not there yet'\nfrom hubspot\n",
		"sql/sample/fields.sql": "-- one row per field\nselect * from (values\n    ('hubspot_id', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),\n" +
			"    ('salesforce_id', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),\n    ('salesforce_object', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),\n    " +
			lines(fields) + "\n) as fields (field, direction, rule, blank, refers_to, together)\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, path)), 0o755); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(dir, path), text)
	}
}
