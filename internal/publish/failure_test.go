package publish_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lockstep/internal/publish"
)

// A publication that fails in the middle leaves the one before as it was, is noted where health looks, and the next one
// tells of everything.
func TestFailedPublication(t *testing.T) {
	t.Parallel()
	breaks := map[string]func(s *shop) (mend func()){
		"a file cannot be written": func(s *shop) func() {
			// the next run's name, taken by a folder
			name := fmt.Sprintf("%s-%06d", s.now.Add(15*time.Minute).Format("20060102T150405Z"), s.runs+1)
			dir := filepath.Join(s.folder, publish.DataFolder, "history.refusal."+name+".parquet")
			if err := os.Mkdir(dir, 0o700); err != nil {
				s.t.Fatal(err)
			}
			return func() { _ = os.Remove(dir) }
		},
		"the folder is gone": func(s *shop) func() {
			away := s.folder + ".away"
			if err := os.Rename(s.folder, away); err != nil {
				s.t.Fatal(err)
			}
			if err := os.WriteFile(s.folder, nil, 0o600); err != nil {
				s.t.Fatal(err)
			}
			return func() {
				if err := os.Remove(s.folder); err != nil {
					s.t.Fatal(err)
				}
				if err := os.Rename(away, s.folder); err != nil {
					s.t.Fatal(err)
				}
			}
		},
	}
	for name, breaking := range breaks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			s.mustRun(nil, sent)
			r := s.open()
			mend := breaking(s)
			const refused = `insert into history.refusal by name select 'contact' as entity, 'p1' as pair_id, 'hubspot' as system, 'contacts' as object, 'invalid' as category, 'no' as words, $now as first_at, $now as last_at, $run as run_id`
			if _, err := s.run(nil, sent, sent, refused); err == nil {
				t.Fatal("no error")
			}
			mend()
			if got := fmt.Sprint(s.read(r, `select count(*) as n from history.change`)); got != `[{'n': 1}]` {
				t.Errorf("after a failed publication readers have %s rows, want 1", got)
			}
			if got := rows(t, s.w.DB, `select ok, error is null as fine from history.publication`); fmt.Sprint(got) != `[{'ok': false, 'fine': false} {'ok': true, 'fine': true}]` {
				t.Error(got)
			}
			s.mustRun(idle)
			s.same(r)
			if _, failed, err := publish.LastFailure(s.folder); failed || err != nil {
				t.Error(failed, err)
			}
			if got := fmt.Sprint(s.read(r, `select ok, count(*) as n from history.publication group by all`)); got != `[{'ok': false, 'n': 1} {'ok': true, 'n': 2}]` {
				t.Error(got)
			}
			s.listed()
		})
	}
}

func (s *shop) read(r *publish.Reader, q string) []string {
	s.t.Helper()
	db, release := r.DB()
	defer release()
	return rows(s.t, db, q)
}

// listed: data/ holds what the manifest names and what it delisted, and nothing else.
func (s *shop) listed() (files int) {
	s.t.Helper()
	known := map[string]bool{}
	m := s.manifest()
	for _, t := range m.Tables {
		for _, f := range t.Files {
			known[f.Path] = true
		}
		if t.Delta != nil {
			known[t.Delta.Path] = true
		}
	}
	for _, d := range m.Delisted {
		known[d.Path] = true
	}
	entries, err := os.ReadDir(filepath.Join(s.folder, publish.DataFolder))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range entries {
		if path := publish.DataFolder + "/" + e.Name(); !known[path] {
			s.t.Errorf("%s is named by nothing", path)
		}
	}
	for path := range known {
		if _, err := os.Stat(filepath.Join(s.folder, path)); err != nil {
			s.t.Error(err)
		}
	}
	return len(entries)
}

// A file that nothing names any more stays for a day; what a crash left is found at night; what was erased goes at once.
func TestDelisting(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.mustRun(nil, sent)
	first := s.manifest().Tables["history.change"].Files[0].Path
	s.mustRun(nil, sent)
	there := func(path string) bool {
		_, err := os.Stat(filepath.Join(s.folder, path))
		return err == nil
	}
	if !there(first) {
		t.Error("a file went that a reader may still have open")
	}
	left := publish.DataFolder + "/history.run.2026-03-02.crashed.parquet"
	if err := os.WriteFile(filepath.Join(s.folder, left), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.mustRun(whole)
	s.now = s.now.AddDate(0, 0, 1)
	s.mustRun(whole, sent)
	if there(first) || there(left) {
		t.Error("files that nothing has named for a day are still there")
	}
	s.listed()
	t.Log("the month is over: its days are one file")
	s.now = time.Date(2026, 4, 2, 1, 0, 0, 0, time.UTC)
	s.mustRun(whole, sent)
	var parts []string
	for _, f := range s.manifest().Tables["history.change"].Files {
		parts = append(parts, fmt.Sprintf("%s %d", f.Part, f.Rows))
	}
	if got := strings.Join(parts, ", "); got != "2026-03 3, 2026-04-02 1" {
		t.Error(got)
	}
	s.same(s.open())
	t.Log("somebody is forgotten")
	s.mustRun(func(o *publish.Options) { o.Anew = true }, `delete from history.change`)
	if n := s.listed(); len(s.manifest().Delisted) > 0 || n == 0 {
		t.Errorf("%v are still there", s.manifest().Delisted)
	}
	s.same(s.open())
}

// A warehouse put back from a backup knows nothing of what was published since.
func TestRestoredWarehouse(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.mustRun(nil, sent)
	s.mustRun(nil, sent)
	s.exec(`delete from history.publication where run_id = (select max(run_id) from history.publication)`)
	s.exec(`delete from history.run where run_id = (select max(run_id) from history.run)`)
	s.exec(`update history.change set after = 'as it was'`)
	s.mustRun(idle)
	s.same(s.open())
	s.listed()
}
