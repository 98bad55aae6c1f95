package transform

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// A small entity with every kind of field: plain, many-to-one, blank kept, one-way, composed of two, together.
var personSQL = map[string]string{
	"lib/unknown.sql":      "-- unknown(value)\ncreate or replace macro unknown(value) as chr(57344) || value::varchar",
	"lib/mapped.sql":       "-- mapped(found, original)\ncreate or replace macro mapped(found, original) as case when original is null then null else coalesce(found, unknown(original)) end",
	"crosswalk/status.csv": "value,hubspot,salesforce,use\na1,a1,A,both\na2,a2,,both\na2,,A,out\nb1,b1,B,both\nc1,c1,,both\n",
	"person/from_hubspot.contacts.sql": `-- one row per contact
select
    h.id, h.lastmodifieddate as modified_at, h._deleted as deleted,
    h.id as hubspot_id, h.salesforce_id,
    h.email, h.phone, mapped(s.value, h.status) as status, h.title, h.memo, h.firstname, h.lastname, h.country as cc, h.city, h.zip
from hubspot.contacts as h
left join crosswalk.status as s on s.hubspot = h.status and s.use in ('both', 'in')`,
	"person/from_salesforce.Contact.sql": `-- one row per Contact
select
    c.Id as id, c.LastModifiedDate as modified_at, c.LastModifiedById as modified_by, c._deleted as deleted,
    c.MasterRecordId as superseded_by, if(c.MasterRecordId is not null, 'Contact', null) as superseded_by_object,
    c.HubSpot_Id__c as hubspot_id, c.Id as salesforce_id,
    c.Email as email, c.Phone as phone, mapped(s.value, c.Status__c) as status, c.Title as title, c.Memo__c as memo,
    nullif(array_to_string(string_split(c.Name, ' ')[:-2], ' '), '') as firstname,
    string_split(c.Name, ' ')[-1] as lastname,
    left(c.Phone, 1) as cc, c.City as city, c.Zip as zip
from salesforce.Contact as c
left join crosswalk.status as s on s.salesforce = c.Status__c and s.use in ('both', 'in')`,
	"person/to_hubspot.contacts.sql": `-- one row per pair
select p.pair_id, p.salesforce_id, p.email, p.phone, mapped(s.hubspot, p.status) as status, p.title, p.firstname, p.lastname, p.cc as country, p.city, p.zip
from person as p
left join crosswalk.status as s on s.value = p.status and s.use in ('both', 'out') and s.hubspot is not null`,
	"person/to_salesforce.Contact.sql": `-- one row per pair
select p.pair_id, p.hubspot_id as HubSpot_Id__c, p.email as Email, p.phone as Phone, mapped(s.salesforce, p.status) as Status__c, p.title as Title, p.memo as Memo__c,
    nullif(concat_ws(' ', p.firstname, p.lastname), '') as Name, p.city as City, p.zip as Zip
from person as p
left join crosswalk.status as s on s.value = p.status and s.use in ('both', 'out') and s.salesforce is not null`,
	"person/match.sql": `-- one row per possible pair
select hubspot.object as hubspot_object, hubspot.id as hubspot_id, salesforce.object as salesforce_object, salesforce.id as salesforce_id, 'stamped id' as rule, 1 as rank
from hubspot join salesforce on salesforce.hubspot_id = hubspot.id where hubspot.pair_id is null or salesforce.pair_id is null
union all
select hubspot.object, hubspot.id, salesforce.object, salesforce.id, 'same e-mail', 2
from hubspot join salesforce using (email) where hubspot.pair_id is null or salesforce.pair_id is null`,
	"person/create.sql": `-- one row per record
select 'salesforce' as system, if(email is null, null, 'Contact') as object, object as source_object, id as source_id, if(email is null, 'no e-mail', 'new') as reason from hubspot
union all
select 'hubspot', 'contacts', object, id, 'new' from salesforce`,
	"person/fields.sql": `-- one row per field
select * from (values
    ('hubspot_id', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('salesforce_id', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('email', 'two_way', 'hubspot', 'keep', null, null),
    ('phone', 'two_way', 'salesforce', 'clear', null, null),
    ('status', 'two_way', 'hubspot', 'clear', null, null),
    ('title', 'two_way', 'most_recent', 'keep', null, null),
    ('memo', 'hubspot_to_salesforce', 'hubspot', 'clear', null, null),
    ('firstname', 'two_way', 'salesforce', 'clear', null, null),
    ('lastname', 'two_way', 'salesforce', 'clear', null, null),
    ('cc', 'salesforce_to_hubspot', 'salesforce', 'clear', null, null),
    ('city', 'two_way', 'ask', 'keep', null, 'place'),
    ('zip', 'two_way', 'ask', 'keep', null, 'place')
) as f (field, direction, rule, blank, refers_to, together)`,
	"person/winner.sql": `-- one row per conflict
select pair_id, field, 'hubspot' as winner, 'special' as reason from conflict where field = 'phone' and hubspot = '900'`,
}

var runAt = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// world is a warehouse with mirrors filled by hand.
type world struct {
	t    *testing.T
	w    *warehouse.Warehouse
	sql  map[string]string
	mark string // what a ~ stands for in ids and values
}

// marked is the world for one of many cases: one plan is made for them all, for it takes as long over one pair as over
// thirty. Each writes its ids and what must not be another's with a ~ (1~, ann~@example.com), which is its own mark.
func (v *world) marked(i int) *world {
	c := *v
	c.mark = fmt.Sprintf("-%d", 10+i)
	return &c
}

// mine are the rows that bear the case's mark, without it.
func (v *world) mine(rows []string) (mine []string) {
	for _, r := range rows {
		if strings.Contains(r, v.mark) {
			mine = append(mine, strings.ReplaceAll(r, v.mark, ""))
		}
	}
	return mine
}

func (v *world) marks(s string) string { return strings.ReplaceAll(s, "~", v.mark) }

func newWorld(t *testing.T) *world {
	t.Helper()
	w, err := warehouse.Open(context.Background(), warehouse.Options{RunAt: runAt})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	v := &world{t: t, w: w, sql: map[string]string{}}
	for k, s := range personSQL {
		v.sql[k] = s
	}
	v.exec(`create table hubspot.contacts (id varchar, salesforce_id varchar, email varchar, phone varchar, status varchar, title varchar, memo varchar, firstname varchar, lastname varchar,
		country varchar, city varchar, zip varchar, lastmodifieddate timestamptz, _modified_at timestamptz, _deleted boolean, _deleted_at timestamptz, _landed_at timestamptz)`)
	v.exec(`create table salesforce."Contact" ("Id" varchar, "HubSpot_Id__c" varchar, "Email" varchar, "Phone" varchar, "Status__c" varchar, "Title" varchar, "Memo__c" varchar, "Name" varchar, "City" varchar, "Zip" varchar,
		"MasterRecordId" varchar, "LastModifiedDate" timestamptz, "LastModifiedById" varchar, _modified_at timestamptz, _deleted boolean, _deleted_at timestamptz, _landed_at timestamptz)`)
	return v
}

func (v *world) exec(q string, args ...any) {
	v.t.Helper()
	if _, err := v.w.DB.Exec(v.marks(q), args...); err != nil {
		v.t.Fatalf("%s: %v", q, err)
	}
}

// put inserts or replaces a mirror row: "phone=1 title=" (no value: null). Underscores in values are spaces.
func (v *world) put(table, id, values string) {
	v.t.Helper()
	id, values = v.marks(id), v.marks(values)
	v.exec("delete from "+table+" where id = $1", id)
	at := "LastModifiedDate"
	if strings.HasPrefix(table, "hubspot") {
		at = "lastmodifieddate"
	}
	cols, vals := []string{"id", "_deleted"}, []string{literal(id), "false"}
	for _, kv := range strings.Fields(values + " " + at + "=2026-02-01T00:00:00Z") {
		k, s, _ := strings.Cut(kv, "=")
		if k == "_deleted" {
			vals[1] = s
			continue
		}
		if contains(cols, k) {
			continue
		}
		cols = append(cols, k)
		vals = append(vals, "nullif("+literal(strings.ReplaceAll(s, "_", " "))+", '')")
	}
	for i := range cols {
		cols[i] = entity.Quote(cols[i])
	}
	v.exec("insert into " + table + " (" + strings.Join(cols, ", ") + ") values (" + strings.Join(vals, ", ") + ")")
}

func (v *world) h(values string) {
	v.t.Helper()
	v.put("hubspot.contacts", "1", "salesforce_id=003 "+values)
}
func (v *world) s(values string) {
	v.t.Helper()
	v.put(`salesforce."Contact"`, "003", "HubSpot_Id__c=1 "+values)
}

func (v *world) plan(o Options) (Result, error) {
	v.t.Helper()
	fsys := fstest.MapFS{}
	for k, s := range v.sql {
		fsys[k] = &fstest.MapFile{Data: []byte(s)}
	}
	p, err := entity.Load(fsys)
	if err != nil {
		return Result{}, err
	}
	o.PlanID = "p"
	return Run(context.Background(), v.w, p, o)
}

func (v *world) mustPlan(o Options) Result {
	v.t.Helper()
	res, err := v.plan(o)
	if err != nil {
		v.t.Fatal(err)
	}
	return res
}

// settle applies what an apply would when every change is taken as it was sent: links, settlements, and the
// mapping; it makes the pair's bases equal to what the sides say now.
func (v *world) link() {
	v.t.Helper()
	v.mustPlan(Options{})
	v.exec(`insert into link.person select pair_id, state, hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule, reason, timestamptz '2026-01-01', 'r' from plan.link`)
	v.exec(`delete from base.person`)
	for _, s := range []string{"hubspot", "salesforce"} {
		var fields []string
		for _, f := range []string{"hubspot_id", "salesforce_id", "email", "phone", "status", "title", "memo", "firstname", "lastname", "cc", "city", "zip", "nick", "greeting", "motto", "optout", "mood", "floor", "room", "aisle", "seat", "label", "verse"} {
			fields = append(fields, f)
		}
		from := map[string]string{"hubspot": "person/from_hubspot.contacts.sql", "salesforce": "person/from_salesforce.Contact.sql"}[s]
		var cols []string
		for _, f := range fields {
			if strings.Contains(v.sql[from], f) {
				cols = append(cols, f)
			}
		}
		var vals []string
		for _, c := range cols {
			vals = append(vals, fmt.Sprintf("coalesce(said.%s::varchar, '')", c))
		}
		v.exec(fmt.Sprintf(`insert into base.person (pair_id, system, object, id, %s)
			select link.pair_id, '%s', link.%[2]s_object, link.%[2]s_id, %s from link.person as link join (%s) as said on said.id = link.%[2]s_id`,
			strings.Join(cols, ", "), s, strings.Join(vals, ", "), v.sql[from]))
	}
	v.exec(`insert into catalog.mapping select path, text, getvariable('run_at') from plan.mapping`)
	v.exec(`update base.person set status = null where status >= chr(57344)`)
}

// base overwrites bases of the one pair: "phone=1 title=- " where - is none and an empty value a blank.
func (v *world) base(system, values string) {
	v.t.Helper()
	v.baseOf("system = '"+system+"'", values)
}

// baseOf overwrites the bases for which the condition holds.
func (v *world) baseOf(condition, values string) {
	v.t.Helper()
	for _, kv := range strings.Fields(values) {
		k, s, _ := strings.Cut(kv, "=")
		v.exec("update base.person set "+k+" = nullif($1, '-') where "+condition, strings.ReplaceAll(s, "_", " "))
	}
}

func (v *world) rows(q string, args ...any) []string {
	v.t.Helper()
	rows, err := v.w.DB.Query(q, args...)
	if err != nil {
		v.t.Fatalf("%s: %v", q, err)
	}
	defer rows.Close()
	cols, _ := rows.Columns()
	var out []string
	for rows.Next() {
		vals, ptrs := make([]any, len(cols)), make([]any, len(cols))
		for i := range vals {
			ptrs[i] = &vals[i]
		}
		if err := rows.Scan(ptrs...); err != nil {
			v.t.Fatal(err)
		}
		var parts []string
		for _, x := range vals {
			if x == nil {
				x = "∅"
			}
			parts = append(parts, fmt.Sprint(x))
		}
		out = append(out, strings.Join(parts, " "))
	}
	return out
}

// changes are the plan's columns: "salesforce Phone 1→2 [phone]".
func (v *world) changes() []string {
	return v.rows(`select c.action, c.system, v."column", coalesce(v.before, '∅') || '→' || coalesce(v.after, '∅'), '[' || array_to_string(v.fields, ', ') || ']' from plan.change c join plan.value v using (plan_id, change_id) order by all`)
}

func (v *world) settled() []string {
	return v.rows(`select system, field, coalesce(nullif(value, ''), '∅'), event from plan.settle order by all`)
}
