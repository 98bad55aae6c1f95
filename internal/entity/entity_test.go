package entity_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
	defaults "lockstep/sql"
)

func open(t *testing.T) *warehouse.Warehouse {
	t.Helper()
	w, err := warehouse.Open(context.Background(), warehouse.Options{RunAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	return w
}

func TestOver(t *testing.T) {
	t.Parallel()
	w := open(t)
	lead := crm.Object{System: crm.Salesforce, Name: "Lead"}
	tests := []struct{ name, text, want string }{
		{"alias", "-- g\nselect l.Id from salesforce.Lead as l", "-- g\nselect l.Id from over_here as l"},
		{"alias without as", "-- g\nselect l.Id from salesforce.Lead l where true", "-- g\nselect l.Id from over_here l where true"},
		{"no alias keeps the name", "-- g\nselect Lead.Id from salesforce.Lead\nwhere Lead.Id is not null", "-- g\nselect Lead.Id from over_here as \"Lead\"\nwhere Lead.Id is not null"},
		{"no alias before a join", "-- g\nselect Lead.Id from salesforce.\"Lead\" join x on true", "-- g\nselect Lead.Id from over_here as \"Lead\" join x on true"},
		{"twice, in a cte", "-- g\nwith a as (select Id from salesforce.Lead), b as (select Id from Salesforce.lead as z) select a.Id from a, b",
			"-- g\nwith a as (select Id from over_here as \"Lead\"), b as (select Id from over_here as z) select a.Id from a, b"},
		{"other mirrors stay", "-- g\nselect l.Id from salesforce.Lead as l join salesforce.Contact as c on true", "-- g\nselect l.Id from over_here as l join salesforce.Contact as c on true"},
		{"text in comments and strings stays", "-- salesforce.Lead\nselect 'salesforce.Lead' as x, l.Id from salesforce.Lead as l", "-- salesforce.Lead\nselect 'salesforce.Lead' as x, l.Id from over_here as l"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := entity.ObjectFile{File: entity.File{Path: "f.sql", Text: tt.text}, Object: lead}.Over(context.Background(), w.DB, "over_here")
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// Feeds must be a superset of the truth: a column that is missed would let a missing value pass for a blank.
func TestFeeds(t *testing.T) {
	t.Parallel()
	w := open(t)
	f := entity.File{Path: "f.sql", Text: `-- g
with people as (select Id, upper(FirstName) as first, concat(LastName, Suffix) as last from salesforce.Lead),
source as (select salesforce, value from crosswalk.lead_source)
select p.first || ' ' || p.last as name, source.value as source, p.first
from people as p
left join source on source.salesforce = p.LeadSource`}
	s, err := f.Parse(context.Background(), w.DB)
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]string{
		"name":   "first firstname last lastname name suffix",
		"source": "leadsource salesforce source value",
		"first":  "first firstname",
	} {
		if got := strings.Join(s.Feeds(field), " "); got != want {
			t.Errorf("Feeds(%s) = %s, want %s", field, got, want)
		}
	}
	if d := cmp.Diff([]string{"name", "source", "first"}, s.Output); d != "" {
		t.Errorf("Output: %s", d)
	}
}

// The default project parses, its macros and crosswalks install, and only what it names would leave a CRM.
func TestDefaultProject(t *testing.T) {
	t.Parallel()
	w := open(t)
	p, err := entity.Load(defaults.FS)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Install(context.Background(), w.DB); err != nil {
		t.Fatal(err)
	}
	m, err := p.Mentioned(context.Background(), w.DB)
	if err != nil {
		t.Fatal(err)
	}
	objects := map[crm.Object]string{
		{System: crm.Salesforce, Name: "Account"}:     "billingstreet",
		{System: crm.Salesforce, Name: "Lead"}:        "convertedcontactid",
		{System: crm.Salesforce, Name: "Contact"}:     "mailingstreet",
		{System: crm.Salesforce, Name: "Opportunity"}: "stagename",
		{System: crm.HubSpot, Name: "companies"}:      "numberofemployees",
		{System: crm.HubSpot, Name: "contacts"}:       "hs_analytics_source",
		{System: crm.HubSpot, Name: "deals"}:          "associated_company_id",
		{System: crm.Salesforce, Name: "Task"}:        "whoid",
		{System: crm.Salesforce, Name: "Event"}:       "startdatetime",
		{System: crm.HubSpot, Name: "tasks"}:          "hs_timestamp",
		{System: crm.HubSpot, Name: "calls"}:          "hs_call_duration",
		{System: crm.HubSpot, Name: "emails"}:         "hs_email_direction",
		{System: crm.HubSpot, Name: "meetings"}:       "hs_meeting_start_time",
		{System: crm.HubSpot, Name: "notes"}:          "associated_contact_id",

		{System: crm.Salesforce, Name: "OpportunityContactRole"}: "isprimary",
		{System: crm.HubSpot, Name: "deals_to_contacts"}:         "labels",
	}
	for o, want := range objects {
		if !strings.Contains(" "+strings.Join(m[o], " ")+" ", " "+want+" ") {
			t.Errorf("%s: %s is not among %v", o, want, m[o])
		}
	}
	if len(m) != len(objects) {
		t.Errorf("objects: %v, want those of the default entities", m)
	}
}

func TestBadProjects(t *testing.T) {
	t.Parallel()
	good := map[string]string{"person/fields.sql": "-- f\nselect 1", "person/from_hubspot.contacts.sql": "-- f\nselect 1"}
	tests := []struct{ name, file, text, want string }{
		{"a file nobody reads", "person/mtach.sql", "-- x\nselect 1", "sql/person/mtach.sql: not a file name of an entity"},
		{"a system there is not", "person/from_pipedrive.deals.sql", "-- x\nselect 1", "sql/person/from_pipedrive.deals.sql: not a file name of an entity"},
		{"same_as without header", "person/same_as.csv", "", "sql/person/same_as.csv:1: the header is missing"},
		{"same_as with a word", "person/same_as.csv", "hubspot_object,hubspot_id,salesforce_object,salesforce_id,same\ncontacts,1,Lead,2,maybe\n", `sql/person/same_as.csv:2: same "maybe"`},
		{"a crosswalk's header", "crosswalk/x.csv", "value,hubspot,salesforce\n", `sql/crosswalk/x.csv:1: the column use is missing`},
		{"a crosswalk's use", "crosswalk/x.csv", "value,hubspot,salesforce,use\n# a comment\na,a,A,sometimes\n", `sql/crosswalk/x.csv:3: use "sometimes"`},
		{"a quote left open", "crosswalk/x.csv", "value,hubspot,salesforce,use\na,\"a,A,both\n", `sql/crosswalk/x.csv:2: extraneous or missing " in quoted-field`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			fsys := fstest.MapFS{}
			for k, v := range good {
				fsys[k] = &fstest.MapFile{Data: []byte(v)}
			}
			fsys[tt.file] = &fstest.MapFile{Data: []byte(tt.text)}
			_, err := entity.Load(fsys)
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Fatalf("error %v, want %s…", err, tt.want)
			}
			if h := (*crm.Hinted)(nil); !errors.As(err, &h) || h.Hint == "" {
				t.Errorf("%v has no hint", err)
			}
		})
	}
}

func TestOutOfMemory(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ says, want string }{
		{"Out of Memory Error: could not allocate block of size 256.0 KiB (953.6 MiB/953.6 MiB used)\n\nPossible solutions:", "warehouse.memory"},
		{"Out of Memory Error: failed to offload data block of size 256.0 KiB (7.4 GiB/7.4 GiB used).\nThis limit was set by the 'max_temp_directory_size' setting.", "warehouse.spill"},
	} {
		err := entity.File{Path: "sql/report/a.sql"}.Error(errors.New(tt.says), 1)
		var hinted *crm.Hinted
		if !errors.As(err, &hinted) || !strings.HasPrefix(err.Error(), "sql/report/a.sql: out of memory: ") || strings.Contains(err.Error(), "\n") || !strings.Contains(hinted.Hint, tt.want) {
			t.Errorf("%q: %q, %v", tt.says, err, hinted)
		}
	}
}

func TestMacros(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, tt := range []struct{ text, want string }{
		{"create or replace macro a(x) as x", "sql/lib/m.sql:1: the first line is not a comment"},
		{"-- a\ncreate table t (a int)", "sql/lib/m.sql: not a macro"},
		{"-- a\ncreate or replace macro a(x) as x; drop schema link", "sql/lib/m.sql: more than one statement"},
		{"-- a\ncreate or replace macro a(x) as nosuch(x)", "sql/lib/m.sql:2: Scalar Function with name nosuch does not exist!"},
		{"-- a\ncreate or replace macro a(x) as x || ';' -- ; fine\n;", ""},
	} {
		p := &entity.Project{Lib: []entity.File{{Path: "sql/lib/m.sql", Text: tt.text}}}
		err := p.Install(context.Background(), w.DB)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.want)) {
			t.Errorf("%q: %v, want %q", tt.text, err, tt.want)
		}
	}
}
