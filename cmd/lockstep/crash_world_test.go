package main

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"lockstep/internal/crm"
	"lockstep/internal/dashboard/browser"
	"lockstep/internal/sandbox"
	simulated "lockstep/internal/sandbox/hubspot"
	"lockstep/internal/warehouse"
)

// childClock is set for a process that is not the test but the program itself, started by a test that will end it. It
// holds what the program's clock begins with.
const childClock = "LOCKSTEP_CHILD_CLOCK"

// TestMain is the program where a test has started one.
func TestMain(m *testing.M) {
	text := os.Getenv(childClock)
	if text == "" {
		os.Exit(browser.Run(m))
	}
	clock, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	start, a := time.Now(), system()
	a.env, a.now = sandboxEnv, func() time.Time { return clock.Add(time.Since(start)) }
	os.Exit(runUntilSignal(a, os.Args[1:]))
}

// child is the program as a process of its own.
type child struct {
	cmd         *exec.Cmd
	out         *printed
	begun, over chan struct{} // closed once it runs, and once it has ended
}

// launch starts the program in a project. Its clock begins with now.
func launch(t *testing.T, dir string, now time.Time, args ...string) *child {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: exec.Command(self, append(args, "--project", dir)...), out: &printed{more: make(chan struct{}, 1)}, begun: make(chan struct{}), over: make(chan struct{})}
	c.cmd.Env = append(os.Environ(), childClock+"="+now.Format(time.RFC3339Nano))
	c.cmd.Stdout, c.cmd.Stderr = c.out, c.out
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	close(c.begun)
	go func() {
		_ = c.cmd.Wait()
		close(c.over)
	}()
	t.Cleanup(func() {
		_ = c.cmd.Process.Kill()
		<-c.over
	})
	return c
}

// printed is what a process prints, while it does.
type printed struct {
	mu   sync.Mutex
	text strings.Builder
	more chan struct{} // holds something after each write
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case p.more <- struct{}{}:
	default:
	}
	return p.text.Write(b)
}

func (c *child) printed() string {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	return c.out.text.String()
}

// wait waits until the process has printed a text, or has ended.
func (c *child) wait(text string) {
	for !strings.Contains(c.printed(), text) {
		select {
		case <-c.out.more:
		case <-c.over:
			return
		}
	}
}

// signal may be called from a watcher of the CRMs.
func (c *child) signal(s os.Signal) {
	<-c.begun
	_ = c.cmd.Process.Signal(s)
}

// end waits for its end and returns the exit code, -1 when it was killed.
func (c *child) end() int {
	<-c.over
	return c.cmd.ProcessState.ExitCode()
}

// crashWorld is two CRMs in step, a warehouse that knows it, and what people have done since.
type crashWorld struct {
	t      *testing.T
	dir    string
	crm    *sandbox.Sandbox
	start  time.Time // by the real clock
	mu     sync.Mutex
	passed time.Duration
	labels map[string]string // by id: what the record is called, whatever id it got
}

func (w *crashWorld) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return morning.Add(time.Since(w.start) + w.passed)
}

func (w *crashWorld) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.passed += d
}

// newCrashWorld fills both CRMs. With a warehouse, a copy of it is the project's.
func newCrashWorld(t *testing.T, from string) *crashWorld {
	t.Helper()
	w := &crashWorld{t: t, dir: t.TempDir(), start: time.Now(), labels: map[string]string{}}
	var err error
	if w.crm, err = sandbox.Start(t.Context(), sandbox.Options{Now: w.now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.crm.Close)
	story, err := txtar.ParseFile(filepath.Join("testdata", "crash", "world.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	w.write("lockstep.yaml", []byte(sandboxConfig(w.crm)+"warehouse:\n  threads: 1\n"))
	for _, f := range story.Files {
		if !strings.HasPrefix(f.Name, "before/") {
			w.write(f.Name, f.Data)
		}
	}
	deals, err := txtar.ParseFile(filepath.Join("testdata", "scenario", "deals_both_ways.txtar"))
	w.must(err)
	for _, f := range deals.Files {
		if strings.HasPrefix(f.Name, "sql/") {
			w.write(f.Name, f.Data)
		}
	}
	w.lockstep(0, "setup")
	for _, f := range story.Files {
		if name, ok := strings.CutPrefix(f.Name, "before/"); ok {
			w.load(strings.TrimSuffix(name, ".csv"), f.Data)
		}
	}
	list, err := w.crm.HubSpot.CreateList(simulated.ListDefinition{Name: "Spring fair", Object: "contacts"})
	w.must(err)
	w.must(w.crm.HubSpot.AddToList(list, "101"))
	w.pass(time.Hour) // so long that no read looks so far back once more, in any world
	if from != "" {
		file, err := os.ReadFile(from)
		w.must(err)
		w.write(filepath.Join(".lockstep", "warehouse.duckdb"), file)
	}
	return w
}

func (w *crashWorld) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *crashWorld) write(name string, data []byte) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	w.must(os.MkdirAll(filepath.Dir(path), 0o700))
	w.must(os.WriteFile(path, data, 0o600))
}

// load inserts the records of a file.
func (w *crashWorld) load(name string, text []byte) {
	w.t.Helper()
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	w.must(err)
	for _, line := range rows[1:] {
		row := map[string]string{}
		for i, cell := range line {
			row[rows[0][i]] = cell
		}
		if name == "hubspot.associations" {
			w.must(w.crm.HubSpot.InsertAssociation(row["from_object"], row["from_id"], row["to_object"], row["to_id"], ""))
			continue
		}
		object, err := crm.ParseObject(name)
		w.must(err)
		_, err = w.of(object.System).Insert(object.Name, row)
		w.must(err)
	}
}

func (w *crashWorld) of(s crm.System) simulator {
	if s == crm.HubSpot {
		return w.crm.HubSpot
	}
	return w.crm.Salesforce
}

// lockstep runs the program in this process, and returns what it printed. Code -1 is done, or done but for some changes.
func (w *crashWorld) lockstep(code int, args ...string) string {
	w.t.Helper()
	var out strings.Builder
	a := &app{stdout: &out, stderr: &out, env: sandboxEnv, now: w.now}
	if got := run(w.t.Context(), a, append(args, "--project", w.dir)); got != code && (code != -1 || got != 0 && got != 3) {
		w.t.Fatalf("lockstep %s: exit code %d, want %d\n%s", strings.Join(args, " "), got, code, &out)
	}
	return out.String()
}

func (w *crashWorld) path() string { return filepath.Join(w.dir, ".lockstep", "warehouse.duckdb") }

// crashed are the objects of both CRMs, and the columns that tell their records apart.
var crashed = []struct {
	system crm.System
	object string
	by     []string
}{
	{crm.HubSpot, "companies", []string{"name"}},
	{crm.HubSpot, "contacts", []string{"email"}},
	{crm.HubSpot, "deals", []string{"dealname"}},
	{crm.HubSpot, "tasks", []string{"hs_task_subject"}},
	{crm.HubSpot, "notes", []string{"hs_note_body"}},
	{crm.HubSpot, "meetings", []string{"hs_meeting_title"}},
	{crm.HubSpot, "deals_to_contacts", []string{"from_id", "to_id"}},
	{crm.HubSpot, "lists_to_contacts", []string{"from_id", "to_id"}},
	{crm.Salesforce, "Account", []string{"Name"}},
	{crm.Salesforce, "Contact", []string{"Email"}},
	{crm.Salesforce, "Lead", []string{"Email"}},
	{crm.Salesforce, "Opportunity", []string{"Name"}},
	{crm.Salesforce, "OpportunityContactRole", []string{"OpportunityId", "ContactId"}},
	{crm.Salesforce, "CampaignMember", []string{"CampaignId", "ContactId", "LeadId"}},
	{crm.Salesforce, "Task", []string{"Subject"}},
	{crm.Salesforce, "Event", []string{"Subject"}},
}

// name remembers what the records that are there now are called.
func (w *crashWorld) name() {
	for _, n := range crashed {
		for _, r := range w.of(n.system).All(n.object) {
			var by []string
			for _, column := range n.by {
				by = append(by, w.call(r[column]))
			}
			if record := id(r); w.labels[record] == "" {
				w.labels[record] = "<" + n.object + " " + strings.Join(by, " ") + ">"
			}
		}
	}
}

var idText = regexp.MustCompile(`[0-9A-Za-z]+`)

// call puts what records are called in the place of their ids.
func (w *crashWorld) call(text string) string {
	if label, ok := w.labels[text]; ok {
		return label
	}
	return idText.ReplaceAllStringFunc(text, func(id string) string {
		if label, ok := w.labels[id]; ok {
			return label
		}
		return id
	})
}

// today begins the instants at which something was written in a story.
var today = morning.Format(time.DateOnly) + "T"

// own are columns that the CRMs keep themselves, and that say when something was written rather than what.
var own = regexp.MustCompile(`(?i)^(hs_object_id|id|.*modif.*|.*createdate|createddate|systemmodstamp|hs_updated.*|notes_last_.*|.*_at|hs_v2_.*|hs_date_.*|lastactivitydate)$`)

// state is every record of both CRMs, in terms that do not depend on the ids new ones got or on when they were written.
func (w *crashWorld) state() []string {
	w.t.Helper()
	w.name()
	var all []string
	for _, n := range crashed {
		for _, r := range w.of(n.system).All(n.object) {
			line := []string{string(n.system), w.call(id(r))}
			for _, column := range slices.Sorted(maps.Keys(r)) {
				if r[column] != "" && !own.MatchString(column) && !strings.HasPrefix(r[column], today) {
					line = append(line, column+"="+w.call(r[column]))
				}
			}
			all = append(all, strings.Join(line, " "))
		}
	}
	slices.Sort(all)
	return all
}

// outcome is what all came to, in terms that do not depend on the ids new records got or on when they were written.
type outcome struct {
	records []string // of both CRMs
	taken   []string // every value that history says was written; what a crash left out of a new record comes as an update
	other   []string // every one that was not, with why
	stand   []string // links and bases
	outbox  int      // writes under way
}

func (w *crashWorld) outcome() outcome {
	w.t.Helper()
	o := outcome{records: w.state()}
	wh, err := warehouse.Open(w.t.Context(), warehouse.Options{Path: w.path(), RunAt: w.now(), Threads: 1})
	w.must(err)
	defer func() { w.must(wh.Close()) }()
	query := func(each func([]string), q string) {
		rows, err := wh.DB.QueryContext(w.t.Context(), q)
		w.must(err)
		defer func() { _ = rows.Close() }()
		names, err := rows.Columns()
		w.must(err)
		for rows.Next() {
			cells, into := make([]sql.NullString, len(names)), make([]any, len(names))
			for i := range cells {
				into[i] = &cells[i]
			}
			w.must(rows.Scan(into...))
			var line []string
			for _, cell := range cells {
				line = append(line, w.call(cell.String))
			}
			each(line)
		}
		w.must(rows.Err())
	}
	query(func([]string) { o.outbox++ }, `select change_id from outbox`)
	query(func(c []string) {
		line := strings.Join(c[:len(c)-2], " ")
		if c[len(c)-2] == "taken" {
			o.taken = append(o.taken, line)
			return
		}
		o.other = append(o.other, strings.Join(c, " "))
	}, `select entity, if(action = 'delete', action, 'write'), system, object, record_id, "column", before, '→', after, outcome, reason from history.change where action <> 'link'`)
	var tables []string
	query(func(c []string) { tables = append(tables, c[0]) }, `select table_name from duckdb_tables() where schema_name = 'link'`)
	stands := func(c []string) { o.stand = append(o.stand, strings.Join(c, " ")) }
	for _, name := range tables {
		query(stands, `select '`+name+`', state, hubspot_object, hubspot_id, salesforce_object, salesforce_id from link.`+name)
		query(stands, `select '`+name+`', system, * exclude (pair_id, system) from base.`+name)
	}
	return o
}

// flush ends a transaction in DuckDB's log: an entry of five bytes, its checksum, and the entry, which is its kind.
var flush = []byte("\x05\x00\x00\x00\x00\x00\x00\x00\xe7\xfe\x7d\x72\x2f\xed\x3d\x5e\x64\x00\x64\xff\xff")

// log is what the warehouse has committed since it was opened: DuckDB appends each commit to a file beside it, which it
// removes when it is closed. The link to it stays.
func (w *crashWorld) log() []byte {
	_ = os.Link(w.path()+".wal", w.path()+".kept")
	return w.kept()
}

func (w *crashWorld) kept() []byte {
	b, _ := os.ReadFile(w.path() + ".kept") // none before the first commit
	return b
}

// cut leaves of a log what stands in it after n commits, or all of it.
func (w *crashWorld) cut(log []byte, n int) {
	w.t.Helper()
	ends := commits(log)
	w.must(os.Remove(w.path() + ".kept"))
	w.must(os.WriteFile(w.path()+".wal", log[:ends[min(n, len(ends))-1]], 0o600))
}

// commits are the lengths of a log after each of its commits. A process that is killed between two commits leaves a log of
// one of these lengths.
func commits(log []byte) (ends []int) {
	for at := 0; ; {
		i := bytes.Index(log[at:], flush)
		if i < 0 {
			return ends
		}
		at += i + len(flush)
		ends = append(ends, at)
	}
}
