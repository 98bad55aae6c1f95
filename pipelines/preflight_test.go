package pipelines_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/hubspot"
	"lockstep/internal/sandbox"
	salesforcesandbox "lockstep/internal/sandbox/salesforce"
)

// foreseenCase is a value that a to file makes, and what becomes of it.
type foreseenCase struct {
	name, column, value string       // value is SQL
	category            crm.Category // of the refusal; empty: it is taken
}

// toSalesforce and toHubSpot are what the metadata can tell, each beside a value that is just right.
var (
	toSalesforce = []foreseenCase{
		{"title too long", "Title", "repeat('x', 129)", crm.LengthOrType},
		{"title just right", "Title", "repeat('ü', 128)", ""},
		{"no number", "Size__c", "'many'", crm.LengthOrType},
		{"number too large", "Size__c", "'1000'", crm.LengthOrType},
		{"number with more digits", "Size__c", "'999.999'", ""},
		{"no date", "Since__c", "'soon'", crm.LengthOrType},
		{"date of year 9999", "Since__c", "'9999-12-31'", crm.LengthOrType},
		{"date of year 1700", "Since__c", "'1700-01-01'", ""},
		{"no instant", "Met__c", "'soon'", crm.LengthOrType},
		{"an instant", "Met__c", "'2026-03-01T12:00:00.000Z'", ""},
		{"neither true nor false", "HasOptedOutOfEmail", "'maybe'", crm.LengthOrType},
		{"true", "HasOptedOutOfEmail", "'true'", ""},
		{"no option", "Level__c", "'Iron'", crm.Picklist},
		{"inactive option", "Level__c", "'Bronze'", crm.Picklist},
		{"an option", "Level__c", "'Gold'", ""},
		{"one of several is no option", "Tags__c", "'a;z'", crm.Picklist},
		{"several options", "Tags__c", "'a;b'", ""},
		{"any text in a picklist that is not restricted", "LeadSource", "'Pigeon Post'", ""},
		{"no id", "ReportsToId", "'nobody'", crm.Association},
		{"id of another object", "ReportsToId", "'001000000000001AAA'", crm.Association},
		{"deleted record", "ReportsToId", "'${deleted}'", crm.Association},
		{"a record", "ReportsToId", "'${standing}'", ""},
		{"no such user", "OwnerId", "'005000000000009AAA'", crm.Association},
		{"inactive user", "OwnerId", "'${inactive}'", crm.Owner},
		{"active user", "OwnerId", "'${active}'", ""},
		{"computed", "Twice__c", "'x'", crm.Permission},
		{"first of two", "Code__c", "'same'", ""},
		{"second of two", "Code__c", "'SAME'", crm.Duplicate},
		{"nameless", "LastName", "", crm.RequiredField},
	}
	toHubSpot = []foreseenCase{
		{"text too long", "jobtitle", "repeat('x', 65537)", crm.LengthOrType},
		{"text just right", "jobtitle", "repeat('x', 65536)", ""},
		{"no number", "size", "'many'", crm.LengthOrType},
		{"a number", "size", "'-12.5'", ""},
		{"no date", "since", "'soon'", crm.LengthOrType},
		{"date of year 9999", "since", "'9999-12-31'", ""},
		{"no instant", "met", "'soon'", crm.LengthOrType},
		{"an instant", "met", "'2026-03-01T12:00:00.000Z'", ""},
		{"neither true nor false", "vip", "'maybe'", crm.Picklist},
		{"true", "vip", "'true'", ""},
		{"no option", "level", "'iron'", crm.Picklist},
		{"hidden option", "level", "'bronze'", ""},
		{"one of several is no option", "tags", "'a;z'", crm.Picklist},
		{"several options", "tags", "'a;b'", ""},
		{"no such owner", "hubspot_owner_id", "'404'", crm.Owner},
		{"deactivated owner", "hubspot_owner_id", "'7'", crm.Owner},
		{"active owner", "hubspot_owner_id", "'8'", ""},
		{"read only", "hs_email_domain", "'example.com'", crm.Permission},
		{"first of two", "code", "'same'", ""},
		{"second of two", "code", "'same'", crm.Duplicate},
	}
)

// foreseenSQL makes the cases of people whose last name is theirs, after a letter: c as they are created, u as they are
// updated.
func foreseenSQL(replace *strings.Replacer) map[string]string {
	columns := func(cases []foreseenCase) string {
		when := map[string]string{}
		for _, c := range cases {
			if c.value != "" {
				when[c.column] += fmt.Sprintf(" when '%s' then %s", c.name, c.value)
			}
		}
		var all []string
		for _, column := range slices.Sorted(maps.Keys(when)) {
			all = append(all, fmt.Sprintf("case substr(thing.lastname, 3)%s end as %s", when[column], column))
		}
		return replace.Replace(strings.Join(all, ", "))
	}
	return map[string]string{
		"thing/fields.sql": `-- one row per field
select * from (values
    ('hubspot_id', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('salesforce_id', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('lastname', 'two_way', 'hubspot', 'keep', null, null)
) as fields (field, direction, rule, blank, refers_to, together)`,
		"thing/from_hubspot.contacts.sql": `-- one row per contact
select id, lastmodifieddate as modified_at, id as hubspot_id, salesforce_id, lastname, _deleted as deleted from hubspot.contacts`,
		"thing/from_salesforce.Contact.sql": `-- one row per Contact
select Id as id, LastModifiedDate as modified_at, HubSpot_Id__c as hubspot_id, Id as salesforce_id, LastName as lastname, _deleted as deleted from salesforce.Contact`,
		"thing/match.sql": `-- one row per possible pair
select hubspot.object as hubspot_object, hubspot.id as hubspot_id, salesforce.object as salesforce_object, salesforce.id as salesforce_id, 'stamped id' as rule, 1 as rank
from hubspot
join salesforce on salesforce.hubspot_id = hubspot.id`,
		"thing/create.sql": `-- one row per record without a partner
select 'salesforce' as system, 'Contact' as object, object as source_object, id as source_id, 'new' as reason from hubspot
union all
select 'hubspot', 'contacts', object, id, 'new' from salesforce where lastname <> 'Standing'`,
		"thing/to_salesforce.Contact.sql": "-- one row per pair\nselect thing.pair_id, thing.hubspot_id as HubSpot_Id__c, if(substr(thing.lastname, 3) = 'nameless', null, thing.lastname) as LastName, " + columns(toSalesforce) + " from thing",
		"thing/to_hubspot.contacts.sql":   "-- one row per pair\nselect thing.pair_id, thing.salesforce_id, thing.lastname, " + columns(toHubSpot) + " from thing",
	}
}

// TestPreflightAndServersAgree sends what the target's metadata says would be refused, and what it lets through, to the
// simulators, once with pre-flight and once without: both refuse the same values, by the same category.
func TestPreflightAndServersAgree(t *testing.T) {
	t.Parallel()
	said := map[bool]map[string]string{}
	for _, unchecked := range []bool{false, true} {
		s := foreseenWorld(t, unchecked)
		report := s.run()
		said[unchecked] = s.refusals()
		for _, c := range toSalesforce {
			s.judge(t, unchecked, said[unchecked], "salesforce", c)
		}
		for _, c := range toHubSpot {
			s.judge(t, unchecked, said[unchecked], "hubspot", c)
		}
		if unchecked {
			continue
		}
		if n := s.pairs(`select 'n', count(*)::varchar from plan.refusal where plan_id = $1 and (remedy is null or category = '')`, s.o.PlanID)["n"]; n != "0" {
			t.Errorf("%s predictions without a category or a remedy", n)
		}
		if report.Complete() {
			t.Error("what would be refused is not in the report")
		}
		const told = `select pair_id || system || "column" || coalesce(after, ''), count(*) || any_value(reason) from history.change
			where outcome = 'refused' and pair_id not in (select pair_id from history.refusal where category = 'duplicate') -- the first of two is there by now
			group by all`
		before := s.pairs(told)
		s.run()
		if diff := cmp.Diff(before, s.pairs(told)); diff != "" {
			t.Errorf("a refusal is told twice (-want +got):\n%s", diff)
		}
	}
	if diff := cmp.Diff(said[true], said[false]); diff != "" {
		t.Errorf("what the servers refuse (-) and what is predicted (+):\n%s", diff)
	}
}

// judge compares what was refused with the table.
func (s *small) judge(t *testing.T, unchecked bool, said map[string]string, system string, c foreseenCase) {
	t.Helper()
	for _, how := range []string{"c", "u"} {
		key := system + " " + how + " " + c.name
		want := ""
		if c.category != "" && (how == "c" || c.name != "second of two") {
			want = c.column + " " + string(c.category)
		}
		if c.name == "first of two" && how == "u" || c.name == "second of two" && how == "u" {
			continue // those that were created have the value
		}
		if got := said[key]; got != want {
			t.Errorf("unchecked %v, %s: %q, want %q", unchecked, key, got, want)
		}
	}
}

// refusals are the standing refusals by case.
func (s *small) refusals() map[string]string {
	s.t.Helper()
	return s.pairs(`
		with people as (
			select 'salesforce' as system, 'contacts' as object, id, lastname as name from hubspot.contacts
			union all
			select 'hubspot', 'Contact', "Id", "LastName" from salesforce."Contact"
		)
		select people.system || ' ' || replace(people.name, '-', ' '), any_value(if(refusal.category = 'required field', 'LastName', refusal."column") || ' ' || refusal.category)
		from history.refusal as refusal
		join people on left(md5(concat_ws('/', 'thing', 'create', people.object, people.id)), 16) = refusal.pair_id
		where (refusal.value is null or refusal.value not like '_-%') and (refusal."column" not in ('HubSpot_Id__c', 'salesforce_id') or refusal.category = 'required field')
			and refusal.system = people.system
		group by all`)
}

// foreseenWorld has everybody of the table: those to be created, and those who were created and then edited.
func foreseenWorld(t *testing.T, unchecked bool) *small {
	t.Helper()
	ids := []string{"${deleted}", "003Kx000000000DIAQ", "${standing}", "003Kx000000000SIAQ", "${inactive}", "005Kx000000000IIAQ", "${active}", "005Kx000000000AIAQ"}
	s := newSmall(t, foreseenSQL(strings.NewReplacer(ids...)), sandbox.Options{}, []string{"contacts"}, []string{"Contact"})
	s.o.Unchecked = unchecked
	for _, f := range []salesforcesandbox.CustomField{
		{Name: "Size__c", Type: "Number", Precision: 5, Scale: 2}, {Name: "Since__c", Type: "Date"}, {Name: "Met__c", Type: "DateTime"},
		{Name: "Level__c", Type: "Picklist", Restricted: true, Values: []salesforcesandbox.Option{{Value: "Gold"}, {Value: "Bronze", Inactive: true}}},
		{Name: "Tags__c", Type: "MultiselectPicklist", Restricted: true, Values: []salesforcesandbox.Option{{Value: "a"}, {Value: "b"}}},
		{Name: "Code__c", Type: "Text", Length: 20, Unique: true}, {Name: "Twice__c", Type: "Text", Length: 80, Formula: "LastName", Compute: func(map[string]string) string { return "" }},
	} {
		if err := s.box.Salesforce.DefineField("Contact", f); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []hubspot.Property{
		{Name: "size", Type: "number", FieldType: "number"}, {Name: "since", Type: "date", FieldType: "date"}, {Name: "met", Type: "datetime", FieldType: "date"},
		{Name: "vip", Type: "bool", FieldType: "booleancheckbox", Options: []hubspot.Option{{Label: "Yes", Value: "true"}, {Label: "No", Value: "false"}}},
		{Name: "level", Type: "enumeration", FieldType: "select", Options: []hubspot.Option{{Label: "Gold", Value: "gold"}, {Label: "Bronze", Value: "bronze", Hidden: true}}},
		{Name: "tags", Type: "enumeration", FieldType: "checkbox", Options: []hubspot.Option{{Label: "A", Value: "a"}, {Label: "B", Value: "b"}}},
		{Name: "code", Type: "string", FieldType: "text", HasUniqueValue: true},
	} {
		p.Label, p.GroupName = p.Name, "contactinformation"
		if _, err := s.clients.HubSpot.CreateProperty(t.Context(), "contacts", p); err != nil {
			t.Fatal(err)
		}
	}
	s.insert(crm.HubSpot, "owners", map[string]string{"id": "7", "email": "gone@sales.example.com", "archived": "true"})
	s.insert(crm.HubSpot, "owners", map[string]string{"id": "8", "email": "ann@sales.example.com"})
	s.insert(crm.Salesforce, "User", map[string]string{"Id": "005Kx000000000IIAQ", "Username": "gone@sales.example.com", "Email": "gone@sales.example.com", "LastName": "Gone", "IsActive": "false"})
	s.insert(crm.Salesforce, "User", map[string]string{"Id": "005Kx000000000AIAQ", "Username": "ann@sales.example.com", "Email": "ann@sales.example.com", "LastName": "Ann", "IsActive": "true"})
	s.insert(crm.Salesforce, "Contact", map[string]string{"Id": "003Kx000000000SIAQ", "LastName": "Standing"})
	s.insert(crm.Salesforce, "Contact", map[string]string{"Id": "003Kx000000000DIAQ", "LastName": "Standing"})
	edited := map[string]string{}
	for _, c := range toSalesforce {
		edited[s.insert(crm.HubSpot, "contacts", map[string]string{"lastname": "Start"})] = "u-" + c.name
	}
	for _, c := range toHubSpot {
		edited[s.insert(crm.Salesforce, "Contact", map[string]string{"LastName": "Start"})] = "u-" + c.name
	}
	if r := s.run(); !r.Complete() {
		t.Fatalf("%+v", r.Lines)
	}
	for id, name := range edited {
		var err error
		if strings.HasPrefix(id, "003") {
			err = s.box.Salesforce.Edit("Contact", id, map[string]string{"LastName": name})
		} else {
			err = s.box.HubSpot.Edit("contacts", id, map[string]string{"lastname": name})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range toSalesforce {
		s.insert(crm.HubSpot, "contacts", map[string]string{"lastname": "c-" + c.name})
	}
	for _, c := range toHubSpot {
		s.insert(crm.Salesforce, "Contact", map[string]string{"LastName": "c-" + c.name})
	}
	if err := s.box.Salesforce.Delete("Contact", "003Kx000000000DIAQ"); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestWhatANewHubSpotRecordNeeds: HubSpot's metadata does not tell it, and yet a deal without a stage, a task without a
// day and a company without name and domain are refused. Pre-flight knows.
func TestWhatANewHubSpotRecordNeeds(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	objects := map[string][2]string{"deals": {"Opportunity", "dealname"}, "tasks": {"Task", "hs_task_subject"}, "companies": {"Account", "phone"}}
	for object, o := range objects {
		files[object+"/fields.sql"] = `-- one row per field
select * from (values
    ('salesforce_id', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('name', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null)
) as fields (field, direction, rule, blank, refers_to, together)`
		name := map[string]string{"Task": "Subject"}[o[0]]
		if name == "" {
			name = "Name"
		}
		files[object+"/from_salesforce."+o[0]+".sql"] = "-- one row per record\nselect Id as id, LastModifiedDate as modified_at, Id as salesforce_id, " + name + " as name, _deleted as deleted from salesforce." + o[0]
		files[object+"/from_hubspot."+object+".sql"] = "-- one row per record\nselect id, hs_lastmodifieddate as modified_at, salesforce_id, " + o[1] + " as name, _deleted as deleted from hubspot." + object
		files[object+"/create.sql"] = "-- one row per record\nselect 'hubspot' as system, '" + object + "' as object, object as source_object, id as source_id, 'new' as reason from salesforce"
		files[object+"/to_hubspot."+object+".sql"] = "-- one row per pair\nselect thing.pair_id, thing.salesforce_id, thing.name as " + o[1] + " from " + object + " as thing"
	}
	for _, unchecked := range []bool{false, true} {
		s := newSmall(t, files, sandbox.Options{}, []string{"deals", "tasks", "companies"}, nil)
		s.o.Unchecked = unchecked
		s.insert(crm.Salesforce, "Opportunity", map[string]string{"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2026-03-31"})
		s.insert(crm.Salesforce, "Task", map[string]string{"Subject": "Call"})
		s.insert(crm.Salesforce, "Account", map[string]string{"Name": "Acme"})
		s.run()
		want := map[string]string{"deals": "required field", "tasks": "required field", "companies": "required field"}
		got := s.pairs(`select object, any_value(category) from history.refusal where words <> '' and remedy <> '' group by all`)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("unchecked %v (-want +got):\n%s", unchecked, diff)
		}
	}
}
