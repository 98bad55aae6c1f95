package pipelines_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/rs/zerolog"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/project"
	"lockstep/internal/sandbox"
	"lockstep/internal/sandbox/salesforce"
	"lockstep/load"
	"lockstep/pipelines"
	defaults "lockstep/sql"
)

// TestEntityWorlds is the fixed point over all entities of the default project and a custom object: companies, people
// as Leads, Contacts and both, deals, tasks, notes, events and subscriptions are made, edited, moved to other companies and owners, converted,
// merged and deleted on both sides between runs and during them. Then it goes quiet, and within three runs nothing is left to do. What
// must hold then stands in entities_check_test.go. In every other world deals are two-way.
//
// LOCKSTEP_WORLDS sets how many worlds are tried, LOCKSTEP_SEED runs one alone.
func TestEntityWorlds(t *testing.T) {
	t.Parallel()
	seeds := []uint64{1}
	if n, err := strconv.Atoi(os.Getenv("LOCKSTEP_WORLDS")); err == nil {
		seeds = nil
		for i := range n {
			seeds = append(seeds, uint64(i+1))
		}
	}
	if s, err := strconv.ParseUint(os.Getenv("LOCKSTEP_SEED"), 10, 64); err == nil {
		seeds = []uint64{s}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) { newEntities(t, seed).live() })
	}
}

// entities is a world of all entities.
type entities struct {
	t       *testing.T
	seed    uint64
	rng     *rand.Rand
	crms    *sandbox.Sandbox
	job     pipelines.Job
	ticking sync.Mutex
	clock   time.Time
	both    bool                         // deals are two-way
	users   []string                     // in Salesforce
	means   map[string]map[string]string // by what a field refers to: a word of HubSpot, and Salesforce's for it

	mu     sync.Mutex      // people also work while a run is under way
	shut   map[string]bool // but not between verify and write, where nothing protects
	during int             // how many acts the run under way may still meet
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
		t: t, seed: seed, rng: rand.New(rand.NewPCG(seed, 7)), clock: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), both: seed%2 == 0,
		means: map[string]map[string]string{"owner": {}, "priority": {"LOW": "Low", "MEDIUM": "Normal", "HIGH": "High"}},
		words: map[string]bool{"Note": true}, // the subject of a note's Task
		shut:  map[string]bool{}, human: map[crm.Record]bool{}, typed: map[string]string{}, mixed: map[crm.Record]bool{},
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
	w.crms, err = sandbox.Start(t.Context(), sandbox.Options{Now: w.now, LoadDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.crms.Close)
	w.owners()
	w.connect(w.mapping(story))
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
	}
	w.crms.Watch(w.meanwhile)
	return w
}

func (w *entities) now() time.Time {
	w.ticking.Lock()
	defer w.ticking.Unlock()
	return w.clock
}

func (w *entities) pass(d time.Duration) {
	w.ticking.Lock()
	defer w.ticking.Unlock()
	w.clock = w.clock.Add(d)
}

// meanwhile lets people work while a run is under way, except between verify and write.
func (w *entities) meanwhile(e sandbox.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if strings.HasSuffix(e.Path, "/batch/read") || strings.Contains(e.Path, "/composite/sobjects/") {
		w.shut[string(e.System)] = true
	}
	if e.Answered && (strings.HasSuffix(e.Path, "/batch/update") || strings.HasSuffix(e.Path, "/batch/upsert") || strings.HasSuffix(e.Path, "/composite")) {
		w.shut[string(e.System)] = false
	}
	if w.during > 0 && !w.shut["hubspot"] && !w.shut["salesforce"] && w.rng.IntN(4) == 0 {
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

func (w *entities) connect(sql fs.FS) {
	w.t.Helper()
	dir := w.t.TempDir()
	config := fmt.Sprintf("salesforce:\n  url: %s\n  client_id: sandbox\nhubspot:\n  url: %s\n", w.crms.SalesforceURL, w.crms.HubSpotURL)
	if err := os.WriteFile(filepath.Join(dir, project.ConfigFile), []byte(config), 0o600); err != nil {
		w.t.Fatal(err)
	}
	// What has no incremental read is read, too: every run is a nightly one.
	pipes := fstest.MapFS{"world.yaml": {Data: []byte("cron: \"\"\nentities: [company, contact, deal, \"*\"]\nfull: true\ndeletions:\n  contact: {to_hubspot: archive, to_salesforce: delete, grace: 5m}\n")}}
	p, err := project.Open(dir, sql, pipes)
	if err != nil {
		w.t.Fatal(err)
	}
	pipe, err := pipelines.Load(p.Pipelines, "world")
	if err != nil {
		w.t.Fatal(err)
	}
	env := func(name string) (string, bool) {
		v, ok := map[string]string{project.HubSpotToken: "pat-na1-sandbox", project.SalesforceClientSecret: "sandbox"}[name]
		return v, ok
	}
	clients, err := pipelines.Connect(p, env, zerolog.Nop())
	if err != nil {
		w.t.Fatal(err)
	}
	e, err := entity.Load(p.SQL)
	if err != nil {
		w.t.Fatal(err)
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
	if _, err := load.Setup(w.t.Context(), o); err != nil {
		w.t.Fatal(err)
	}
	w.job = pipelines.Job{Project: p, Pipeline: pipe, CRMs: clients, Name: "world", Now: w.now, Log: zerolog.Nop()}
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
	w.check()
}

// run is one run, during which people do up to that many things; what it made must not have been there already.
func (w *entities) run(during int) pipelines.Result {
	w.t.Helper()
	before := w.keys()
	w.mu.Lock()
	w.acts = append(w.acts, fmt.Sprintf("  %s run", w.now().Format("15:04")))
	w.during, w.shut = during, map[string]bool{}
	w.mu.Unlock()
	res, err := pipelines.Run(context.Background(), w.job)
	w.mu.Lock()
	w.during = 0
	w.mu.Unlock()
	if err != nil && !errors.Is(err, pipelines.ErrIncomplete) {
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

// insert is a person making a record; one that a CRM refuses was not made.
func (w *entities) insert(system crm.System, object string, values map[string]string) string {
	sim := w.crms.Salesforce.Insert
	if system == crm.HubSpot {
		sim = w.crms.HubSpot.Insert
	}
	id, err := sim(object, values)
	w.acts = append(w.acts, fmt.Sprintf("  %s insert %s %s %s %v %v", w.now().Format("15:04"), system, object, id, values, err))
	if err == nil {
		w.human[crm.Record{Object: crm.Object{System: system, Name: object}, ID: id}] = true
	}
	return id
}

// pick is a live record of an object, "" when there is none.
func (w *entities) pick(system crm.System, object string) string {
	var ids []string
	records := w.crms.Salesforce.All(object)
	if system == crm.HubSpot {
		records = w.crms.HubSpot.All(object)
	}
	for _, r := range records {
		if r["IsConverted"] != "true" {
			ids = append(ids, r["Id"]+r["hs_object_id"])
		}
	}
	slices.Sort(ids)
	if len(ids) == 0 {
		return ""
	}
	return ids[w.rng.IntN(len(ids))]
}

// side is which CRMs something new is put into: HubSpot, Salesforce, or both by hand.
func (w *entities) side() (hubspot, salesforce bool) {
	n := w.rng.IntN(3)
	return n != 1, n != 0
}

func (w *entities) makeCompany() {
	name := w.word("Tern")
	domain := strings.ToLower(name) + ".example"
	h, s := w.side()
	if h {
		w.insert(crm.HubSpot, "companies", map[string]string{"name": name, "domain": domain, "lifecyclestage": []string{"lead", "customer", "opportunity"}[w.rng.IntN(3)]})
	}
	if s {
		w.insert(crm.Salesforce, "Account", map[string]string{"Name": name, "Website": domain, "OwnerId": w.users[w.rng.IntN(2)]})
	}
}

func (w *entities) makePerson() {
	last := w.word("Lee")
	email := strings.ToLower(last) + "@mail.example.com"
	h, s := w.side()
	if h {
		id := w.insert(crm.HubSpot, "contacts", map[string]string{"email": email, "firstname": "Ann", "lastname": last, "lifecyclestage": "lead"})
		w.words["Ann"] = true
		if c := w.pick(crm.HubSpot, "companies"); c != "" && w.rng.IntN(2) == 0 {
			_ = w.crms.HubSpot.Associate("contacts", id, "companies", c, "")
		}
	}
	if !s {
		return
	}
	n := w.rng.IntN(4) // a Lead, a Contact, or both
	if n != 0 {
		w.insert(crm.Salesforce, "Lead", map[string]string{"Email": email, "FirstName": "Ann", "LastName": last, "Company": "Tern", "Status": "Open - Not Contacted", "OwnerId": w.users[0]})
	}
	if n == 0 || n == 3 {
		w.insert(crm.Salesforce, "Contact", map[string]string{"Email": email, "FirstName": "Ann", "LastName": last, "AccountId": w.pick(crm.Salesforce, "Account"), "OwnerId": w.users[1]})
	}
}

func (w *entities) makeDeal() {
	name := w.word("Order")
	if h, s := w.side(); s || !h {
		w.insert(crm.Salesforce, "Opportunity", map[string]string{"Name": name, "StageName": "Prospecting", "CloseDate": "2026-12-31", "Amount": "1000", "AccountId": w.pick(crm.Salesforce, "Account"), "OwnerId": w.users[0]})
		return
	}
	id := w.insert(crm.HubSpot, "deals", map[string]string{"dealname": name, "pipeline": "default", "dealstage": "appointmentscheduled", "closedate": "2026-12-31T00:00:00Z", "amount": "500"})
	if c := w.pick(crm.HubSpot, "companies"); c != "" {
		_ = w.crms.HubSpot.Associate("deals", id, "companies", c, "")
	}
}

func (w *entities) makeSubscription() {
	name := w.word("SUB")
	h, s := w.side()
	if h {
		id := w.insert(crm.HubSpot, "p_subscription", map[string]string{"name": name, "plan": "gold", "seats": "5"})
		if c := w.pick(crm.HubSpot, "companies"); c != "" {
			_ = w.crms.HubSpot.Associate("p_subscription", id, "companies", c, "")
		}
	}
	if s {
		w.insert(crm.Salesforce, "Subscription__c", map[string]string{"Name": name, "Plan__c": "Gold", "Seats__c": "5", "Account__c": w.pick(crm.Salesforce, "Account")})
	}
}

// makeActivity is a task in one CRM, a note in HubSpot or an event in Salesforce, about a person or nobody.
func (w *entities) makeActivity() {
	subject := w.word("Talk")
	hubspot := map[string]map[string]string{
		"tasks": {"hs_task_subject": subject, "hs_task_status": "NOT_STARTED", "hs_task_priority": "LOW", "hs_timestamp": "2026-03-09T15:30:00Z"},
		"notes": {"hs_note_body": subject, "hs_timestamp": "2026-03-01T11:00:00Z"},
	}
	salesforce := map[string]map[string]string{
		"Task":  {"Subject": subject, "Status": "Not Started", "Priority": "Normal", "ActivityDate": "2026-03-09", "OwnerId": w.users[0]},
		"Event": {"Subject": subject, "StartDateTime": "2026-03-06T09:00:00Z", "EndDateTime": "2026-03-06T10:30:00Z", "DurationInMinutes": "90", "OwnerId": w.users[1]},
	}
	if w.rng.IntN(2) == 0 {
		object := []string{"tasks", "notes"}[w.rng.IntN(2)]
		id := w.insert(crm.HubSpot, object, hubspot[object])
		if c := w.pick(crm.HubSpot, "contacts"); c != "" && w.rng.IntN(4) > 0 {
			_ = w.crms.HubSpot.Associate(object, id, "contacts", c, "")
		}
		return
	}
	object := []string{"Task", "Event"}[w.rng.IntN(2)]
	if who := w.pick(crm.Salesforce, []string{"Contact", "Lead"}[w.rng.IntN(2)]); who != "" && w.rng.IntN(4) > 0 {
		salesforce[object]["WhoId"] = who
	}
	w.insert(crm.Salesforce, object, salesforce[object])
}

// act is one thing that one person does.
func (w *entities) act() {
	switch w.rng.IntN(24) {
	case 0:
		w.makeCompany()
	case 1:
		w.makePerson()
	case 2:
		w.makeDeal()
	case 3:
		w.makeSubscription()
	case 7:
		w.makeActivity()
	case 4:
		w.convert()
	case 5:
		w.merge()
	case 6:
		w.remove()
	default:
		w.edit()
	}
}

func (w *entities) did(format string, args ...any) {
	w.acts = append(w.acts, "  "+w.now().Format("15:04")+" "+fmt.Sprintf(format, args...))
}

func (w *entities) convert() {
	lead := w.pick(crm.Salesforce, "Lead")
	if lead == "" {
		return
	}
	c := salesforce.Conversion{Lead: lead}
	if w.rng.IntN(2) == 0 {
		c.Opportunity = w.word("Order")
	}
	if w.rng.IntN(2) == 0 {
		c.Account = w.pick(crm.Salesforce, "Account")
	}
	made, err := w.crms.Salesforce.ConvertLead(c)
	w.did("convert %+v: %+v %v", c, made, err)
	if err != nil {
		return
	}
	for key, v := range maps.Clone(w.typed) { // what was typed into the Lead is the Contact's
		if column, ok := strings.CutPrefix(key, fmt.Sprintf("%s Lead %s ", crm.Salesforce, lead)); ok {
			w.typed[fmt.Sprintf("%s Contact %s %s", crm.Salesforce, made.Contact, column)] = v
		}
	}
	for object, id := range map[string]string{"Contact": made.Contact, "Account": made.Account, "Opportunity": made.Opportunity} {
		if id != "" {
			w.human[crm.Record{Object: crm.Object{System: crm.Salesforce, Name: object}, ID: id}] = true
		}
	}
}

func (w *entities) merge() {
	where := []crm.Object{{System: crm.HubSpot, Name: "contacts"}, {System: crm.HubSpot, Name: "companies"}, {System: crm.Salesforce, Name: "Contact"}, {System: crm.Salesforce, Name: "Account"}}[w.rng.IntN(4)]
	a, b := w.pick(where.System, where.Name), w.pick(where.System, where.Name)
	if a == "" || a == b {
		return
	}
	var err error
	left := a
	if where.System == crm.HubSpot {
		left, err = w.crms.HubSpot.Merge(where.Name, a, b)
	} else {
		err = w.crms.Salesforce.Merge(where.Name, a, b)
	}
	w.did("merge %s %s and %s: %s %v", where, a, b, left, err)
	for _, id := range []string{a, b, left} {
		w.mixed[crm.Record{Object: where, ID: id}] = true
	}
}

func (w *entities) remove() {
	where := []crm.Object{{System: crm.HubSpot, Name: "contacts"}, {System: crm.Salesforce, Name: "Contact"}, {System: crm.Salesforce, Name: "Lead"}, {System: crm.HubSpot, Name: "companies"}, {System: crm.Salesforce, Name: "Opportunity"}}[w.rng.IntN(5)]
	id := w.pick(where.System, where.Name)
	if id == "" {
		return
	}
	sim := w.crms.Salesforce.Delete
	if where.System == crm.HubSpot {
		sim = w.crms.HubSpot.Delete
	}
	w.did("delete %s %s %v", where, id, sim(where.Name, id))
	w.mixed[crm.Record{Object: where, ID: id}] = true
}

// same is a field that both sides have as one column.
type same struct {
	entity, hubspotObject, hubspot string
	salesforce                     map[string]string // column by object
	refers                         string            // company, whose id it is, or one of means
	oneWay                         bool              // from Salesforce, unless deals are two-way
}

var sames = []same{
	{"company", "companies", "phone", map[string]string{"Account": "Phone"}, "", false},
	{"company", "companies", "hubspot_owner_id", map[string]string{"Account": "OwnerId"}, "owner", false},
	{"company", "companies", "description", map[string]string{"Account": "Description"}, "", false},
	{"contact", "contacts", "phone", map[string]string{"Contact": "Phone", "Lead": "Phone"}, "", false},
	{"contact", "contacts", "jobtitle", map[string]string{"Contact": "Title", "Lead": "Title"}, "", false},
	{"contact", "contacts", "hubspot_owner_id", map[string]string{"Contact": "OwnerId", "Lead": "OwnerId"}, "owner", false},
	{"contact", "contacts", "associatedcompanyid", map[string]string{"Contact": "AccountId"}, "company", false},
	{"deal", "deals", "description", map[string]string{"Opportunity": "Description"}, "", true},
	{"deal", "deals", "hs_next_step", map[string]string{"Opportunity": "NextStep"}, "", true},
	{"deal", "deals", "associated_company_id", map[string]string{"Opportunity": "AccountId"}, "company", true},
	{"task", "tasks", "hs_task_priority", map[string]string{"Task": "Priority"}, "priority", false},
	{"subscription", "p_subscription", "starts_on", map[string]string{"Subscription__c": "Starts_On__c"}, "", false},
	{"subscription", "p_subscription", "associated_company_id", map[string]string{"Subscription__c": "Account__c"}, "company", false},
}

// edit is one person's hand on one field of one record.
func (w *entities) edit() {
	f := sames[w.rng.IntN(len(sames))]
	value := w.word(f.hubspot[:2])
	if f.hubspot == "starts_on" {
		value = time.Date(2026, 1, 1+w.serial, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	object, column, system := f.hubspotObject, f.hubspot, crm.HubSpot
	if w.rng.IntN(2) == 0 {
		system = crm.Salesforce
		object = slices.Sorted(maps.Keys(f.salesforce))[w.rng.IntN(len(f.salesforce))]
		column = f.salesforce[object]
	}
	id := w.pick(system, object)
	if id == "" {
		return
	}
	var err error
	switch {
	case w.means[f.refers] != nil:
		words := slices.Sorted(maps.Keys(w.means[f.refers]))
		value = words[w.rng.IntN(len(words))]
		if system == crm.Salesforce {
			value = w.means[f.refers][value]
			err = w.crms.Salesforce.Edit(object, id, map[string]string{column: value})
		} else {
			err = w.crms.HubSpot.Edit(object, id, map[string]string{column: value})
		}
	case f.refers != "" && system == crm.HubSpot:
		if value = w.pick(system, "companies"); value == "" {
			return
		}
		label := "primary"
		if object == "p_subscription" { // its one company
			label = ""
			for _, a := range w.crms.HubSpot.Associations(object, id, "companies") {
				err = errors.Join(err, w.crms.HubSpot.Dissociate(object, id, "companies", a.ID))
			}
		}
		err = errors.Join(err, w.crms.HubSpot.Associate(object, id, "companies", value, label))
	case f.refers != "":
		if value = w.pick(system, "Account"); value == "" {
			return
		}
		err = w.crms.Salesforce.Edit(object, id, map[string]string{column: value})
	case system == crm.HubSpot:
		err = w.crms.HubSpot.Edit(object, id, map[string]string{column: value})
	default:
		err = w.crms.Salesforce.Edit(object, id, map[string]string{column: value})
	}
	w.did("edit %s %s %s %s=%q %v", system, object, id, column, value, err)
	if err == nil {
		w.typed[fmt.Sprintf("%s %s %s %s", system, object, id, column)] = value
	}
}
