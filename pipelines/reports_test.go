package pipelines

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
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
	return reportingIn(t, warehouse.Options{RunAt: reportsAt})
}

func reportingIn(t testing.TB, o warehouse.Options) *reporting {
	t.Helper()
	w, err := warehouse.Open(context.Background(), o)
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

func TestTwins(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	r.put("contact", "Lead 00QA", "", "email=ann@example.com firstname=Ann lastname=Lee phone=5550100100 hs_lead_status=OPEN")
	r.put("contact", "Contact 003A", "p1", "email=ann@example.com firstname=Ann lastname=Lee mobilephone=(555)_010-0100")
	r.put("contact", "Lead 00QB", "", "email=ann@example.com deleted=true")
	r.put("contact", "Lead 00QC", "", "email=bo@example.com")
	r.put("contact", "Lead 00QD", "p4", "email=cy@example.com")
	r.put("contact", "Contact 003D", "p5", "email=cy@example.com")
	r.put("contact", "Lead 00QE", "p6", "email=di@example.com")
	r.put("contact", "Contact 003E", "", "email=di@example.com")
	got := r.rows("lead_contact_twins", `select lead_id, contact_id, rules, linked, lead_status, remedy from $report order by lead_id`)
	if d := cmp.Diff([]string{
		"00QA | 003A | same e-mail, same name and phone | the Contact | OPEN | convert the Lead into the Contact",
		"00QD | 003D | same e-mail | both | ∅ | merge their two records in HubSpot, and convert the Lead into the Contact: the older pair goes on, the other one is held",
		"00QE | 003E | same e-mail | the Lead | ∅ | convert the Lead into the Contact: its pair goes on as the Contact's",
	}, got); d != "" {
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
	r.exec(`insert into plan.plan (plan_id, made_at, state) values ('old', timestamptz '2026-02-01', 'applied'), ('new', timestamptz '2026-03-01', 'applied'); insert into plan.newest values ('contact', 'new')`)
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
	r.exec(`insert into plan.plan (plan_id, made_at, state) values ('new', timestamptz '2026-03-01', 'applied'), ('of others', timestamptz '2026-03-02', 'applied');
		insert into plan.newest values ('contact', 'new')`)
	r.exec(`insert into plan.field (plan_id, entity, pair_id, field, outcome, conflict, first_link, rule, reason) values
		('new', 'contact', 'p1', 'phone', 'ask', true, false, 'ask', 'both changed it'), ('new', 'contact', 'p1', 'email', 'hubspot', false, false, 'hubspot', 'hubspot changed it')`)
	r.exec(`insert into plan.notice values ('new', 'contact', 'waits', 'salesforce', 'Contact', '003', 'company', 'waits for company 001 to be linked'), ('new', 'contact', 'owner fallback', 'salesforce', 'Contact', '003', 'owner', 'x'),
		('new', 'contact', 'unmapped', 'hubspot', 'contacts', '2', 'hubspot_owner_id', 'no translation for a@example.com'), ('new', 'contact', 'unmapped', 'hubspot', 'contacts', '2', 'hs_lead_status', 'no translation for ODD')`)
	r.exec(`insert into mapped._record values ('contact', 'hubspot', 'contacts', '1', 'p1', 'linked', 'Ann Lee', null, true, false, false)`)
	if d := cmp.Diff([]string{"a link | salesforce | Contact | 003 | ∅ | company | link or create what it refers to", "a person | hubspot | contacts | 1 | Ann Lee | phone | lockstep resolve",
		"a translation | hubspot | contacts | 2 | ∅ | hs_lead_status | add the value to its crosswalk",
		"a translation | hubspot | contacts | 2 | ∅ | hubspot_owner_id | let the other CRM have the owner, or say in list/owner_override.csv or list/owner_fallback.csv whose it becomes"},
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
	all, err := MakeReports(context.Background(), r.w, p)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"a", "d"}, all.Made); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"sql/report/b.sql is left out: there is no entity contact here", "sql/report/c.sql is left out: there is no hubspot.deals here"}, all.Left); d != "" {
		t.Error(d)
	}
}

// What reports were being made of when the process was killed is gone once the next run has begun, as all is that a person may be found in.
func TestMappedAfterACrash(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	r.w.Crashed = &warehouse.Holder{}
	if err := (&run{w: r.w}).begin(context.Background()); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([][]string{{"0"}}, cells(t, r.w, `select count(*) from duckdb_tables() where schema_name = 'mapped'`)); d != "" {
		t.Error(d)
	}
}

// A report that fails leaves what was made of it before, and the others are made; it is made again once it can be. What it read is
// taken away in either case, and a report whose file is gone is gone.
func TestReportThatFails(t *testing.T) {
	t.Parallel()
	r := newReporting(t)
	broken := "-- one row\nselect error(first)::integer as one from (select min(value) as first from catalog.installed) where (select count(*) from mapped._record) = 0"
	made := func(texts ...string) (all Reports) {
		t.Helper()
		p := &entity.Project{}
		for i, text := range texts {
			p.Reports = append(p.Reports, entity.File{Path: "sql/report/" + string(rune('a'+i)) + ".sql", Text: text})
		}
		all, err := MakeReports(context.Background(), r.w, p)
		if err != nil {
			t.Fatal(err)
		}
		var left int
		if err := r.w.DB.QueryRow(`select count(*) from duckdb_tables() where schema_name = 'mapped'`).Scan(&left); err != nil || left > 0 {
			t.Errorf("%d tables of mapped are left, %v", left, err)
		}
		return all
	}
	const query = `select table_name, table_type from information_schema.tables where table_schema = 'report' order by all`
	made("-- one row\nselect 1 as one", "-- one row\nselect count(*) as one from mapped._record", "-- one row\nselect 3 as one")
	if d := cmp.Diff([][]string{{"a", "VIEW"}, {"b", "BASE TABLE"}, {"c", "VIEW"}}, cells(t, r.w, query)); d != "" {
		t.Error(d)
	}
	all := made("-- one row\nselect count(*) + 5 as one from mapped._record", broken, "-- one row\nselect 6 as one", "-- one row\nselect 7 as one")
	if d := cmp.Diff([]string{"a", "c", "d"}, all.Made); d != "" || len(all.Failed) != 1 || !strings.HasPrefix(all.Failed[0].Error(), "sql/report/b.sql") {
		t.Error(d, all.Failed)
	}
	if d := cmp.Diff([][]string{{"5", "0", "6", "7"}}, cells(t, r.w, `select (from report.a), (from report.b), (from report.c), (from report.d)`)); d != "" {
		t.Error(d)
	}
	if all := made("-- one row\nselect 1 as one", "-- one row\nselect 8 as one"); len(all.Failed) != 0 {
		t.Error(all.Failed)
	}
	if d := cmp.Diff([][]string{{"a", "VIEW"}, {"b", "VIEW"}}, cells(t, r.w, query)); d != "" {
		t.Error(d)
	}
	r.exec(`set temp_directory = '` + t.TempDir() + `'; set memory_limit = '40MB'; set max_temp_directory_size = '1MB'`)
	all = made("-- one row per number\nselect i, md5(i::varchar) as text from range(3000000) as numbers (i) where (select count(*) from mapped._record) = 0 order by hash(i)", "-- one row\nselect 9 as one")
	var hinted *crm.Hinted
	if len(all.Failed) != 1 || !errors.As(all.Failed[0], &hinted) || !strings.Contains(hinted.Hint, "warehouse.spill") || len(all.Made) != 1 {
		t.Errorf("without room on the disk: made %v, failed %v", all.Made, all.Failed)
	}
	r.exec(`set memory_limit = '1GB'`)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := MakeReports(ctx, r.w, &entity.Project{Reports: []entity.File{{Path: "sql/report/a.sql", Text: "-- one row\nselect 1 as one"}}}); err == nil {
		t.Error("a run that is told to end says that its reports are made")
	}
}
