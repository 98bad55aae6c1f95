package pipelines_test

import (
	"context"
	"fmt"
	"lockstep/internal/warehouse"
	"strconv"
	"strings"
	"testing"
	"time"

	"lockstep/internal/ask"
	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/sandbox"
	"lockstep/load"
)

// duel is one person in both CRMs, a field of whom somebody or something keeps changing between runs.
type duel struct {
	*lab
	name  string
	field string
	flow  [2]func(string) string // rewrites the title as it is saved: HubSpot's, Salesforce's
	turn  func(d *duel, i int)   // between two runs
	fight bool

	hubspot, salesforce string
	frozen, before      int // the turn after which it was frozen; what had been written before the first
}

// ring links one person for each duel.
func ring(t *testing.T, duels []*duel) *lab {
	t.Helper()
	l := newLab(t, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), sandbox.Options{})
	w := &world{lab: l, n: 1, sql: household()}
	for i := range uint64(3) { // so that every column is known
		w.person(1, i, true)
	}
	for i, d := range duels {
		d.lab = l
		email := fmt.Sprintf("p%d@example.com", i)
		d.hubspot = w.put(crm.HubSpot, "contacts", map[string]string{"email": email, "phone": "1", "jobtitle": "T", "memo": "m", "city": "Ulm", "zip": "89", "full_name": "Ann Lee"})
		d.salesforce = w.put(crm.Salesforce, "Contact", map[string]string{"Email": email, "Phone": "1", "Title": "T", "Memo__c": "m", "MailingCity": "Ulm", "MailingPostalCode": "89", "FirstName": "Ann", "LastName": "Lee"})
		for side, rewrite := range d.flow {
			if rewrite == nil {
				continue
			}
			flow := func(_, after map[string]string) map[string]string {
				key := []string{"email", "Email"}[side]
				column := []string{"jobtitle", "Title"}[side]
				if v := rewrite(after[column]); after[key] == email && v != after[column] {
					return map[string]string{column: v}
				}
				return nil
			}
			var err error
			if side == 0 {
				err = l.crms.HubSpot.OnWrite("contacts", flow)
			} else {
				err = l.crms.Salesforce.Automate("Contact", flow)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	l.connect(w.sql, "entities: [company, person, deal]\n", "")
	for range 2 {
		l.tick()
	}
	return l
}

// tick is a run, and the time around it.
func (l *lab) tick() {
	l.t.Helper()
	l.pass(15 * time.Minute)
	if _, err := l.once(); err != nil {
		l.t.Fatal(err)
	}
	l.pass(5 * time.Minute)
}

func (d *duel) hubspotSays(column string) string {
	r, _ := d.crms.HubSpot.Get("contacts", d.hubspot)
	return r[column]
}

func (d *duel) salesforceSays(column string) string {
	r, _ := d.crms.Salesforce.Get("Contact", d.salesforce)
	return r[column]
}

// type_ is a hand, or a flow that runs on its own time, on one column.
func (d *duel) type_(s crm.System, column, value string) {
	d.t.Helper()
	var err error
	if s == crm.HubSpot {
		err = d.crms.HubSpot.Edit("contacts", d.hubspot, map[string]string{column: value})
	} else {
		err = d.crms.Salesforce.Edit("Contact", d.salesforce, map[string]string{column: value})
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

// entities are those of the job's SQL.
func (l *lab) entities() *entity.Project {
	l.t.Helper()
	p, err := entity.Load(l.job.Project.SQL)
	if err != nil {
		l.t.Fatal(err)
	}
	return p
}

// told counts what was sent of the field, and returns what the program says of it while it is frozen.
func (d *duel) told(w *warehouse.Warehouse) (writes int, waiting []ask.Field) {
	d.t.Helper()
	n := query(d.t, w, `select count(*) from history.change where list_contains(fields, $1) and outcome = 'taken' and action = 'update'
		and (system = 'hubspot' and record_id = $2 or system = 'salesforce' and record_id = $3)`, d.field, d.hubspot, d.salesforce)
	writes, _ = strconv.Atoi(n[0][0])
	all, err := ask.Fields(context.Background(), w.DB, d.entities())
	if err != nil {
		d.t.Fatal(err)
	}
	for _, x := range all {
		if x.Name == d.field && x.Frozen && x.HubSpot.ID == d.hubspot {
			waiting = append(waiting, x)
		}
	}
	return writes, waiting
}

// TestPingPong: two automations that fight over a field, or make it longer with every turn, stop after at most three rounds;
// both values are told, everything else of the person goes on, and a person says which one stands. People who change their
// minds, and CRMs that write values in their own way, are no fight.
func TestPingPong(t *testing.T) {
	t.Parallel()
	duels := []*duel{
		{name: "each CRM has its own value", field: "title", fight: true, turn: func(d *duel, i int) {
			if i == 0 || d.hubspotSays("jobtitle") != "Sales" {
				d.type_(crm.HubSpot, "jobtitle", "Sales")
			} else if d.salesforceSays("Title") != "SALES DEPT" {
				d.type_(crm.Salesforce, "Title", "SALES DEPT")
			}
		}},
		{name: "both at once", field: "title", fight: true, turn: func(d *duel, _ int) {
			d.type_(crm.HubSpot, "jobtitle", "Sales")
			d.type_(crm.Salesforce, "Title", "SALES DEPT")
		}},
		{name: "each makes it longer", field: "title", fight: true, turn: func(d *duel, i int) {
			if i%2 == 0 {
				d.type_(crm.HubSpot, "jobtitle", d.hubspotSays("jobtitle")+" (h)")
			} else {
				d.type_(crm.Salesforce, "Title", d.salesforceSays("Title")+" (s)")
			}
		}},
		{name: "a flow rewrites what flows one way", field: "memo", fight: true, turn: func(d *duel, i int) {
			if i == 0 {
				d.type_(crm.HubSpot, "memo", "m1")
			} else {
				d.type_(crm.Salesforce, "Memo__c", "own")
			}
		}},
		{name: "each writes values in its own way", field: "title", flow: [2]func(string) string{strings.ToLower, strings.ToUpper}, turn: func(d *duel, i int) {
			if i < 4 {
				d.type_(crm.HubSpot, "jobtitle", fmt.Sprintf("Head %d", i))
			} else {
				d.type_(crm.Salesforce, "Title", fmt.Sprintf("Chief %d", i))
			}
		}},
		{name: "a person types A, B, A, B", field: "title", turn: func(d *duel, i int) {
			d.type_(crm.HubSpot, "jobtitle", []string{"A", "B"}[i%2])
		}},
		{name: "a person types A, B, A, B in Salesforce", field: "title", turn: func(d *duel, i int) {
			d.type_(crm.Salesforce, "Title", []string{"A", "B"}[i%2])
		}},
	}
	l := ring(t, duels)
	look := func(f func(*duel, *warehouse.Warehouse)) {
		t.Helper()
		w := l.open()
		defer w.Close()
		for _, d := range duels {
			f(d, w)
		}
	}
	look(func(d *duel, w *warehouse.Warehouse) { d.before, _ = d.told(w) })
	for i := range 8 {
		city, last := fmt.Sprintf("City%d", i), fmt.Sprintf("Lee%d", i) // all else goes on
		for _, d := range duels {
			if d.frozen == 0 {
				d.turn(d, i)
			}
			d.type_(crm.HubSpot, "city", city)
			d.type_(crm.Salesforce, "LastName", last)
		}
		l.tick()
		look(func(d *duel, w *warehouse.Warehouse) {
			if h, s := d.hubspotSays("full_name"), d.salesforceSays("MailingCity"); h != "Ann "+last || s != city {
				t.Errorf("%s: turn %d: name and city are %q and %q, want %q and %q", d.name, i, h, s, last, city)
			}
			if _, waiting := d.told(w); len(waiting) > 0 && d.frozen == 0 {
				d.frozen = i + 1
			}
		})
	}
	look(func(d *duel, w *warehouse.Warehouse) { d.check(w) })
	l.tick()
	for _, d := range duels {
		column := map[string]string{"title": "Title", "memo": "Memo__c"}[d.field]
		if s, h := d.salesforceSays(column), d.hubspotSays(map[string]string{"title": "jobtitle", "memo": "memo"}[d.field]); d.fight && s != h {
			t.Errorf("%s: released for hubspot: salesforce has %q, want %q", d.name, s, h)
		}
		d.type_(crm.HubSpot, map[string]string{"title": "jobtitle", "memo": "memo"}[d.field], "new")
	}
	l.tick()
	look(func(d *duel, w *warehouse.Warehouse) {
		column := map[string]string{"title": "Title", "memo": "Memo__c"}[d.field]
		if s := d.salesforceSays(column); !strings.EqualFold(s, "new") {
			t.Errorf("%s: after the release an edit stays behind: salesforce has %q", d.name, s)
		}
		if _, waiting := d.told(w); len(waiting) > 0 {
			t.Errorf("%s: released and frozen still: %+v", d.name, waiting)
		}
	})
}

// check asks that a fight was stopped in time and told with both values, and ends it: HubSpot's value stands.
func (d *duel) check(w *warehouse.Warehouse) {
	d.t.Helper()
	writes, waiting := d.told(w)
	h, s := d.hubspotSays("jobtitle"), d.salesforceSays("Title")
	if !d.fight {
		if len(waiting) > 0 || !strings.EqualFold(h, s) {
			d.t.Errorf("%s: no fight: %q and %q, frozen: %+v", d.name, h, s, waiting)
		}
		return
	}
	if n := writes - d.before; d.frozen == 0 || n > 6 {
		d.t.Errorf("%s: %d writes, frozen after turn %d; a round is a write to each CRM, and three are the most: %q and %q", d.name, n, d.frozen, h, s)
	}
	if len(waiting) != 1 || waiting[0].HubSpotValue == "" || waiting[0].SalesforceValue == "" || waiting[0].Why == "" {
		d.t.Errorf("%s: the report is %+v, want both values and why", d.name, waiting)
		return
	}
	if _, err := load.Decide(context.Background(), w, d.entities(), "person", d.hubspot, d.field, crm.HubSpot, d.now()); err != nil {
		d.t.Errorf("%s: %v", d.name, err)
	}
}
