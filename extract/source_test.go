package extract_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/extract"
	"lockstep/internal/crm"
	"lockstep/internal/hubspot"
	"lockstep/internal/salesforce"
	"lockstep/internal/sandbox"
	"lockstep/internal/warehouse"
	"lockstep/internal/wire"
)

// conformance is what every Source must do, told of one object of one CRM. The CRM is a simulator over HTTP.
type conformance struct {
	object  string
	other   string // another one there is
	column  string // text
	n       int    // records: more than one page
	asked   []string
	source  func(*testing.T, *sandbox.Sandbox) extract.Source
	insert  func(b *sandbox.Sandbox, n int) (string, error)
	edit    func(b *sandbox.Sandbox, id, value string) error
	delete  func(b *sandbox.Sandbox, id string) error
	deleted bool // Changes yields deleted records
}

var hubspotConformance = conformance{
	object: "contacts", other: "companies", column: "firstname", n: 205, asked: []string{"firstname", "lastname"},
	source: func(t *testing.T, b *sandbox.Sandbox) extract.Source {
		c, err := hubspot.New(hubspot.Options{BaseURL: b.HubSpotURL, Token: wire.NewSecret("pat-na1-sandbox"), Sleep: noSleep})
		if err != nil {
			t.Fatal(err)
		}
		return extract.HubSpot(c, 0)
	},
	insert: func(b *sandbox.Sandbox, n int) (string, error) {
		return b.HubSpot.Insert("contacts", map[string]string{"firstname": fmt.Sprintf("Ann%d", n), "lastname": "Lee"})
	},
	edit: func(b *sandbox.Sandbox, id, value string) error {
		return b.HubSpot.Edit("contacts", id, map[string]string{"firstname": value})
	},
	delete: func(b *sandbox.Sandbox, id string) error { return b.HubSpot.Delete("contacts", id) },
}

// salesforceSource is a Source that reads by bulk job from bulkFrom records on.
func salesforceSource(bulkFrom int64) func(t *testing.T, b *sandbox.Sandbox) extract.Source {
	return func(t *testing.T, b *sandbox.Sandbox) extract.Source {
		c, err := salesforce.New(salesforce.Options{
			LoginURL: b.SalesforceURL, Sleep: noSleep,
			Flow: salesforce.ClientCredentials{ConsumerKey: "sandbox", ConsumerSecret: wire.NewSecret("sandbox")},
		})
		if err != nil {
			t.Fatal(err)
		}
		return extract.Salesforce(c, 0, bulkFrom)
	}
}

func salesforceConformance(bulkFrom int64) conformance {
	return conformance{
		object: "Lead", other: "Account", column: "FirstName", n: 2005, asked: []string{"FirstName", "LastName"}, deleted: true,
		source: salesforceSource(bulkFrom),
		insert: func(b *sandbox.Sandbox, n int) (string, error) {
			return b.Salesforce.Insert("Lead", map[string]string{"FirstName": fmt.Sprintf("Ann%d", n), "LastName": "Lee", "Company": "Example"})
		},
		edit: func(b *sandbox.Sandbox, id, value string) error {
			return b.Salesforce.Edit("Lead", id, map[string]string{"FirstName": value})
		},
		delete: func(b *sandbox.Sandbox, id string) error { return b.Salesforce.Delete("Lead", id) },
	}
}

func noSleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

func TestSources(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]conformance{
		"hubspot": hubspotConformance, "salesforce": salesforceConformance(0), "salesforce in bulk": salesforceConformance(1),
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); c.run(t) })
	}
}

func (c conformance) run(t *testing.T) {
	box, err := sandbox.Start(t.Context(), sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	source := c.source(t, box)
	var ids []string
	for i := range c.n {
		id, err := c.insert(box, i)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}

	a, err := source.Account(t.Context())
	if err != nil || a.System != source.System() || a.ID == "" {
		t.Errorf("Account: %+v, %v", a, err)
	}
	if _, known := source.ClockAhead(); !known {
		t.Error("ClockAhead: not known after a call")
	}
	for _, objects := range [][]string{{c.object}, {c.object, c.other}} {
		columns, hidden, err := source.Columns(t.Context(), objects)
		if len(hidden) > 0 {
			t.Errorf("Columns of %v: hidden: %v", objects, hidden)
		}
		if err != nil || len(columns) != len(objects) ||
			!slices.ContainsFunc(columns[c.object], func(k crm.Column) bool { return k.Name == c.column && k.Type == "string" }) {
			t.Errorf("Columns of %v: %d, %v", objects, len(columns), err)
		}
		columns, hidden, err = source.Columns(t.Context(), append(objects, "NoSuchObject"))
		if err != nil || len(columns) != len(objects) || hidden["NoSuchObject"] == nil {
			t.Errorf("Columns of %v and an object that is not there: %d, hidden %v, %v", objects, len(columns), hidden, err)
		}
	}
	if _, err := source.People(t.Context()); err != nil {
		t.Error(err)
	}

	t.Log("All is every record")
	all, positions := c.all(t, source, "")
	if len(all) != c.n || all[ids[0]] != "Ann0" || all[ids[c.n-1]] != fmt.Sprintf("Ann%d", c.n-1) {
		t.Errorf("All: %d records", len(all))
	}
	again, _ := c.all(t, source, positions[0])
	if positions[0] != "" && len(again) >= len(all) || again[ids[c.n-1]] == "" {
		t.Errorf("All from the first page's position %q: %d of %d records", positions[0], len(again), len(all))
	}

	t.Log("Changes are those since, and a deletion where the CRM lists it by time")
	since := time.Now()
	if err := c.edit(box, ids[3], "Bo"); err != nil {
		t.Fatal(err)
	}
	if err := c.delete(box, ids[4]); err != nil {
		t.Fatal(err)
	}
	changed := c.changes(t, source, since)
	if changed[ids[3]] != "Bo" {
		t.Errorf("Changes: %q for the edited record", changed[ids[3]])
	}
	if _, found := changed[ids[4]]; found != c.deleted {
		t.Errorf("Changes: the deleted record is there: %v", found)
	}
	if none := c.changes(t, source, since.Add(time.Hour)); len(none) != 0 {
		t.Errorf("Changes since the future: %d records", len(none))
	}

	t.Log("Records are the named ones, deleted ones among them, in however many calls")
	named := map[string]string{}
	for page, err := range source.Records(t.Context(), c.object, c.asked, append(slices.Clone(ids[2:5]), ids[10:200]...)) {
		if err != nil {
			t.Fatal(err)
		}
		c.collect(t, page, named)
	}
	if _, deleted := named[ids[4]]; len(named) != 193 || named[ids[2]] != "Ann2" || named[ids[3]] != "Bo" || !deleted {
		t.Errorf("Records: %d of 193, %q, %q, the deleted one is there: %v", len(named), named[ids[2]], named[ids[3]], deleted)
	}

	t.Log("All still has the deleted record")
	all, _ = c.all(t, source, "")
	if _, found := all[ids[4]]; !found || len(all) != c.n {
		t.Errorf("All: %d records, the deleted one is there: %v", len(all), found)
	}
}

// all are the values of the column by id, and the positions of the pages.
func (c conformance) all(t *testing.T, s extract.Source, position string) (map[string]string, []string) {
	t.Helper()
	found := map[string]string{}
	var positions []string
	for page, err := range s.All(t.Context(), c.object, c.asked, position) {
		if err != nil {
			t.Fatal(err)
		}
		c.collect(t, page, found)
		positions = append(positions, page.Position)
	}
	return found, positions
}

func (c conformance) changes(t *testing.T, s extract.Source, since time.Time) map[string]string {
	t.Helper()
	found := map[string]string{}
	for page, err := range s.Changes(t.Context(), []extract.Changed{{Object: c.object, Columns: c.asked, Since: since}}) {
		if err != nil {
			t.Fatal(err)
		}
		c.collect(t, page, found)
	}
	return found
}

func (c conformance) collect(t *testing.T, p extract.Page, into map[string]string) {
	t.Helper()
	if p.Object != c.object {
		t.Errorf("a page of %q", p.Object)
	}
	before := len(into)
	switch p.Shape {
	case "":
		lines := strings.Split(strings.TrimSpace(string(p.Body)), "\n")
		for _, line := range lines[1:] {
			cells := strings.Split(strings.ReplaceAll(line, `"`, ""), ",")
			into[cells[0]] = cells[3]
		}
	case warehouse.HubSpotResults:
		var in struct {
			Results []struct {
				ID         string
				Properties map[string]string
			}
		}
		if err := json.Unmarshal(p.Body, &in); err != nil {
			t.Fatal(err)
		}
		for _, r := range in.Results {
			into[r.ID] = r.Properties[c.column]
		}
	default:
		var in struct {
			Records []map[string]any `json:"records"`
		}
		if err := json.Unmarshal(p.Body, &in); err != nil {
			t.Fatal(err)
		}
		for _, r := range in.Records {
			into[r["Id"].(string)], _ = r[c.column].(string)
		}
	}
	if p.Records != 0 && int(p.Records) < len(into)-before {
		t.Errorf("a page says %d records and holds %d new ones", p.Records, len(into)-before)
	}
}

// TestSalesforceSharesACall: what changed in several objects is one call where each answer is one page.
func TestSalesforceSharesACall(t *testing.T) {
	t.Parallel()
	box, err := sandbox.Start(t.Context(), sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	if _, err := box.Salesforce.Insert("Contact", map[string]string{"LastName": "Lee"}); err != nil {
		t.Fatal(err)
	}
	source := salesforceSource(0)(t, box)
	asked := []extract.Changed{
		{Object: "Contact", Columns: []string{"LastName"}, Since: time.Now()},
		{Object: "Lead", Columns: []string{"LastName"}, Since: time.Now()},
	}
	if _, err := source.Account(t.Context()); err != nil {
		t.Fatal(err)
	}
	box.ResetCalls()
	got := map[string]int64{}
	for page, err := range source.Changes(t.Context(), asked) {
		if err != nil {
			t.Fatal(err)
		}
		got[page.Object] += page.Records
	}
	if d := cmp.Diff(map[string]int64{"Contact": 1, "Lead": 0}, got); d != "" {
		t.Error(d)
	}
	if n := box.Count(crm.Salesforce, ""); n != 1 {
		t.Errorf("%d calls, want 1: %+v", n, box.Calls())
	}
}

func TestHistories(t *testing.T) {
	t.Parallel()
	box, err := sandbox.Start(t.Context(), sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	id, err := hubspotConformance.insert(box, 1)
	if err != nil {
		t.Fatal(err)
	}
	w, err := warehouse.Open(t.Context(), warehouse.Options{RunAt: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	source := hubspotConformance.source(t, box)
	for _, value := range []string{"Bo", "Cy"} {
		if err := hubspotConformance.edit(box, id, value); err != nil {
			t.Fatal(err)
		}
		if err := extract.Histories(t.Context(), w, source, "contacts", []string{id, id, "999"}, []string{"firstname"}); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := w.DB.QueryContext(t.Context(), `select object || ' ' || id || ' ' || property || ' ' || value || ' ' || source_type from hubspot.history order by "at", value`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.ReplaceAll(s, id, "ID"))
	}
	slices.Sort(got)
	want := []string{"contacts ID firstname Ann1 IMPORT", "contacts ID firstname Bo CRM_UI", "contacts ID firstname Cy CRM_UI"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
