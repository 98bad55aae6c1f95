package load

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lockstep/internal/crm"
)

func TestCanary(t *testing.T) {
	t.Parallel()
	refuse := func(ids ...string) func(*fakeCRM) {
		return func(f *fakeCRM) {
			f.refuse = func(id string, _ map[string]*string) []Refusal {
				if slices.Contains(ids, id) {
					return []Refusal{{Category: ValidationRule, Words: "not so"}}
				}
				return nil
			}
		}
	}
	store := func(what string) func(*fakeCRM) {
		return func(f *fakeCRM) { f.store = func(string, string, *string) *string { return str(what) } }
	}
	stopped := "salesforce: of the first 4 Contact records to update, %d were refused or hold something else than planned (limit 50 %%); the other %d were not sent"
	for _, c := range []struct {
		name   string
		n      int // records; batches of six
		canary int
		force  []string
		bend   func(*fakeCRM)
		calls  []string
		want   map[State]int
		stop   string // empty: it is not stopped
	}{
		{"all is well", 14, 4, nil, nil, []string{"read 4", "update 4", "update 6", "update 4"}, map[State]int{Taken: 14}, ""},
		{"one batch has none", 6, 4, nil, refuse("s1", "s2", "s3"), []string{"read 6", "update 6"}, map[State]int{Taken: 3, Refused: 3}, ""},
		{"none", 14, 0, nil, refuse("s1", "s2", "s3", "s4"), []string{"read 6", "update 6", "update 6", "update 2"}, map[State]int{Taken: 10, Refused: 4}, ""},
		{"larger than a batch", 14, 6, nil, nil, []string{"read 6", "update 6", "update 6", "update 2"}, map[State]int{Taken: 14}, ""},
		{"half is refused", 14, 4, nil, refuse("s1", "s3"), []string{"read 4", "update 4", "update 6", "update 4"}, map[State]int{Taken: 12, Refused: 2}, ""},
		{"most is refused", 14, 4, nil, refuse("s1", "s2", "s3"), []string{"read 4", "update 4"}, map[State]int{Taken: 1, Refused: 3, Deferred: 10}, fmt.Sprintf(stopped, 3, 10)},
		{"most is refused, forced", 14, 4, []string{"canary"}, refuse("s1", "s2", "s3"), []string{"read 6", "update 6", "update 6", "update 2"}, map[State]int{Taken: 11, Refused: 3}, ""},
		{"not taken", 14, 4, nil, store("111"), []string{"read 4", "update 4"}, map[State]int{NotTaken: 4, Deferred: 10}, fmt.Sprintf(stopped, 4, 10)},
		{"something else is stored", 14, 4, nil, store("777"), []string{"read 4", "update 4"}, map[State]int{Taken: 4, Deferred: 10}, fmt.Sprintf(stopped, 4, 10)},
		{"nothing is stored", 14, 4, nil, func(f *fakeCRM) { f.store = func(string, string, *string) *string { return nil } },
			[]string{"read 4", "update 4"}, map[State]int{Taken: 4, Deferred: 10}, fmt.Sprintf(stopped, 4, 10)},
		{"the same, written otherwise", 14, 4, nil, store("(222) 222"), []string{"read 4", "update 4", "update 6", "update 4"}, map[State]int{Taken: 14}, ""},
		{"cut off", 14, 4, nil, store("2222"), []string{"read 4", "update 4", "update 6", "update 4"}, map[State]int{Taken: 14}, ""},
		{"locked records have no answer: the next batch is looked at", 14, 4, nil, func(f *fakeCRM) {
			f.later = map[string]string{"s1": "locked", "s2": "locked"}
			refuse("s3", "s4", "s5", "s6", "s7", "s8")(f)
		}, []string{"read 4", "update 4", "update 6"}, map[State]int{Deferred: 6, Refused: 6, Taken: 2}, "of the first 8 Contact records to update, 6 were refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.phones(c.n)
			v.force.size = 6
			if c.bend != nil {
				c.bend(v.force)
			}
			v.o.Canary, v.o.Force = c.canary, c.force
			r, err := v.try(t.Context())
			if errors.Is(err, ErrLimit) != (c.stop != "") || c.stop != "" && !strings.Contains(err.Error(), c.stop) || c.stop == "" && err != nil {
				t.Fatalf("error %v, want %q", err, c.stop)
			}
			diff(t, c.calls, v.force.calls)
			diff(t, c.want, r.Counts)
			diff(t, []row{{"n": "0"}}, v.rows(`select count(*)::varchar as n from outbox`))
			diff(t, c.stop != "", len(v.rows(`select * from plan.plan where state = 'made'`)) == 1)
		})
	}
}

// A record is not as planned when half of its columns are not; what goes round again still belongs to the canary.
func TestACanaryLooksAtMostOfARecord(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		columns []string // refused
		stops   bool
	}{{nil, false}, {[]string{"Title"}, false}, {[]string{"Title", "Phone"}, true}} {
		v := newWorld(t)
		v.phones(14)
		v.exec(`insert into plan.value select plan_id, change_id, x, 'before', 'after', ['title'], rules from plan.value, (values ('Title'), ('Memo')) as t(x)`)
		v.exec(`update salesforce."Contact" set Title = 'before', Memo = 'before'`)
		for _, r := range v.force.rows {
			r["Title"], r["Memo"] = str("before"), str("before")
		}
		v.force.size, v.o.Canary = 6, 4
		v.force.refuse = func(_ string, values map[string]*string) (all []Refusal) {
			for _, name := range c.columns {
				if _, sent := values[name]; sent {
					all = append(all, Refusal{Category: Picklist, Columns: []string{name}, Words: "no such option"})
				}
			}
			return all
		}
		_, err := v.try(t.Context())
		if errors.Is(err, ErrLimit) != c.stops || !c.stops && err != nil {
			t.Errorf("%v refused: error %v", c.columns, err)
		}
	}
}

func TestACanaryEndsTheRunAndNotOnlyItsGroup(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.phones(14)
	v.record(crm.HubSpot, "h99", row{"phone": "1"})
	v.record(crm.Salesforce, "s99", row{"Phone": "2"})
	v.linked("x99", "h99", "s99", row{"phone": "1"}, row{"phone": "1"})
	v.decided("x99", "phone", "salesforce", "1", "2", "1", "1")
	v.change(Update, crm.HubSpot, "x99", "h99", "s99", value{"phone", "1", "2", "phone"})
	v.force.size, v.o.Canary = 6, 4
	v.force.store = func(string, string, *string) *string { return str("111") }
	_, err := v.try(t.Context())
	if !errors.Is(err, ErrLimit) {
		t.Fatalf("error %v", err)
	}
	diff(t, []string(nil), v.hubspot.calls)
	diff(t, []row{{"n": "4"}}, v.rows(`select count(*)::varchar as n from history.change where outcome = 'not_taken'`))
	diff(t, row{"phone": "111", "title": "Boss"}, v.base("x1", crm.Salesforce))
}

func TestACanaryIsInTheForecastAndInTheBudget(t *testing.T) {
	t.Parallel()
	for canary, want := range map[int]int{0: 2, 2: 3} {
		v := newWorld(t)
		v.phones(6)
		got, err := Foresee(t.Context(), v.w, Targets{crm.Salesforce: v.force}, "p", Options{Canary: canary})
		if err != nil {
			t.Fatal(err)
		}
		diff(t, map[crm.System]Forecast{crm.Salesforce: {Calls: []Calls{{"read", want}, {"update", want}}}}, got)
	}
	for left, taken := range map[int64]int{1: 0, 2: 2, 4: 5, 5: 5, 8: 7} {
		v := newWorld(t)
		v.phones(7)
		v.force.left, v.o.Canary = left, 2
		v.force.noAhead = true
		diff(t, taken, v.apply().Counts[Taken])
	}
}
