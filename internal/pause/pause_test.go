package pause_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/pause"
)

func TestPauses(t *testing.T) {
	t.Parallel()
	warehouse := filepath.Join(t.TempDir(), "state", "warehouse.duckdb")
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	names := func() (out string) {
		all, err := pause.Read(warehouse)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range all {
			out += p.Name + " " + p.Since.Format("15:04") + ";"
		}
		return out
	}
	set := func(name string, at time.Time) {
		if err := pause.Set(warehouse, name, at); err != nil {
			t.Fatal(err)
		}
	}
	diff := func(want string) {
		t.Helper()
		if d := cmp.Diff(want, names()); d != "" {
			t.Error(d)
		}
	}
	diff("")
	set("deal", at)
	set("contact", at.Add(time.Hour))
	set("deal", at.Add(time.Hour)) // since when stays
	diff("contact 10:00;deal 09:00;")
	if i, err := os.Stat(pause.Path(warehouse)); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("%v %v: want 0600", i, err)
	}
	if ended, err := pause.Resume(warehouse, "company"); ended || err != nil {
		t.Errorf("resumed what was not paused: %v %v", ended, err)
	}
	if ended, err := pause.Resume(warehouse, "deal"); !ended || err != nil {
		t.Errorf("%v %v", ended, err)
	}
	diff("contact 10:00;")
	set(pause.All, at)
	all, _ := pause.Read(warehouse)
	if p, ok := all.Of("anything"); !ok || p.Name != pause.All {
		t.Errorf("%v %v: everything is paused", p, ok)
	}
	if ended, err := pause.Resume(warehouse, pause.All); !ended || err != nil {
		t.Errorf("%v %v", ended, err)
	}
	diff("")
	if left, _ := filepath.Glob(pause.Path(warehouse) + ".new-*"); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

// A file nobody can read pauses, as far as anybody knows: the error names it.
func TestBrokenFile(t *testing.T) {
	t.Parallel()
	warehouse := filepath.Join(t.TempDir(), "warehouse.duckdb")
	if err := os.WriteFile(pause.Path(warehouse), []byte("["), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := pause.Read(warehouse); err == nil || !strings.Contains(err.Error(), pause.Path(warehouse)) {
		t.Errorf("%v: want the file's name", err)
	}
}
