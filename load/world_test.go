package load

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// person is a small entity: a composed column (Name), a one-way field each way, a field that is off.
var person = fstest.MapFS{
	"person/fields.sql": {Data: []byte(`-- one row per field
select * from (values
	('hubspot_id', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
	('salesforce_id', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
	('what', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
	('area', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
	('phone', 'two_way', 'salesforce', 'clear', null, null),
	('title', 'two_way', 'salesforce', 'keep', null, null),
	('first', 'two_way', 'salesforce', 'keep', null, null),
	('last', 'two_way', 'salesforce', 'keep', null, null),
	('since', 'two_way', 'salesforce', 'keep', null, null),
	('city', 'two_way', 'salesforce', 'keep', null, 'address'),
	('zip', 'two_way', 'salesforce', 'keep', null, 'address'),
	('memo', 'off', 'salesforce', 'keep', null, null)
) as fields (field, direction, rule, blank, refers_to, together)`)},
	"person/from_hubspot.contacts.sql": {Data: []byte(`-- one row per contact
select id, lastmodifieddate as modified_at, id as hubspot_id, salesforce_id, null as what, null as area, phone, title, firstname as first, lastname as last,
	since::varchar as since, city, zip, memo
from hubspot.contacts`)},
	"person/from_salesforce.Contact.sql": {Data: []byte(`-- one row per Contact
select c.Id as id, c._modified_at as modified_at, c.HubSpot_Id__c as hubspot_id, c.Id as salesforce_id, 'Contact' as what, left(c.Phone, 1) as area, c.Phone as phone, c.Title as title,
	nullif(regexp_replace(c.Name, ' ?[^ ]*$', ''), '') as first, nullif(regexp_extract(c.Name, '[^ ]*$'), '') as last,
	case when c.Since > date '2100-01-01' then chr(57344) || c.Since::varchar else c.Since::varchar end as since,
	c.City as city, c.Zip as zip, c.Memo as memo
from salesforce.Contact as c`)},
}

var start0 = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

// world is a warehouse, two CRMs and a plan being written.
type world struct {
	t       *testing.T
	w       *warehouse.Warehouse
	p       *entity.Project
	hubspot *fakeCRM
	force   *fakeCRM
	now     time.Time
	n       int
	o       Options
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldOf(t, nil)
}

// newWorldOf is a world whose project differs in files: path to "old|new".
func newWorldOf(t *testing.T, files map[string]string) *world {
	t.Helper()
	sql := maps.Clone(person)
	for path, edit := range files {
		was, is, _ := strings.Cut(edit, "|")
		sql[path] = &fstest.MapFile{Data: []byte(strings.Replace(string(sql[path].Data), was, is, 1))}
	}
	w, err := warehouse.Open(t.Context(), warehouse.Options{RunAt: start0, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	p, err := entity.Load(sql)
	if err != nil {
		t.Fatal(err)
	}
	v := &world{t: t, w: w, p: p, now: start0}
	v.hubspot = &fakeCRM{system: crm.HubSpot, key: "salesforce_id", rows: map[string]map[string]*string{}, now: &v.now}
	v.force = &fakeCRM{system: crm.Salesforce, key: "HubSpot_Id__c", rows: map[string]map[string]*string{}, now: &v.now}
	v.o = Options{RunID: "run", Now: func() time.Time { return v.now }}
	v.exec(`create table hubspot.contacts (id varchar, lastmodifieddate timestamptz, salesforce_id varchar, phone varchar, title varchar,
		firstname varchar, lastname varchar, since date, city varchar, zip varchar, memo varchar, email varchar,
		_modified_at timestamptz, _deleted boolean, _deleted_at timestamptz, _landed_at timestamptz)`)
	v.exec(`create table salesforce."Contact" (Id varchar, HubSpot_Id__c varchar, Phone varchar, Title varchar, Name varchar, Since date,
		City varchar, Zip varchar, Memo varchar, _modified_at timestamptz, _deleted boolean, _deleted_at timestamptz, _landed_at timestamptz)`)
	v.exec(`insert into plan.plan (plan_id, made_at, state) values ('p', now(), 'made'); insert into plan.newest values ('person', 'p')`)
	rules, err := readRules(t.Context(), w.DB, p.Entities[0])
	if err != nil {
		t.Fatal(err)
	}
	var fields []string
	for _, f := range rules {
		fields = append(fields, f.field)
	}
	if err := warehouse.EnsureEntity(t.Context(), w.DB, "person", fields); err != nil {
		t.Fatal(err)
	}
	return v
}

func (v *world) exec(q string, args ...any) {
	v.t.Helper()
	if _, err := v.w.DB.ExecContext(v.t.Context(), q, args...); err != nil {
		v.t.Fatalf("%s: %v", q, err)
	}
}

func (v *world) crm(s crm.System) *fakeCRM {
	if s == crm.HubSpot {
		return v.hubspot
	}
	return v.force
}

var objects = map[crm.System]string{crm.HubSpot: "contacts", crm.Salesforce: "Contact"}

// record puts a record into a CRM and its mirror.
func (v *world) record(s crm.System, id string, values row) {
	v.t.Helper()
	v.crm(s).rows[id] = values.pointers()
	names, marks, args := []string{"id", "_modified_at", "_deleted"}, []string{"$1", "$2", "false"}, []any{id, v.now}
	for _, c := range slices.Sorted(maps.Keys(values)) {
		args = append(args, values.pointers()[c])
		names, marks = append(names, quote(c)), append(marks, fmt.Sprintf("$%d", len(args)))
	}
	v.exec(fmt.Sprintf("insert into %s.%s (%s) values (%s)", s, quote(objects[s]), strings.Join(names, ","), strings.Join(marks, ",")), args...)
}

// row is columns and values; "-" is blank.
type row map[string]string

func (r row) pointers() map[string]*string {
	out := map[string]*string{}
	for c, v := range r {
		if v == "-" {
			out[c] = nil
		} else {
			out[c] = str(v)
		}
	}
	return out
}

// linked makes a pair of h1 and s1 whose bases are what both say now, with exceptions.
func (v *world) linked(pair, h, s string, hubspotBase, salesforceBase row) {
	v.t.Helper()
	v.exec(`insert into link.person values ($1, 'linked', 'contacts', $2, 'Contact', $3, 'test', null, $4, 'before')`, pair, h, s, start0)
	for side, base := range map[crm.System]row{crm.HubSpot: hubspotBase, crm.Salesforce: salesforceBase} {
		id := h
		if side == crm.Salesforce {
			id = s
		}
		names, marks, args := []string{"pair_id", "system", "object", "id"}, []string{"$1", "$2", "$3", "$4"}, []any{pair, side, objects[side], id}
		for f, b := range base {
			if b == "-" {
				b = ""
			}
			args = append(args, b)
			names, marks = append(names, quote(f)), append(marks, fmt.Sprintf("$%d", len(args)))
		}
		v.exec(fmt.Sprintf("insert into base.person (%s) values (%s)", strings.Join(names, ","), strings.Join(marks, ",")), args...)
	}
}

// value is one column of a planned change; fields are those that move it.
type value struct{ column, before, after, fields string }

// change plans a write and returns its id.
func (v *world) change(a Action, s crm.System, pair, record, source string, values ...value) string {
	v.t.Helper()
	v.n++
	id := fmt.Sprintf("c%d", v.n)
	v.exec(`insert into plan.change (plan_id, change_id, position, entity, pair_id, action, system, object, record_id, source_object, source_id, label, rule)
		values ('p', $1, $2, 'person', $3, $4, $5, $6, nullif($7, ''), $8, $9, 'Ann Lee', 'test')`,
		id, v.n, pair, a, s, objects[s], record, objects[s.Other()], source)
	for _, x := range values {
		v.exec(`insert into plan.value values ('p', $1, $2, nullif($3, '-'), nullif($4, '-'), string_split($5, ' '), ['test'])`, id, x.column, x.before, x.after, x.fields)
	}
	return id
}

// decided plans a field: what both sides held, and their bases; "-" is blank, "" absent or none.
func (v *world) decided(pair, field, outcome string, hubspot, salesforce, hubspotBase, salesforceBase string) {
	v.t.Helper()
	arg := func(s string) any {
		switch s {
		case "":
			return nil
		case "-":
			return ""
		}
		return s
	}
	v.exec(`insert into plan.field values ('p', 'person', $1, $2, $3, false, false, $4, $5, $6, $7, 'test', null)`,
		pair, field, outcome, arg(hubspot), arg(salesforce), arg(hubspotBase), arg(salesforceBase))
}

func (v *world) apply() Report {
	v.t.Helper()
	r, err := v.try(v.t.Context())
	if err != nil {
		v.t.Fatal(err)
	}
	return r
}

func (v *world) try(ctx context.Context) (Report, error) {
	return Apply(ctx, v.w, v.p, Targets{crm.HubSpot: v.hubspot, crm.Salesforce: v.force}, "p", v.o)
}

// base reads one side's bases: "-" is blank, missing is none.
func (v *world) base(pair string, s crm.System) row {
	v.t.Helper()
	return v.rowOf(`select * exclude (pair_id, system, object, id) from base.person where pair_id = $1 and system = $2`, pair, s)
}

func (v *world) mirror(s crm.System, id string, columns ...string) row {
	v.t.Helper()
	for i := range columns {
		columns[i] = quote(columns[i])
	}
	return v.rowOf(fmt.Sprintf(`select columns(*)::varchar from (select %s from %s.%s where id = $1)`, strings.Join(columns, ","), s, quote(objects[s])), id)
}

func (v *world) rowOf(q string, args ...any) row {
	v.t.Helper()
	rows := v.rows(q, args...)
	if len(rows) != 1 {
		v.t.Fatalf("%d rows: %s", len(rows), q)
	}
	return rows[0]
}

func (v *world) rows(q string, args ...any) []row {
	v.t.Helper()
	rows, err := v.w.DB.QueryContext(v.t.Context(), q, args...)
	if err != nil {
		v.t.Fatalf("%s: %v", q, err)
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		v.t.Fatal(err)
	}
	var all []row
	for rows.Next() {
		cells := make([]sql.NullString, len(names))
		into := make([]any, len(names))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			v.t.Fatal(err)
		}
		one := row{}
		for i, c := range cells {
			if c.Valid {
				one[names[i]] = c.String
				if c.String == "" {
					one[names[i]] = "-"
				}
			}
		}
		all = append(all, one)
	}
	return all
}
