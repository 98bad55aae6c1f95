package warehouse

import (
	"errors"
	"os"
	"testing"
)

func TestAnOlderFileIsCopiedAndBroughtUp(t *testing.T) {
	t.Parallel()
	file := path(t)
	w := opened(t, Options{Path: file, RunAt: runAt})
	for _, q := range []string{
		`alter table plan.plan drop column undoes`,
		`alter table history.refusal drop column predicted`,
		`drop table plan.proposal`,
		`drop table plan.newest`,
		`create table link.contact (pair_id varchar)`,
		`insert into plan.plan (plan_id, made_at, state) values ('p', getvariable('run_at'), 'made')`,
		`update catalog.version set version = 1`,
	} {
		if _, err := w.DB.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	w = opened(t, Options{Path: file, RunAt: runAt})
	diff(t, []string{"p|-"}, rows(t, w.DB, `select plan_id, undoes from plan.plan`))
	diff(t, []string{"0"}, rows(t, w.DB, `select count(*) from plan.proposal`))
	diff(t, []string{"contact|p"}, rows(t, w.DB, `select entity, plan_id from plan.newest`)) // what waits then is told still
	diff(t, []string{"4"}, rows(t, w.DB, `select version from catalog.version`))
	kept, err := os.ReadFile(file + ".v1")
	if err != nil || string(kept) != string(before) {
		t.Errorf("the copy has %d bytes, the file had %d: %v", len(kept), len(before), err)
	}
	if info, err := os.Stat(file + ".v1"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
}

func TestAFileThatCannotBeCopiedIsNotTouched(t *testing.T) {
	t.Parallel()
	file := path(t)
	w := opened(t, Options{Path: file, RunAt: runAt})
	_, err := w.DB.ExecContext(t.Context(), `update catalog.version set version = 1`)
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file+".v1", 0o700); err != nil { // a copy cannot take this name
		t.Fatal(err)
	}
	refused(t, file)
	if err := os.Remove(file + ".v1"); err != nil {
		t.Fatal(err)
	}
	w = opened(t, Options{Path: file, RunAt: runAt})
	if _, err := os.Stat(file + ".v1"); err != nil {
		t.Errorf("it was brought up without a copy: %v", err)
	}
}
