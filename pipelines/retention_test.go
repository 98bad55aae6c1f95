package pipelines_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox"
)

// TestPlansAreLetGo: a nightly run lets old plans go with all that belongs to them, and keeps the newest of each
// pipeline and of each entity. The file shrinks by what that frees, and the run after it goes on as ever.
func TestPlansAreLetGo(t *testing.T) {
	t.Parallel()
	l := newLab(t, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), sandbox.Options{})
	files := plainSQL()
	for _, file := range []string{"fields", "from_hubspot.contacts", "from_salesforce.Contact"} { // an entity that this pipeline does not run
		files["other/"+file+".sql"] = files["thing/"+file+".sql"]
	}
	l.connect(files, "entities: [thing]\n", "  attempts: 1\n")
	pipe := *l.job.Pipeline
	pipe.Full = true
	l.job.Pipeline = &pipe
	l.insert(crm.HubSpot, "contacts", map[string]string{"lastname": "New1", "email": "one@example.com"})
	night := func() {
		t.Helper()
		if _, err := l.once(); err != nil {
			t.Fatal(err)
		}
	}
	night()
	w := l.open()
	for _, q := range []string{
		`insert into plan.plan by name select 'old' || i as plan_id, if(i = 0, 'other', 'world') as pipeline, timestamptz '2026-01-01 00:00:00+00' as made_at, 'applied' as state from range(3) as r(i)`,
		`insert into plan.value by name select 'old' || least(i // 200000, 1) as plan_id, i::varchar as change_id, 'c' as "column", md5(i::varchar) || md5((i + 1)::varchar) || md5((i + 2)::varchar) as after, [] as fields, [] as rules from range(600000) as r(i)`,
		`insert into plan.newest values ('other', 'old2')`,
		`insert into plan.mapping select 'old1', 'contact/match.sql', 'x'`,
	} {
		if _, err := w.DB.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	left := func() [][]string {
		return query(t, w, `select 'plans ' || string_agg(distinct plan_id, ' ' order by plan_id) from plan.plan where plan_id like 'old%' union all
			select 'values ' || string_agg(distinct plan_id, ' ' order by plan_id) from plan.value where plan_id like 'old%' union all
			select 'mappings ' || count(*) from plan.mapping where plan_id like 'old%' union all select 'taken ' || count(*) from history.change where outcome = 'taken'`)
	}
	before, err := w.Space(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	l.pass(24 * time.Hour)
	night()
	w = l.open()
	defer func() { _ = w.Close() }()
	if d := cmp.Diff([][]string{{"plans old0 old2"}, {"values old0"}, {"mappings 0"}, {"taken 4"}}, left()); d != "" {
		t.Error(d)
	}
	after, err := w.Space(t.Context())
	if err != nil || after.File > before.File/2 || before.File < 32<<20 {
		t.Errorf("%+v, %+v before: %v", after, before, err)
	}
}
