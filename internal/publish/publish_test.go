package publish_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/publish"
	"lockstep/internal/warehouse"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// project is one entity, one macro, a report that is a view and one that is a table.
var project = fstest.MapFS{
	"lib/plain.sql":                     {Data: []byte("-- plain(v)\ncreate or replace macro plain(v) as lower(v);")},
	"report/by_outcome.sql":             {Data: []byte("-- one row per outcome\nselect plain(outcome) as outcome, count(*) as n, max(getvariable('run_at')) as asked from history.change group by all")},
	"report/people.sql":                 {Data: []byte("-- one row\nselect count(*) as n from hubspot.contacts")},
	"contact/fields.sql":                {Data: []byte("-- one row per field\nselect * from (values ('email', 'two_way', 'hubspot', 'keep', null, null)) as t(field, direction, rule, blank, refers_to, together)")},
	"contact/from_hubspot.contacts.sql": {Data: []byte("-- one row per contact\nselect id, email from hubspot.contacts")},
}

// shop is a warehouse, the folder it is published in, and the runs of a clock that only the test moves.
type shop struct {
	t      testing.TB
	w      *warehouse.Warehouse
	folder string
	o      publish.Options
	now    time.Time
	runs   int
}

func newShop(t testing.TB) *shop {
	t.Helper()
	dir := t.TempDir()
	s := &shop{t: t, now: start, folder: filepath.Join(dir, "published")}
	var err error
	if s.w, err = warehouse.Open(t.Context(), warehouse.Options{Path: filepath.Join(dir, "w.duckdb"), RunAt: start, Threads: 1}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.w.Close() })
	p, err := entity.Load(project)
	if err != nil {
		t.Fatal(err)
	}
	s.o = publish.Options{Folder: s.folder, Mode: 0o640, Project: p, Mapping: "m", Now: func() time.Time { return s.now }}
	s.exec(`create table hubspot.contacts (id varchar not null, email varchar, amount decimal(38,12), _modified_at timestamptz, _deleted boolean not null, _deleted_at timestamptz, _landed_at timestamptz not null)`)
	s.exec(`create table link.contact (pair_id varchar not null, state varchar not null, hubspot_object varchar, hubspot_id varchar, salesforce_object varchar, salesforce_id varchar, rule varchar, reason varchar, linked_at timestamptz not null, run_id varchar)`)
	s.exec(`create table base.contact (pair_id varchar not null, system varchar not null, object varchar not null, id varchar not null, email varchar)`)
	return s
}

func (s *shop) exec(q string, args ...any) {
	s.t.Helper()
	if _, err := s.w.DB.ExecContext(s.t.Context(), q, args...); err != nil {
		s.t.Fatalf("%s: %v", q, err)
	}
}

// run is one run, a quarter of an hour after the one before, that does what the statements say and publishes.
func (s *shop) run(change func(*publish.Options), statements ...string) (publish.Report, error) {
	s.t.Helper()
	s.now = s.now.Add(15 * time.Minute)
	s.runs++
	o := s.o
	o.Run = fmt.Sprintf("%s-%06d", s.now.Format("20060102T150405Z"), s.runs)
	s.exec(`insert into history.run (run_id, pipeline, started_at, ended_at, state) values ($1, 'quarter_hourly', $2, $2, 'done')`, o.Run, s.now)
	s.exec(`insert into history.call values ($1, 'hubspot', 'search', 2, 0)`, o.Run)
	for _, q := range statements {
		s.exec(strings.NewReplacer("$run", "'"+o.Run+"'", "$now", "timestamptz '"+s.now.Format(time.RFC3339)+"'").Replace(q))
	}
	if change != nil {
		change(&o)
	}
	return publish.Write(s.t.Context(), s.w, o)
}

func (s *shop) mustRun(change func(*publish.Options), statements ...string) publish.Report {
	s.t.Helper()
	r, err := s.run(change, statements...)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func idle(o *publish.Options)  { o.Idle = true }
func whole(o *publish.Options) { o.Whole = true }

// sent is a column that was sent now.
const sent = `insert into history.change (run_id, "at", entity, pair_id, system, object, record_id, action, "column", before, after, fields, rules, outcome)
	values ($run, $now, 'contact', 'p1', 'hubspot', 'contacts', '101', 'update', 'phone', 'a', 'b', ['phone'], ['hubspot'], 'Taken')`

func (s *shop) open() *publish.Reader {
	s.t.Helper()
	r, err := publish.Open(s.t.Context(), s.folder)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(r.Close)
	return r
}

// rows are a query's rows as texts, in the order of the texts.
func rows(t testing.TB, db *sql.DB, q string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `select t::varchar from (`+q+`) as t`)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	defer rows.Close()
	all := []string{}
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// same compares every table that the publication has with the warehouse's.
func (s *shop) same(r *publish.Reader) {
	s.t.Helper()
	db, release := r.DB()
	defer release()
	for _, name := range rows(s.t, s.w.DB, `select '"' || schema_name || '"."' || table_name || '"' as t from duckdb_tables()
		where (schema_name in ('link', 'base', 'hubspot') or estimated_size > 0) and not temporary and schema_name not in ('staging', 'plan') and table_name not in ('mapping', 'installed', 'described', 'publication')`) {
		name = strings.TrimSuffix(strings.TrimPrefix(name, "{'t': '"), "'}")
		if d := cmp.Diff(rows(s.t, s.w.DB, "from "+name), rows(s.t, db, "from "+name)); d != "" {
			s.t.Errorf("%s (-warehouse +publication)\n%s", name, d)
		}
	}
}

func TestNothingPublished(t *testing.T) {
	t.Parallel()
	_, err := publish.Open(t.Context(), t.TempDir())
	var hinted *crm.Hinted
	if !errors.Is(err, publish.ErrNothing) || !errors.As(err, &hinted) {
		t.Errorf("got %v, want ErrNothing with a hint", err)
	}
}

func TestPublication(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.mustRun(nil, sent, `insert into hubspot.contacts values ('101', 'ann@example.com', 1.5, $now, false, null, $now)`)
	r := s.open()
	s.same(r)
	if n := s.mustRun(idle).Files; n != 4 {
		t.Errorf("%d files of a run without work, want history.run, history.call, history.publication and the database", n)
	}
	s.same(r)
	s.mustRun(nil, sent, `insert into link.contact values ('p1', 'linked', 'contacts', '101', 'Contact', '003', 'email', null, $now, $run)`,
		`insert into base.contact values ('p1', 'hubspot', 'contacts', '101', 'ann@example.com')`)
	s.same(r)
	t.Log("the next day, a night in between")
	s.now = s.now.AddDate(0, 0, 1)
	s.mustRun(whole, sent, `create table report.people as select count(*) as n from hubspot.contacts`)
	s.same(r)
	db, release := r.DB()
	defer release()
	for q, want := range map[string]string{
		`select outcome, n, asked = (select published_at from catalog.publication) as now from report.by_outcome`: `{'outcome': taken, 'n': 3, 'now': true}`,
		`from report.people`: `{'n': 1}`,
	} {
		if got := rows(t, db, q); len(got) != 1 || got[0] != want {
			t.Errorf("%s\ngot  %v\nwant %s", q, got, want)
		}
	}
	m := s.manifest()
	var parts []string
	for _, f := range m.Tables["history.change"].Files {
		parts = append(parts, f.Part)
	}
	if d := cmp.Diff([]string{"2026-03-02", "2026-03-03"}, parts); d != "" {
		t.Error(d)
	}
}

func (s *shop) manifest() *publish.Manifest {
	s.t.Helper()
	m, err := publish.ReadManifest(s.folder)
	if err != nil || m == nil {
		s.t.Fatal(m, err)
	}
	return m
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.mustRun(nil, sent)
	seen := 0
	err := filepath.WalkDir(s.folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o640)
		if d.IsDir() {
			want = 0o750
		}
		if seen++; info.Mode().Perm() != want {
			t.Errorf("%s is %v, want %v", path, info.Mode().Perm(), want)
		}
		return nil
	})
	if err != nil || seen < 8 {
		t.Error(seen, err)
	}
	info, err := os.Stat(s.w.Path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the warehouse is %v, %v", info.Mode().Perm(), err)
	}
}
