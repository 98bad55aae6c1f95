package transform

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A firm with a parent firm; a person has a firm.
var firmSQL = map[string]string{
	"firm/from_hubspot.companies.sql": `-- one row per company
select id, lastmodifieddate as modified_at, _deleted as deleted, name, parent, hs_merged_into as superseded_by,
    if(hs_merged_into is not null, 'companies', null) as superseded_by_object
from hubspot.companies`,
	"firm/from_salesforce.Account.sql": `-- one row per Account
select Id as id, LastModifiedDate as modified_at, _deleted as deleted, Name as name, ParentId as parent from salesforce.Account`,
	"firm/to_hubspot.companies.sql":  "-- one row per pair\nselect pair_id, name, parent from firm",
	"firm/to_salesforce.Account.sql": "-- one row per pair\nselect pair_id, name as Name, parent as ParentId from firm",
	"firm/match.sql": `-- one row per possible pair
select hubspot.object as hubspot_object, hubspot.id as hubspot_id, salesforce.object as salesforce_object, salesforce.id as salesforce_id, 'same name' as rule, 1 as rank
from hubspot join salesforce using (name) where hubspot.pair_id is null or salesforce.pair_id is null`,
	"firm/create.sql": `-- one row per record
select 'salesforce' as system, 'Account' as object, object as source_object, id as source_id, 'new' as reason from hubspot`,
	"firm/fields.sql": `-- one row per field
select * from (values
    ('name', 'two_way', 'hubspot', 'keep', null, null),
    ('parent', 'two_way', 'salesforce', 'clear', 'firm', null)
) as f (field, direction, rule, blank, refers_to, together)`,
}

// newFirms is the world of a person who has a firm; firms 7 and 001 are Seven, 8 and 002 are Eight.
func newFirms(t *testing.T) *world {
	v := newWorld(t)
	for k, s := range firmSQL {
		v.sql[k] = s
	}
	edit := func(file, old, new string) { v.sql[file] = strings.Replace(v.sql[file], old, new, 1) }
	edit("person/from_hubspot.contacts.sql", "h.email,", "h.email, h.company as firm,")
	edit("person/from_salesforce.Contact.sql", "c.Email as email,", "c.Email as email, c.AccountId as firm,")
	edit("person/to_hubspot.contacts.sql", "p.email,", "p.email, p.firm as company,")
	edit("person/to_salesforce.Contact.sql", "p.email as Email,", "p.email as Email, p.firm as AccountId,")
	edit("person/fields.sql", "('email',", "('firm', 'two_way', 'salesforce', 'clear', 'firm', null), ('email',")
	v.exec(`alter table hubspot.contacts add column company varchar`)
	v.exec(`alter table salesforce."Contact" add column "AccountId" varchar`)
	v.exec(`create table hubspot.companies (id varchar, name varchar, parent varchar, hs_merged_into varchar, lastmodifieddate timestamptz, _modified_at timestamptz, _deleted boolean, _deleted_at timestamptz, _landed_at timestamptz)`)
	v.exec(`create table salesforce."Account" ("Id" varchar, "Name" varchar, "ParentId" varchar, "LastModifiedDate" timestamptz, _modified_at timestamptz, _deleted boolean, _deleted_at timestamptz, _landed_at timestamptz)`)
	v.put("hubspot.companies", "7", "name=Seven")
	v.put("hubspot.companies", "8", "name=Eight")
	v.put(`salesforce."Account"`, "001", "Name=Seven")
	v.put(`salesforce."Account"`, "002", "Name=Eight")
	v.h("email=ann@example.com company=7")
	v.s("Email=ann@example.com AccountId=001")
	return v
}

// settleFirms links what matches and makes the bases what both sides say.
func (v *world) settleFirms() {
	v.t.Helper()
	v.mustPlan(Options{})
	for _, e := range []string{"firm", "person"} {
		v.exec(`insert into link.` + e + ` select pair_id, state, hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule, reason, timestamptz '2026-01-01', 'r' from plan.link where entity = '` + e + `'`)
		for _, s := range []string{"hubspot", "salesforce"} {
			v.exec(`insert into base.` + e + ` (pair_id, system, object, id) select pair_id, '` + s + `', ` + s + `_object, ` + s + `_id from link.` + e)
		}
	}
	for _, x := range v.rows(`select distinct entity || ' ' || field from plan.settle`) {
		e, f, _ := strings.Cut(x, " ")
		v.exec(`update base.` + e + ` as b set ` + f + ` = s.value from plan.settle as s where s.entity = '` + e + `' and s.field = '` + f + `' and s.pair_id = b.pair_id and s.system = b.system`)
	}
	v.exec(`insert into catalog.mapping select path, text, getvariable('run_at') from plan.mapping`)
}

func TestReferences(t *testing.T) {
	t.Parallel()
	accounts, contacts := `salesforce."Account"`, `salesforce."Contact"`
	tests := []struct {
		name    string
		do      func(v *world)
		changes []string
		waits   []string
	}{
		{name: "the same pair on both sides agrees", do: func(*world) {}},
		{name: "moved to another linked firm: its id there is sent",
			do:      func(v *world) { v.put("hubspot.contacts", "1~", "salesforce_id=003~ email=ann~@example.com company=8") },
			changes: []string{"update salesforce AccountId 001→002 [firm]"}},
		{name: "the other way",
			do:      func(v *world) { v.put(contacts, "003~", "HubSpot_Id__c=1~ Email=ann~@example.com AccountId=002") },
			changes: []string{"update hubspot company 7→8 [firm]"}},
		{name: "both moved, to different firms: a conflict that the rule decides",
			do: func(v *world) {
				v.put("hubspot.companies", "9~", "name=Nine~")
				v.put(accounts, "004~", "Name=Nine~")
				v.put("hubspot.contacts", "1~", "salesforce_id=003~ email=ann~@example.com company=8")
				v.put(contacts, "003~", "HubSpot_Id__c=1~ Email=ann~@example.com AccountId=004~")
			},
			changes: []string{"update hubspot company 8→9 [firm]"}},
		{name: "to a firm in no pair: absent, and told of",
			do: func(v *world) {
				v.put(accounts, "003~", "Name=Three~")
				v.put(contacts, "003~", "HubSpot_Id__c=1~ Email=ann~@example.com AccountId=003~")
			},
			waits: []string{"salesforce Contact 003 waits for firm 003 to be linked"}},
		{name: "to a firm that this plan links",
			do: func(v *world) {
				v.put("hubspot.companies", "9~", "name=Nine~")
				v.put(accounts, "003~", "Name=Nine~")
				v.put("hubspot.contacts", "1~", "salesforce_id=003~ email=ann~@example.com company=9~")
			},
			changes: []string{"update salesforce AccountId 001→003 [firm]"}},
		{name: "to a firm that this plan creates: the place of its id",
			do: func(v *world) {
				v.put("hubspot.companies", "9~", "name=Nine~")
				v.put("hubspot.contacts", "1~", "salesforce_id=003~ email=ann~@example.com company=9~")
			},
			changes: []string{"create salesforce Name ∅→Nine [name]", "update salesforce AccountId 001→<new> [firm]"}},
		{name: "a parent firm created in the same plan as its child",
			do: func(v *world) {
				v.put("hubspot.companies", "9~", "name=Nine~ parent=10~")
				v.put("hubspot.companies", "10~", "name=Ten~ parent=8")
			},
			changes: []string{"create salesforce Name ∅→Nine [name]", "create salesforce Name ∅→Ten [name]", "create salesforce ParentId ∅→002 [parent]", "create salesforce ParentId ∅→<new> [parent]"}},
		{name: "taken away: cleared",
			do:      func(v *world) { v.put("hubspot.contacts", "1~", "salesforce_id=003~ email=ann~@example.com") },
			changes: []string{"update salesforce AccountId 001→∅ [firm]"}},
		{name: "to a firm that was merged away: to its survivor",
			do: func(v *world) {
				v.put("hubspot.companies", "9~", "name=Nine~ hs_merged_into=8 _deleted=true")
				v.put("hubspot.contacts", "1~", "salesforce_id=003~ email=ann~@example.com company=9~")
			},
			changes: []string{"update salesforce AccountId 001→002 [firm]"}},
		{name: "to a firm that was merged away, through a chain",
			do: func(v *world) {
				v.put("hubspot.companies", "9~", "name=Nine~ hs_merged_into=10~ _deleted=true")
				v.put("hubspot.companies", "10~", "name=Ten~ hs_merged_into=8 _deleted=true")
				v.put("hubspot.contacts", "1~", "salesforce_id=003~ email=ann~@example.com company=9~")
			},
			changes: []string{"update salesforce AccountId 001→002 [firm]"}},
		{name: "out of scope: it waits for nothing",
			do: func(v *world) {
				v.put(accounts, "003~", "Name=Three~")
				v.put(contacts, "003~", "HubSpot_Id__c=1~ Email=ann~@example.com AccountId=003~ Memo__c=away")
			}},
		{name: "of a deleted person: it waits for nothing",
			do: func(v *world) {
				v.put(accounts, "003~", "Name=Three~")
				v.put(contacts, "003~", "HubSpot_Id__c=1~ Email=ann~@example.com AccountId=003~ _deleted=true")
			}},
		{name: "of a person merged away: it waits for nothing",
			do: func(v *world) {
				v.put(accounts, "003~", "Name=Three~")
				v.put(contacts, "003~", "HubSpot_Id__c=1~ Email=ann~@example.com AccountId=003~ MasterRecordId=004")
			}},
	}
	all := newFirms(t)
	file := "person/from_salesforce.Contact.sql"
	all.sql[file] = strings.Replace(all.sql[file], "c.Memo__c as memo", "coalesce(c.Memo__c <> 'away', true) as in_scope, nullif(c.Memo__c, 'away') as memo", 1)
	for i := range tests {
		all.marked(i).put("hubspot.contacts", "1~", "salesforce_id=003~ email=ann~@example.com company=7")
		all.marked(i).put(contacts, "003~", "HubSpot_Id__c=1~ Email=ann~@example.com AccountId=001")
	}
	all.settleFirms()
	for i, tt := range tests {
		tt.do(all.marked(i))
	}
	all.put("hubspot.companies", "91", "name=Twin")
	all.put("hubspot.companies", "92", "name=Twin")
	all.put(accounts, "091", "Name=Twin")
	all.mustPlan(Options{})
	// what an entity has to tell is not told by the next one again
	if d := cmp.Diff([]string{"hubspot companies 91 not linked: same name as salesforce.Account 091", "hubspot companies 92 not linked: same name as salesforce.Account 091",
		"salesforce Account 091 not linked: same name as hubspot.companies 91; same name as hubspot.companies 92"}, all.notices("ambiguous")); d != "" {
		t.Errorf("ambiguous (-want +got):\n%s", d)
	}
	changes, waits := all.rows(`select c.action, c.system, v."column", coalesce(v.before, '∅') || '→' || if(starts_with(coalesce(v.after, ''), chr(57345)), '<new>', coalesce(v.after, '∅')),
		'[' || array_to_string(v.fields, ', ') || ']', 'of', coalesce(c.record_id, c.source_id) from plan.change c join plan.value v using (plan_id, change_id) order by all`), all.notices("waits")
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, c := range all.marked(i).mine(changes) {
				what, _, _ := strings.Cut(c, " of ")
				got = append(got, what)
			}
			if d := cmp.Diff(tt.changes, got); d != "" {
				t.Errorf("changes (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.waits, all.marked(i).mine(waits)); d != "" {
				t.Errorf("notices (-want +got):\n%s", d)
			}
		})
	}
}

// TestReferencesOfAnEditedMapping: it sends nothing.
func TestReferencesOfAnEditedMapping(t *testing.T) {
	t.Parallel()
	v := newFirms(t)
	v.settleFirms()
	file := "person/from_hubspot.contacts.sql"
	v.sql[file] = strings.Replace(v.sql[file], "h.company as firm", "nullif(h.company, '') as firm", 1)
	v.mustPlan(Options{})
	if got := v.changes(); len(got) > 0 {
		t.Errorf("changes %v", got)
	}
}

func TestReferencesInACircle(t *testing.T) {
	t.Parallel()
	v := newFirms(t)
	v.settleFirms()
	v.sql["firm/fields.sql"] = strings.Replace(v.sql["firm/fields.sql"], "'keep', null, null)", "'keep', 'person', null)", 1)
	_, err := v.plan(Options{})
	if err == nil || !strings.Contains(err.Error(), "refer to each other in a circle: firm → person → firm") {
		t.Errorf("got %v", err)
	}
}

// TestOneWriter: two entities may share an object, and not a column of one of its records.
func TestOneWriter(t *testing.T) {
	t.Parallel()
	v := newFirms(t)
	v.settleFirms()
	for file, text := range firmSQL {
		v.sql["shop/"+strings.TrimPrefix(file, "firm/")] = strings.ReplaceAll(text, "from firm", "from shop")
	}
	v.sql["shop/match.sql"] = strings.Replace(firmSQL["firm/match.sql"], "join salesforce using (name)", "join salesforce on hubspot.id = '7' and salesforce.id = '001'", 1)
	v.put("hubspot.companies", "7", "name=Seventh")
	if _, err := v.plan(Options{Entities: []string{"firm", "shop"}}); err == nil || !strings.Contains(err.Error(), "salesforce Account 001: firm and shop both write Name") {
		t.Errorf("two entities write one column: %v", err)
	}
	v.sql["shop/from_salesforce.Account.sql"] = strings.Replace(v.sql["shop/from_salesforce.Account.sql"], "Name as name", "Name as name, false as in_scope", 1)
	v.mustPlan(Options{Entities: []string{"firm", "shop"}})
}
