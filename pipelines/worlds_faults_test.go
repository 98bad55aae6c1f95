package pipelines_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox"
	"lockstep/pipelines"
)

// schedule is what befalls a world, round by round.
type schedule struct {
	rounds   int
	attempts int // of a call
	faults   [][]sandbox.Fault
	crashes  []*crash
	budget   []map[crm.System]pipelines.Budget
	off      []bool // titles are switched off
	pause    []time.Duration
	remap    bool // the mapping is edited, and edited back
}

// calls are the kinds of calls that a run makes; every run of a world makes each of them.
var calls = []struct {
	system crm.System
	method string
	path   string
	write  bool
}{
	{crm.HubSpot, "POST", "contacts/search", false}, {crm.HubSpot, "POST", "companies/search", false}, {crm.HubSpot, "POST", "deals/search", false},
	{crm.HubSpot, "POST", "contacts/batch/read", false}, {crm.HubSpot, "POST", "companies/batch/read", false},
	{crm.HubSpot, "POST", "contacts/batch/update", true}, {crm.HubSpot, "POST", "companies/batch/update", true}, {crm.HubSpot, "POST", "deals/batch/update", true},
	{crm.HubSpot, "POST", "contacts/batch/upsert", true}, {crm.HubSpot, "POST", "deals/batch/upsert", true}, {crm.HubSpot, "", "properties", false},
	{crm.Salesforce, "GET", "FROM Contact", false}, {crm.Salesforce, "GET", "FROM Account", false}, {crm.Salesforce, "POST", "composite/sobjects/Contact", false},
	{crm.Salesforce, "PATCH", "/composite/sobjects", true}, {crm.Salesforce, "POST", "/composite", true}, {crm.Salesforce, "GET", "/limits", false},
}

func newSchedule(n uint64) schedule {
	rng := rand.New(rand.NewPCG(n, 3))
	s := schedule{rounds: 4 + rng.IntN(2), attempts: 1 + rng.IntN(2), remap: rng.IntN(4) == 0}
	from := s.rounds
	if rng.IntN(4) == 0 {
		from = 1 + rng.IntN(2)
	}
	for round := range s.rounds {
		var faults []sandbox.Fault
		for range rng.IntN(3) {
			faults = append(faults, newFault(rng))
		}
		s.faults = append(s.faults, faults)
		var c *crash
		if rng.IntN(3) == 0 {
			c = &crashes[rng.IntN(len(crashes))]
		}
		s.crashes = append(s.crashes, c)
		var budget map[crm.System]pipelines.Budget
		if rng.IntN(6) == 0 {
			budget = map[crm.System]pipelines.Budget{crm.HubSpot: {Run: int64(2 + rng.IntN(12))}, crm.Salesforce: {Run: int64(2 + rng.IntN(12))}}
		}
		s.budget = append(s.budget, budget)
		s.off = append(s.off, round == from || round == from+1)
		s.pause = append(s.pause, time.Duration(1+rng.IntN(30))*time.Minute)
	}
	return s
}

// newFault is one thing that goes wrong in a round.
func newFault(rng *rand.Rand) sandbox.Fault {
	c := calls[rng.IntN(len(calls))]
	f := sandbox.Fault{System: c.system, Method: c.method, Path: c.path, Count: 1 + rng.IntN(2)}
	kinds := []sandbox.Kind{"500", "503", "429", "reset", "truncated", sandbox.LostAnswer, "html", sandbox.Expired}
	if c.write {
		kinds = append(kinds, sandbox.LostAnswer, sandbox.LostAnswer, sandbox.LostAnswer, sandbox.Partial)
	}
	switch {
	case strings.HasSuffix(c.path, "/search"):
		kinds = append(kinds, sandbox.StaleSearch, sandbox.StaleSearch)
	case c.system == crm.HubSpot && c.write:
		kinds = append(kinds, sandbox.Pending)
	case c.system == crm.Salesforce && c.write:
		kinds = append(kinds, sandbox.Lock)
	}
	f.Kind = kinds[rng.IntN(len(kinds))]
	switch f.Kind {
	case sandbox.StaleSearch:
		f.Age, f.Count = 20*time.Second, -1
	case "429":
		if c.system == crm.HubSpot && rng.IntN(2) == 0 {
			f.Code = "DAILY"
		}
	case sandbox.Partial:
		f.Code = "INVALID_EMAIL"
		if c.system == crm.Salesforce {
			f.Code = "FIELD_CUSTOM_VALIDATION_EXCEPTION"
		}
	}
	return f
}

func (s schedule) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d attempts\n", s.attempts)
	for i := range s.rounds {
		fmt.Fprintf(&b, "  round %d: off %v, budget %v, then %s", i+1, s.off[i], s.budget[i], s.pause[i])
		for _, f := range s.faults[i] {
			fmt.Fprintf(&b, "; %s %s %s %s %s ×%d", f.System, f.Method, f.Path, f.Kind, f.Code, f.Count)
		}
		if c := s.crashes[i]; c != nil {
			fmt.Fprintf(&b, "; crash %+v", *c)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// crash is kill -9 at the first call of a kind: before a write, when it is in the outbox and has not been made, or after
// it, when it is done and the answer has not come.
type crash struct {
	system crm.System
	before bool
	path   string // of the call that verifies (before), or writes (after)
}

var crashes = []crash{
	{crm.HubSpot, true, "contacts/batch/read"}, {crm.HubSpot, true, "companies/batch/read"}, {crm.HubSpot, true, "deals/batch/read"},
	{crm.HubSpot, false, "contacts/batch/update"}, {crm.HubSpot, false, "companies/batch/update"},
	{crm.HubSpot, false, "contacts/batch/upsert"}, {crm.HubSpot, false, "deals/batch/upsert"},
	{crm.Salesforce, true, "composite/sobjects/Contact"}, {crm.Salesforce, true, "composite/sobjects/Account"},
	{crm.Salesforce, false, "/composite"}, {crm.Salesforce, false, "composite/sobjects"},
}

// strike brings the crash about. It keeps the warehouse as the kill leaves it at this moment, and lets no call of the run
// through any more: whatever it still does has not happened.
func (w *world) strike(e sandbox.Event) {
	c := w.crash
	if c == nil || w.dead != nil || e.System != c.system || !w.passed["verify"] {
		return
	}
	hit := strings.Contains(e.Path, c.path)
	switch {
	case c.before && hit && e.Answered:
		w.faults(sandbox.Fault{System: c.system, Kind: "504"})
		return
	case c.before && e.Fault != "504", !c.before && !(hit && e.Answered):
		return
	}
	path := w.job.Project.Config.Paths.Warehouse
	var err error
	if w.dead, err = os.ReadFile(path); err != nil {
		w.t.Fatal(err)
	}
	if w.log, err = os.ReadFile(path + ".wal"); err != nil && !os.IsNotExist(err) {
		w.t.Fatal(err)
	}
	w.faults(sandbox.Fault{System: crm.HubSpot, Kind: "401"}, sandbox.Fault{System: crm.Salesforce, Kind: "403", Code: "API_DISABLED_FOR_ORG"})
}

// faults are those from now on.
func (w *world) faults(all ...sandbox.Fault) {
	w.t.Helper()
	w.crms.Faults.Clear()
	if err := w.crms.Faults.Add(all...); err != nil {
		w.t.Fatal(err)
	}
}

// rise puts the warehouse back to what the crash left.
func (w *world) rise() {
	w.t.Helper()
	path := w.job.Project.Config.Paths.Warehouse
	err := os.WriteFile(path, w.dead, 0o600)
	if err == nil && w.log != nil {
		err = os.WriteFile(path+".wal", w.log, 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}
