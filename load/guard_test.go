package load

import (
	"errors"
	"strings"
	"testing"

	"lockstep/internal/crm"
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
	got, err := Forecast(t.Context(), v.w, Targets{crm.HubSpot: v.hubspot, crm.Salesforce: v.force}, "p", 0)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, map[crm.System][]Calls{crm.Salesforce: {{"read", 3}, {"update", 3}}}, got)
}
