package warehouse

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// bound is a warehouse file of one portal with a person in it.
func bound(t *testing.T, portal, person string) string {
	t.Helper()
	file := path(t)
	w, err := Open(t.Context(), Options{Path: file, RunAt: runAt})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.DB.Exec(`insert into catalog.account by name select 'hubspot' as system, '` + portal + `' as id, now() as bound_at; create table hubspot.contacts as select '` + person + `' as lastname`); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

func people(t *testing.T, file string) string {
	t.Helper()
	w := opened(t, Options{Path: file, RunAt: runAt})
	defer w.Close()
	return strings.Join(rows(t, w.DB, `select lastname from hubspot.contacts`), " ")
}

func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	file := bound(t, "1", "Lee")
	copied := filepath.Join(t.TempDir(), "b.duckdb")
	o := Options{Path: file, RunAt: runAt, Who: "test"}
	if err := Backup(t.Context(), o, copied); err != nil {
		t.Fatal(err)
	}
	if i, err := os.Stat(copied); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("%v %v: want 0600", i.Mode(), err)
	}
	if err := Backup(t.Context(), o, copied); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("%v: it was written over", err)
	}
	w, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.DB.Exec(`update hubspot.contacts set lastname = 'Later'`); err != nil {
		t.Fatal(err)
	}
	// while somebody holds it, both wait, and then go
	if err := Backup(t.Context(), o, copied+"2"); !errors.Is(err, ErrLocked) {
		t.Errorf("%v: want ErrLocked", err)
	}
	waited := make(chan Holder, 1)
	patient := o
	patient.Wait, patient.Waiting = time.Minute, func(h Holder) { waited <- h }
	go func() {
		<-waited
		_ = w.Close()
	}()
	kept, err := Restore(t.Context(), patient, copied, Forgetting{})
	if err != nil {
		t.Fatal(err)
	}
	if got := people(t, file); got != "Lee" {
		t.Errorf("restored %q", got)
	}
	if got := people(t, kept); got != "Later" {
		t.Errorf("kept %q as %s", got, kept)
	}
	if left, _ := filepath.Glob(file + ".restoring*"); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	newer := bound(t, "1", "Lee")
	w := opened(t, Options{Path: newer, RunAt: runAt})
	if _, err := w.DB.Exec(`update catalog.version set version = 999`); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	foreign, text := filepath.Join(dir, "foreign.duckdb"), filepath.Join(dir, "text")
	f := &Warehouse{}
	if _, err := f.connect(t.Context(), foreign, nil); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(text, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, from, want string }{
		{"another portal's", bound(t, "2", "Other"), "belongs to hubspot account 2, and the warehouse here to 1"},
		{"a newer one", newer, "has version 999"},
		{"none of ours", foreign, "no tables of lockstep"},
		{"no database", text, "cannot take the warehouse's place"},
		{"nothing", filepath.Join(dir, "nothing"), "there is no such file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			file := bound(t, "1", "Lee")
			kept, err := Restore(t.Context(), Options{Path: file, RunAt: runAt}, tt.from, Forgetting{})
			if err == nil || !strings.Contains(err.Error(), tt.want) || kept != "" {
				t.Errorf("%v %q: want %q", err, kept, tt.want)
			}
			if got := people(t, file); got != "Lee" {
				t.Errorf("the warehouse moved: %q", got)
			}
			if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); len(left) > 2 { // and its lock
				t.Errorf("left over: %v", left)
			}
		})
	}
}

// A damaged warehouse says of nobody that it is his, and is put aside like any other.
func TestRestoreOverADamagedOne(t *testing.T) {
	t.Parallel()
	good, file := bound(t, "1", "Lee"), path(t)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if kept, err := Restore(t.Context(), Options{Path: file, RunAt: runAt}, good, Forgetting{}); err != nil || kept == "" {
		t.Errorf("%v %q", err, kept)
	}
	if got := people(t, file); got != "Lee" {
		t.Errorf("restored %q", got)
	}
}
