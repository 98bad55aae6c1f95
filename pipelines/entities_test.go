package pipelines_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox"
	"lockstep/pipelines"
	defaults "lockstep/sql"
)

// TestEntityWorlds is the fixed point over all entities of the default project and a custom object: companies, people
// as Leads, Contacts and both, deals with the people who have a role in them, the members of a list and its campaign, tasks, notes,
// events and subscriptions are made, edited, moved to other companies and owners, converted, merged and deleted on both sides between runs and during them. Then it goes quiet, and within three runs nothing is left to do. What
// must hold then stands in entities_check_test.go. In every other world deals and
// roles are two-way, and each world has another direction of members.
//
// LOCKSTEP_WORLDS sets how many worlds are tried, LOCKSTEP_SEED runs one alone.
func TestEntityWorlds(t *testing.T) {
	t.Parallel()
	for _, seed := range seeds(1) {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) { newEntities(t, seed).live() })
	}
}

// entities is a world of all entities.
type entities struct {
	*lab
	seed    uint64
	rng     *rand.Rand
	both    bool // deals and roles are two-way
	fair    fair
	anchors map[string]bool              // records of Salesforce that nobody picks
	users   []string                     // in Salesforce
	means   map[string]map[string]string // by what a field refers to: a word of HubSpot, and Salesforce's for it

	mu     sync.Mutex // people also work while a run is under way
	shut   window     // but not between verify and write, where nothing protects
	during int        // how many acts the run under way may still meet
	serial int
	words  map[string]bool     // what people typed
	human  map[crm.Record]bool // records people made
	typed  map[string]string   // "hubspot contacts 101 phone": what a person typed there last
	mixed  map[crm.Record]bool // records merged or deleted: what became of their edits is another test's
	acts   []string
}

// newEntities fills two CRMs, most of it in both.
func newEntities(t *testing.T, seed uint64) *entities {
	t.Helper()
	w := &entities{
		seed: seed, rng: rand.New(rand.NewPCG(seed, 7)), both: seed%2 == 0,
		means:   map[string]map[string]string{"owner": {}, "priority": {"LOW": "Low", "MEDIUM": "Normal", "HIGH": "High"}},
		words:   map[string]bool{"Note": true}, // the subject of a note's Task
		anchors: map[string]bool{}, shut: window{}, human: map[crm.Record]bool{}, typed: map[string]string{}, mixed: map[crm.Record]bool{},
	}
	story, err := txtar.ParseFile(filepath.Join("..", "cmd", "lockstep", "testdata", "scenario", "custom_object.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	csv := map[string][]byte{"salesforce.Account.csv": []byte("Id,Name\n")}
	for _, f := range story.Files {
		if f.Name == "before/columns.csv" {
			csv["columns.csv"] = f.Data
		}
	}
	for name, text := range csv {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.lab = newLab(t, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), sandbox.Options{LoadDir: dir})
	w.owners()
	w.sets()
	w.connect(w.mapping(story), entitiesPipeline, "")
	w.job.Publish = pipelines.Publishing{Small: 1} // as of a large warehouse: in pieces
	for range 6 {
		w.makeCompany()
	}
	for range 16 {
		w.makePerson()
	}
	for range 6 {
		w.makeDeal()
		w.makeSubscription()
		w.makeActivity()
		w.role()
		w.member()
	}
	w.crms.Watch(w.meanwhile)
	return w
}

// What has no incremental read is read, too: every run is a nightly one.
const entitiesPipeline = `entities: [company, contact, deal, "*"]
full: true
deletions:
  contact: {to_hubspot: archive, to_salesforce: delete, grace: 5m}
`

// meanwhile lets people work while a run is under way, except between verify and write.
func (w *entities) meanwhile(e sandbox.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shut.see(e)
	if w.during > 0 && !w.shut[crm.HubSpot] && !w.shut[crm.Salesforce] && w.rng.IntN(4) == 0 {
		w.during--
		w.act()
	}
}

// mapping is the default one with the custom object's folder, and with two-way deals where the world has them.
func (w *entities) mapping(story *txtar.Archive) fs.FS {
	w.t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(defaults.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			var text []byte
			text, err = fs.ReadFile(defaults.FS, path)
			files[path] = &fstest.MapFile{Data: text}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range story.Files {
		if name, ok := strings.CutPrefix(f.Name, "sql/"); ok && (strings.HasPrefix(name, "subscription/") || name == "crosswalk/plan.csv") {
			files[name] = &fstest.MapFile{Data: f.Data}
		}
	}
	if w.both {
		fields, create := string(files["deal/fields.sql"].Data), string(files["deal/create.sql"].Data)
		for _, name := range []string{"dealname", "amount", "deal_currency_code", "closedate", "dealstage", "description", "hs_next_step", "company"} {
			fields = w.replaced(fields, "('"+name+"', 'salesforce_to_hubspot'", "('"+name+"', 'two_way'")
		}
		files["deal/fields.sql"].Data = []byte(fields)
		if !strings.Contains(create, "'Opportunity'") {
			create = w.replaced(create, "    'salesforce',\n    null,", "    'salesforce',\n    'Opportunity',")
		}
		files["deal/create.sql"].Data = []byte(strings.ReplaceAll(strings.ReplaceAll(create, "when not false", "when not true"), "when false and", "when true and"))
	}
	w.setsMapping(files)
	return files
}

func (w *entities) replaced(text, old, now string) string {
	w.t.Helper()
	if !strings.Contains(text, old) {
		w.t.Fatalf("the mapping has no %q", old)
	}
	return strings.Replace(text, old, now, 1)
}

// owners are two people whom both CRMs know.
func (w *entities) owners() {
	w.t.Helper()
	for _, name := range []string{"ann", "bo"} {
		email := name + "@sales.example.com"
		owner, err := w.crms.HubSpot.Insert("owners", map[string]string{"email": email, "firstName": name})
		if err != nil {
			w.t.Fatal(err)
		}
		id, err := w.crms.Salesforce.Insert("User", map[string]string{"Username": email, "Email": email, "LastName": name, "Alias": name, "IsActive": "true"})
		if err != nil {
			w.t.Fatal(err)
		}
		w.users = append(w.users, id)
		w.means["owner"][owner] = id
	}
}

// live is a few rounds of people at work, each followed by a run, then quiet.
func (w *entities) live() {
	w.run(0)
	for range 3 {
		for range 40 + w.rng.IntN(20) {
			w.act()
			w.pass(20 * time.Second)
		}
		w.run(w.rng.IntN(12))
	}
	runs := 0
	for len(w.run(0).Load.Lines) > 0 {
		runs++
		if runs > 3 {
			w.t.Fatalf("seed %d: not quiet after three runs: %v\n%s", w.seed, w.run(0).Load.Lines, strings.Join(w.acts, "\n"))
		}
	}
	w.t.Logf("seed %d: %d acts, quiet after %d runs", w.seed, len(w.acts), runs)
	w.published(w.t)
	w.check()
}

// run is one run, during which people do up to that many things; what it made must not have been there already.
func (w *entities) run(during int) pipelines.Result {
	w.t.Helper()
	before := w.keys()
	w.mu.Lock()
	w.acts = append(w.acts, fmt.Sprintf("  %s run", w.now().Format("15:04")))
	w.during, w.shut = during, window{}
	w.mu.Unlock()
	res, err := w.once()
	w.mu.Lock()
	w.during = 0
	w.mu.Unlock()
	if err != nil {
		w.t.Fatalf("seed %d: %v\n%s", w.seed, err, strings.Join(w.acts, "\n"))
	}
	after := w.keys()
	for r, key := range after {
		if _, there := before[r]; there || w.human[r] {
			continue
		}
		for other, k := range before {
			if k == key && after[other] != "" && other.Object.System == r.Object.System {
				w.t.Errorf("seed %d: the run made %v although %v was there (%s)\n%s", w.seed, r, other, key, strings.Join(w.acts, "\n"))
			}
		}
	}
	w.pass(10 * time.Minute)
	return res
}

// keys tell which live records are one thing: a person's address, a company's domain, a deal's and a subscription's name.
func (w *entities) keys() map[crm.Record]string {
	all := map[crm.Record]string{}
	for _, k := range keyed {
		records := w.crms.Salesforce.All(k.object)
		if k.system == crm.HubSpot {
			records = w.crms.HubSpot.All(k.object)
		}
		for _, r := range records {
			if r["IsConverted"] != "true" {
				id := r["Id"] + r["hs_object_id"]
				all[crm.Record{Object: crm.Object{System: k.system, Name: k.object}, ID: id}] = k.kind + strings.ToLower(r[k.column])
			}
		}
	}
	return all
}

var keyed = []struct {
	system               crm.System
	object, kind, column string
}{
	{crm.HubSpot, "companies", "company ", "domain"}, {crm.Salesforce, "Account", "company ", "Website"},
	{crm.HubSpot, "contacts", "person ", "email"}, {crm.Salesforce, "Contact", "person ", "Email"}, {crm.Salesforce, "Lead", "person ", "Email"},
	{crm.HubSpot, "deals", "deal ", "dealname"}, {crm.Salesforce, "Opportunity", "deal ", "Name"},
	{crm.HubSpot, "tasks", "task ", "hs_task_subject"}, {crm.Salesforce, "Task", "task ", "Subject"},
	{crm.HubSpot, "meetings", "event ", "hs_meeting_title"}, {crm.Salesforce, "Event", "event ", "Subject"},
	{crm.HubSpot, "p_subscription", "subscription ", "name"}, {crm.Salesforce, "Subscription__c", "subscription ", "Name"},
}

func (w *entities) word(prefix string) string {
	w.serial++
	v := fmt.Sprintf("%s%04d", prefix, w.serial)
	w.words[v] = true
	return v
}
