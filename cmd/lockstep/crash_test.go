package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox"
)

// people do something to every entity in both CRMs: they edit, make and delete, tie and untie. Only persons: to persons alone.
func (w *crashWorld) people(persons bool) {
	w.t.Helper()
	w.pass(time.Hour)
	for _, act := range []struct {
		system crm.System
		object string
		id     string // empty: a new one
		values map[string]string
	}{
		{crm.HubSpot, "companies", "201", map[string]string{"phone": "+1 555 0101"}},
		{crm.Salesforce, "Account", "001Kx0000000002IAA", map[string]string{"Phone": "+1 555 0102"}},
		{crm.HubSpot, "companies", "", map[string]string{"hs_object_id": "20000000", "name": "Birch Lane", "domain": "birch-lane.example", "lifecyclestage": "customer", "hubspot_owner_id": "11"}},
		{crm.Salesforce, "Account", "", map[string]string{"Name": "Cedar Row", "Website": "cedar-row.example", "OwnerId": "005Kx0000000001IAA"}},
		{crm.HubSpot, "contacts", "101", map[string]string{"jobtitle": "Head"}},
		{crm.Salesforce, "Contact", "003Kx0000000002IAA", map[string]string{"Title": "Buyer"}},
		{crm.Salesforce, "Lead", "00QKx0000000003MAA", map[string]string{"Title": "Clerk"}},
		{crm.HubSpot, "contacts", "103", map[string]string{"phone": "+1 555 0103"}},
		{crm.HubSpot, "contacts", "", map[string]string{"hs_object_id": "30000000", "firstname": "Flo", "lastname": "Gray", "email": "flo@example.org", "hubspot_owner_id": "11"}},
		{crm.Salesforce, "Contact", "", map[string]string{"FirstName": "Gus", "LastName": "Hale", "Email": "gus@example.org", "OwnerId": "005Kx0000000001IAA"}},
		{crm.Salesforce, "Lead", "", map[string]string{"FirstName": "Ida", "LastName": "Ives", "Email": "ida@example.org", "Company": "Ives", "Status": "Open - Not Contacted", "OwnerId": "005Kx0000000001IAA"}},
		{crm.HubSpot, "deals", "301", map[string]string{"amount": "2500"}},
		{crm.Salesforce, "Opportunity", "006Kx0000000002IAA", map[string]string{"Name": "Second order, larger"}},
		{crm.HubSpot, "deals", "", map[string]string{"hs_object_id": "40000000", "dealname": "Third order", "pipeline": "default", "dealstage": "closedwon", "closedate": "2026-11-30T12:00:00Z", "hubspot_owner_id": "11"}},
		{crm.Salesforce, "Opportunity", "", map[string]string{"Name": "Fourth order", "StageName": "Closed Won", "CloseDate": "2026-11-30", "AccountId": "001Kx0000000001IAA", "OwnerId": "005Kx0000000001IAA"}},
		{crm.Salesforce, "OpportunityContactRole", "", map[string]string{"OpportunityId": "006Kx0000000001IAA", "ContactId": "003Kx0000000002IAA", "Role": "Evaluator"}},
		{crm.HubSpot, "tasks", "401", map[string]string{"hs_task_status": "COMPLETED"}},
		{crm.Salesforce, "Task", "00TKx0000000002MAA", map[string]string{"ActivityDate": "2026-03-20"}},
		{crm.Salesforce, "Task", "", map[string]string{"Subject": "Check the contract", "Status": "Not Started", "Priority": "High", "ActivityDate": "2026-03-12", "WhoId": "003Kx0000000002IAA", "TaskSubtype": "Task", "OwnerId": "005Kx0000000001IAA"}},
		{crm.Salesforce, "Event", "", map[string]string{"Subject": "Fair", "StartDateTime": "2026-03-07T09:00:00Z", "EndDateTime": "2026-03-07T10:00:00Z", "WhoId": "003Kx0000000001IAA", "OwnerId": "005Kx0000000001IAA"}},
	} {
		if persons && !slices.Contains([]string{"contacts", "Contact", "Lead"}, act.object) {
			continue
		}
		if act.id == "" {
			_, err := w.of(act.system).Insert(act.object, act.values)
			w.must(err)
			continue
		}
		w.must(w.of(act.system).Edit(act.object, act.id, act.values))
	}
	h := w.crm.HubSpot
	w.must(w.crm.Salesforce.Delete("Contact", "003Kx0000000004IAA"))
	w.must(h.Delete("contacts", "105"))
	if !persons {
		w.ties()
	}
	w.pass(time.Hour)
	w.name()
}

// ties are what people do to tasks, notes, lists and roles.
func (w *crashWorld) ties() {
	w.t.Helper()
	h := w.crm.HubSpot
	task, err := h.Insert("tasks", map[string]string{"hs_task_subject": "Call back", "hs_task_status": "NOT_STARTED", "hs_timestamp": "2026-03-11T12:00:00Z", "hubspot_owner_id": "11"})
	w.must(err)
	w.must(h.Associate("tasks", task, "contacts", "102", ""))
	note, err := h.Insert("notes", map[string]string{"hs_note_body": "Prefers mail", "hs_timestamp": "2026-03-01T12:00:00Z", "hubspot_owner_id": "11"})
	w.must(err)
	w.must(h.Associate("notes", note, "contacts", "102", ""))
	w.must(h.RemoveFromList("1", "101"))
	w.must(h.AddToList("1", "102"))
	w.must(w.crm.Salesforce.Delete("OpportunityContactRole", "00KKx0000000002MAA"))
}

// boundary is a moment of a run at which its process is killed: a request to a CRM that it has not seen, or that it
// carried out and whose answer was not sent; or a commit.
type boundary struct {
	system       crm.System // empty: after the last request
	method, path string
	endpoint     string
	nth          int // of the requests with this method and path
	done         bool
	commit       int // the last one before the request that reached the disk; 0: all of them
}

func (b boundary) String() string {
	at := fmt.Sprintf("%s %s %s %d", b.system, b.method, b.path, b.nth)
	switch {
	case b.system == "":
		return fmt.Sprintf("commit %d at the end", b.commit)
	case b.commit > 0:
		return fmt.Sprintf("commit %d before %s", b.commit, at)
	case b.done:
		return "after " + at
	}
	return "before " + at
}

// writes says whether the boundary is at a request that writes.
func (b boundary) writes() bool {
	return b.commit == 0 && b.method != "GET" && !strings.Contains(b.path, "/oauth2/") && !strings.HasSuffix(b.path, "/read") && !strings.HasSuffix(b.path, "/search") &&
		(b.method != "POST" || !strings.Contains(b.path, "/composite/sobjects/")) // retrieves
}

// boundaries lets a run go through and returns its boundaries in the order in which they come.
func (w *crashWorld) boundaries(args ...string) (all []boundary) {
	w.t.Helper()
	committed := 0
	between := func(next boundary, now int) {
		for committed++; committed < now; committed++ {
			next.commit = committed
			all = append(all, next)
		}
		committed = now
	}
	w.crm.Watch(func(e sandbox.Event) {
		log := w.log()
		if e.Answered {
			return
		}
		b := boundary{system: e.System, method: e.Method, path: e.Path, endpoint: e.Endpoint, nth: 1}
		for _, o := range all {
			if !o.done && o.commit == 0 && o.system == b.system && o.method == b.method && strings.Contains(o.path, b.path) {
				b.nth++
			}
		}
		between(b, len(commits(log)))
		all = append(all, b)
		if b.writes() {
			b.done = true
			all = append(all, b)
		}
	})
	c := launch(w.t, w.dir, w.now(), args...)
	if code := c.end(); code != 0 {
		w.t.Fatalf("exit code %d\n%s", code, c.printed())
	}
	w.crm.Watch(nil)
	between(boundary{}, len(commits(w.kept())))
	return all
}

// code is what a run ends with that is killed at the boundary, or whose last commits are taken back.
func (b boundary) code() int {
	if b.system == "" {
		return 0
	}
	return -1
}

// crash runs the program and kills it at the boundary, with from the warehouse it began with.
func (w *crashWorld) crash(b boundary, from string, args ...string) *child {
	w.t.Helper()
	kind := sandbox.Hang
	if b.done {
		kind = sandbox.HangAfter
	}
	if b.system != "" {
		w.must(w.crm.Faults.Add(sandbox.Fault{System: b.system, Method: b.method, Path: b.path, Nth: b.nth, Count: 1, Kind: kind}))
	}
	var c *child
	started := make(chan struct{})
	w.crm.Watch(func(e sandbox.Event) {
		w.log()
		if <-started; e.Fault == kind && e.Answered == b.done {
			c.signal(syscall.SIGKILL)
		}
	})
	c = launch(w.t, w.dir, w.now(), args...)
	close(started)
	c.end()
	w.crm.Watch(nil)
	w.crm.Faults.Clear()
	if b.system == "" {
		file, err := os.ReadFile(from)
		w.must(err)
		w.must(os.WriteFile(w.path(), file, 0o600))
		w.cut(w.kept(), b.commit)
	} else if b.commit > 0 {
		w.cut(w.log(), b.commit)
	}
	return c
}

// reference is a run of a pipeline without a crash.
type reference struct {
	from string     // the warehouse it began with
	run  []string   // the command line
	all  []boundary // that it has
	want outcome
}

func newReference(t *testing.T, pipeline string) *reference {
	t.Helper()
	r := &reference{run: []string{"run", pipeline, "--force", "links,creates,updates,deletes,clears"}}
	first := newCrashWorld(t, "")
	for range 2 {
		if out := first.lockstep(0, r.run...); strings.Contains(out, " taken") {
			t.Fatalf("the two CRMs are not in step to begin with:\n%s", out)
		}
	}
	r.from = first.path()
	w := newCrashWorld(t, r.from)
	w.people(pipeline == "people")
	r.all = w.boundaries(r.run...)
	w.pass(settled)
	if out := w.lockstep(0, r.run...); !strings.Contains(out, "nothing sent") {
		t.Fatalf("not quiet after a run without a crash:\n%s", out)
	}
	if r.want = w.outcome(); len(r.want.other) > 0 {
		t.Fatalf("a run without a crash does not take everything:\n%s", strings.Join(r.want.other, "\n"))
	}
	t.Logf("%d boundaries, %d records in the end, %d values written", len(r.all), len(r.want.records), len(r.want.taken))
	return r
}

// same compares what a world came to, whose last runs printed out.
func (r *reference) same(w *crashWorld, out string) {
	w.t.Helper()
	got := w.outcome()
	differ(w.t, "the CRMs", r.want.records, got.records, out)
	differ(w.t, "the values written", r.want.taken, got.taken, strings.Join(got.other, "\n")+"\n"+out)
	differ(w.t, "links and bases", r.want.stand, got.stand, out)
	if got.outbox > 0 {
		w.t.Errorf("%d writes are still under way\n%s", got.outbox, out)
	}
}

// TestCrash kills a run at every boundary: before a CRM has seen a request, once it has carried it out and nobody was told,
// and between any two commits. Then it lets a run go through. What the two CRMs hold after it, every value that history
// says was written, links and bases are what they would be without the crash, and nothing is under way any more: so the
// run after it, too, is the one without a crash, which finds nothing to do.
//
// A commit is enumerated by what it leaves on the disk: DuckDB appends each to its log, and a process that is killed leaves
// that log as far as it was written. Where one commit lies between two requests, as all through the load, the requests
// enumerate it: killed once the first is answered it is not there, killed before the second is seen it is. Where there are
// more, the log is cut after each.
//
// So few creates go as no Bulk job: what a crash leaves of one is in load's TestAJob….
//
// A request that only reads leaves nothing behind: killed before it and after it is the same, and done once.
//
// In short it is people: after each kind of request that writes, and before one of each CRM. LOCKSTEP_CRASHES=everything is every entity, at every
// boundary, LOCKSTEP_CRASHES=people these at every boundary. A crash in a request that writes then comes twice: the next run
// begins once it must be over, or at once, while a CRM may still be at it; then the run after that one has the rest to do.
// LOCKSTEP_CRASH names boundaries by a part of their name.
func TestCrash(t *testing.T) {
	t.Parallel()
	pipeline, whole := os.LookupEnv("LOCKSTEP_CRASHES")
	if !whole {
		pipeline = "people"
	}
	r := newReference(t, pipeline)
	crashed := func(b boundary, wait time.Duration) {
		t.Run(strings.TrimSpace(b.String()+" "+strings.TrimPrefix(wait.String(), settled.String())), func(t *testing.T) {
			t.Parallel()
			w := newCrashWorld(t, r.from)
			w.people(pipeline == "people")
			if c := w.crash(b, r.from, r.run...); c.end() != b.code() {
				t.Fatalf("the run never came that far; it printed\n%s", c.printed())
			}
			w.pass(wait)
			out := ""
			if wait < settled { // what is not settled yet is deferred
				out = w.lockstep(-1, r.run...)
				w.pass(settled)
			}
			out += w.lockstep(0, r.run...)
			r.same(w, out)
		})
	}
	only, seen := os.Getenv("LOCKSTEP_CRASH"), map[string]bool{}
	for _, b := range slices.Backward(r.all) { // the last request of a kind: POST /composite also reads metadata, before that
		kind := fmt.Sprint(b.system, b.endpoint)
		if !b.done { // what nobody has seen is the same whatever it was
			kind = string(b.system)
		}
		if only != "" && !strings.Contains(b.String(), only) || !whole && only == "" && (!b.writes() || seen[kind]) {
			continue
		}
		seen[kind] = true
		crashed(b, settled)
		if whole && b.writes() {
			crashed(b, time.Minute)
		}
	}
}

// settled is how long after a crash the next run may take it that no CRM is still at what it was sent.
const settled = 11 * time.Minute

// differ reports lines that are too few or too many.
func differ(t *testing.T, what string, want, got []string, out string) {
	t.Helper()
	var text []string
	count := map[string]int{}
	for _, l := range want {
		count[l]++
	}
	for _, l := range got {
		count[l]--
	}
	for l, n := range count {
		for ; n > 0; n-- {
			text = append(text, "- "+l)
		}
		for ; n < 0; n++ {
			text = append(text, "+ "+l)
		}
	}
	if len(text) > 0 {
		slices.SortFunc(text, func(a, b string) int { return strings.Compare(a[2:], b[2:]) })
		t.Errorf("%s: not as without the crash:\n%s\n%s", what, strings.Join(text, "\n"), out)
	}
}
