package transform

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
)

func (v *world) links() []string {
	return v.rows(`select state, hubspot_id, salesforce_id, rule, replaced from plan.link order by all`)
}

func (v *world) notices(kind string) []string {
	return v.rows(`select system, object, record_id, text from plan.notice where kind = $1 order by all`, kind)
}

// unstamp makes the two records of the world strangers that share an e-mail address.
func (v *world) unstamp() {
	v.t.Helper()
	v.put("hubspot.contacts", "1", "email=ann@example.com phone=1")
	v.put(`salesforce."Contact"`, "003", "Email=ann@example.com Phone=1")
}

// TestLinkStates has one case per cell of the table of link states, and one per sentence about following.
func TestLinkStates(t *testing.T) {
	t.Parallel()
	hs, sf := "hubspot.contacts", `salesforce."Contact"`
	tests := []struct {
		name    string
		do      func(v *world)
		links   []string // plan.link after
		changes []string
		notices map[string][]string
	}{
		{name: "linked: not matched again, not created from, merged",
			do:      func(v *world) { v.put(hs, "1", "email=ann@example.com phone=2 salesforce_id=003 country=1") },
			changes: []string{"update salesforce Phone 1→2 [phone]"}},
		{name: "linked, a side out of scope: not merged, bases stay",
			do: func(v *world) {
				v.sql["person/from_hubspot.contacts.sql"] = strings.Replace(v.sql["person/from_hubspot.contacts.sql"], "h.id as hubspot_id", "false as in_scope, h.id as hubspot_id", 1)
				v.put(hs, "1", "email=ann@example.com phone=2 salesforce_id=003 country=1")
			}},
		{name: "linked, a side invisible: not merged, the link stays",
			do: func(v *world) {
				v.exec("delete from " + sf)
				v.put(hs, "1", "email=ann@example.com phone=2 salesforce_id=003 country=1")
			}},
		{name: "a side proven deleted: half, not merged, not created from",
			do:      func(v *world) { v.put(sf, "003", "Email=ann@example.com _deleted=true") },
			links:   []string{"half 1 003 same e-mail ∅"},
			notices: map[string][]string{"half": {"hubspot contacts 1 pair with salesforce.Contact 003: the salesforce record is deleted, or hidden from us"}}},
		{name: "half: the live one is matched again",
			do: func(v *world) {
				v.put(sf, "003", "Email=ann@example.com _deleted=true")
				v.put(sf, "004", "Email=ann@example.com Phone=1")
			},
			links:   []string{"half 1 003 same e-mail ∅", "linked 1 004 same e-mail ∅"},
			changes: []string{"update hubspot salesforce_id 003→004 [salesforce_id]", "update salesforce HubSpot_Id__c ∅→1 [hubspot_id]"}},
		{name: "half, then restored: linked again",
			do:    func(v *world) { v.exec("update link.person set state = 'half'") },
			links: []string{"linked 1 003 same e-mail ∅"}},
		{name: "held: not matched again, not created from, not merged",
			do: func(v *world) {
				v.exec("update link.person set state = 'held'")
				v.put(hs, "1", "email=ann@example.com phone=2 salesforce_id=003 country=1")
			}},
		{name: "held, until a person says: same_as.csv",
			do: func(v *world) {
				v.exec("update link.person set state = 'held'")
				v.sql["person/same_as.csv"] = "hubspot_object,hubspot_id,salesforce_object,salesforce_id,same\ncontacts,1,Contact,003,yes\n"
			},
			links: []string{"linked 1 003 same_as.csv ∅"}},
		{name: "merged away: the pair goes on as the survivor, through a chain",
			do: func(v *world) {
				v.put(sf, "003", "Email=ann@example.com _deleted=true MasterRecordId=004")
				v.put(sf, "004", "Email=ann@example.com _deleted=true MasterRecordId=005")
				v.put(sf, "005", "Email=ann@example.com Phone=1 HubSpot_Id__c=1")
			},
			links:   []string{"linked 1 005 same e-mail salesforce"},
			changes: []string{"update hubspot salesforce_id 003→005 [salesforce_id]"}},
		{name: "superseded: a survivor that is not in the mirror yet waits",
			do:      func(v *world) { v.put(sf, "003", "Email=ann@example.com _deleted=true MasterRecordId=004") },
			links:   []string{"superseded 1 003 same e-mail ∅"},
			notices: map[string][]string{"superseded": {"hubspot contacts 1 pair with salesforce.Contact 004: goes on as a record that has not been read yet"}}},
		{name: "following leads to a record that has a pair: the older stays, the other is held",
			do: func(v *world) {
				v.put(hs, "2", "email=bo@example.com salesforce_id=004")
				v.put(sf, "004", "Email=bo@example.com HubSpot_Id__c=2 Phone=1")
				v.exec("insert into link.person select 'q', 'linked', 'contacts', '2', 'Contact', '004', 'same e-mail', null, timestamptz '2025-01-01', 'r'")
				v.exec("insert into base.person (pair_id, system, object, id, email, salesforce_id, hubspot_id, phone, cc) values ('q', 'hubspot', 'contacts', '2', 'bo@example.com', '004', '2', '', ''), ('q', 'salesforce', 'Contact', '004', 'bo@example.com', '004', '2', '1', '1')")
				v.put(sf, "003", "Email=ann@example.com _deleted=true MasterRecordId=004")
			},
			links:   []string{"held 1 004 same e-mail salesforce"},
			notices: map[string][]string{"held": {"hubspot contacts 1 pair with salesforce.Contact 004: its record has an older pair"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.put(hs, "1", "email=ann@example.com phone=1 salesforce_id=003")
			v.put(sf, "003", "Email=ann@example.com Phone=1 HubSpot_Id__c=1")
			v.link()
			v.exec("update link.person set rule = 'same e-mail'")
			v.base("hubspot", "cc=1")
			v.put(hs, "1", "email=ann@example.com phone=1 salesforce_id=003 country=1")
			tt.do(v)
			v.mustPlan(Options{})
			if d := cmp.Diff(tt.links, v.links()); d != "" {
				t.Errorf("links (-want +got):\n%s", d)
			}
			got := v.changes()
			if d := cmp.Diff(tt.changes, got); d != "" && tt.changes != nil {
				t.Errorf("changes (-want +got):\n%s", d)
			}
			if tt.changes == nil && len(v.rows("select 1 from plan.change where pair_id <> 'q'")) > 0 {
				t.Errorf("changes: got %v, want none", got)
			}
			for kind, want := range tt.notices {
				if d := cmp.Diff(want, v.notices(kind)); d != "" {
					t.Errorf("%s (-want +got):\n%s", kind, d)
				}
			}
		})
	}
}

// TestMatching: smallest rank, ambiguity, a person's answers.
func TestMatching(t *testing.T) {
	t.Parallel()
	sf := `salesforce."Contact"`
	tests := []struct {
		name             string
		do               func(v *world)
		links, ambiguous []string
	}{
		{name: "the only one of the smallest rank", do: func(v *world) {}, links: []string{"linked 1 003 same e-mail ∅"}},
		{name: "the smaller rank wins", do: func(v *world) { v.put(sf, "004", "Email=x@example.com HubSpot_Id__c=1") },
			links:     []string{"linked 1 004 stamped id ∅"},
			ambiguous: []string{"salesforce Contact 003 not linked: same e-mail as hubspot.contacts 1, which has a pair"}},
		{name: "two of equal rank are never guessed between", do: func(v *world) { v.put(sf, "004", "Email=ann@example.com") },
			ambiguous: []string{
				"hubspot contacts 1 not linked: same e-mail as salesforce.Contact 003; same e-mail as salesforce.Contact 004",
				"salesforce Contact 003 not linked: same e-mail as hubspot.contacts 1",
				"salesforce Contact 004 not linked: same e-mail as hubspot.contacts 1"}},
		{name: "a line in same_as.csv ends the ambiguity", do: func(v *world) {
			v.put(sf, "004", "Email=ann@example.com")
			v.sql["person/same_as.csv"] = "hubspot_object,hubspot_id,salesforce_object,salesforce_id,same\ncontacts,1,Contact,004,yes\ncontacts,1,Contact,003,no\n"
		}, links: []string{"linked 1 004 same_as.csv ∅"}},
		{name: "not the same, says a person", do: func(v *world) {
			v.sql["person/same_as.csv"] = "hubspot_object,hubspot_id,salesforce_object,salesforce_id,same\ncontacts,1,Contact,003,no\n"
		}},
		{name: "what is being made has no partner before that is settled", do: func(v *world) {
			v.exec(`insert into plan.change (plan_id, change_id, position, entity, pair_id, action, system, object, source_object, source_id)
				values ('before', 'c', 1, 'person', 'x', 'create', 'salesforce', 'Contact', 'contacts', '1')`)
			v.exec(`insert into outbox (change_id, plan_id, run_id, batch, entity, pair_id, action, system, object, sent_at, sent)
				values ('c', 'before', 'r', 1, 'person', 'x', 'create', 'salesforce', 'Contact', timestamptz '2026-02-01', '{}')`)
			v.h("email=ann@example.com")
			v.s("Email=ann@example.com")
		}, ambiguous: []string{
			"hubspot contacts 1 not linked: stamped id as salesforce.Contact 003; it may have been made a moment ago, which the next run settles",
			"salesforce Contact 003 not linked: stamped id as hubspot.contacts 1; it may have been made a moment ago, which the next run settles"}},
		{name: "a proposal that touches a linked record links nothing", do: func(v *world) {
			v.link()
			v.put(sf, "004", "Email=ann@example.com")
		}, ambiguous: []string{"salesforce Contact 004 not linked: same e-mail as hubspot.contacts 1, which has a pair"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.unstamp()
			tt.do(v)
			v.mustPlan(Options{})
			if d := cmp.Diff(tt.links, v.links()); d != "" {
				t.Errorf("links (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.ambiguous, v.notices("ambiguous")); d != "" {
				t.Errorf("ambiguous (-want +got):\n%s", d)
			}
		})
	}
}

// TestCreate: what is named by no proposal and in no link is created, and told its source in the same plan.
func TestCreate(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.put("hubspot.contacts", "1", "email=ann@example.com phone=1 firstname=Ann lastname=Lee status=a2 memo=m")
	v.put("hubspot.contacts", "2", "phone=2")
	v.put(`salesforce."Contact"`, "009", "Email=bo@example.com Phone=900 Name=Bo_Chen Status__c=B Memo__c=x")
	v.mustPlan(Options{})
	want := []string{
		"create hubspot contacts ∅ 009 Bo Chen: country=9 email=bo@example.com firstname=Bo lastname=Chen phone=900 salesforce_id=009 status=b1",
		"create salesforce Contact ∅ 1 Ann Lee: Email=ann@example.com HubSpot_Id__c=1 Memo__c=m Name=Ann Lee Phone=1 Status__c=A",
		"update hubspot contacts 1 ∅ Ann Lee: country=1 salesforce_id=ID",
		"update salesforce Contact 009 1 Bo Chen: HubSpot_Id__c=ID",
	}
	got := v.rows(`select c.action, c.system, c.object, coalesce(c.record_id, '∅'), if(c.action = 'create', c.source_id, if(c.source_id is null, '∅', '1')), c.label || ':',
		string_agg(v."column" || '=' || if(starts_with(v.after, chr(57345)), 'ID', v.after), ' ' order by v."column")
		from plan.change c join plan.value v using (plan_id, change_id) group by all order by all`)
	want[3] = "update salesforce Contact 009 ∅ Bo Chen: HubSpot_Id__c=ID"
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("creates (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"hubspot contacts 2 no e-mail"}, v.notices("not created")); d != "" {
		t.Errorf("not created (-want +got):\n%s", d)
	}
}

// TestRefusedCreate: what was refused when it was to be created is not planned again until something moves.
func TestRefusedCreate(t *testing.T) {
	t.Parallel()
	const email, phone = "ann@example.com", "1"
	for _, tt := range []struct {
		name    string
		refused map[string]string // by column, as it was sent
		values  string            // of the source now
		options Options
		created bool
	}{
		{name: "all as it was", refused: map[string]string{"Email": email, "HubSpot_Id__c": "1", "Phone": phone}, values: "email=ann@example.com phone=1"},
		{name: "a value moved", refused: map[string]string{"Email": email, "HubSpot_Id__c": "1", "Phone": phone}, values: "email=ann@example.com phone=2", created: true},
		{name: "a column more", refused: map[string]string{"Email": email, "HubSpot_Id__c": "1", "Phone": phone}, values: "email=ann@example.com phone=1 memo=m", created: true},
		{name: "the night tries again", refused: map[string]string{"Email": email, "HubSpot_Id__c": "1", "Phone": phone}, values: "email=ann@example.com phone=1",
			options: Options{RetryRefused: true}, created: true},
		{name: "never refused", values: "email=ann@example.com phone=1", created: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.put("hubspot.contacts", "1", tt.values)
			v.mustPlan(Options{})
			for column, value := range tt.refused {
				v.exec(`insert into history.refusal (entity, pair_id, system, object, "column", value, category, words, remedy, first_at, last_at, run_id)
					select 'person', pair_id, system, object, $1, $2, 'duplicate', 'No.', 'Merge.', getvariable('run_at'), getvariable('run_at'), 'r'
					from plan.change where action = 'create'`, column, value)
			}
			v.mustPlan(tt.options)
			if got := len(v.changes()) > 0; got != tt.created {
				t.Errorf("planned %v, want %v: %v", got, tt.created, v.changes())
			}
			var want []string
			if !tt.created {
				want = []string{"hubspot contacts 1 refused before as a new salesforce.Contact, nothing has moved since: No.; Merge."}
			}
			if d := cmp.Diff(want, v.notices("refused")); d != "" {
				t.Errorf("refused (-want +got):\n%s", d)
			}
		})
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
}

// TestFreeze: a value fight stops, a person who changes their mind does not.
func TestFreeze(t *testing.T) {
	t.Parallel()
	wrote := func(system, column, field string, after ...string) string {
		var all []string
		for i, a := range after {
			s, c := system, column
			if s == "both" {
				s, c = []string{"hubspot", "salesforce"}[i%2], []string{"phone", "Phone"}[i%2]
			}
			record := map[string]string{"hubspot": "contacts', '1", "salesforce": "Contact', '003"}[s]
			all = append(all, fmt.Sprintf("('r%d', timestamptz '2026-02-01' + interval %d hours, 'person', (select pair_id from link.person), '%s', '%s', 'update', '%s', null, '%s', null, ['%s'], [], 'taken', null)", i, i, s, record, c, a, field))
		}
		return "insert into history.change select * from (values " + strings.Join(all, ", ") + ")"
	}
	tests := []struct {
		name, history string
		changes       int
		frozen, asks  []string
	}{
		{name: "sent before, left by that side itself, due again", history: wrote("salesforce", "Phone", "phone", "2"),
			frozen: []string{"phone the value sent to salesforce is due there again although that side left it"}},
		{name: "sent to the record that was merged away", history: strings.ReplaceAll(wrote("salesforce", "Phone", "phone", "2"), "'003'", "'009'"), changes: 1},
		{name: "A, B, A, B typed by a person on one side", history: wrote("salesforce", "Phone", "phone", "2", "3", "2", "3"), changes: 1},
		{name: "two turns", history: wrote("both", "", "phone", "5", "6", "7", "8"), changes: 1},
		{name: "back and forth for the third time, each value new", history: wrote("both", "", "phone", "5", "6", "7", "8", "9"),
			frozen: []string{"phone it goes back and forth between the CRMs for the third time"}},
		{name: "frozen before, until it is released", history: "insert into history.frozen values ('person', (select pair_id from link.person), 'phone', 'fight', timestamptz '2026-01-01', 'r', 'two automations', null)",
			frozen: []string{"phone two automations"}},
		{name: "an interrupted write that nobody can judge asks", history: "insert into history.frozen values ('person', (select pair_id from link.person), 'phone', 'unclear', timestamptz '2026-01-01', 'r', 'unclear', null)",
			asks: []string{"phone unclear"}},
		{name: "released", history: "insert into history.frozen values ('person', (select pair_id from link.person), 'phone', 'fight', timestamptz '2026-01-01', 'r', 'two automations', timestamptz '2026-01-02')", changes: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.h("phone=1 country=1")
			v.s("Phone=1")
			v.link()
			for i := range 6 {
				v.exec("insert into history.run (run_id, pipeline, started_at, state) values ($1, 'x', timestamptz '2026-02-01' + to_hours($2), 'done')", fmt.Sprintf("r%d", i), i)
			}
			v.exec(tt.history)
			v.h("phone=2 country=1")
			v.mustPlan(Options{})
			if got := v.changes(); len(got) != tt.changes {
				t.Errorf("changes %v, want %d", got, tt.changes)
			}
			if d := cmp.Diff(tt.frozen, v.rows(`select field, reason from plan.field where outcome = 'frozen'`)); d != "" {
				t.Errorf("frozen (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.asks, v.rows(`select field, reason from plan.field where outcome = 'ask'`)); d != "" {
				t.Errorf("asks (-want +got):\n%s", d)
			}
			if got := v.rows(`select * from plan.settle`); len(got) > 0 {
				t.Errorf("bases stay, got %v", got)
			}
		})
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
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.h("phone=1 title=boss")
			v.s("Phone=2 Title=x")
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

// TestBasesOfAReplacedRecord: a base stands where the new record says the same, else there is none: a first link. The
// side whose record stayed keeps its bases.
func TestBasesOfAReplacedRecord(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.h("phone=1 title=T lastname=Lee country=1")
	v.s("Phone=1 Title=T Name=Lee")
	v.link()
	v.put(`salesforce."Contact"`, "003", "_deleted=true MasterRecordId=004")
	v.put(`salesforce."Contact"`, "004", "Phone=1 Title=U Name=Lee HubSpot_Id__c=1")
	v.mustPlan(Options{})
	var got []string
	for _, s := range v.settled() {
		if strings.HasSuffix(s, "record replaced") {
			got = append(got, s)
		}
	}
	if d := cmp.Diff([]string{"salesforce salesforce_id ∅ record replaced", "salesforce title ∅ record replaced"}, got); d != "" {
		t.Errorf("bases (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"title true"}, v.rows(`select field, first_link from plan.field where conflict`)); d != "" {
		t.Errorf("conflicts (-want +got):\n%s", d)
	}
}
