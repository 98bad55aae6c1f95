package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/project"
	"lockstep/internal/sandbox"
	"lockstep/sql"
)

// publicData is the folder of the public benchmark sets, beside the checkout.
var publicData = filepath.Join(root, "..", "shared", "data")

// TestMatchingOfBenchmarkData makes a first run over public sets of which it is known who is who. It asserts what
// the mapping promises: no wrong link at all, and hardly fewer links than were measured when the rules were written.
// The figures are those of `lockstep bench match --load DIR`. LOCKSTEP_MATCHING=everything tries each set with each mapping.
func TestMatchingOfBenchmarkData(t *testing.T) {
	t.Parallel()
	_, everything := os.LookupEnv("LOCKSTEP_MATCHING")
	for _, tt := range []struct {
		name, set       string
		mapping         fs.FS
		links, proposed float64 // percent found, at least
		refused         int     // at most: addresses that are none, which the CRMs do not take
	}{
		{"febrl4", "febrl4", sql.FS, 61.5, 61.5, 0},
		{"febrl4 with the date of birth", "febrl4", withBirthday(t), 95, 95, 0},
		{"fake1000", "fake1000", sql.FS, 31, 28, 30},
		{"fake1000 with the date of birth", "fake1000", withBirthday(t), 35, 33.5, 30},
	} {
		if tt.name == "febrl4 with the date of birth" && !everything { // the longest: fake1000 tries that rule, too
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(publicData, tt.set)
			if _, err := os.Stat(dir); err != nil {
				t.Skipf("%s is not beside the checkout", filepath.Join("..", "shared", "data", tt.set))
			}
			m := measured(t, tt.mapping, sandbox.Options{LoadDir: dir})
			if got := m.Right.Percent(); got < 100 {
				t.Errorf("links: %s are right, want all", m.Right)
			}
			if got := m.Links.Percent(); got < tt.links {
				t.Errorf("links: %s are found, want %.1f %%", m.Links, tt.links)
			}
			if got := m.ProposedRight.Percent(); got < 99 {
				t.Errorf("proposals: %s are right, want 99 %%", m.ProposedRight)
			}
			if got := m.Proposed.Percent(); got < tt.proposed {
				t.Errorf("proposals: %s are found, want %.1f %%", m.Proposed, tt.proposed)
			}
			if m.Refused > tt.refused {
				t.Errorf("%d refused, want %d at most", m.Refused, tt.refused)
			}
		})
	}
}

// Generated people have phone numbers, which the public sets lack, and people who are in a CRM twice.
func TestMatchingOfGeneratedPeople(t *testing.T) {
	t.Parallel()
	m := measured(t, sql.FS, sandbox.Options{People: 400, Seed: 7})
	if got := m.Right.Percent(); got < 99.5 {
		t.Errorf("links: %s are right, want 99.5 %%", m.Right)
	}
	if got := m.Links.Percent(); got < 90 {
		t.Errorf("links: %s are found, want 90 %%", m.Links)
	}
}

// measured runs the whole program over the data, logs the figures, and wants a second plan without a change.
func measured(t *testing.T, mapping fs.FS, o sandbox.Options) *matching {
	t.Helper()
	o.Now = time.Now
	m, err := measureMatching(t.Context(), &app{stdout: t.Output(), stderr: t.Output(), now: time.Now}, mapping, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", m)
	if !m.Second.Empty() {
		t.Errorf("a second plan has %d changes and %d links, want none", len(m.Second.Changes), len(m.Second.Links))
	}
	return m
}

// birthday is what a team adds to the embedded project so that the date of birth, a column of its own, is compared:
// lines after each line that ends with the given text.
var birthday = []struct{ file, after, add string }{
	{"from_hubspot.contacts.sql", " as mobilephone,", "    clean_text(contact.date_of_birth) as date_of_birth,\n"},
	{"from_salesforce.Contact.sql", " as mobilephone,", "    clean_text(contact.DateOfBirth__c) as date_of_birth,\n"},
	// off: it is compared, and not synchronized
	{"fields.sql", "('mobilephone', 'two_way', 'most_recent', 'keep', null, null),", "    ('date_of_birth', 'off', 'salesforce', 'keep', null, null),\n"},
	{"match.sql", " as first,", "        plain(lastname) as last,\n        date_of_birth,\n"},
	{"match.sql", "from stamped", "    union all by name\n    select * exclude (agree), 'same birthday' as rule, 30 - agree as rank\n    from same_birthday\n"},
}

// withBirthday is the embedded sql/ with those lines, and the rule itself before the list of rules.
func withBirthday(t *testing.T) fs.FS {
	t.Helper()
	own := fstest.MapFS{}
	for _, b := range birthday {
		path := "contact/" + b.file
		if own[path] == nil {
			text, err := fs.ReadFile(sql.FS, path)
			if err != nil {
				t.Fatal(err)
			}
			own[path] = &fstest.MapFile{Data: text}
		}
		own[path].Data = insertAfter(t, path, own[path].Data, b.after, b.add)
	}
	rule, err := os.ReadFile(filepath.Join("testdata", "birthday", "same_birthday.sql"))
	if err != nil {
		t.Fatal(err)
	}
	match := own["contact/match.sql"]
	match.Data = []byte(strings.Replace(string(match.Data), "stamped as (", string(rule)+"stamped as (", 1))
	return project.Overlay(own, sql.FS)
}

// insertAfter adds lines after each line of the text that ends with after.
func insertAfter(t *testing.T, path string, text []byte, after, add string) []byte {
	t.Helper()
	with := strings.ReplaceAll(string(text), after+"\n", after+"\n"+add)
	if !strings.Contains(string(text), after+"\n") {
		t.Fatalf("%s has no line that ends with %q any more", path, after)
	}
	return []byte(with)
}

func TestReadTruth(t *testing.T) {
	t.Parallel()
	ann, bo := record{crm.HubSpot, "1"}, record{crm.Salesforce, "003"}
	for _, tt := range []struct {
		name, text string
		want       truth
		err        string
	}{
		{"pairs", "hubspot_id,salesforce_id\n1,003\n", truth{ann: "1", bo: "1"}, ""},
		{"records", "system,object,id,person\nhubspot,contacts,1,7\nsalesforce,Contact,003,7\n", truth{ann: "7", bo: "7"}, ""},
		{"other columns", "a,b\n1,2\n", nil, "truth.csv:1: unknown columns"},
		{"nothing", "", nil, "truth.csv:1: unknown columns"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			writeFile(t, filepath.Join(dir, "truth.csv"), tt.text)
			got, err := readTruth(dir)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("error %v, want %s", err, tt.err)
				}
				return
			}
			if d := cmp.Diff(tt.want, got, cmp.AllowUnexported(record{})); d != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, d)
			}
		})
	}
}

// Of a person with two records here and one there one link is possible, and two pairs are right.
func TestTruthIsCounted(t *testing.T) {
	t.Parallel()
	known := truth{
		{crm.HubSpot, "1"}: "ann", {crm.HubSpot, "2"}: "ann", {crm.Salesforce, "003"}: "ann",
		{crm.HubSpot, "3"}: "bo", {crm.Salesforce, "004"}: "cy",
	}
	m := &matching{Records: map[crm.System]int{}}
	m.countTruth(known)
	want := matching{Records: map[crm.System]int{crm.HubSpot: 3, crm.Salesforce: 2}, People: 1, Possible: 1, Pairs: 2}
	if d := cmp.Diff(want, *m); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for p, want := range map[pair]bool{{"1", "003"}: true, {"2", "003"}: true, {"3", "003"}: false, {"3", "004"}: false, {"9", "009"}: false} {
		if got := known.same(p.hubspot, p.salesforce); got != want {
			t.Errorf("%v: %v, want %v", p, got, want)
		}
	}
}
