package pipelines_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/project"
	"lockstep/internal/sandbox"
	"lockstep/internal/warehouse"
	"lockstep/load"
	"lockstep/pipelines"
)

// lab is two simulated CRMs, a clock that only the test moves, and a project whose pipeline keeps them in step:
// what every test of random people at work begins with.
type lab struct {
	t    *testing.T
	crms *sandbox.Sandbox
	job  pipelines.Job

	ticking sync.Mutex
	clock   time.Time
}

// newLab starts two CRMs, empty but for what o says.
func newLab(t *testing.T, start time.Time, o sandbox.Options) *lab {
	t.Helper()
	l := &lab{t: t, clock: start}
	o.Now = l.now
	var err error
	if l.crms, err = sandbox.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.crms.Close)
	return l
}

func (l *lab) now() time.Time {
	l.ticking.Lock()
	defer l.ticking.Unlock()
	return l.clock
}

func (l *lab) pass(d time.Duration) {
	l.ticking.Lock()
	defer l.ticking.Unlock()
	l.clock = l.clock.Add(d)
}

// connect makes the job: the SQL, its one pipeline (YAML), and lines for lockstep.yaml below each CRM's url. Both CRMs get
// the columns they need.
func (l *lab) connect(sql fs.FS, pipeline, settings string) {
	l.t.Helper()
	dir := l.t.TempDir()
	config := fmt.Sprintf("salesforce:\n  url: %s\n  client_id: sandbox\n%[3]shubspot:\n  url: %[2]s\n%[3]swarehouse:\n  threads: 1\n", l.crms.SalesforceURL, l.crms.HubSpotURL, settings)
	if err := os.WriteFile(filepath.Join(dir, project.ConfigFile), []byte(config), 0o600); err != nil {
		l.t.Fatal(err)
	}
	p, err := project.Open(dir, sql, fstest.MapFS{"world.yaml": {Data: []byte("cron: \"\"\n" + pipeline)}})
	if err != nil {
		l.t.Fatal(err)
	}
	pipe, err := pipelines.Load(p.Pipelines, "world")
	if err != nil {
		l.t.Fatal(err)
	}
	env := func(name string) (string, bool) {
		v, ok := map[string]string{project.HubSpotToken: "pat-na1-sandbox", project.SalesforceClientSecret: "sandbox"}[name]
		return v, ok
	}
	clients, err := pipelines.Connect(p, env, zerolog.Nop())
	if err != nil {
		l.t.Fatal(err)
	}
	e, err := entity.Load(p.SQL)
	if err != nil {
		l.t.Fatal(err)
	}
	o := load.SetupOptions{HubSpot: clients.HubSpot, StampID: "salesforce_id", StampObject: "salesforce_object", Salesforce: clients.Salesforce, StampField: "HubSpot_Id__c", Create: true}
	for _, x := range e.Entities {
		for _, to := range x.To {
			if _, _, pairs := to.Object.Associations(); pairs || len(to.Key()) > 0 {
				continue // told apart by what it ties: no stamp
			}
			switch to.Object.System {
			case crm.HubSpot:
				o.HubSpotIn = append(o.HubSpotIn, to.Object.Name)
			case crm.Salesforce:
				o.SalesforceIn = append(o.SalesforceIn, to.Object.Name)
			}
		}
	}
	if _, err := load.Setup(l.t.Context(), o); err != nil {
		l.t.Fatal(err)
	}
	l.job = pipelines.Job{Project: p, Pipeline: pipe, CRMs: clients, Name: "world", Now: l.now, Log: zerolog.Nop(), Publish: pipelines.Publishing{Off: true}}
}

// once is one run of the pipeline; what a CRM refuses is part of a world.
func (l *lab) once() (pipelines.Result, error) {
	res, err := pipelines.Run(context.Background(), l.job)
	if errors.Is(err, pipelines.ErrIncomplete) {
		err = nil
	}
	return res, err
}

// open reads the warehouse between two runs, until close.
func (l *lab) open() *warehouse.Warehouse {
	l.t.Helper()
	w, err := warehouse.Open(context.Background(), warehouse.Options{Path: l.job.Project.Config.Paths.Warehouse, RunAt: l.now()})
	if err != nil {
		l.t.Fatal(err)
	}
	return w
}

// query is a query's answer as texts.
func query(t *testing.T, w *warehouse.Warehouse, text string, args ...any) [][]string {
	t.Helper()
	rows, err := w.DB.Query(text, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for rows.Next() {
		row, into := make([]string, len(names)), make([]any, len(names))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	}
	return all
}

// window knows when a CRM is between verify and write, where nothing protects, so that nobody edits there.
type window map[crm.System]bool

// see takes a moment of a request in.
func (w window) see(e sandbox.Event) {
	if !e.Answered && (strings.HasSuffix(e.Path, "/batch/read") || strings.Contains(e.Path, "/composite/sobjects/")) {
		w[e.System] = true
	}
	if e.Answered && (strings.HasSuffix(e.Path, "/batch/update") || strings.HasSuffix(e.Path, "/batch/upsert") || strings.HasSuffix(e.Path, "/composite")) {
		w[e.System] = false
	}
}

// seeds are the worlds to be tried: those of the short form, LOCKSTEP_WORLDS many, or LOCKSTEP_SEED alone.
func seeds(short ...uint64) []uint64 {
	if s, err := strconv.ParseUint(os.Getenv("LOCKSTEP_SEED"), 10, 64); err == nil {
		return []uint64{s}
	}
	if n, err := strconv.Atoi(os.Getenv("LOCKSTEP_WORLDS")); err == nil {
		short = nil
		for i := range n {
			short = append(short, uint64(i+1))
		}
	}
	return short
}
