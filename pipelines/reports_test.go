package pipelines

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
	"lockstep/sql"
)

var reportsAt = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// reporting is a warehouse in which the reports of the embedded project run over tables of mapped that are filled by hand.
type reporting struct {
	t testing.TB
	w *warehouse.Warehouse
	p *entity.Project
}

func newReporting(t testing.TB) *reporting {
	t.Helper()
	w, err := warehouse.Open(context.Background(), warehouse.Options{RunAt: reportsAt})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	w.DB.SetMaxOpenConns(1)
	p, err := entity.Load(sql.FS)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Install(context.Background(), w.DB); err != nil {
		t.Fatal(err)
	}
	r := &reporting{t, w, p}
	r.exec(`create schema mapped;
		create table mapped._field (entity varchar, field varchar, direction varchar, rule varchar, blank varchar, refers_to varchar, "together" varchar, position integer);
		create table mapped._record (entity varchar, system varchar, object varchar, id varchar, pair_id varchar, state varchar, label varchar,
			modified_at timestamptz, in_scope boolean, deleted boolean, superseded boolean);
		create table mapped._coverage (entity varchar, system varchar, object varchar, field varchar, records bigint, filled bigint, unknown bigint, absent bigint);
		create table mapped._difference (entity varchar, pair_id varchar, field varchar, hubspot varchar, salesforce varchar,
			hubspot_waits varchar, salesforce_waits varchar, hubspot_base varchar, salesforce_base varchar)`)
	for _, e := range []string{"contact", "company"} {
		x, _ := p.Entity(e)
		var fields string
		if err := w.DB.QueryRow("select string_agg(', ' || field || ' varchar', '') from (" + x.Fields.Text + "\n)").Scan(&fields); err != nil {
			t.Fatal(err)
		}
		r.exec(fmt.Sprintf("create table mapped.%s (system varchar, object varchar, id varchar, pair_id varchar, modified_at timestamptz, in_scope boolean, deleted boolean, superseded_by varchar%s)", e, fields))
	}
	return r
}

func (r *reporting) exec(q string, args ...any) {
	r.t.Helper()
	if _, err := r.w.DB.Exec(q, args...); err != nil {
		r.t.Fatalf("%s: %v", q, err)
	}
}

// put inserts a record of mapped.<entity>: "email=ann@example.com firstname=Ann"; underscores in values are spaces.
func (r *reporting) put(entity, record, pair, values string) {
	r.t.Helper()
	object, id, _ := strings.Cut(record, " ")
	system := "salesforce"
	if strings.ToLower(object) == object {
		system = "hubspot"
	}
	names, marks := []string{"system", "object", "id", "pair_id", "modified_at", "deleted"}, []string{"$1", "$2", "$3", "nullif($4, '')", "timestamptz '2026-02-01'", "false"}
	args := []any{system, object, id, pair}
	for _, kv := range strings.Fields(values) {
		k, v, _ := strings.Cut(kv, "=")
		args = append(args, strings.ReplaceAll(v, "_", " "))
		if i := slices.Index(names, k); i >= 0 {
			marks[i] = fmt.Sprintf("$%d", len(args))
			continue
		}
		names, marks = append(names, k), append(marks, fmt.Sprintf("$%d", len(args)))
	}
	r.exec("insert into mapped."+entity+" ("+strings.Join(names, ", ")+") values ("+strings.Join(marks, ", ")+")", args...)
}

// rows runs a query over a report, which stands in it as $report, and joins the cells of each row.
func (r *reporting) rows(name, query string) []string {
	r.t.Helper()
	i := slices.IndexFunc(r.p.Reports, func(f entity.File) bool { return f.Path == "sql/report/"+name+".sql" })
	if i < 0 {
		r.t.Fatalf("no report %s", name)
	}
	f := r.p.Reports[i]
	r.exec("create or replace table report." + name + " as\n" + f.Text)
	got := []string{}
	for _, row := range cells(r.t, r.w, strings.ReplaceAll(query, "$report", "report."+name)) {
		got = append(got, strings.Join(row, " | "))
	}
	return got
}

func cells(t testing.TB, w *warehouse.Warehouse, text string) (out [][]string) {
	t.Helper()
	rows, err := w.DB.Query(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		cells, into := make([]any, len(names)), make([]any, len(names))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		var row []string
		for _, c := range cells {
			if c == nil {
				c = "∅"
			}
			row = append(row, fmt.Sprint(c))
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// Duplicates of people: each rule finds what it is for, two records that are linked to each other are none, and the record to keep
// is the linked, the fuller, the newer one.
func TestDuplicatesOfPeople(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	for _, x := range [][3]string{
		// one pair, and a duplicate of it in each CRM
		{"contacts 101", "p1", "email=ann@example.com firstname=Ann lastname=Lee phone=+1_555_0100 zip=10001"},
		{"Contact 003A", "p1", "email=ann@example.com firstname=Ann lastname=Lee phone=(555)_010-0100"},
		{"contacts 102", "", "email=ann@example.com firstname=Ann lastname=Lee"},
		{"Lead 00QA", "", "email=ann+news@example.com firstname=Anna"},
		// same name and phone, written otherwise
		{"contacts 103", "", "firstname=Bo lastname=Chén phone=+1_555_010_0111"},
		{"contacts 104", "", "firstname=Chen lastname=Bo mobilephone=1-555-010-0111 jobtitle=CEO"},
		// nearly the same name at one company, through the account's name
		{"Contact 003B", "", "firstname=Catherine lastname=Mueller associatedcompanyid=001A"},
		{"Contact 003C", "", "firstname=Catharine lastname=Mueller associatedcompanyid=001B"},
		// nearly the same name, nothing else in common
		{"Contact 003D", "", "firstname=Catherine lastname=Muller associatedcompanyid=001Z"},
		// same name and e-mail domain; at a free-mail host that says nothing
		{"contacts 105", "", "email=d.diaz@tern.example firstname=Di lastname=Diaz"},
		{"contacts 106", "", "email=di@tern.example firstname=Di lastname=Diaz"},
		{"contacts 107", "", "email=d.evans@gmail.com firstname=Di lastname=Evans"},
		{"contacts 108", "", "email=di@gmail.com firstname=Di lastname=Evans"},
		// one in each CRM that are not linked, and names that one e-mail is not enough for
		{"contacts 110", "", "email=eve@example.org lastname=Fox"},
		{"Contact 003E", "", "email=eve@example.org firstname=Eve lastname=Fox"},
		// gone records are nobody's duplicates
		{"contacts 109", "", "email=di@tern.example deleted=true"},
		{"Lead 00QB", "", "email=di@tern.example superseded_by=003Z"},
	} {
		r.put("contact", x[0], x[1], x[2])
	}
	r.put("company", "Account 001A", "", "name=Tern_Point_Inc.")
	r.put("company", "Account 001B", "", "name=TERN_POINT")
	want := []string{
		"across | exact | same e-mail | Contact 003E | contacts 110 | Contact 003E",
		"hubspot | exact | same e-mail | contacts 101 | contacts 102 | contacts 101",
		"hubspot | normalized | same name and e-mail domain | contacts 101 | contacts 102 | contacts 101",
		"hubspot | normalized | same name and e-mail domain | contacts 105 | contacts 106 | contacts 105",
		"hubspot | normalized | same name and phone | contacts 104 | contacts 103 | contacts 104",
		"salesforce | close | nearly the same name, same company | Contact 003B | Contact 003C | Contact 003B",
		"salesforce | normalized | same e-mail without its tag | Contact 003A | Lead 00QA | Contact 003A",
	}
	got := r.rows("duplicates", `select scope, kind, rule, a_object || ' ' || a_id, b_object || ' ' || b_id, keep from $report where entity = 'contact' order by all`)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	reasons := r.rows("duplicates", `select distinct a_id, b_id, keep_reason from $report where scope <> 'across' order by all`)
	if d := cmp.Diff([]string{
		"003A | 00QA | it is linked to the other CRM, the other one is not",
		"003B | 003C | nothing tells them apart: the older id",
		"101 | 102 | it is linked to the other CRM, the other one is not",
		"104 | 103 | it says more: 4 fields are filled, 3 of the other",
		"105 | 106 | nothing tells them apart: the older id",
	}, reasons); d != "" {
		t.Error(d)
	}
	twins := r.rows("lead_contact_twins", `select lead_id, contact_id, rules, linked from $report`)
	if d := cmp.Diff([]string{}, twins); d != "" { // ann+news is not ann
		t.Error(d)
	}
}

// All records of one scope that any chain of evidence leads to are one group, however long it is and whichever record it begins with;
// groups are numbered, the strongest evidence first and then the most records, and the record to keep is the first of all.
func TestDuplicatesInGroups(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	for _, x := range [][3]string{
		// a chain: an address, a phone, an address, a phone. The linked one is at its end
		{"contacts 1", "p1", "email=ann@example.com firstname=Ann lastname=Lee"},
		{"contacts 2", "", "email=ann@example.com firstname=Anna lastname=Leeward phone=+1_555_0100 zip=10001"},
		{"contacts 3", "", "email=leeward@example.org firstname=Anna lastname=Leeward phone=+1_555_0100"},
		{"contacts 4", "", "email=leeward@example.org firstname=Zoe lastname=Oakes phone=+1_555_0101"},
		{"contacts 5", "", "firstname=Zoe lastname=Oakes phone=+1_555_0101"},
		// evidence as strong between fewer
		{"contacts 6", "", "email=cy@example.net firstname=Cy"},
		{"contacts 7", "", "email=cy@example.net firstname=Cyrus"},
		// weaker evidence
		{"Contact 003A", "p1", "firstname=Di lastname=Diaz phone=+1_555_0102"},
		{"Lead 00QA", "", "firstname=Di lastname=Diaz phone=+1_555_0102"},
		// of each CRM one, of which one is in a group of its own CRM, too: two groups
		{"Contact 003B", "", "email=cy@example.net firstname=Cy"},
	} {
		r.put("contact", x[0], x[1], x[2])
	}
	// a long one, its records in no order
	r.exec(`insert into mapped.contact (system, object, id, modified_at, deleted, email, firstname, lastname, phone)
		select 'salesforce', 'Contact', '003L' || lpad((i * 37 % 101)::varchar, 3, '0'), timestamptz '2026-01-01', false, md5((i // 2)::varchar) || '@example.com', 'Bo', md5(((i + 1) // 2)::varchar), '+1 555 0103' from range(100) as numbers (i)`)
	got := r.rows("duplicates", `select group_number, scope, max(score), group_records, group_keep, count(distinct (a_id, b_id)), list(distinct keep_reason) filter (where a_object || ' ' || a_id = group_keep)
		from $report group by all order by 1`)
	if d := cmp.Diff([]string{
		"1 | salesforce | 1 | 100 | Contact 003L000 | 99 | [nothing tells them apart: the older id]",
		"2 | hubspot | 1 | 5 | contacts 1 | 4 | [it is linked to the other CRM, the other one is not]",
		"3 | hubspot | 1 | 2 | contacts 6 | 1 | [nothing tells them apart: the older id]",
		"4 | across | 1 | 2 | contacts 6 | 1 | [one of each CRM: they would be linked, not merged]",
		"5 | salesforce | 0.95 | 2 | Contact 003A | 1 | [it is linked to the other CRM, the other one is not]",
	}, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"0"}, r.rows("duplicates", `select count(*) from $report as x join $report as y on x.scope = y.scope and x.b_id = y.a_id where x.group_number <> y.group_number`)); d != "" {
		t.Error(d)
	}
}

// Duplicates of companies, and companies that only share a domain.
func TestDuplicatesOfCompanies(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	for _, x := range [][3]string{
		{"companies 201", "c1", "name=Tern_Point domain=tern.example"},
		{"Account 001A", "c1", "name=Tern_Point_Inc. domain=www.tern.example"},
		{"Account 001B", "", "name=TERN_POINT,_LLC domain=shop.tern.example"},
		{"Account 001C", "", "name=Tern_Pointe domain=tern.example"},
		{"Account 001D", "", "name=Tern_Services domain=tern.example"},
		{"companies 202", "", "name=Elm_Works phone=+1_555_010_0150 domain=gmail.com"},
		{"companies 203", "", "name=Oak_Mill domain=gmail.com"},
		{"Account 001E", "", "name=Elm-Works phone=15550100150"},
	} {
		r.put("company", x[0], x[1], x[2])
	}
	got := r.rows("duplicates", `select scope, kind, rule, a_id, b_id, keep from $report where entity = 'company' order by all`)
	if d := cmp.Diff([]string{
		"across | normalized | same company name and phone | 202 | 001E | companies 202",
		"salesforce | close | nearly the same name, same web domain | 001A | 001C | Account 001A",
		"salesforce | close | nearly the same name, same web domain | 001B | 001C | Account 001B",
		"salesforce | normalized | same company name and web domain | 001A | 001B | Account 001A",
	}, got); d != "" {
		t.Error(d)
	}
	shared := r.rows("shared_domains", `select domain, system, records, names, linked, ids from $report`)
	if d := cmp.Diff([]string{"tern.example | salesforce | 4 | 3 | 1 | [001A 001B 001C 001D]"}, shared); d != "" {
		t.Error(d)
	}
}

// One value that hundreds share makes no pairs, and a duplicate entered many times makes a row each, not a row per pair.
func TestDuplicatesOfMany(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	r.exec(`insert into mapped.contact (system, object, id, modified_at, deleted, email, firstname, lastname, phone)
		select 'hubspot', 'contacts', i::varchar, timestamptz '2026-01-01', false, 'info@gmail.com', 'Ann', 'Lee' || i, '+1 555 010 0100' from range(300) as numbers (i)
		union all
		select 'hubspot', 'contacts', 'x' || i, timestamptz '2026-01-01', false, 'bo@example.com', null, null, null from range(400) as numbers (i)`)
	got := r.rows("duplicates", `select rule, count(*), count(distinct a_id) from $report group by all`)
	if d := cmp.Diff([]string{"same e-mail | 399 | 1"}, got); d != "" {
		t.Error(d)
	}
}

func TestTwins(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	r.put("contact", "Lead 00QA", "", "email=ann@example.com firstname=Ann lastname=Lee phone=5550100100 hs_lead_status=OPEN")
	r.put("contact", "Contact 003A", "p1", "email=ann@example.com firstname=Ann lastname=Lee mobilephone=(555)_010-0100")
	r.put("contact", "Lead 00QB", "", "email=ann@example.com deleted=true")
	r.put("contact", "Lead 00QC", "", "email=bo@example.com")
	got := r.rows("lead_contact_twins", `select lead_id, contact_id, rules, linked, lead_status from $report`)
	if d := cmp.Diff([]string{"00QA | 003A | same e-mail, same name and phone | the Contact | OPEN"}, got); d != "" {
		t.Error(d)
	}
}

// Each reason for which two linked records differ is told from the others.
func TestDrift(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	r.exec(`insert into mapped._field values ('contact', 'phone', 'two_way', 'most_recent', 'keep', null, null, 1), ('contact', 'memo', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null, 2),
		('contact', 'stage', 'off', 'hubspot', 'keep', null, null, 3), ('contact', 'company', 'two_way', 'salesforce', 'clear', 'company', null, 4), ('contact', 'status', 'two_way', 'hubspot', 'clear', null, null, 5)`)
	one := func(pair, field, values string, inScope bool) {
		r.exec(`insert into mapped._difference select 'contact', $1, $2, `+values+``, pair, field)
		r.exec(`insert into mapped._record values ('contact', 'hubspot', 'contacts', 'h' || $1, $1, 'linked', 'Ann ' || $1, timestamptz '2026-02-01', $2, false, false),
			('contact', 'salesforce', 'Contact', 's' || $1, $1, 'linked', 'Ann ' || $1, timestamptz '2026-02-01', true, false, false)`, pair, inScope)
	}
	one("1", "phone", "'1', '2', null, null, '1', '2'", true)
	one("2", "phone", "'1', '', null, null, '1', ''", true)
	one("3", "memo", "'a', 'b', null, null, 'a', 'a'", true)
	one("4", "memo", "'', 'b', null, null, '', 'b'", true)
	one("5", "stage", "'a', 'b', null, null, null, null", true)
	one("6", "company", "null, '7', 'company 9', null, null, '7'", true)
	one("7", "status", "'a', null, null, 'zz', 'a', null", true)
	one("8", "phone", "'1', '2', null, null, '1', '1'", false)
	one("9", "phone", "'1', '2', null, null, '1', '1'", true)
	one("10", "phone", "'1', '2', null, null, '3', '4'", true)
	one("11", "phone", "'1', '2', null, null, '3', '4'", true)
	one("12", "phone", "'1', '2', null, null, '1', '3'", true)
	one("13", "phone", "'1', '2', null, null, null, '3'", true)
	one("14", "phone", "'1', '2', null, null, '1', '3'", true)
	r.exec(`insert into plan.plan (plan_id, made_at, state) values ('old', timestamptz '2026-02-01', 'applied'), ('new', timestamptz '2026-03-01', 'applied')`)
	r.exec(`insert into plan.field (plan_id, entity, pair_id, field, outcome, conflict, first_link, rule, reason) values ('new', 'contact', '10', 'phone', 'ask', true, false, 'ask', 'both changed it'),
		('old', 'contact', '1', 'phone', 'ask', true, false, 'ask', 'long ago')`)
	r.exec(`insert into history.frozen values ('contact', '11', 'phone', 'fight', timestamptz '2026-02-02', 'r', 'two automations', null), ('contact', '12', 'phone', 'fight', timestamptz '2026-02-02', 'r', 'released', timestamptz '2026-02-03')`)
	r.exec(`insert into history.refusal (entity, pair_id, system, object, record_id, "column", value, category, words, remedy, first_at, last_at, run_id) values
		('contact', '14', 'hubspot', 'contacts', 'h14', 'phone', '2', 'invalid value', 'Nope', 'mend it', timestamptz '2026-02-04', timestamptz '2026-02-05', 'r')`)
	r.exec(`insert into history.change (run_id, "at", entity, pair_id, system, object, record_id, action, "column", fields, outcome) values
		('r', timestamptz '2026-02-04', 'contact', '14', 'hubspot', 'contacts', 'h14', 'update', 'phone', ['phone'], 'refused')`)

	got := r.rows("drift", `select pair_id::int, why, reason from $report order by 1`)
	if d := cmp.Diff([]string{
		"1 | same in translation | neither has changed since the two were in step: one is the other in translation, or what differs was left alone",
		"2 | blank kept | a blank overwrites nothing (keep), and the other side has not changed",
		"3 | one way | the field is hubspot_to_salesforce, and only what its source changes is sent",
		"4 | source is blank | the field is hubspot_to_salesforce, and a blank source clears nothing",
		"5 | off | fields.sql says off",
		"6 | waits for a link | waits for company 9 to be linked",
		"7 | no translation | no translation for zz: add it to the crosswalk",
		"8 | out of scope | in_scope is false of one of the two records: nothing is sent",
		"9 | edited since the plan | somebody edited it since the last plan: the next run sees it",
		"10 | asks | both changed it",
		"11 | frozen | two automations",
		"12 | edited since the plan | somebody edited it since the last plan: the next run sees it",
		"13 | not decided yet | one side has no base yet: the next run decides it",
		"14 | refused | invalid value: mend it",
	}, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"Ann 14 | contacts h14 | Contact s14 | 1 | 2"}, r.rows("drift", `select label, hubspot_record, salesforce_record, hubspot, salesforce from $report where pair_id = '14'`)); d != "" {
		t.Error(d)
	}
}

// The time from an edit to its arrival is known of the change that brought it, while the source is as it was.
func TestLatency(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	r.exec(`insert into history.change (run_id, "at", entity, pair_id, system, object, record_id, action, "column", outcome)
		select 'r' || n, "at", 'contact', pair, 'salesforce', 'Contact', '003', 'update', 'Phone', outcome from (values
			(1, timestamptz '2026-03-01 10:00:00', 'p1', 'taken'), (2, timestamptz '2026-03-01 12:00:10', 'p1', 'taken'), (3, timestamptz '2026-03-01 13:00:00', 'p1', 'taken'),
			(4, timestamptz '2026-03-01 12:05:00', 'p2', 'taken'), (5, timestamptz '2026-03-01 12:00:30', 'p3', 'taken'), (6, timestamptz '2026-03-01 12:00:40', 'p4', 'refused')) as sent (n, "at", pair, outcome)`)
	r.exec(`insert into mapped._record select 'contact', 'hubspot', 'contacts', pair, pair, 'linked', null, "at", true, false, false from (values
			('p1', timestamptz '2026-03-01 12:00:00'), ('p2', timestamptz '2026-03-01 14:00:00'), ('p3', timestamptz '2026-03-01 12:00:00')) as records (pair, "at")`)
	if d := cmp.Diff([]string{"contact | salesforce | 2 | 3 | 20 | 30"}, r.rows("latency", `select entity, written, changes, "unknown", median_seconds, longest_seconds from $report`)); d != "" {
		t.Error(d)
	}
}

func TestWaitingAndRefusals(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	r.exec(`insert into plan.plan (plan_id, made_at, state) values ('new', timestamptz '2026-03-01', 'applied')`)
	r.exec(`insert into plan.field (plan_id, entity, pair_id, field, outcome, conflict, first_link, rule, reason) values
		('new', 'contact', 'p1', 'phone', 'ask', true, false, 'ask', 'both changed it'), ('new', 'contact', 'p1', 'email', 'hubspot', false, false, 'hubspot', 'hubspot changed it')`)
	r.exec(`insert into plan.notice values ('new', 'contact', 'waits', 'salesforce', 'Contact', '003', 'company', 'waits for company 001 to be linked'), ('new', 'contact', 'owner fallback', 'salesforce', 'Contact', '003', 'owner', 'x')`)
	r.exec(`insert into mapped._record values ('contact', 'hubspot', 'contacts', '1', 'p1', 'linked', 'Ann Lee', null, true, false, false)`)
	if d := cmp.Diff([]string{"a link | salesforce | Contact | 003 | ∅ | company | link or create what it refers to", "a person | hubspot | contacts | 1 | Ann Lee | phone | lockstep resolve"},
		r.rows("waiting", `select waits_for, system, object, id, label, field, remedy from $report`)); d != "" {
		t.Error(d)
	}
	r.exec(`insert into history.refusal (entity, pair_id, system, object, record_id, "column", category, words, remedy, first_at, last_at, run_id, predicted) values
		('contact', '1', 'hubspot', 'contacts', '1', 'phone', 'too long', 'old', 'cut', timestamptz '2026-02-04', timestamptz '2026-02-05', 'r', true),
		('contact', '2', 'hubspot', 'contacts', '2', 'phone', 'too long', 'new', 'cut it', timestamptz '2026-02-03', timestamptz '2026-02-06', 'r', null)`)
	if d := cmp.Diff([]string{"too long | phone | 2 | 2 | 1 | new | cut it"}, r.rows("refusals", `select category, "column", refusals, records, not_sent, newest_words, remedy from $report`)); d != "" {
		t.Error(d)
	}
	r.exec(`insert into history.run (run_id, pipeline, started_at, state, hubspot_left, salesforce_left) values ('a', 'nightly', timestamptz '2026-03-01 23:59:00+00', 'done', 100, 50), ('b', 'nightly', timestamptz '2026-03-01 01:00:00+00', 'done', 90, 60)`)
	r.exec(`insert into history.call values ('a', 'hubspot', 'batch/read', 3, 1), ('b', 'hubspot', 'batch/read', 4, 0), ('b', 'salesforce', 'query', 1, 0)`)
	if d := cmp.Diff([]string{"nightly | hubspot | batch/read | 7 | 1 | 2 | 90", "nightly | salesforce | query | 1 | 0 | 1 | 60"}, r.rows("api_use", `select * exclude (day) from $report`)); d != "" {
		t.Error(d)
	}
	r.exec(`insert into mapped._field values ('contact', 'phone', 'two_way', 'most_recent', 'keep', null, null, 1)`)
	r.exec(`insert into mapped._coverage values ('contact', 'hubspot', 'contacts', 'phone', 10, 4, 1, 2)`)
	if d := cmp.Diff([]string{"contacts | 10 | 4 | 50 | 1 | 2 | 0"}, r.rows("field_coverage", `select object, records, filled, percent, "unknown", not_read, pairs_differ from $report`)); d != "" {
		t.Error(d)
	}
}

// A report over an entity or an object that is not there is left out with the reason, and the others are made.
func TestReportsOfSomeEntities(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	r.exec(`drop schema mapped cascade`)
	p := &entity.Project{Reports: []entity.File{
		{Path: "sql/report/a.sql", Text: "-- one row\nselect 1 as one"},
		{Path: "sql/report/b.sql", Text: "-- one row per record\nselect id from mapped.contact"},
		{Path: "sql/report/c.sql", Text: "-- one row per record\nselect id from hubspot.deals"},
		{Path: "sql/report/d.sql", Text: "-- one row per record\nselect label from mapped._record"},
	}}
	made, left, err := makeReports(context.Background(), r.w.DB, p)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"a", "d"}, made); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"sql/report/b.sql is left out: there is no entity contact here", "sql/report/c.sql is left out: there is no hubspot.deals here"}, left); d != "" {
		t.Error(d)
	}
}
