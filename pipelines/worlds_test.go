package pipelines_test

import (
	"fmt"
	"lockstep/load"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox"
	"lockstep/internal/warehouse"
	"lockstep/pipelines"
)

// perWorld is how many seeds live in one world: the most whose changes go out in one batch each, so that a fault that
// strikes a batch strikes a seed alone as it does among the others.
const perWorld = 100

// TestWorlds is the fixed point. A seed is one person with company and deal, edited on one side or both, before and during
// runs, moved, merged, converted and deleted, through mappings that lose, join, translate many-to-one or not at all, with
// automations that rewrite values and rules that refuse. A hundred seeds live in one world at once, under its schedule:
// faults of both CRMs, crashes, calls that run out, a field that is switched off and on, mappings edited. Then it is quiet,
// and within three runs nothing is left to do. What must hold then stands in worlds_check_test.go.
//
// LOCKSTEP_WORLDS sets how many worlds, and so schedules, are tried. Every choice of a seed comes from a source of its
// own, anew for every moment, and no moment at which somebody acts or something fails depends on who else is there:
// LOCKSTEP_SEED runs one seed alone, as it was among the others.
func TestWorlds(t *testing.T) {
	t.Parallel()
	if s, err := strconv.ParseUint(os.Getenv("LOCKSTEP_SEED"), 10, 64); err == nil {
		newWorld(t, (s+perWorld-1)/perWorld, s).live()
		return
	}
	for _, n := range seeds(1) {
		t.Run(fmt.Sprintf("schedule=%d", n), func(t *testing.T) {
			t.Parallel()
			var all []uint64
			for i := range uint64(perWorld) {
				all = append(all, (n-1)*perWorld+i+1)
			}
			newWorld(t, n, all...).live()
		})
	}
}

// world is the seeds of one schedule, with three companions who see to it that every kind of call is made in every run.
type world struct {
	*lab
	n      uint64 // the schedule's number
	plan   schedule
	sql    fstest.MapFS
	people []*person

	mu      sync.Mutex // people also work while a run is under way
	shut    window
	quiet   bool
	passed  map[string]bool // moments of the run under way
	round   int
	crash   *crash
	dead    []byte // the warehouse as a crash of the run under way left it; nil: none
	log     []byte // … and DuckDB's log beside it
	applies bool   // the run under way has come to writing
	writes  map[crm.System]int
	calls   map[crm.System]int   // of the run under way that its budget counts: but for those that were struck, and came again
	off     map[string]bool      // runs in which titles are off, by id
	wh      *warehouse.Warehouse // opened when all is over
}

func newWorld(t *testing.T, n uint64, seeds ...uint64) *world {
	t.Helper()
	w := &world{
		lab: newLab(t, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), sandbox.Options{SearchLag: 5 * time.Second}),
		n:   n, plan: newSchedule(n), shut: window{}, sql: household(), off: map[string]bool{},
	}
	w.automate()
	for i := range uint64(3) {
		w.people = append(w.people, w.person(n, i, true))
	}
	for _, s := range seeds {
		w.people = append(w.people, w.person(s, 7, false))
	}
	w.crms.Watch(w.during)
	w.connect(w.sql, "entities: [company, person, deal]\ndeletions:\n  deal: {to_hubspot: archive, grace: 5m}\n", fmt.Sprintf("  attempts: %d\n  timeout: 3s\n", w.plan.attempts))
	for _, field := range []string{"Status__c", "Memo__c"} {
		if err := w.crms.Salesforce.MapLeadField(field, "Contact", field); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// automate gives the CRMs a life of their own: Salesforce takes the dashes out of phones and refuses titles
// with a 3 in them.
func (w *world) automate() {
	w.t.Helper()
	for _, object := range []string{"Contact", "Lead"} {
		if err := w.crms.Salesforce.Automate(object, func(_, after map[string]string) map[string]string {
			if p := strings.ReplaceAll(after["Phone"], "-", ""); p != after["Phone"] {
				return map[string]string{"Phone": p}
			}
			return nil
		}); err != nil {
			w.t.Fatal(err)
		}
		if err := w.crms.Salesforce.Validate(object, func(before, after map[string]string) (string, string) {
			if strings.Contains(after["Title"], "3") && before["Title"] != after["Title"] {
				return "titles have no 3", "Title"
			}
			return "", ""
		}); err != nil {
			w.t.Fatal(err)
		}
	}
}

// during is what happens at the moments of a run: the first call of a kind in it, whoever else is there.
func (w *world) during(e sandbox.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.passed == nil {
		return // between runs
	}
	w.strike(e)
	if e.Answered && e.Fault == "" && !strings.Contains(e.Path, "/oauth2/") {
		w.calls[e.System]++
	}
	verify := strings.HasSuffix(e.Path, "/batch/read") || strings.Contains(e.Path, "/composite/sobjects/")
	write := strings.HasSuffix(e.Path, "/batch/update") || strings.HasSuffix(e.Path, "/batch/upsert") || strings.HasSuffix(e.Path, "/composite") && e.Method == "POST"
	// before anything is verified a composite call reads; what an earlier run left is verified before this one reads
	if write && e.Answered && w.applies && (w.passed["verify"] || !strings.HasSuffix(e.Path, "/composite")) {
		w.writes[e.System]++
	}
	switch {
	case verify && !e.Answered:
		w.moment("verify")
	case strings.HasSuffix(e.Path, "contacts/search") && e.Answered:
		w.moment("read")
	}
	w.shut.see(e)
	if write && e.Answered && w.passed["verify"] {
		w.moment("written " + string(e.System))
	}
}

// moments are those of a run at which people act, the first time each comes.
var moments = []string{"read", "verify", "written hubspot", "written salesforce"}

// moment lets people act.
func (w *world) moment(name string) {
	if w.passed[name] || w.dead != nil {
		return
	}
	w.passed[name] = true
	w.pass(2 * time.Second)
	if w.quiet {
		return
	}
	for _, p := range w.people {
		p.step(w.round*8 + 1 + slices.Index(moments, name))
		if p.rng.IntN(5) == 0 {
			w.edit(p)
		}
	}
}

// run is one run of the pipeline under the faults of this round.
func (w *world) run(crash *crash, faults ...sandbox.Fault) pipelines.Result {
	w.t.Helper()
	w.mu.Lock()
	w.shut, w.passed, w.crash, w.dead, w.log, w.applies = window{}, map[string]bool{}, crash, nil, nil, false
	w.writes, w.calls = map[crm.System]int{}, map[crm.System]int{}
	w.mu.Unlock()
	w.faults(faults...)
	w.job.Watch = func(e pipelines.Event) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.applies = e.Stage == "apply" && (e.What != "" || !e.End)
	}
	res, err := w.once()
	w.crms.Faults.Clear()
	switch {
	case w.dead != nil:
		w.rise()
	case err != nil && len(faults) == 0 && w.job.Pipeline.Budget == nil:
		w.t.Fatalf("schedule %d, round %d: %v\n%v", w.n, w.round, err, w.plan)
	}
	for s, b := range w.job.Pipeline.Budget {
		// reading is not cut off by the calls of a run, but where it has taken them nothing is written
		if n := w.calls[s]; int64(n) > b.Run && w.writes[s] > 0 {
			w.t.Errorf("schedule %d, round %d: %d calls to %s, %d of which write, and %d are granted", w.n, w.round, n, s, w.writes[s], b.Run)
		}
	}
	w.mu.Lock()
	w.shut, w.dead = window{}, nil
	for _, name := range moments { // those that a fault kept from coming
		w.moment(name)
	}
	w.passed = nil
	w.mu.Unlock()
	w.find()
	return res
}

func (w *world) live() {
	// What differs before the first link is a first-link conflict, whoever typed it: editing begins after it.
	w.quiet = true
	w.run(nil)
	for round := range w.plan.rounds {
		w.round = round + 1
		w.mu.Lock()
		w.quiet = false
		for _, p := range w.people {
			p.step(w.round * 8)
			w.work(p)
		}
		w.mu.Unlock()
		w.policy(round)
		w.job.Pipeline.Budget = w.plan.budget[round]
		res := w.run(w.plan.crashes[round], w.plan.faults[round]...)
		w.off[res.RunID] = w.plan.off[round]
		for _, p := range w.people {
			for _, release := range p.locks {
				release()
			}
			p.locks = nil
		}
		w.pass(w.plan.pause[round])
	}
	w.policy(-1)
	w.settle()
	if w.plan.remap {
		w.editMapping()
	}
	w.check()
}

// settle lets it be quiet: within three runs nothing is left to do. The first of them is a nightly one, which sees what
// was archived, and sends again what was refused.
func (w *world) settle() {
	w.t.Helper()
	w.quiet = true
	w.job.Pipeline.Budget = nil
	for i := 0; ; i++ {
		w.pass(11 * time.Minute)
		w.job.Full, w.job.Pipeline.RetryRefused = i == 0, i == 0
		res := w.run(nil)
		if len(res.Load.Lines) == 0 {
			break
		}
		if i == 3 {
			w.t.Errorf("schedule %d: still not quiet after three runs: %v\n%v%s", w.n, res.Load.Lines, w.plan, w.about(res))
			break
		}
	}
}

// editMapping changes how two fields are read: nothing may be sent for it.
func (w *world) editMapping() {
	w.t.Helper()
	from := "person/from_hubspot.contacts.sql"
	kept := w.sql[from].Data
	text := string(kept)
	for _, change := range [][2]string{{"c.jobtitle as title", "'x' || c.jobtitle as title"}, {"c.city", "upper(c.city) as city"}} {
		if !strings.Contains(text, change[0]) {
			w.t.Fatalf("the mapping has no %q", change[0])
		}
		text = strings.Replace(text, change[0], change[1], 1)
	}
	for _, data := range [][]byte{[]byte(text), kept} {
		w.sql[from] = &fstest.MapFile{Data: data}
		w.pass(10 * time.Minute)
		res := w.run(nil)
		// what was refused is tried again with another mapping
		sent := slices.DeleteFunc(res.Load.Lines, func(l load.Line) bool { return l.State == load.Refused })
		if len(sent) > 0 {
			w.t.Errorf("schedule %d: an edited mapping sent %v%s", w.n, sent, w.about(res))
		}
	}
}

// policy switches the direction of titles off or on; round -1 ends what is off.
func (w *world) policy(round int) {
	off := round >= 0 && w.plan.off[round]
	const on, gone = "('title', 'two_way'", "('title', 'off'"
	text := string(w.sql["person/fields.sql"].Data)
	if off {
		text = strings.Replace(text, on, gone, 1)
	} else {
		text = strings.Replace(text, gone, on, 1)
	}
	w.sql["person/fields.sql"] = &fstest.MapFile{Data: []byte(text)}
}

// person makes a seed: who they are, and what of them is where. A companion is in both CRMs with all that belongs to them.
func (w *world) person(seed, stream uint64, companion bool) *person {
	w.t.Helper()
	p := &person{
		seed: seed, stream: stream, companion: companion, name: fmt.Sprintf("s%d", seed),
		typed: map[string]string{}, side: map[string]crm.System{}, words: map[string]bool{}, object: "Contact",
	}
	if companion {
		p.name = fmt.Sprintf("c%d", stream)
	}
	p.step(0)
	p.oneSide = p.rng.IntN(2) == 0 && !companion
	for _, f := range fields {
		p.side[f] = crm.Systems[p.rng.IntN(2)]
	}
	p.side["memo"] = crm.HubSpot
	w.begin(p)
	return p
}
