package pipelines_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/pause"
	"lockstep/internal/sandbox"
	"lockstep/internal/warehouse"
	"lockstep/load"
	"lockstep/pipelines"
)

// A person who is forgotten is in no byte of the warehouse and in no published file, stays out although a CRM still has
// them, and is not made in the other CRM again. Everybody else stays, and history says that something was sent.
func TestForget(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	crms, err := sandbox.Start(t.Context(), sandbox.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer crms.Close()
	words := []string{"ann.lindqvist@example.com", "Lindqvist", "+1 555 0147", "+1 555 0148", "Chief Forgetter"}
	h := must(crms.HubSpot.Insert("contacts", map[string]string{"firstname": "Annika", "lastname": "Lindqvist", "email": words[0], "phone": "+1 555 0147", "jobtitle": words[4]}))(t)
	must(crms.HubSpot.Insert("contacts", map[string]string{"firstname": "Bo", "lastname": "Chen", "email": "bo.chen@example.com", "phone": "+1 555 0150"}))(t)
	s := must(crms.Salesforce.Insert("Contact", map[string]string{"FirstName": "Annika", "LastName": "Lindqvist", "Email": words[0], "Phone": "+1 555 0149"}))(t)
	must(crms.Salesforce.Insert("Contact", map[string]string{"FirstName": "Bo", "LastName": "Chen", "Email": "bo.chen@example.com"}))(t)
	job := projectJob(t, crms, func() time.Time { return now })
	job.Pipeline.Entities = []string{"contact"}
	job.Pipeline.Reports = true
	run := func(full bool) string {
		t.Helper()
		now = now.Add(time.Hour)
		job := job
		job.Full = full
		res, err := pipelines.Run(t.Context(), job)
		if err != nil && !errors.Is(err, pipelines.ErrIncomplete) {
			t.Fatal(err)
		}
		return res.RunID
	}
	first := run(false)
	if err := crms.Salesforce.Edit("Contact", s, map[string]string{"Phone": "+1 555 0148"}); err != nil {
		t.Fatal(err)
	}
	run(false)
	o := warehouse.Options{Path: job.Project.Config.Paths.Warehouse, RunAt: now, Who: "test"}
	monday, plan := filepath.Join(job.Project.Dir, "monday.copy"), filepath.Join(job.Project.Config.Paths.Plans(), "monday.json")
	if err := errors.Join(warehouse.Backup(t.Context(), o, monday), os.MkdirAll(filepath.Dir(plan), 0o700), os.WriteFile(plan, []byte(words[0]), 0o600),
		os.WriteFile(pause.Path(o.Path), []byte("[]"), 0o600), pipelines.KeepUnread(job.Project, &pipelines.Unread{Since: now})); err != nil { // they name nobody
		t.Fatal(err)
	}
	if found := traces(t, job, words); len(found) < 3 {
		t.Fatalf("before: only %v hold the person, so the test proves nothing", found)
	}

	now = now.Add(time.Hour)
	forget := job
	forget.Name = "forget"
	shown, err := pipelines.Forget(t.Context(), forget, strings.ToUpper(words[0]), "", false)
	if err != nil || len(shown.Records) != 2 || shown.Erased != nil || shown.Stands[crm.Record{Object: crm.Object{System: crm.Salesforce, Name: "Contact"}, ID: s}] != "live" {
		t.Fatalf("shown: %+v, %v", shown, err)
	}
	if found := traces(t, job, words); len(found) < 3 {
		t.Errorf("what is only shown is erased: %v", found)
	}
	if err := crms.Salesforce.Delete("Contact", s); err != nil {
		t.Fatal(err)
	}
	done, err := pipelines.Forget(t.Context(), forget, h, "hubspot.contacts", true)
	if err != nil || done.Erased == nil || done.Erased.Pairs != 1 || done.Erased.Emptied == 0 {
		t.Fatalf("forgotten: %+v, %v", done, err)
	}
	if found := traces(t, job, words); len(found) > 0 {
		t.Errorf("after: %v hold the person", found)
	}
	if d := cmp.Diff([]string{monday, plan + ":1"}, done.Files); d != "" {
		t.Errorf("files that still name the person: %s", d)
	}
	if found := traces(t, job, []string{s}); len(found) > 0 {
		t.Errorf("after: %v hold the id", found)
	}
	if found := traces(t, job, []string{"bo.chen@example.com"}); len(found) < 2 {
		t.Errorf("somebody else is gone: %v", found)
	}

	undo := job
	undo.Undo, undo.Until = &load.Undo{Run: first}, pipelines.Planned
	if res, err := pipelines.Run(t.Context(), undo); err != nil || len(res.Plan.Entities) == 0 {
		t.Errorf("a run that wrote to somebody who is forgotten cannot be undone: %v", err)
	}

	t.Log("a backup that has the person is put back, which the warehouse it replaces knows, and then the publication")
	for i := range 2 {
		o.RunAt = now.Add(time.Duration(i) * time.Second)
		res, err := pipelines.Restore(t.Context(), job.Project, o, monday)
		if err != nil || len(res.Records) != 2 || res.Erased.Pairs != 1 || (res.Kept == "") != (i == 1) {
			t.Fatalf("restored: %+v, %v", res, err)
		}
		if found := traces(t, job, append(words, s)); len(found) > 0 {
			t.Errorf("%v hold the person again", found)
		}
		if found := traces(t, job, []string{"bo.chen@example.com"}); len(found) < 2 {
			t.Errorf("somebody else is gone: %v", found)
		}
		if i == 0 {
			if err := os.Remove(o.Path); err != nil {
				t.Fatal(err)
			}
		}
	}

	made := len(crms.Salesforce.All("Contact"))
	run(true)
	run(false)
	if n := len(crms.Salesforce.All("Contact")) + len(crms.Salesforce.All("Lead")); n != made {
		t.Errorf("%d people in Salesforce, want %d: the forgotten one is made again", n, made)
	}
	if found := traces(t, job, words); len(found) > 0 {
		t.Errorf("a full read brings the person back: %v", found)
	}
	if _, err := pipelines.Forget(t.Context(), forget, words[0], "", false); !errors.Is(err, pipelines.ErrNobody) {
		t.Errorf("somebody is known still: %v", err)
	}

	t.Log("taken off the list, the record that still stands is read again")
	if n, err := pipelines.Remember(t.Context(), forget, h); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	run(true)
	if found := traces(t, job, words[:1]); len(found) == 0 {
		t.Error("nothing of the record is read")
	}
}

// traces are the files that hold one of the words: in their bytes, or in the rows of published Parquet, which is packed.
func traces(t *testing.T, job pipelines.Job, words []string) (found []string) {
	t.Helper()
	c := job.Project.Config.Paths
	holds := func(name string, text []byte) {
		for _, w := range words {
			if bytes.Contains(bytes.ToLower(text), []byte(strings.ToLower(w))) {
				found = append(found, name+" "+w)
				break
			}
		}
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, pattern := range []string{c.Warehouse + "*", filepath.Join(c.Published, "*"), filepath.Join(c.Published, "data", "*")} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if info, err := os.Stat(f); err != nil || info.IsDir() {
				continue
			}
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			holds(filepath.Base(f), text)
			if strings.HasSuffix(f, ".parquet") {
				var rows string
				if err := db.QueryRow(`select coalesce(string_agg(to_json(t)::varchar, ' '), '') from read_parquet($1) as t`, f).Scan(&rows); err != nil {
					t.Fatal(err)
				}
				holds(filepath.Base(f), []byte(rows))
			}
		}
	}
	return found
}
