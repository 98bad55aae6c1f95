package warehouse

import (
	"database/sql"
	"os"
	"strings"
	"testing"
)

// TestCompact: what rows have left goes back to the disk, and everything else is there as before.
func TestCompact(t *testing.T) {
	t.Parallel()
	o := Options{Path: path(t), RunAt: runAt, Threads: 1}
	w := opened(t, o)
	for _, q := range []string{
		`insert into plan.value by name select 'p' || (i // 30000) as plan_id, i::varchar as change_id, 'c' as "column", md5(i::varchar) as after, ['f'] as fields, [md5((i + 1)::varchar)] as rules from range(300000) as r(i)`,
		`create table hubspot.contacts as select i::varchar as id, null::varchar as "Last Name" from range(100) as r(i)`,
		`create view report.people as select id from hubspot.contacts`,
		`create or replace macro twice(x) as x * 2`,
		`insert into catalog.installed values ('digest')`,
		`checkpoint`,
		`delete from plan.value where plan_id <> 'p9'`,
	} {
		if _, err := w.DB.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	const state = `select (select count(*) from plan.value), (select sum(hash(v)) from plan.value as v), (select count(*) from report.people),
		(select string_agg(schema_name || '.' || table_name, ' ' order by schema_name, table_name) from duckdb_tables() where database_name = current_database()), twice(4), (select max(version) from catalog.version)`
	before := rows(t, w.DB, state)
	if s, err := w.Space(t.Context()); err != nil || s.Free < s.File/2 {
		t.Fatalf("%+v %v: want most of it free", s, err)
	}
	large := size(t, w.Path)
	if err := w.Compact(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if small := size(t, w.Path); small > large/3 {
		t.Errorf("%d bytes, %d before: nine rows of ten are gone", small, large)
	}
	diff(t, before, rows(t, w.DB, state))
	diff(t, []string{"0"}, rows(t, w.DB, `select count(*) from catalog.installed`)) // crosswalks and macros are made anew
	diff(t, []string{"UTC"}, rows(t, w.DB, `select current_setting('TimeZone')`))
	if i, err := os.Stat(w.Path); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("%v %v: want 0600", i.Mode(), err)
	}
	if _, err := os.Stat(w.Path + ".compact"); err == nil {
		t.Error("the new file is still there")
	}
	if _, err := Open(t.Context(), o); err == nil {
		t.Error("somebody else could open it")
	}
}

// TestCompactBesideALog: while something else in the process has the file open, closing it does not end its log. That is told, and nothing is lost.
func TestCompactBesideALog(t *testing.T) {
	t.Parallel()
	o := Options{Path: path(t), RunAt: runAt, Threads: 1}
	w := opened(t, o)
	other, err := sql.Open("duckdb", w.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	held, err := other.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = held.Close() }()
	if _, err := w.DB.Exec(`insert into catalog.installed values ('digest')`); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(w.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Compact(t.Context(), o); err == nil || !strings.Contains(err.Error(), ".wal is still there") {
		t.Errorf("%v: want that the log is still there", err)
	}
	if after, err := os.Stat(w.Path); err != nil || !os.SameFile(before, after) {
		t.Error("the file is another one", err)
	}
	diff(t, []string{"digest"}, rows(t, w.DB, `from catalog.installed`))
	if _, err := os.Stat(w.Path + ".compact"); err == nil {
		t.Error("the new file is still there")
	}
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	i, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return i.Size()
}
