package pipelines_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rs/zerolog"

	"lockstep/extract"
	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/project"
	"lockstep/internal/sandbox"
	"lockstep/internal/warehouse"
	"lockstep/load"
	"lockstep/pipelines"
	"lockstep/transform"
)

// small is a project of one small mapping over both simulators, whose steps a test takes one by one.
type small struct {
	t       *testing.T
	box     *sandbox.Sandbox
	clients *pipelines.CRMs
	sql     *entity.Project
	w       *warehouse.Warehouse
	runs    int
	ticks   bool // reads what has changed, not all
	o       transform.Options
}

var smallNow = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// newSmall starts both simulators; the objects are those that records are created in.
func newSmall(t *testing.T, files map[string]string, o sandbox.Options, hubspotIn, salesforceIn []string) *small {
	t.Helper()
	s := &small{t: t}
	if o.Now == nil {
		o.Now = s.now
	}
	var err error
	if s.box, err = sandbox.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.box.Close)
	dir, sql := t.TempDir(), fstest.MapFS{}
	for name, text := range files {
		sql[name] = &fstest.MapFile{Data: []byte(text)}
	}
	config := fmt.Sprintf("salesforce:\n  url: %s\n  client_id: sandbox\nhubspot:\n  url: %s\n", s.box.SalesforceURL, s.box.HubSpotURL)
	if err := os.WriteFile(filepath.Join(dir, project.ConfigFile), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := project.Open(dir, sql, fstest.MapFS{})
	if err != nil {
		t.Fatal(err)
	}
	env := func(name string) (string, bool) {
		v, ok := map[string]string{project.HubSpotToken: "pat-na1-sandbox", project.SalesforceClientSecret: "sandbox"}[name]
		return v, ok
	}
	if s.clients, err = pipelines.Connect(p, env, zerolog.Nop()); err != nil {
		t.Fatal(err)
	}
	if _, err := load.Setup(t.Context(), load.SetupOptions{
		HubSpot: s.clients.HubSpot, HubSpotIn: hubspotIn, StampID: "salesforce_id", StampObject: "salesforce_object",
		Salesforce: s.clients.Salesforce, SalesforceIn: salesforceIn, StampField: "HubSpot_Id__c", Create: true,
	}); err != nil {
		t.Fatal(err)
	}
	s.clients.Targets[crm.Salesforce].(*load.Salesforce).User = s.box.Salesforce.IntegrationUser()
	if s.sql, err = entity.Load(p.SQL); err != nil {
		t.Fatal(err)
	}
	if s.w, err = warehouse.Open(t.Context(), warehouse.Options{RunAt: smallNow, Threads: 1}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.w.Close() })
	return s
}

func (s *small) now() time.Time { return smallNow.Add(time.Duration(s.runs) * 15 * time.Minute) }

// plan reads both CRMs and plans, and returns the plan's name.
func (s *small) plan() string {
	s.t.Helper()
	s.runs++
	s.o.PlanID = fmt.Sprintf("run%d", s.runs)
	s.exec(`set variable run_at = timestamptz '` + s.now().Format(time.RFC3339) + `'`)
	if _, err := extract.Run(s.t.Context(), s.w, s.sql, s.clients.Sources, extract.Options{RunID: s.o.PlanID, Full: !s.ticks, Now: s.now}); err != nil {
		s.t.Fatal(err)
	}
	if _, err := transform.Run(s.t.Context(), s.w, s.sql, s.o); err != nil {
		s.t.Fatal(err)
	}
	return s.o.PlanID
}

// run plans and applies.
func (s *small) run() load.Report {
	s.t.Helper()
	id := s.plan()
	s.exec(`insert into history.run (run_id, pipeline, started_at, state) values ('` + id + `', 'test', '` + s.now().Format(time.RFC3339) + `', 'running')`)
	o := load.Options{RunID: id, Now: s.now}
	if _, err := load.Recover(s.t.Context(), s.w, s.sql, s.clients.Targets, o); err != nil {
		s.t.Fatal(err)
	}
	r, err := load.Apply(s.t.Context(), s.w, s.sql, s.clients.Targets, id, o)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *small) exec(q string, args ...any) {
	s.t.Helper()
	if _, err := s.w.DB.ExecContext(s.t.Context(), q, args...); err != nil {
		s.t.Fatalf("%s: %v", q, err)
	}
}

// pairs reads two text columns into a map.
func (s *small) pairs(q string, args ...any) map[string]string {
	s.t.Helper()
	rows, err := s.w.DB.QueryContext(s.t.Context(), q, args...)
	if err != nil {
		s.t.Fatalf("%s: %v", q, err)
	}
	defer rows.Close()
	all := map[string]string{}
	for rows.Next() {
		var k, v string
		if err := rows.Scan(&k, &v); err != nil {
			s.t.Fatal(err)
		}
		all[k] = v
	}
	if err := rows.Err(); err != nil {
		s.t.Fatal(err)
	}
	return all
}

// insert stores a record in a CRM as it stands, and returns its id.
func (s *small) insert(system crm.System, object string, values map[string]string) string {
	s.t.Helper()
	insert := s.box.HubSpot.Insert
	if system == crm.Salesforce {
		insert = s.box.Salesforce.Insert
	}
	id, err := insert(object, values)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}
