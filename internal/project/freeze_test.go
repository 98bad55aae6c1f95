package project_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/project"
)

func TestFreeze(t *testing.T) {
	t.Parallel()
	sql := fstest.MapFS{"contact/match.sql": {Data: []byte("select 1")}, "lib/a.sql": {Data: []byte("x")}}
	p := &project.Project{Dir: "d", SQL: sql, Pipelines: fstest.MapFS{"nightly.yaml": {Data: []byte("cron: x")}}}
	frozen, digest, err := p.Freeze()
	if err != nil {
		t.Fatal(err)
	}
	_, again, err := p.Freeze()
	if err != nil || again != digest {
		t.Errorf("%v: the same files have another digest", err)
	}
	sql["contact/match.sql"] = &fstest.MapFile{Data: []byte("select 2")}
	if _, moved, err := p.Freeze(); err != nil || moved == digest {
		t.Errorf("%v: other files have the same digest", err)
	}
	if text, err := fs.ReadFile(frozen.SQL, "contact/match.sql"); err != nil || string(text) != "select 1" {
		t.Errorf("%q %v: it moved", text, err)
	}
	names, err := fs.Glob(frozen.SQL, "*/*.sql")
	if d := cmp.Diff([]string{"contact/match.sql", "lib/a.sql"}, names); err != nil || d != "" {
		t.Error(err, d)
	}
	if names, err := fs.Glob(frozen.Pipelines, "*.yaml"); err != nil || len(names) != 1 || frozen.Dir != "d" {
		t.Errorf("%v %v", names, err)
	}
}
