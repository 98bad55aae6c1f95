package load_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/hubspot"
	"lockstep/internal/salesforce"
	"lockstep/internal/sandbox"
	"lockstep/internal/wire"
	"lockstep/load"
)

// crms are both simulators with the columns that setup makes, and a Target for each.
type crms struct {
	*sandbox.Sandbox
	hubspot    *hubspot.Client
	salesforce *salesforce.Client
	targets    load.Targets
	clock      *clock
}

// clock is the sandbox's: it moves a second each time it is read.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Second)
	return c.now
}

func startCRMs(t *testing.T) *crms {
	t.Helper()
	c := &crms{clock: &clock{now: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)}}
	box, err := sandbox.Start(t.Context(), sandbox.Options{Now: c.clock.read})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	c.Sandbox = box
	noSleep := func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	if c.hubspot, err = hubspot.New(hubspot.Options{BaseURL: box.HubSpotURL, Token: wire.NewSecret("pat-na1-sandbox"), Sleep: noSleep}); err != nil {
		t.Fatal(err)
	}
	if c.salesforce, err = salesforce.New(salesforce.Options{
		LoginURL: box.SalesforceURL, Sleep: noSleep, Attempts: 2,
		Flow: salesforce.ClientCredentials{ConsumerKey: "sandbox", ConsumerSecret: wire.NewSecret("sandbox")},
	}); err != nil {
		t.Fatal(err)
	}
	u, err := c.salesforce.UserInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c.targets = load.Targets{
		crm.HubSpot:    &load.HubSpot{Client: c.hubspot, Stamp: "salesforce_id"},
		crm.Salesforce: &load.Salesforce{Client: c.salesforce, Stamp: "HubSpot_Id__c", User: u.UserID},
	}
	return c
}

func (c *crms) setup(t *testing.T, create bool) []load.Step {
	t.Helper()
	steps, err := load.Setup(t.Context(), load.SetupOptions{HubSpot: c.hubspot, Salesforce: c.salesforce, Create: create})
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

func states(steps []load.Step) []load.StepState {
	var all []load.StepState
	for _, s := range steps {
		if !slices.Contains(all, s.State) {
			all = append(all, s.State)
		}
	}
	return all
}

func TestSetup(t *testing.T) {
	t.Parallel()
	c := startCRMs(t)
	looked := c.setup(t, false)
	want := []load.Step{
		{crm.HubSpot, "property group contacts.lockstep", load.Missing},
		{crm.HubSpot, "property contacts.salesforce_id (text, unique)", load.Missing},
		{crm.HubSpot, "property contacts.salesforce_object (text)", load.Missing},
		{crm.Salesforce, "field Lead.HubSpot_Id__c (Text 32, external id, unique)", load.Missing},
		{crm.Salesforce, "field Contact.HubSpot_Id__c (Text 32, external id, unique)", load.Missing},
		{crm.Salesforce, "permission set lockstep", load.Missing},
		{crm.Salesforce, "permission to read and edit Lead.HubSpot_Id__c", load.Missing},
		{crm.Salesforce, "permission to read and edit Contact.HubSpot_Id__c", load.Missing},
		{crm.Salesforce, "permission set lockstep for the integration user", load.Missing},
	}
	if diff := cmp.Diff(want, looked); diff != "" {
		t.Errorf("looking (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]load.StepState{load.Created}, states(c.setup(t, true))); diff != "" {
		t.Errorf("creating (-want +got):\n%s", diff)
	}
	before := c.Count(crm.HubSpot, "POST") + c.Count(crm.Salesforce, "POST /services/data")
	if diff := cmp.Diff([]load.StepState{load.Present}, states(c.setup(t, true))); diff != "" {
		t.Errorf("the second time (-want +got):\n%s", diff)
	}
	if after := c.Count(crm.HubSpot, "POST") + c.Count(crm.Salesforce, "POST /services/data"); after != before {
		t.Errorf("the second time made %d writes", after-before)
	}
	d, err := c.salesforce.Describe(t.Context(), "Lead")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(d.Fields, func(f salesforce.Field) bool {
		return f.Name == "HubSpot_Id__c" && f.ExternalID && f.Unique && f.Updateable && f.Length == 32
	}) {
		t.Error("the integration user does not see Lead.HubSpot_Id__c as a unique external id it may write")
	}
}

func TestSetupRefusesAColumnOfAnotherShape(t *testing.T) {
	t.Parallel()
	c := startCRMs(t)
	if _, err := c.HubSpot.Insert("contacts", map[string]string{"email": "ann@example.com", "salesforce_id": "x"}); err != nil {
		t.Fatal(err)
	}
	_, err := load.Setup(t.Context(), load.SetupOptions{HubSpot: c.hubspot, Create: true})
	var hinted *crm.Hinted
	if !errors.As(err, &hinted) || !strings.Contains(err.Error(), "contacts.salesforce_id exists and is not a (text, unique)") {
		t.Errorf("error %v, want it to name the property and to hint", err)
	}
}

// side is what the conformance suite needs to know of a CRM.
type side struct {
	system               crm.System
	object               string
	phone, email, broken string // columns; broken takes no "not so"
	person               map[string]string
	edit                 func(c *crms, id string, values map[string]string) error
	insert               func(c *crms, values map[string]string) (string, error)
	remove               func(c *crms, id string) error
	get                  func(c *crms, id string) (map[string]string, bool)
}

var sides = []side{
	{
		system: crm.HubSpot, object: "contacts", phone: "phone", email: "email", broken: "email",
		person: map[string]string{"email": "ann@example.com", "lastname": "Lee", "phone": "1"},
		edit:   func(c *crms, id string, v map[string]string) error { return c.HubSpot.Edit("contacts", id, v) },
		insert: func(c *crms, v map[string]string) (string, error) { return c.HubSpot.Insert("contacts", v) },
		remove: func(c *crms, id string) error { return c.HubSpot.Delete("contacts", id) },
		get:    func(c *crms, id string) (map[string]string, bool) { return c.HubSpot.Get("contacts", id) },
	},
	{
		system: crm.Salesforce, object: "Contact", phone: "Phone", email: "Email", broken: "Email",
		person: map[string]string{"Email": "ann@example.com", "LastName": "Lee", "Phone": "1"},
		edit:   func(c *crms, id string, v map[string]string) error { return c.Salesforce.Edit("Contact", id, v) },
		insert: func(c *crms, v map[string]string) (string, error) { return c.Salesforce.Insert("Contact", v) },
		remove: func(c *crms, id string) error { return c.Salesforce.Delete("Contact", id) },
		get:    func(c *crms, id string) (map[string]string, bool) { return c.Salesforce.Get("Contact", id) },
	},
}

func text(s string) *string { return &s }

func show(v *string) string {
	if v == nil {
		return "-"
	}
	return *v
}

// TestTargets is the contract of Target, against both simulators.
func TestTargets(t *testing.T) {
	t.Parallel()
	for _, s := range sides {
		t.Run(string(s.system), func(t *testing.T) {
			t.Parallel()
			c := startCRMs(t)
			c.setup(t, true)
			target := c.targets[s.system]
			person := func(email string) string {
				t.Helper()
				values := map[string]string{}
				for name, v := range s.person {
					values[name] = v
				}
				values[s.email] = email
				id, err := s.insert(c, values)
				if err != nil {
					t.Fatal(err)
				}
				return id
			}
			columns := []string{s.phone, s.email}

			t.Run("reads what is live and says what is gone", func(t *testing.T) {
				live, gone := person("a@example.com"), person("b@example.com")
				if err := s.remove(c, gone); err != nil {
					t.Fatal(err)
				}
				got, err := target.Read(t.Context(), s.object, []string{gone, live}, columns)
				if err != nil {
					t.Fatal(err)
				}
				if len(got) != 2 || got[0].ID != gone || got[0].Gone == "" || got[1].ID != live || got[1].Gone != "" {
					t.Fatalf("%+v", got)
				}
				if show(got[1].Values[s.email]) != "a@example.com" || got[1].ModifiedAt.IsZero() {
					t.Errorf("%+v", got[1])
				}
			})

			t.Run("updates, clears, reads back and reads ahead", func(t *testing.T) {
				first, next := person("c@example.com"), person("d@example.com")
				a, err := target.Update(t.Context(), load.Batch{Object: s.object, Columns: columns, Next: []string{next}, Rows: []load.Row{
					{ID: first, Values: map[string]*string{s.phone: text("222"), s.email: nil}},
				}})
				if err != nil {
					t.Fatal(err)
				}
				o := a.Outcomes[0]
				if o.Record == nil || show(o.Record.Values[s.phone]) != "222" || show(o.Record.Values[s.email]) != "-" && show(o.Record.Values[s.email]) != "" || o.Record.Foreign {
					t.Fatalf("%+v", o)
				}
				if a.Next != nil && show(a.Next[0].Values[s.email]) != "d@example.com" {
					t.Errorf("ahead: %+v", a.Next)
				}
				stored, _ := s.get(c, first)
				if stored[s.phone] != "222" || stored[s.email] != "" {
					t.Errorf("stored %v", stored)
				}
			})

			t.Run("a record that is gone is refused as gone", func(t *testing.T) {
				live, gone := person("e@example.com"), person("f@example.com")
				if err := s.remove(c, gone); err != nil {
					t.Fatal(err)
				}
				a, err := target.Update(t.Context(), load.Batch{Object: s.object, Columns: columns, Rows: []load.Row{
					{ID: gone, Values: map[string]*string{s.phone: text("3")}}, {ID: live, Values: map[string]*string{s.phone: text("3")}},
				}})
				if err != nil {
					t.Fatal(err)
				}
				if r := a.Outcomes[0].Refusals; len(r) != 1 || r[0].Category != load.Gone {
					t.Errorf("%+v", a.Outcomes[0])
				}
				if a.Outcomes[1].Record == nil {
					t.Errorf("%+v", a.Outcomes[1])
				}
			})

			t.Run("a value that is not acceptable is refused with its column", func(t *testing.T) {
				id := person("g@example.com")
				a, err := target.Update(t.Context(), load.Batch{Object: s.object, Columns: columns, Rows: []load.Row{
					{ID: id, Values: map[string]*string{s.broken: text("not so"), s.phone: text("9")}},
				}})
				var refusals []load.Refusal
				var rejected *load.Rejected
				if errors.As(err, &rejected) {
					refusals = rejected.Refusals
				} else if err == nil {
					refusals = a.Outcomes[0].Refusals
				} else {
					t.Fatal(err)
				}
				if len(refusals) != 1 || refusals[0].Category != load.LengthOrType || !slices.Equal(refusals[0].Columns, []string{s.broken}) || refusals[0].Words == "" {
					t.Errorf("%+v", refusals)
				}
				if stored, _ := s.get(c, id); stored[s.phone] != "1" {
					t.Errorf("the rest of the row was written: %v", stored)
				}
			})

			t.Run("a column that does not exist is refused in every row", func(t *testing.T) {
				id := person("h@example.com")
				_, err := target.Update(t.Context(), load.Batch{Object: s.object, Columns: columns, Rows: []load.Row{
					{ID: id, Values: map[string]*string{"nope__c": text("1"), s.phone: text("9")}},
				}})
				var rejected *load.Rejected
				if !errors.As(err, &rejected) {
					t.Fatalf("%v is no rejection", err)
				}
				if !rejected.All || !slices.Equal(rejected.Refusals[0].Columns, []string{"nope__c"}) {
					t.Errorf("%+v", rejected)
				}
			})

			t.Run("creates by key, once", func(t *testing.T) {
				key := target.Key(s.object, nil)
				batch := load.Batch{Object: s.object, Key: key, Columns: append(columns, key), Rows: []load.Row{
					{Key: "77", Values: map[string]*string{s.email: text("i@example.com"), s.phone: text("7")}},
				}}
				if s.system == crm.Salesforce {
					batch.Rows[0].Values["LastName"] = text("Ray")
				}
				a, err := target.Create(t.Context(), batch)
				if err != nil {
					t.Fatal(err)
				}
				first := a.Outcomes[0]
				if first.Record == nil || first.Existed || show(first.Record.Values[key]) != "77" || show(first.Record.Values[s.phone]) != "7" || first.Record.ID != first.ID {
					t.Fatalf("%+v", first)
				}
				found, err := target.Find(t.Context(), s.object, key, []string{"77", "78"}, columns)
				if err != nil || len(found) != 1 || found[0].ID != first.ID || show(found[0].Values[key]) != "77" {
					t.Fatalf("found %+v, %v", found, err)
				}
				if a, err = target.Create(t.Context(), batch); err != nil || !a.Outcomes[0].Existed || a.Outcomes[0].ID != first.ID {
					t.Errorf("again: %+v, %v", a, err)
				}
			})

			t.Run("tells a person's edit from its own", func(t *testing.T) {
				id := person("j@example.com")
				since := c.clock.read()
				if _, err := target.Update(t.Context(), load.Batch{Object: s.object, Columns: columns, Rows: []load.Row{
					{ID: id, Values: map[string]*string{s.phone: text("5"), s.email: text("k@example.com")}},
				}}); err != nil {
					t.Fatal(err)
				}
				if err := s.edit(c, id, map[string]string{s.email: "l@example.com"}); err != nil {
					t.Fatal(err)
				}
				wrote, err := target.Wrote(t.Context(), s.object, []string{id}, columns, since)
				if err != nil {
					t.Fatal(err)
				}
				read, err := target.Read(t.Context(), s.object, []string{id}, columns)
				if err != nil {
					t.Fatal(err)
				}
				if s.system == crm.Salesforce {
					if !read[0].Foreign {
						t.Error("the person's edit passes for ours")
					}
				} else if !slices.Equal(wrote[id], []string{s.phone}) {
					t.Errorf("wrote %v, want the phone alone", wrote[id])
				}
			})

			t.Run("knows what is left of today", func(t *testing.T) {
				if n, ok, err := target.Left(t.Context()); err != nil || !ok || n <= 0 {
					t.Errorf("%d, %v, %v", n, ok, err)
				}
			})
		})
	}
}

func TestAUniqueValueOfAnotherRecordIsADuplicate(t *testing.T) {
	t.Parallel()
	c := startCRMs(t)
	c.setup(t, true)
	other, err := c.HubSpot.Insert("contacts", map[string]string{"email": "ann@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	a, err := c.targets[crm.HubSpot].Create(t.Context(), load.Batch{Object: "contacts", Key: "salesforce_id", Columns: []string{"email"}, Rows: []load.Row{
		{Key: "003000000000001AAA", Values: map[string]*string{"email": text("ann@example.com")}},
		{Key: "003000000000002AAA", Values: map[string]*string{"email": text("bo@example.com")}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if r := a.Outcomes[0].Refusals; len(r) != 1 || r[0].Category != load.Duplicate || r[0].Existing != other {
		t.Errorf("%+v", a.Outcomes[0])
	}
	if a.Outcomes[1].Record == nil {
		t.Errorf("the other row: %+v", a.Outcomes[1])
	}
}

func TestAValidationRuleIsRefusedInItsOwnWords(t *testing.T) {
	t.Parallel()
	c := startCRMs(t)
	id, err := c.Salesforce.Insert("Contact", map[string]string{"LastName": "Lee"})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Salesforce.Validate("Contact", func(_, _ map[string]string) (string, string) { return "no threes, please", "Phone" }); err != nil {
		t.Fatal(err)
	}
	a, err := c.targets[crm.Salesforce].Update(t.Context(), load.Batch{Object: "Contact", Columns: []string{"Phone"}, Rows: []load.Row{
		{ID: id, Values: map[string]*string{"Phone": text("3")}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := []load.Refusal{{Category: load.ValidationRule, Columns: []string{"Phone"}, Code: "FIELD_CUSTOM_VALIDATION_EXCEPTION", Words: "no threes, please"}}
	if diff := cmp.Diff(want, a.Outcomes[0].Refusals); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
