package plan

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

// world is a warehouse with two mirrors, one link, and one plan "p": a changed phone in conflict, a
// create, a new link, notices.
const world = `
create table hubspot.contacts as select * from (values ('101', false), ('102', false), ('103', true)) t(id, _deleted);
create table salesforce."Contact" as select * from (values ('003A', false)) t("Id", _deleted);
create table link.contact (pair_id varchar, state varchar, hubspot_object varchar, hubspot_id varchar, salesforce_object varchar, salesforce_id varchar);
insert into link.contact values ('pair1', 'linked', 'contacts', '101', 'Contact', '003A');
insert into catalog.account (system, id, bound_at) values ('hubspot', '42', now());
insert into plan.plan values ('p', 'r', 'nightly', timestamptz '2026-11-21 10:00:00+00', null, 'made', null);
insert into plan.change values
  ('p', 'c1', 1, 'contact', 'pair1', 'update', 'salesforce', 'Contact', '003A', 'contacts', '101', 'Ann Lee', null, null),
  ('p', 'c2', 2, 'contact', 'pair2', 'create', 'hubspot', 'contacts', null, 'Contact', '003B', 'Bo Chen', 'a lead worth having', null);
insert into plan.value values
  ('p', 'c1', 'Phone', '+1 555 0100', '+1 555 0199', ['phone'], ['conflict, hubspot wins by most_recent']),
  ('p', 'c1', 'Title', null, 'Head of "Ops"', ['title'], ['hubspot changed it, salesforce did not']),
  ('p', 'c2', 'email', null, 'bo@example.org', ['email'], ['created']),
  ('p', 'c2', 'firstname', null, 'Bo', ['first_name'], ['created']);
insert into plan.field values
  ('p', 'contact', 'pair1', 'phone', 'hubspot', true, false, '+1 555 0199', '+1 555 0142', '+1 555 0100', '+1 555 0100', 'most_recent', 'hubspot 14:02, salesforce 13:58'),
  ('p', 'contact', 'pair1', 'title', 'hubspot', false, false, 'Head of "Ops"', '', '', '', 'hubspot', null),
  ('p', 'contact', 'pair1', 'city', 'ask', true, true, 'Ulm', 'Bonn', null, null, 'ask', null);
insert into plan.link values ('p', 'contact', 'pair3', 'linked', 'contacts', '102', 'Lead', '00Q1', 'same e-mail', null, null);
insert into plan.notice values
  ('p', 'contact', 'ambiguous', 'hubspot', 'contacts', '104', null, 'two candidates'),
  ('p', 'contact', 'ambiguous', 'hubspot', 'contacts', '105', null, 'two candidates'),
  ('p', 'contact', 'unmapped', 'salesforce', 'Lead', '00Q2', 'source', '"Trade fair" has no row in lead_source');
`

var subjects = []Subject{{"contact", []crm.Object{
	{System: crm.HubSpot, Name: "contacts"}, {System: crm.Salesforce, Name: "Lead"}, {System: crm.Salesforce, Name: "Contact"},
}, false}}

func open(t *testing.T) *warehouse.Warehouse {
	t.Helper()
	w, err := warehouse.Open(t.Context(), warehouse.Options{RunAt: time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	exec(t, w, world)
	return w
}

func exec(t *testing.T, w *warehouse.Warehouse, q string) {
	t.Helper()
	if _, err := w.DB.ExecContext(t.Context(), q); err != nil {
		t.Fatal(err)
	}
}

func sealed(t *testing.T, w *warehouse.Warehouse) *Plan {
	t.Helper()
	if err := Seal(t.Context(), w.DB, "p"); err != nil {
		t.Fatal(err)
	}
	p, err := Read(t.Context(), w.DB, "p", subjects)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestText(t *testing.T) {
	t.Parallel()
	p := sealed(t, open(t))
	left := int64(98214)
	p.Calls = []Call{
		{System: crm.Salesforce, Needed: 1, Left: &left, Endpoints: []Endpoint{{"composite write and read", 1}}},
		{System: crm.HubSpot, Needed: 2, Deferred: []Postponed{{"contact", "create", "contacts", 1200, 4000, "no calls left"}}},
	}
	want := `contact  hubspot 2  salesforce 1  linked 2

  = 1 to link   same e-mail 1
      hubspot contacts 102 = salesforce Lead 00Q1   same e-mail

  ~ salesforce Contact 003A  Ann Lee
      Phone   "+1 555 0100" → "+1 555 0199"   phone: conflict, hubspot wins by most_recent
      Title   blank → "Head of \"Ops\""       title: hubspot changed it, salesforce did not
  + hubspot contacts  Bo Chen   a lead worth having
      email "bo@example.org", firstname "Bo"

  ! conflict on city  Ann Lee   hubspot contacts 101 = salesforce Contact 003A
      hubspot      "Ulm"   first link: no base
      salesforce   "Bonn"   first link: no base
      waits for a person   ask
  ! conflict on phone  Ann Lee   hubspot contacts 101 = salesforce Contact 003A
      hubspot      "+1 555 0100" → "+1 555 0199"
      salesforce   "+1 555 0100" → "+1 555 0142"
      hubspot wins   hubspot 14:02, salesforce 13:58

  ? ambiguous: 2
      hubspot contacts 104: two candidates
      … and 1 more

  ? unmapped source: 1
      salesforce Lead 00Q2: "Trade fair" has no row in lead_source

Plan: 1 to create, 1 to change, 0 to delete, 1 to link.  sha256:` + p.Digest[:12] + `
Calls: salesforce 1 of 98,214 left today, hubspot 2.
  salesforce: composite write and read 1
  deferred: 1,200 of 4,000 to create in hubspot contacts (contact): no calls left
`
	got := p.Text(Cut{Others: 1})
	got = strings.Replace(got, "  ! … and 1 more conflicts\n", "", 1)
	cutWant := strings.Replace(want, want[strings.Index(want, "  ! conflict on phone"):strings.Index(want, "\n  ? ambiguous")], "", 1)
	if d := cmp.Diff(cutWant, got); d != "" {
		t.Errorf("cut to 1 (-want +got):\n%s", d)
	}
	full := strings.Replace(want, "      … and 1 more\n", "      hubspot contacts 105: two candidates\n", 1)
	if d := cmp.Diff(full, p.Text(Cut{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestTextOfAnEmptyPlan(t *testing.T) {
	t.Parallel()
	p := &Plan{Entities: []Entity{{Name: "contact", HubSpot: 1204, Salesforce: 1187, Linked: 1163}}}
	want := "contact  hubspot 1,204  salesforce 1,187  linked 1,163\n\nNo changes.\n"
	if d := cmp.Diff(want, p.Text(Cut{})); d != "" {
		t.Error(d)
	}
}

func TestTextOfValues(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	for _, tt := range []struct {
		value *string
		want  string
	}{
		{nil, "blank"}, {text(""), "blank"}, {text(" a\tb"), `" a\tb"`}, {text("Zoë"), `"Zoë"`},
		{text(unborn + "0123456789abcdef"), "the new record's id"},
		{text(strings.Repeat("é", 81)), `"` + strings.Repeat("é", 79) + `…"`},
	} {
		if got := quoted(tt.value); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

func TestShort(t *testing.T) {
	t.Parallel()
	p := sealed(t, open(t))
	if got := p.Changes[0].Short(); got != "Phone, Title" {
		t.Error(got)
	}
	p.Changes[0].Values = p.Changes[0].Values[:1]
	if got := p.Changes[0].Short(); got != `Phone "+1 555 0100" → "+1 555 0199"` {
		t.Error(got)
	}
	if got := p.Changes[1].Short(); got != "email, firstname" {
		t.Error(got)
	}
}

func TestTextCutsChangesByKind(t *testing.T) {
	t.Parallel()
	p := &Plan{Entities: []Entity{{Name: "contact"}}}
	for range 1003 {
		p.Changes = append(p.Changes, RecordChange{Action: Create, Entity: "contact", System: crm.HubSpot, Object: "contacts"})
	}
	if got := p.Text(Cut{Changes: 2}); !strings.Contains(got, "  + hubspot contacts\n  + hubspot contacts\n  + … and 1,001 more hubspot contacts\n") {
		t.Error(got)
	}
}

// The digest of a change follows everything that a reviewer saw or that the decision rested on, and nothing else.
func TestSealFollowsWhatDecided(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, edit   string
		first, whole bool // the first change's digest, and the plan's, become different
	}{
		{"the same plan again", `update plan.plan set run_id = 'other'`, false, false},
		{"new value", `update plan.value set after = 'x' where "column" = 'Phone'`, true, true},
		{"old value", `update plan.value set before = 'x' where "column" = 'Phone'`, true, true},
		{"blank is not empty text", `update plan.value set before = '' where "column" = 'Title'`, true, true},
		{"rule", `update plan.value set rules = ['x'] where "column" = 'Phone'`, true, true},
		{"hubspot's value", `update plan.field set hubspot = 'x' where field = 'phone'`, true, true},
		{"salesforce's value", `update plan.field set salesforce = 'x' where field = 'phone'`, true, true},
		{"a base", `update plan.field set hubspot_base = 'x' where field = 'phone'`, true, true},
		{"a base gone", `update plan.field set salesforce_base = null where field = 'phone'`, true, true},
		{"a field that moves no column of it", `update plan.field set hubspot = 'x' where field = 'city'`, false, false},
		{"target", `update plan.change set record_id = '003Z' where change_id = 'c1'`, true, true},
		{"source", `update plan.change set source_id = '9' where change_id = 'c1'`, true, true},
		{"another change", `update plan.value set after = 'x' where change_id = 'c2' and "column" = 'email'`, false, true},
		{"a link", `update plan.link set salesforce_id = '00Q9'`, false, true},
		{"the pair's id", `update plan.change set pair_id = 'z' where pair_id = 'pair1'; update plan.field set pair_id = 'z' where pair_id = 'pair1'`, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			before := sealed(t, w)
			if len(before.Digest) != 64 || len(before.Changes[0].Digest) != 64 {
				t.Fatalf("digests %q, %q", before.Digest, before.Changes[0].Digest)
			}
			exec(t, w, tt.edit)
			after := sealed(t, w)
			if got := before.Changes[0].Digest != after.Changes[0].Digest; got != tt.first {
				t.Errorf("the change's digest moved: %v, want %v", got, tt.first)
			}
			if got := before.Digest != after.Digest; got != tt.whole {
				t.Errorf("the plan's digest moved: %v, want %v", got, tt.whole)
			}
		})
	}
}

func TestFileRoundTrip(t *testing.T) {
	t.Parallel()
	want := sealed(t, open(t))
	path := filepath.Join(t.TempDir(), "plan.json")
	if err := WriteFile(path, want); err != nil {
		t.Fatal(err)
	}
	got, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestReadFileRefuses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plan.json")
	if err := WriteFile(path, sealed(t, open(t))); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, from, to string
		edited         bool
	}{
		{"a value", "+1 555 0199", "+1 555 0198", true},
		{"a label", "Ann Lee", "Ann Lea", true},
		{"a notice", "two candidates", "no candidates", true},
		{"a base", `"hubspot_base": "+1 555 0100"`, `"hubspot_base": null`, true},
		{"an unknown key", `"plan_id"`, `"x": 1, "plan_id"`, true},
		{"half a file", `"changes"`, "\x00", false},
		{"another format", "lockstep plan 1", "lockstep plan 9", false},
		{"a second value", "\n}\n", "\n}\n{}\n", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			edited := strings.Replace(string(text), tt.from, tt.to, 1)
			if edited == string(text) {
				t.Fatalf("%q is not in the file", tt.from)
			}
			mine := filepath.Join(t.TempDir(), "edited.json")
			if err := os.WriteFile(mine, []byte(edited), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := ReadFile(mine)
			var h *crm.Hinted
			if err == nil || errors.Is(err, ErrEdited) != tt.edited || !errors.As(err, &h) {
				t.Errorf("got %v", err)
			}
		})
	}
	spaced := filepath.Join(t.TempDir(), "spaced.json")
	if err := os.WriteFile(spaced, []byte(strings.ReplaceAll(string(text), "\n", "\r\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(spaced); err != nil {
		t.Errorf("white space alone: %v", err)
	}
}

// Narrow keeps what was approved and is still right, and names what is stale.
func TestNarrow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, since  string // what happened between the saved plan and today's
		kept         []string
		stale        []string
		links, asked int // of today's plan.link; of today's plan.field
	}{
		{"nothing moved", `select 1`, []string{"c1", "c2"}, nil, 1, 3},
		{"a source moved", `update plan.field set hubspot = '+1 555 0111' where field = 'phone'; update plan.value set after = '+1 555 0111' where "column" = 'Phone'`,
			[]string{"c2"}, []string{"c1"}, 1, 1},
		{"a base moved", `update plan.field set salesforce_base = '+1 555 0142' where field = 'phone'`, []string{"c2"}, []string{"c1"}, 1, 1},
		{"a change went away", `delete from plan.change where change_id = 'c2'; delete from plan.value where change_id = 'c2'`, []string{"c1"}, []string{"c2"}, 1, 3},
		{"a change came along", `insert into plan.change values ('p', 'c3', 3, 'contact', 'pair1', 'update', 'hubspot', 'contacts', '101', 'Contact', '003A', null, null, null)`,
			[]string{"c1", "c2"}, nil, 1, 3},
		{"a column came along", `insert into plan.value values ('p', 'c1', 'MobilePhone', null, '1', ['mobile'], ['hubspot changed it'])`,
			[]string{"c1", "c2"}, nil, 1, 3},
		{"a column came along that an approved field moves", `insert into plan.value values ('p', 'c1', 'OtherPhone', null, '1', ['phone'], ['hubspot changed it'])`,
			[]string{"c2"}, []string{"c1"}, 1, 1},
		{"a column went away", `delete from plan.value where "column" = 'Title'`, []string{"c2"}, []string{"c1"}, 1, 2},
		{"a link came along, and a change on its pair", `insert into plan.link values ('p', 'contact', 'pair4', 'linked', 'contacts', '109', 'Lead', '00Q9', 'same e-mail', null, null);
			insert into plan.change values ('p', 'c3', 3, 'contact', 'pair4', 'update', 'hubspot', 'contacts', '109', 'Lead', '00Q9', null, null, null)`,
			[]string{"c1", "c2"}, nil, 1, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			path := filepath.Join(t.TempDir(), "plan.json")
			if err := WriteFile(path, sealed(t, w)); err != nil {
				t.Fatal(err)
			}
			saved, err := ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			exec(t, w, tt.since)
			stale, err := Narrow(t.Context(), w.DB, sealed(t, w), saved)
			if err != nil {
				t.Fatal(err)
			}
			var kept, gone []string
			after := sealed(t, w)
			for _, c := range after.Changes {
				kept = append(kept, c.ID)
			}
			for _, c := range stale {
				gone = append(gone, c.ID)
			}
			if d := cmp.Diff(tt.kept, kept); d != "" {
				t.Errorf("kept (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.stale, gone); d != "" {
				t.Errorf("stale (-want +got):\n%s", d)
			}
			var fields int
			if err := w.DB.QueryRowContext(t.Context(), `select count(*) from plan.field`).Scan(&fields); err != nil {
				t.Fatal(err)
			}
			if len(after.Links) != tt.links || fields != tt.asked {
				t.Errorf("%d links, %d fields; want %d, %d", len(after.Links), fields, tt.links, tt.asked)
			}
		})
	}
}

func TestCheckAccounts(t *testing.T) {
	t.Parallel()
	saved := &Plan{Accounts: map[crm.System]string{crm.HubSpot: "42"}}
	if err := saved.CheckAccounts(&Plan{Accounts: map[crm.System]string{crm.HubSpot: "42"}}); err != nil {
		t.Error(err)
	}
	if err := saved.CheckAccounts(&Plan{Accounts: map[crm.System]string{crm.HubSpot: "43"}}); err == nil {
		t.Error("a plan for portal 42 was taken for portal 43")
	}
}

func TestReadNamesAMissingPlan(t *testing.T) {
	t.Parallel()
	if _, err := Read(t.Context(), open(t).DB, "nope", nil); !errors.Is(err, ErrNoPlan) {
		t.Errorf("got %v", err)
	}
}

func TestActionWords(t *testing.T) {
	t.Parallel()
	for _, a := range []Action{Create, Change, Delete, Link} {
		got, err := ParseAction(a.Word())
		if err != nil || got != a {
			t.Errorf("%s: %v, %v", a, got, err)
		}
	}
	if _, err := ParseAction("purge"); err == nil {
		t.Error("purge is an action")
	}
}
