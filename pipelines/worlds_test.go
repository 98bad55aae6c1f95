package pipelines_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/project"
	"lockstep/internal/sandbox"
	"lockstep/internal/warehouse"
	"lockstep/load"
	"lockstep/pipelines"
)

// TestWorlds is the fixed point: random people in two CRMs are edited on one side or both, also during runs,
// through mappings that lose, join, translate many-to-one or not at all, with automations that rewrite values,
// validation rules that refuse and mappings edited between runs. Then it goes quiet, and within three runs
// nothing is left to do. What must hold then:
//
//   - every edit made on one side alone has reached the other, unless its direction forbids it, its value has
//     no translation, or a CRM refused it, which is listed;
//   - no lone edit was overwritten or called a conflict;
//   - no value stands anywhere that nobody typed;
//   - editing a mapping sends nothing.
//
// LOCKSTEP_WORLDS sets how many worlds are tried, LOCKSTEP_SEED runs one alone.
func TestWorlds(t *testing.T) {
	t.Parallel()
	seeds := []uint64{1, 2}
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
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			newWorld(t, seed, 60).live()
		})
	}
}

// person is one human being in both CRMs, and what people last did to them.
type person struct {
	email      string
	hubspot    string // id; empty: not there yet
	salesforce string
	oneSide    bool              // every field of theirs is edited in one CRM only
	side       map[string]string // where a field of theirs is edited, when oneSide
	typed      map[string]string // "hubspot.phone": the last value a person typed there
}

type world struct {
	t       *testing.T
	rng     *rand.Rand
	crms    *sandbox.Sandbox
	job     pipelines.Job
	sql     fstest.MapFS
	people  []*person
	serial  int
	words   map[string]bool // every value anybody typed, and what the mapping may make of it
	edited  int
	seed    uint64
	shut    map[string]bool // between verify and write nothing protects, so nobody edits there
	quiet   bool
	mu      sync.Mutex
	clockMu sync.Mutex
	clock   time.Time
	wh      *warehouse.Warehouse // opened when all is over
}

func (w *world) now() time.Time {
	w.clockMu.Lock()
	defer w.clockMu.Unlock()
	return w.clock
}

func (w *world) pass(d time.Duration) {
	w.clockMu.Lock()
	defer w.clockMu.Unlock()
	w.clock = w.clock.Add(d)
}

func newWorld(t *testing.T, seed uint64, people int) *world {
	t.Helper()
	w := &world{t: t, seed: seed, rng: rand.New(rand.NewPCG(seed, 1)), clock: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), words: map[string]bool{}, shut: map[string]bool{}, sql: fstest.MapFS{}}
	for name, text := range personSQL {
		w.sql[name] = &fstest.MapFile{Data: []byte(text)}
	}
	var err error
	if w.crms, err = sandbox.Start(t.Context(), sandbox.Options{Now: w.now, SearchLag: 5 * time.Second}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.crms.Close)
	w.populate(people)
	w.automate()
	w.crms.Watch(w.during)

	dir := t.TempDir()
	config := fmt.Sprintf("salesforce:\n  url: %s\n  client_id: sandbox\nhubspot:\n  url: %s\n", w.crms.SalesforceURL, w.crms.HubSpotURL)
	if err := os.WriteFile(filepath.Join(dir, project.ConfigFile), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	pipes := fstest.MapFS{"world.yaml": {Data: []byte("cron: \"\"\nentities: [person]\n")}}
	p, err := project.Open(dir, w.sql, pipes)
	if err != nil {
		t.Fatal(err)
	}
	pipe, err := pipelines.Load(p.Pipelines, "world")
	if err != nil {
		t.Fatal(err)
	}
	env := func(name string) (string, bool) {
		v, ok := map[string]string{project.HubSpotToken: "pat-na1-sandbox", project.SalesforceClientSecret: "sandbox"}[name]
		return v, ok
	}
	crms, err := pipelines.Connect(p, env, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := load.Setup(t.Context(), load.SetupOptions{
		HubSpot: crms.HubSpot, HubSpotIn: []string{"contacts"}, StampID: "salesforce_id", StampObject: "salesforce_object",
		Salesforce: crms.Salesforce, SalesforceIn: []string{"Contact"}, StampField: "HubSpot_Id__c", Create: true,
	}); err != nil {
		t.Fatal(err)
	}
	w.job = pipelines.Job{Project: p, Pipeline: pipe, CRMs: crms, Name: "world", Now: w.now, Log: zerolog.Nop()}
	return w
}

// populate puts people into both CRMs, some into one only.
func (w *world) populate(n int) {
	w.t.Helper()
	for i := range n {
		p := &person{email: fmt.Sprintf("p%d@example.com", i), typed: map[string]string{}, oneSide: i%2 == 0, side: map[string]string{}}
		for _, f := range []string{"phone", "status", "title", "name", "place"} {
			p.side[f] = []string{"hubspot", "salesforce"}[w.rng.IntN(2)]
		}
		p.side["memo"] = "hubspot"
		phone, name := w.word("4"), "Ray"+strconv.Itoa(i)
		h := map[string]string{"email": p.email, "phone": phone, "person_status": "a1", "jobtitle": "T", "memo": "m00000", "full_name": "Ann " + name, "country_code": "4", "city": "Ulm", "zip": "89"}
		s := map[string]string{"Email": p.email, "Phone": phone, "Status__c": "A", "Title": "T", "Memo__c": "m00000", "FirstName": "Ann", "LastName": name, "MailingCity": "Ulm", "MailingPostalCode": "89"}
		for _, v := range []string{name, "Ann", "T", "m00000", "Ulm", "89"} {
			w.words[v] = true
		}
		var err error
		// The first two are in both, so that every column is known to both CRMs from the start.
		where := w.rng.IntN(6)
		if i < 2 || where != 0 {
			if p.hubspot, err = w.crms.HubSpot.Insert("contacts", h); err != nil {
				w.t.Fatal(err)
			}
		}
		if i < 2 || where != 1 {
			if p.salesforce, err = w.crms.Salesforce.Insert("Contact", s); err != nil {
				w.t.Fatal(err)
			}
		}
		w.people = append(w.people, p)
	}
}

// automate gives the CRMs a life of their own: Salesforce takes the dashes out of phones and refuses titles
// with a 3 in them.
func (w *world) automate() {
	w.t.Helper()
	err := errors.Join(
		w.crms.Salesforce.Automate("Contact", func(_, after map[string]string) map[string]string {
			if p := strings.ReplaceAll(after["Phone"], "-", ""); p != after["Phone"] {
				return map[string]string{"Phone": p}
			}
			return nil
		}),
		w.crms.Salesforce.Validate("Contact", func(before, after map[string]string) (string, string) {
			if strings.Contains(after["Title"], "3") && before["Title"] != after["Title"] {
				return "titles have no 3", "Title"
			}
			return "", ""
		}),
	)
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) word(prefix string) string {
	w.serial++
	v := fmt.Sprintf("%s%04d", prefix, w.serial)
	w.words[v] = true
	return v
}

// edit is one person's hand on one field of one record.
func (w *world) edit() {
	p := w.people[w.rng.IntN(len(w.people))]
	field := []string{"phone", "status", "title", "memo", "name", "place"}[w.rng.IntN(6)]
	side := p.side[field]
	if !p.oneSide && field != "memo" {
		side = []string{"hubspot", "salesforce"}[w.rng.IntN(2)]
	}
	if w.shut[side] || side == "hubspot" && p.hubspot == "" || side == "salesforce" && p.salesforce == "" {
		return
	}
	values := w.typed(p, field, side)
	if side == "hubspot" {
		if err := w.crms.HubSpot.Edit("contacts", p.hubspot, values); err != nil {
			w.t.Errorf("edit hubspot %v: %v", values, err)
		}
	} else if err := w.crms.Salesforce.Edit("Contact", p.salesforce, values); err != nil {
		w.t.Errorf("edit salesforce %v: %v", values, err)
	}
	for k, v := range values {
		p.typed[side+"."+k] = v
	}
	w.edited++
}

// typed are the columns and values that a person would type for the field.
func (w *world) typed(p *person, field, side string) map[string]string {
	h := side == "hubspot"
	pick := func(hubspot, salesforce, v string) map[string]string {
		if h {
			return map[string]string{hubspot: v}
		}
		return map[string]string{salesforce: v}
	}
	switch field {
	case "phone":
		if w.rng.IntN(6) == 0 {
			return pick("phone", "Phone", "")
		}
		v := w.word(strconv.Itoa(2 + w.rng.IntN(3)))
		if h && w.rng.IntN(2) == 0 {
			v = v[:1] + "-" + v[1:]
			w.words[v] = true
		}
		return pick("phone", "Phone", v)
	case "status":
		if h {
			return map[string]string{"person_status": []string{"a1", "a2", "b1", "b2", "c1", "zz"}[w.rng.IntN(6)]}
		}
		return map[string]string{"Status__c": []string{"A", "B", "C", "Z"}[w.rng.IntN(4)]}
	case "title":
		if w.rng.IntN(4) == 0 {
			return pick("jobtitle", "Title", "")
		}
		v := w.word("T")
		if !h { // a person meets the validation rule too
			v = strings.ReplaceAll(v, "3", "x")
			w.words[v] = true
		}
		return pick("jobtitle", "Title", v)
	case "memo":
		return map[string]string{"memo": w.word("m")}
	case "name":
		last := w.word("Lee")
		if h {
			if w.rng.IntN(3) == 0 {
				last = "van " + last
			}
			return map[string]string{"full_name": "Ann " + last}
		}
		return map[string]string{"LastName": last}
	}
	city := w.word("City")
	if h {
		return map[string]string{"city": city, "zip": city[4:]}
	}
	return map[string]string{"MailingCity": city, "MailingPostalCode": city[4:]}
}

// during lets people edit while a run is under way, except between verify and write.
func (w *world) during(e sandbox.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pass(2 * time.Second)
	verify := strings.HasSuffix(e.Path, "/batch/read") || strings.Contains(e.Path, "/composite/sobjects/")
	write := strings.HasSuffix(e.Path, "/batch/update") || strings.HasSuffix(e.Path, "/batch/upsert") || strings.HasSuffix(e.Path, "/composite")
	if verify && !e.Answered {
		w.shut[string(e.System)] = true
	}
	if write && e.Answered {
		w.shut[string(e.System)] = false
	}
	if !w.quiet && w.rng.IntN(3) == 0 {
		w.edit()
	}
}

// run is one run of the pipeline; what a CRM refuses is part of the world.
func (w *world) run() pipelines.Result {
	w.t.Helper()
	res, err := pipelines.Run(context.Background(), w.job)
	if err != nil && !errors.Is(err, pipelines.ErrIncomplete) {
		w.t.Fatalf("seed %d: %v", w.seed, err)
	}
	w.mu.Lock()
	w.shut = map[string]bool{}
	w.mu.Unlock()
	w.find()
	return res
}

// find learns the ids of records that a run has created.
func (w *world) find() {
	ids := map[string]string{}
	for _, r := range w.crms.HubSpot.All("contacts") {
		ids["h"+r["email"]] = r["hs_object_id"]
	}
	for _, r := range w.crms.Salesforce.All("Contact") {
		ids["s"+r["Email"]] = r["Id"]
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.people {
		p.hubspot, p.salesforce = ids["h"+p.email], ids["s"+p.email]
	}
}

func (w *world) live() {
	// What differs before the first link is a first-link conflict, whoever typed it: editing begins after it.
	w.quiet = true
	w.run()
	w.quiet = false
	for round := range 3 + w.rng.IntN(2) {
		w.mu.Lock()
		for range w.rng.IntN(12) {
			w.edit()
		}
		w.mu.Unlock()
		w.run()
		w.pass(time.Duration(1+w.rng.IntN(30)) * time.Minute)
		if round == 1 {
			w.settle()
			w.editMapping()
		}
	}
	w.settle()
	w.check()
}

// settle lets it be quiet: within three runs nothing is left to do.
func (w *world) settle() {
	w.t.Helper()
	w.mu.Lock()
	w.quiet = true
	w.mu.Unlock()
	for i := 0; ; i++ {
		w.pass(10 * time.Minute)
		res := w.run()
		if len(res.Load.Lines) == 0 {
			break
		}
		if i == 3 {
			w.t.Fatalf("seed %d: still not quiet after three runs: %v", w.seed, res.Load.Lines)
		}
	}
	w.mu.Lock()
	w.quiet = false
	w.mu.Unlock()
}

// editMapping changes how two fields are read, and gives a status its translation: nothing may be sent for it
// but the values that were waiting for that translation.
func (w *world) editMapping() {
	w.t.Helper()
	w.mu.Lock()
	w.quiet = true
	w.mu.Unlock()
	from := "person/from_hubspot.contacts.sql"
	text := string(w.sql[from].Data)
	for _, change := range [][2]string{{"c.jobtitle as title", "'x' || c.jobtitle as title"}, {"c.city", "upper(c.city) as city"}} {
		if !strings.Contains(text, change[0]) {
			w.t.Fatalf("the mapping has no %q", change[0])
		}
		text = strings.Replace(text, change[0], change[1], 1)
	}
	kept := w.sql[from].Data
	w.sql[from] = &fstest.MapFile{Data: []byte(text)}
	w.pass(10 * time.Minute)
	if res := w.run(); len(res.Load.Lines) > 0 {
		w.t.Errorf("seed %d: an edited mapping sent %v", w.seed, res.Load.Lines)
	}
	w.sql[from] = &fstest.MapFile{Data: kept}
	w.pass(10 * time.Minute)
	if res := w.run(); len(res.Load.Lines) > 0 {
		w.t.Errorf("seed %d: an edited mapping, put back, sent %v", w.seed, res.Load.Lines)
	}
	w.mu.Lock()
	w.quiet = false
	w.mu.Unlock()
}
