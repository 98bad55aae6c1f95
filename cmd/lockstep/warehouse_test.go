package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox"
	"lockstep/internal/sandbox/salesforce"
	"lockstep/internal/warehouse"
)

func (l *lab) warehouse() string { return filepath.Join(l.dir, ".lockstep", "warehouse.duckdb") }

// launch starts the program in the lab's project as a process of its own.
func (l *lab) launch(args ...string) *child {
	l.t.Helper()
	return launch(l.t, l.dir, time.Now().Add(l.ahead), args...)
}

// A second process is told who holds the warehouse and since when. When the first is killed the next one says so, and
// goes on where it stopped.
func TestKilledHolder(t *testing.T) {
	t.Parallel()
	l := newLab(t, 2)
	l.must(l.crm.Faults.Add(sandbox.Fault{System: crm.HubSpot, Path: "/objects/", Kind: sandbox.Hang}))
	arrived, once := make(chan struct{}), sync.Once{}
	l.crm.Watch(func(e sandbox.Event) {
		if e.Fault == sandbox.Hang && !e.Answered {
			once.Do(func() { close(arrived) })
		}
	})
	c := l.launch("run", "quarter_hourly")
	<-arrived
	holder := fmt.Sprintf("another run holds the warehouse: quarter_hourly, process %d, since 20", c.cmd.Process.Pid)
	for _, args := range [][]string{{"run", "nightly"}, {"plan"}, {"extract"}} {
		if _, text := l.want(t.Context(), 5, args...); !strings.Contains(text, holder) || !strings.Contains(text, "\nhint: ") {
			t.Errorf("%s printed\n%s", args[0], text)
		}
	}
	c.signal(syscall.SIGKILL)
	c.end()
	l.crm.Watch(nil)
	l.crm.Faults.Clear()
	if _, text := l.want(t.Context(), 0, "run", "quarter_hourly"); !strings.Contains(text, fmt.Sprintf("quarter_hourly, process %d, since 20", c.cmd.Process.Pid)) {
		t.Errorf("the run after it printed\n%s", text)
	}
	if out, _ := l.want(t.Context(), 0, "history"); !strings.Contains(out, "ended without a word: a crash, or a kill") {
		t.Errorf("history has\n%s", out)
	}
}

// Two schedulers at one warehouse take turns: no run begins before the one before has ended, and nobody is made twice.
func TestTwoSchedulers(t *testing.T) {
	t.Parallel()
	l := newLab(t, 4)
	l.must(os.Mkdir(filepath.Join(l.dir, "pipelines"), 0o755))
	writeFile(t, filepath.Join(l.dir, "pipelines", "quarter_hourly.yaml"), "cron: \"@every 5s\"\nentities: [contact]\n")
	before := l.people()
	both := []*child{l.launch("schedule"), l.launch("schedule")}
	for _, c := range both {
		c.wait(`"stage":"extract"`)
	}
	for _, c := range both {
		c.signal(syscall.SIGTERM)
		if code := c.end(); code != 130 {
			t.Errorf("exit code %d\n%s", code, c.printed())
		}
	}
	l.ahead = settled
	l.want(t.Context(), 0, "run", "quarter_hourly")
	if out, _ := l.want(t.Context(), 0, "plan"); !strings.Contains(out, "No changes.") {
		t.Errorf("the plan is\n%s", out)
	}
	for key, n := range l.people() {
		if n > max(1, before[key]) {
			t.Errorf("%d of %s", n, key)
		}
	}
	w, err := warehouse.Open(t.Context(), warehouse.Options{Path: l.warehouse(), RunAt: time.Now()})
	l.must(err)
	defer func() { l.must(w.Close()) }()
	var runs, overlap int
	l.must(w.DB.QueryRowContext(t.Context(), `select count(*), count(*) filter (started_at < before) from (
		select started_at, lag(ended_at) over (order by started_at) as before from history.run)`).Scan(&runs, &overlap))
	if runs < 3 || overlap > 0 {
		t.Errorf("of %d runs %d began before the one before had ended", runs, overlap)
	}
}

// people counts the records of each CRM with one name.
func (l *lab) people() map[string]int {
	n := map[string]int{}
	for _, r := range l.crm.HubSpot.All("contacts") {
		n["hubspot "+r["firstname"]+r["lastname"]]++
	}
	for _, object := range []string{"Contact", "Lead"} {
		for _, r := range l.crm.Salesforce.All(object) {
			n[object+" "+r["FirstName"]+r["LastName"]]++
		}
	}
	return n
}

// Credentials of another org are refused before any record of it is read or written: its ids would be taken for the first one's.
func TestAnotherOrgIsRefused(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1)
	l.want(t.Context(), 0, "plan")
	other, err := sandbox.Start(t.Context(), sandbox.Options{Org: salesforce.Options{OrgID: "00D000000000777EAA"}})
	l.must(err)
	t.Cleanup(other.Close)
	writeFile(t, filepath.Join(l.dir, "lockstep.yaml"), sandboxConfig(other))
	for _, args := range [][]string{{"plan"}, {"run", "nightly"}} {
		_, text := l.want(t.Context(), 1, args...)
		if !strings.Contains(text, "the warehouse belongs to another account: salesforce") || !strings.Contains(text, "\nhint: use the credentials of salesforce") {
			t.Errorf("%s printed\n%s", args[0], text)
		}
	}
	if n := other.Count(crm.Salesforce, "/query") + other.Count(crm.Salesforce, "/sobjects"); n > 0 {
		t.Errorf("%d calls read or wrote the other org's records", n)
	}
}

// A warehouse that is damaged, or of a newer lockstep, is refused with what to do, and left as it is.
func TestUnusableWarehouseIsLeftAlone(t *testing.T) {
	t.Parallel()
	l := newLab(t, 1)
	l.want(t.Context(), 0, "plan")
	for name, spoil := range map[string]func(){
		"of a newer lockstep": func() {
			w, err := warehouse.Open(t.Context(), warehouse.Options{Path: l.warehouse(), RunAt: time.Now()})
			l.must(err)
			_, err = w.DB.ExecContext(t.Context(), `update catalog.version set version = version + 1`)
			l.must(err)
			l.must(w.Close())
		},
		"damaged": func() {
			f, err := os.OpenFile(l.warehouse(), os.O_WRONLY, 0)
			l.must(err)
			_, err = f.WriteAt(make([]byte, 12<<10), 0)
			l.must(err)
			l.must(f.Close())
		},
	} {
		file, err := os.ReadFile(l.warehouse())
		l.must(err)
		spoil()
		before, err := os.ReadFile(l.warehouse())
		l.must(err)
		for _, args := range [][]string{{"plan"}, {"run", "nightly"}, {"extract"}} {
			if _, text := l.want(t.Context(), 1, args...); strings.Count(text, "lockstep: ") != 1 || !strings.Contains(text, "\nhint: ") {
				t.Errorf("%s: %s printed\n%s", name, args[0], text)
			}
		}
		after, err := os.ReadFile(l.warehouse())
		l.must(err)
		if !bytes.Equal(before, after) {
			t.Errorf("%s: the file was written to", name)
		}
		if _, err := os.Stat(l.warehouse() + ".wal"); err == nil {
			t.Errorf("%s: a log stands beside it", name)
		}
		l.must(os.WriteFile(l.warehouse(), file, 0o600))
	}
	l.want(t.Context(), 0, "plan")
}

func (l *lab) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}
