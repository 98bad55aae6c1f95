package load

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lockstep/internal/crm"
	"lockstep/internal/hubspot"
	"lockstep/internal/wire"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		limits Limits
		force  []string
		want   string // empty: passes
	}{
		{"none", nil, nil, ""},
		{"a share", Limits{"updates": {Share: 0.3}}, nil, "salesforce: 12 of 20 Contact records would change (60 %, limit 30 %)"},
		{"a share it is under", Limits{"updates": {Share: 0.7}}, nil, ""},
		{"a number", Limits{"updates": {Number: 11}}, nil, "salesforce: 12 of 20 Contact records would change (limit 11)"},
		{"the entity's own limit", Limits{"updates": {Number: 11}, "person.updates": {Number: 12}}, nil, ""},
		{"forced", Limits{"updates": {Number: 11}}, []string{"updates"}, ""},
		{"forced for the entity", Limits{"updates": {Number: 11}}, []string{"person.updates"}, ""},
		{"another one forced", Limits{"updates": {Number: 11}}, []string{"creates"}, "would change"},
		{"creates", Limits{"creates": {Number: 1}}, nil, "salesforce: 2 of 22 Contact records would be new (limit 1)"},
		{"clears", Limits{"clears": {Number: 1}}, nil, "salesforce: 2 of 20 Contact records would lose a value (limit 1)"},
		{"links", Limits{"links": {Number: 1}}, nil, "person: 2 of 22 records would be linked anew (limit 1)"},
		{"one field", Limits{"field": {Share: 0.4}}, nil, `salesforce: 12 of 20 Contact records would get another phone (10 of them "222222") (60 %, limit 40 %)`},
		{"one field, in numbers", Limits{"field": {Number: 11}}, nil, "would get another phone"},
		{"one field it is under", Limits{"field": {Share: 0.6}}, nil, ""},
		{"the field's own limit", Limits{"field": {Share: 0.4}, "person.field": {Share: 0.5}, "person.phone.field": {Share: 0.7}}, nil, ""},
		{"another field's own limit", Limits{"field": {Share: 0.4}, "person.title.field": {Share: 0.7}}, nil, "would get another phone"},
		{"one field forced", Limits{"field": {Share: 0.4}}, []string{"person.phone.field"}, ""},
		{"all fields forced", Limits{"field": {Share: 0.4}}, []string{"field"}, ""},
		{"another field forced", Limits{"field": {Share: 0.4}}, []string{"person.title.field"}, "would get another phone"},
		{"two at once", Limits{"links": {Number: 1}, "creates": {Number: 1}}, nil, "(limit 1); person: 2"},
		{"a limit there is not", Limits{"update": {Number: 1}}, nil, `"update" is not a limit`},
		{"a field there is not", Limits{"person.fone.field": {Number: 1}}, nil, `"person.fone.field" is not a limit: person has no field fone`},
		{"an entity that this project lacks", Limits{"deal.updates": {Number: 1}}, nil, ""},
		{"an entity there is not", nil, []string{"persons.updates"}, `"persons.updates" is not a limit: sql/ has no entity persons`},
		{"a field of a kind that has none", Limits{"person.phone.updates": {Number: 1}}, nil, `"person.phone.updates" is not a limit`},
		{"a force there is not", nil, []string{"person.everything"}, `"person.everything" is not a limit`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.phones(20)
			v.exec(`delete from plan.change where position > 12`)
			v.exec(`update plan.value set after = null where change_id in ('c1', 'c2')`)
			v.exec(`update plan.field set hubspot = '' where pair_id in ('x1', 'x2')`)
			v.exec(`update hubspot.contacts set phone = null where id in ('h1', 'h2')`)
			for _, id := range []string{"a", "b"} {
				v.record(crm.HubSpot, id, row{"phone": "1"})
				v.change(Create, crm.Salesforce, "new"+id, "", id, value{"Phone", "-", "1", "phone"})
			}
			v.exec(`insert into plan.link values ('p', 'person', 'y', 'linked', 'contacts', 'h77', 'Contact', 's77', 'test', null, null),
				('p', 'person', 'z', 'linked', 'contacts', 'h78', 'Contact', 's78', 'test', null, null)`)
			v.o.Limits, v.o.Force = c.limits, c.force
			r, err := v.try(t.Context())
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				diff(t, map[State]int{Taken: 14}, r.Counts)
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want it to hold %q", err, c.want)
			}
			if stopped := !strings.Contains(c.want, "is not a limit"); errors.Is(err, ErrLimit) != stopped {
				t.Errorf("errors.Is(err, ErrLimit) = %v, want %v", !stopped, stopped)
			}
			diff(t, 0, len(v.force.calls)+len(v.hubspot.calls))
			diff(t, 0, len(v.rows(`select * from history.change`)))
			diff(t, 20, len(v.rows(`select * from link.person`)))
		})
	}
}

// What is filled in where nothing stood shifts nothing; what only a few get is not quoted, nor is an address.
func TestTheGuardQuotesNobody(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, sql string
		want      string // empty: passes
	}{
		{"all different", `update plan.value set after = '+1 555 01' || change_id`, "20 of 20 Contact records would get another phone (limit 10)"},
		{"an address", `update plan.value set after = 'ann@example.com'`, "would get another phone (20 of them the same address) (limit 10)"},
		{"cleared", `update plan.value set after = null`, "would get another phone (20 of them blank) (limit 10)"},
		{"filled in", `update plan.value set before = null`, ""},
		{"one column of two", `insert into plan.value select plan_id, change_id, 'Title', 'a', 'b', ['phone'], rules from plan.value`, "20 of 20 Contact records would get another phone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.phones(20)
			v.exec(c.sql)
			v.o.Limits = Limits{"field": {Number: 10}}
			_, err := v.try(t.Context())
			if got := errors.Is(err, ErrLimit); got != (c.want != "") {
				t.Fatalf("error %v", err)
			}
			if c.want != "" && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want it to hold %q", err, c.want)
			}
		})
	}
}

func TestTheGuardCountsAssociations(t *testing.T) {
	t.Parallel()
	v := newWorldOf(t, map[string]string{"person/fields.sql": "('title', 'two_way', 'salesforce', 'keep', null, null)|('title', 'two_way', 'salesforce', 'keep', 'person', null)"})
	v.phones(20)
	v.exec(`update plan.value set fields = ['title'], "column" = 'Title', before = null where change_id in ('c1', 'c2', 'c3')`)
	v.o.Limits = Limits{"associations": {Number: 2}}
	_, err := v.try(t.Context())
	if want := "salesforce: 3 of 20 Contact records would be associated otherwise (limit 2)"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want it to hold %q", err, want)
	}
	diff(t, 0, len(v.force.calls))
}

func TestSharesOfAHandfulDoNotCount(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.phones(1)
	v.o.Limits = Limits{"updates": {Share: 0.3}}
	diff(t, map[State]int{Taken: 1}, v.apply().Counts)
}

func TestBudget(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		left   int64
		budget Budget
		want   map[State]int
	}{
		{"not said", 0, Budget{Reserve: 100}, map[State]int{Taken: 7}},
		{"enough", 106, Budget{Reserve: 100}, map[State]int{Taken: 7}},
		{"two batches of three", 105, Budget{Reserve: 100}, map[State]int{Taken: 6, Deferred: 1}},
		{"into the reserve", 99, Budget{Reserve: 100}, map[State]int{Deferred: 7}},
		{"the run's own bound", 1000, Budget{Run: 2}, map[State]int{Taken: 3, Deferred: 4}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.phones(7)
			v.force.left = c.left
			v.o.Budget = map[crm.System]Budget{crm.Salesforce: c.budget}
			r := v.apply()
			diff(t, c.want, r.Counts)
		})
	}
}

func TestTheReserveIsNotSpentWhenOthersSpendMeanwhile(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.phones(7)
	v.force.left = 1000
	v.force.during = func() { v.force.left = 101 }
	v.o.Budget = map[crm.System]Budget{crm.Salesforce: {Reserve: 100}}
	diff(t, map[State]int{Taken: 3, Deferred: 4}, v.apply().Counts)
}

func TestForecast(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.phones(7)
	v.force.left = 1000
	v.o.Budget = map[crm.System]Budget{crm.Salesforce: {Reserve: 100}}
	left := int64(1000)
	targets := Targets{crm.HubSpot: v.hubspot, crm.Salesforce: v.force}
	foresee := func() map[crm.System]Forecast {
		t.Helper()
		got, err := Foresee(t.Context(), v.w, targets, "p", v.o)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	diff(t, map[crm.System]Forecast{crm.HubSpot: {}, crm.Salesforce: {Left: &left, Calls: []Calls{{"read", 3}, {"update", 3}}}}, foresee())
	v.o.Budget = map[crm.System]Budget{crm.Salesforce: {Reserve: 996}}
	diff(t, map[crm.System]Forecast{crm.HubSpot: {}, crm.Salesforce: {Left: &left, Calls: []Calls{{"read", 2}, {"update", 2}},
		Deferred: []Postponed{{"person", Update, crm.Object{System: crm.Salesforce, Name: "Contact"}, 1, 7, "no calls to salesforce left in today's budget (reserve 996)"}}}}, foresee())
	v.o.Budget = map[crm.System]Budget{crm.Salesforce: {Run: 50}}
	v.o.Made = func(crm.System) int64 { return 48 }
	if got := foresee()[crm.Salesforce].Deferred; len(got) != 1 || got[0].N != 4 {
		t.Errorf("with 48 of 50 calls made: %+v", got)
	}
	diff(t, 0, len(v.force.calls))
}

// Association columns are read by calls of their own, and written by three.
func TestForecastCountsAssociationColumns(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.exec(`insert into catalog."column" (system, object, name, type, required, createable, updateable, is_unique, external_id, restricted, calculated, state, extracted, complete, first_seen, changed_at)
		select 'hubspot', 'contacts', name, 'string', false, true, true, false, false, false, false, 'live', true, true, now(), now()
		from (values ('associated_company_id'), ('associated_deal_id'), ('associatedcompanyid')) as t(name)`)
	for i := range 150 {
		id := fmt.Sprint(i)
		v.change(Update, crm.HubSpot, id, id, id, value{"phone", "1", "2", "phone"})
		if i < 2 {
			v.exec(`insert into plan.value values ('p', $1, 'associated_company_id', null, '7', ['company'], ['test'])`, fmt.Sprintf("c%d", i+1))
		}
	}
	client, err := hubspot.New(hubspot.Options{BaseURL: "http://127.0.0.1:1", Token: wire.NewSecret("pat-na1-sandbox")})
	if err != nil {
		t.Fatal(err)
	}
	client.Meter().Report(hubspot.DailyFigure, wire.Figure{Left: 1000}) // so that nobody is asked
	got, err := Foresee(t.Context(), v.w, Targets{crm.HubSpot: &HubSpot{Client: client}}, "p", Options{})
	if err != nil {
		t.Fatal(err)
	}
	// 2 batches: verified by 2 reads, and what was associated read back by up to 2; each read has 2 association columns.
	diff(t, []Calls{{"batch/read", 4}, {"batch/update", 2}, {"associations/read", 8 + 2}, {"associations/create", 2}, {"associations/archive", 2}}, got[crm.HubSpot].Calls)
}

// What does not fit is what is least important: creates before deletes before updates, whatever is sent first, and
// nothing smaller slips in. What is sent first leaves the calls of what is more important.
func TestTheLeastImportantIsDeferred(t *testing.T) {
	t.Parallel()
	plan := func(v *world) {
		for _, id := range []string{"a", "b"} {
			v.record(crm.HubSpot, id, row{"phone": "1"})
			v.change(Create, crm.Salesforce, "new"+id, "", id, value{"Phone", "-", "1", "phone"})
		}
		v.phones(4)
		v.record(crm.HubSpot, "h99", row{"phone": "1"})
		v.record(crm.Salesforce, "s99", row{"Phone": "1"})
		v.exec(`insert into link.person values ('x99', 'half', 'contacts', 'h99', 'Contact', 's99', 'test', null, now(), 'before')`)
		v.change(Delete, crm.Salesforce, "x99", "s99", "h99", value{deletion, "false", "true", "phone"})
	}
	for _, c := range []struct {
		left int64 // each batch takes two calls: updates two batches, deletes one, creates one
		want []string
	}{
		{8, nil},
		{7, []string{"create", "create"}},
		{5, []string{"create", "create", "delete"}},
		{3, []string{"create", "create", "delete", "update"}},
		{1, []string{"create", "create", "delete", "update", "update", "update", "update"}},
	} {
		v := newWorld(t)
		plan(v)
		v.force.left = c.left
		var got []string
		for _, l := range v.apply().Lines {
			if l.State == Deferred {
				got = append(got, string(l.Action))
			}
		}
		slices.Sort(got)
		diff(t, c.want, got)
	}
	t.Log("a smaller one does not slip in")
	v := newWorld(t)
	plan(v)
	v.force.left, v.force.cheapDeletes = 3, true
	got := map[Action]int{}
	for _, l := range v.apply().Lines {
		if l.State == Taken {
			got[l.Action]++
		}
	}
	diff(t, map[Action]int{Update: 3}, got)

	t.Log("what is sent first leaves the calls of what is more important, though others have taken one meanwhile")
	v = newWorld(t)
	plan(v)
	v.o.Budget = map[crm.System]Budget{crm.Salesforce: {Run: 8}}
	asked := int64(-1)
	v.o.Made = func(crm.System) int64 { asked++; return min(asked, 1) }
	got = map[Action]int{}
	for _, l := range v.apply().Lines {
		if l.State == Deferred {
			got[l.Action]++
		}
	}
	diff(t, map[Action]int{Create: 2}, got)
}
