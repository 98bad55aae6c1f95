package transform

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
)

// TestNewestPlanOfEachEntity: a plan is the newest one of its entities, unless it is only tried; what the project has no
// more waits for nobody.
func TestNewestPlanOfEachEntity(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.exec(`insert into plan.newest values ('person', 'before'), ('gone', 'before')`)
	for _, o := range []Options{{Try: true}, {}, {}} {
		v.mustPlan(o)
		want := []string{"person p"}
		if o.Try {
			want = []string{"gone before", "person before"}
		}
		if d := cmp.Diff(want, v.rows(`select entity, plan_id from plan.newest order by all`)); d != "" {
			t.Errorf("%+v (-want +got):\n%s", o, d)
		}
	}
}

// TestEditedMapping: editing SQL is not editing data.
func TestEditedMapping(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.h("phone=1 title=boss lastname=lee email=a@example.com country=1")
	v.s("Phone=1 Title=boss Name=lee Email=a@example.com")
	v.link()
	file := "person/from_hubspot.contacts.sql"
	v.sql[file] = strings.Replace(v.sql[file], "h.title,", "upper(h.title) as title,", 1)
	v.mustPlan(Options{})
	if got := v.changes(); len(got) > 0 {
		t.Errorf("an edited mapping sends nothing by itself, got %v", got)
	}
	if d := cmp.Diff([]string{"hubspot title BOSS mapping edited"}, v.settled()); d != "" {
		t.Errorf("settled (-want +got):\n%s", d)
	}
	// An edit of data made together with the edit of the mapping is still an edit.
	v.h("phone=1 title=chief lastname=lee email=a@example.com country=1")
	v.mustPlan(Options{})
	if d := cmp.Diff([]string{"update salesforce Title boss→CHIEF [title]"}, v.changes()); d != "" {
		t.Errorf("changes (-want +got):\n%s", d)
	}
	// --resync drops the bases: a first link.
	v.mustPlan(Options{Resync: []string{"person.title"}})
	if got := v.rows(`select field, conflict, first_link from plan.field`); len(got) != 1 || got[0] != "title true true" {
		t.Errorf("resync: got %v, want a first-link conflict of title", got)
	}
	// Where the other side's file says nothing of the field any more, and where the pair is out of scope, the base follows as well.
	v.h("phone=1 title=boss lastname=lee email=a@example.com country=1")
	other := "person/from_salesforce.Contact.sql"
	for _, edit := range [][2]string{{"c.Title as title, ", ""}, {"c.Id as id,", "c.Id as id, false as in_scope,"}} {
		before := v.sql[other]
		v.sql[other] = strings.Replace(before, edit[0], edit[1], 1)
		v.mustPlan(Options{})
		if d := cmp.Diff([]string{"hubspot title BOSS mapping edited"}, v.settled()); d != "" || v.sql[other] == before {
			t.Errorf("settled (-want +got):\n%s", d)
		}
		v.sql[other] = before
	}
}

// TestBadFiles: every mistake in a file names the file, the line where there is one, and a hint.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, old, new, want, hint string }{
		{"unknown column", "person/match.sql", "salesforce.hubspot_id = hubspot.id", "salesforce.hubspot_idd = hubspot.id", `sql/person/match.sql:3: Values list "salesforce" does not have a column named "hubspot_idd"`, "check"},
		{"unknown column of a mirror", "person/from_hubspot.contacts.sql", "h.email,", "h.emial as email,", `sql/person/from_hubspot.contacts.sql:5: `, ""},
		{"two statements", "person/winner.sql", "select pair_id", "select 1; select pair_id", `sql/person/winner.sql: 2 statements`, "one select"},
		{"not a select", "person/create.sql", "select 'salesforce' as system", "drop table link.person; select 'salesforce' as system", "sql/person/create.sql: not a select", "one select"},
		{"now()", "person/from_hubspot.contacts.sql", "h.email,", "h.email, now() as title2,", "sql/person/from_hubspot.contacts.sql: now() gives another answer each time", "run_at"},
		{"star over a mirror", "person/from_hubspot.contacts.sql", "h.email,", "h.*,", "sql/person/from_hubspot.contacts.sql:6: select * over the mirror hubspot.contacts", "name the columns"},
		{"no grain", "person/match.sql", "-- one row per possible pair", "", "sql/person/match.sql:1: the first line is not a comment", "grain"},
		{"field not in fields.sql", "person/from_hubspot.contacts.sql", "h.memo,", "h.memo, h.memo as extra,", `sql/person/from_hubspot.contacts.sql: field "extra" is not in fields.sql`, "fields.sql"},
		{"records left out", "person/from_hubspot.contacts.sql", "left join", "where h.id <> '1' union all by name from (select null as id where false) left join", "sql/person/from_hubspot.contacts.sql", ""},
		{"column of the object not known", "person/to_hubspot.contacts.sql", "p.cc as country", "p.cc as contry", `sql/person/to_hubspot.contacts.sql: column "contry" not found in hubspot.contacts`, `did you mean "country"?`},
		{"a to file that filters", "person/to_hubspot.contacts.sql", "from person as p", "from (from person where phone = 'x') as p", "sql/person/to_hubspot.contacts.sql: 0 rows for 4 pairs", "never filters"},
		{"wrong direction", "person/fields.sql", "'two_way', 'salesforce', 'clear', null, null),\n    ('status'", "'both', 'salesforce', 'clear', null, null),\n    ('status'", `sql/person/fields.sql: field "phone": direction "both"`, "two_way"},
		{"a mistake in winner.sql, without a conflict", "person/winner.sql", "hubspot = '900'", "hubspott = '900'", `sql/person/winner.sql:2: Referenced column "hubspott" not found in FROM clause!`, "hubspot"},
		{"two winners", "person/winner.sql", "where field = 'phone' and hubspot = '900'", "where field = 'phone' union all select pair_id, field, 'salesforce', 'x' from conflict", "sql/person/winner.sql: two rows for field phone", "at most one row"},
		{"a crosswalk with a value twice", "crosswalk/status.csv", "b1,b1,B,both", "b1,b1,A,both", `sql/crosswalk/status.csv:5: "A" is read from salesforce twice, first in line 2`, "one way per direction"},
		{"a crosswalk with a cell missing", "crosswalk/status.csv", "b1,b1,B,both", "b1,b1,B", "sql/crosswalk/status.csv:5: wrong number of fields", "value,hubspot,salesforce,use"},
		{"syntax", "person/create.sql", "union all", "unionn all", "sql/person/create.sql:3: syntax error", "SQL"},
	}
	all := newWorld(t)
	all.h("phone=1 title=boss")
	all.s("Phone=2 Title=x")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := *all // a plan that fails leaves the warehouse as it was
			v.sql = maps.Clone(all.sql)
			if !strings.Contains(v.sql[tt.file], tt.old) {
				t.Fatalf("%s has no %q", tt.file, tt.old)
			}
			v.sql[tt.file] = strings.Replace(v.sql[tt.file], tt.old, tt.new, 1)
			_, err := v.plan(Options{})
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Fatalf("error %v, want %s…", err, tt.want)
			}
			var h *crm.Hinted
			if !errors.As(err, &h) || !strings.Contains(h.Hint, tt.hint) {
				t.Errorf("hint of %v, want …%s…", err, tt.hint)
			}
		})
	}
}
