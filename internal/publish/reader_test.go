package publish_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"lockstep/internal/publish"
)

// Ten readers ask while runs write and publish: nobody gets an error, and what one publication says is of one moment:
// each run writes one row of history.run, two of history.change and one link. LOCKSTEP_READS says how often each asks at
// least; `make long` asks for a minute's worth.
func TestReadersWhileWriting(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.o.Small = 5
	link := `insert into link.contact select 'p' || count(*), 'linked', 'contacts', 'c', 'Contact', '003', 'email', null, $now, $run from link.contact`
	planned := `insert into plan.link by name select $run as plan_id, 'contact' as entity, pair_id, state from link.contact where run_id = $run`
	for range 5 {
		s.mustRun(nil, sent, sent, link, planned)
	}
	r := s.open()
	reads := 4
	if n, err := strconv.Atoi(os.Getenv("LOCKSTEP_READS")); err == nil {
		reads = n
	}
	const question = `select run_id, (select count(*) from history.run), (select count(*) from history.change), (select count(*) from link.contact), (select max(run_id) from history.run)
		from catalog.publication`
	ask := func(ctx context.Context, db *sql.DB, newest string) (string, error) {
		var run, last string
		var runs, changes, links int
		if err := db.QueryRowContext(ctx, question).Scan(&run, &runs, &changes, &links, &last); err != nil {
			return "", err
		}
		if changes != 2*runs || links != runs || last != run || run < newest {
			return "", fmt.Errorf("publication of %s: %d runs, the last one %s, %d changes, %d links; before it %s was read", run, runs, last, changes, links, newest)
		}
		return run, nil
	}
	var asking sync.WaitGroup
	var editions sync.Map
	var left, written atomic.Int32
	for i := range 10 {
		asking.Add(1)
		left.Add(1)
		go func() {
			defer asking.Done()
			defer left.Add(-1)
			newest := ""
			for n := 0; n < reads || written.Load() < 4; n++ {
				db, release := r.DB()
				if i >= 5 && n%4 == 0 { // as another program does: it opens the file by its name
					release()
					var err error
					if db, err = sql.Open("duckdb", ""); err != nil {
						t.Error(err)
						return
					}
					release = func() { _ = db.Close() }
					db.SetMaxOpenConns(1)
					if _, err := db.ExecContext(t.Context(), `attach '`+filepath.Join(s.folder, publish.Database)+`' as p (read_only); use p`); err != nil {
						t.Error(err)
					}
				}
				run, err := ask(t.Context(), db, newest)
				release()
				if err != nil {
					t.Errorf("reader %d: %v", i, err)
					return
				}
				newest = run
				editions.Store(run, true)
			}
		}()
	}
	for left.Load() > 0 {
		s.mustRun(nil, sent, sent, link, planned)
		written.Add(1)
	}
	asking.Wait()
	read := 0
	editions.Range(func(any, any) bool { read++; return true })
	t.Logf("%d publications while 10 readers asked %d times each or more; they saw %d of them", written.Load(), reads, read)
	if read < 3 {
		t.Errorf("readers saw %d publications: they did not read while anything was written", read)
	}
}

// Who has a publication keeps it until it is released, and the next one gets the newest.
func TestReaderKeepsWhatItGave(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.mustRun(nil, sent)
	r := s.open()
	before, release := r.DB()
	s.mustRun(nil, sent)
	after, done := r.DB()
	defer done()
	const q = `select count(*) as n from history.change`
	if got := fmt.Sprint(rows(t, before, q), rows(t, after, q)); got != `[{'n': 1}] [{'n': 2}]` {
		t.Error(got)
	}
	release()
	if err := before.PingContext(t.Context()); err == nil {
		t.Error("a publication that is not the newest any more is still open after its last reader released it")
	}
}

// A publication of an older version has no plan.newest: its newest plan is every entity's, until the next one is there,
// were it of a run without work.
func TestOlderPublication(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.mustRun(nil, sent, `insert into plan.plan (plan_id, pipeline, made_at, state, undoes) values ('a', 'x', $now, 'made', null), ('b', 'x', $now, 'made', null), ('undo', 'undo', $now + interval 1 hour, 'made', 'r')`,
		`insert into plan.newest values ('contact', 'a')`)
	if err := os.Chmod(filepath.Join(s.folder, publish.Database), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", filepath.Join(s.folder, publish.Database))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), `drop view plan.newest`)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	manifest := filepath.Join(s.folder, publish.ManifestFile)
	m := s.manifest()
	delete(m.Tables, "plan.newest")
	m.Shape = "older"
	b, err := json.Marshal(m)
	if err := errors.Join(err, os.WriteFile(manifest, b, 0o600)); err != nil {
		t.Fatal(err)
	}
	r := s.open()
	says := func(want string) {
		t.Helper()
		db, release := r.DB()
		defer release()
		for range 3 { // as many connections as may be open
			conn, err := db.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			var got string
			if err := conn.QueryRowContext(t.Context(), `select concat_ws(' ', entity, plan_id, state, (select count(*) from history.run)) from plan.newest join plan.plan using (plan_id)`).Scan(&got); err != nil || got != want {
				t.Errorf("%q, want %q: %v", got, want, err)
			}
		}
	}
	says("contact b made 1")
	s.mustRun(idle)
	says("contact a made 2")
}

// Another program attaches the file under a name of its own, and its views mean the tables beside them.
func TestOtherPrograms(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.mustRun(nil, sent)
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `attach '`+filepath.Join(s.folder, publish.Database)+`' as crm (read_only)`); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(rows(t, db, `select outcome, n from crm.report.by_outcome`)); got != `[{'outcome': taken, 'n': 1}]` {
		t.Error(got)
	}
	for _, f := range s.manifest().Tables["history.change"].Files {
		types := rows(t, db, `select distinct column_type from (describe from read_parquet('`+filepath.Join(s.folder, f.Path)+`'))`)
		if got := fmt.Sprint(types); got != `[{'column_type': 'VARCHAR[]'} {'column_type': TIMESTAMP WITH TIME ZONE} {'column_type': VARCHAR}]` {
			t.Error(got)
		}
	}
}
