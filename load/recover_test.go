package load

import (
	"testing"
	"time"

	"lockstep/internal/crm"
)

// TestRecover is Recover's table: a call was made and never answered, and people may have been at the record
// before the next start.
func TestRecover(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		system  crm.System
		carried bool // the call was carried out
		since   func(*fakeCRM)
		want    map[State]int
		bases   [2]string // HubSpot's, Salesforce's
	}{
		{"salesforce: not carried out", crm.Salesforce, false, nil, map[State]int{Deferred: 1}, [2]string{"111", "111"}},
		{"salesforce: carried out", crm.Salesforce, true, nil, map[State]int{Taken: 1}, [2]string{"222222", "222222"}},
		{"salesforce: carried out, then another column edited", crm.Salesforce, true, func(f *fakeCRM) {
			f.rows["s1"]["Title"], f.foreign = str("Chief"), map[string]bool{"s1": true}
		}, map[State]int{Taken: 1}, [2]string{"222222", "222222"}},
		{"salesforce: carried out, then the column edited", crm.Salesforce, true, func(f *fakeCRM) {
			f.rows["s1"]["Phone"], f.foreign = str("9"), map[string]bool{"s1": true}
		}, map[State]int{Unclear: 1}, [2]string{"111", "111"}},
		{"salesforce: not carried out, the column edited", crm.Salesforce, false, func(f *fakeCRM) {
			f.rows["s1"]["Phone"], f.foreign = str("9"), map[string]bool{"s1": true}
		}, map[State]int{Unclear: 1}, [2]string{"111", "111"}},
		{"salesforce: deleted since", crm.Salesforce, true, func(f *fakeCRM) { delete(f.rows, "s1") }, map[State]int{Unclear: 1}, [2]string{"111", "111"}},
		{"hubspot: not carried out", crm.HubSpot, false, nil, map[State]int{Deferred: 1}, [2]string{"111", "111"}},
		{"hubspot: carried out", crm.HubSpot, true, func(f *fakeCRM) { f.ours = map[string][]string{"h1": {"phone"}} },
			map[State]int{Taken: 1}, [2]string{"222222", "222222"}},
		{"hubspot: the value is there, and its history names another writer", crm.HubSpot, true, nil, map[State]int{Unclear: 1}, [2]string{"111", "111"}},
		{"hubspot: the column edited since", crm.HubSpot, true, func(f *fakeCRM) { f.rows["h1"]["phone"] = str("9") }, map[State]int{Unclear: 1}, [2]string{"111", "111"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.phones(1)
			if c.system == crm.HubSpot {
				v.exec(`update plan.change set system = 'hubspot', object = 'contacts', record_id = 'h1', source_object = 'Contact', source_id = 's1'`)
				v.exec(`update plan.value set "column" = 'phone'`)
				v.exec(`update plan.field set outcome = 'salesforce', hubspot = '111', salesforce = '222222'`)
				v.exec(`update hubspot.contacts set phone = '111'`)
				v.exec(`update salesforce."Contact" set Phone = '222222'`)
				v.hubspot.rows["h1"]["phone"] = str("111")
			}
			f := v.crm(c.system)
			cut := func(call string) error {
				if call == "update" {
					return noAnswer()
				}
				return nil
			}
			if f.lost = cut; !c.carried {
				f.lost, f.fail = nil, cut
			}
			if _, err := v.try(t.Context()); err == nil {
				t.Fatal("an answer was lost, and nobody said so")
			}
			f.lost, f.fail = nil, nil
			if c.since != nil {
				c.since(f)
			}
			r := v.recover()
			diff(t, c.want, r.Counts)
			diff(t, c.bases, [2]string{v.base("x1", crm.HubSpot)["phone"], v.base("x1", crm.Salesforce)["phone"]})
			diff(t, []row{{"n": "0"}}, v.rows(`select count(*)::varchar as n from outbox`))
			diff(t, 1, len(v.rows(`select outcome from history.change where run_id = 'run'`)))
			diff(t, map[State]int{}, v.recover().Counts)
		})
	}
}

func (v *world) recover() Report {
	v.t.Helper()
	o := v.o
	o.RunID = "next"
	r, err := Recover(v.t.Context(), v.w, v.p, Targets{crm.HubSpot: v.hubspot, crm.Salesforce: v.force}, o)
	if err != nil {
		v.t.Fatal(err)
	}
	return r
}

func TestRecoverFindsCreatesByTheirKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		carried bool
		want    map[State]int
		links   int
	}{
		{"carried out", true, map[State]int{Taken: 1}, 1},
		{"not carried out", false, map[State]int{Deferred: 1}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			creation(v)
			cut := func(call string) error {
				if call == "create" {
					return noAnswer()
				}
				return nil
			}
			if v.force.lost = cut; !c.carried {
				v.force.lost, v.force.fail = nil, cut
			}
			if _, err := v.try(t.Context()); err == nil {
				t.Fatal("an answer was lost, and nobody said so")
			}
			v.force.lost, v.force.fail = nil, nil
			diff(t, c.want, v.recover().Counts)
			diff(t, c.links, len(v.rows(`select * from link.person where salesforce_id = 'new1'`)))
			if c.carried {
				diff(t, "Ann", v.base("x", crm.HubSpot)["first"])
				diff(t, "Ann", v.base("x", crm.Salesforce)["first"])
			}
		})
	}
}

// A create landed, and the run right after the crash has linked the two records by the stamped id.
func TestRecoverLeavesALinkMadeSinceTheCrash(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	creation(v)
	v.force.lost = func(call string) error {
		if call == "create" {
			return noAnswer()
		}
		return nil
	}
	if _, err := v.try(t.Context()); err == nil {
		t.Fatal("an answer was lost, and nobody said so")
	}
	v.force.lost = nil
	base := row{"first": "Ann"}
	v.linked("since", "h1", "new1", base, base)
	diff(t, map[State]int{Taken: 1}, v.recover().Counts)
	diff(t, []row{{"pair_id": "since", "state": "linked"}}, v.rows(`select pair_id, state from link.person where salesforce_id = 'new1'`))
	diff(t, []row{{"pair_id": "since"}}, v.rows(`select distinct pair_id from base.person where id in ('h1', 'new1')`))
	diff(t, []row{{"n": "0"}}, v.rows(`select count(*)::varchar as n from outbox`))
	diff(t, 0, len(v.rows(`select 1 from history.change where action = 'create' and outcome <> 'taken'`)))
}

func TestAnUnclearWriteNamesEveryFieldItMayHaveMoved(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.record(crm.HubSpot, "h1", row{"firstname": "Ann", "lastname": "van Dyke"})
	v.record(crm.Salesforce, "s1", row{"Name": "Ann Lee"})
	base := row{"first": "Ann", "last": "Lee"}
	v.linked("x", "h1", "s1", base, base)
	v.decided("x", "last", "hubspot", "van Dyke", "Lee", "Lee", "Lee")
	v.change(Update, crm.Salesforce, "x", "s1", "h1", value{"Name", "Ann Lee", "Ann van Dyke", "last"})
	v.force.lost = func(string) error { return noAnswer() }
	if _, err := v.try(t.Context()); err == nil {
		t.Fatal("an answer was lost, and nobody said so")
	}
	v.force.rows["s1"]["Name"], v.force.foreign = str("Ann Ray"), map[string]bool{"s1": true}
	v.recover()
	diff(t, []row{{"outcome": "unclear", "fields": "[last, first]"}}, v.rows(`select outcome, fields::varchar as fields from history.change`))
	diff(t, base, v.base("x", crm.Salesforce))
}

func TestYoungOutboxRowsStayAndKeepTheirPairOut(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.phones(1)
	v.force.lost = func(string) error { return noAnswer() }
	if _, err := v.try(t.Context()); err == nil {
		t.Fatal("an answer was lost, and nobody said so")
	}
	v.force.lost = nil
	v.o.Settle = time.Hour
	diff(t, map[State]int{}, v.recover().Counts)
	calls := len(v.force.calls)
	r := v.apply()
	diff(t, map[State]int{Deferred: 1}, r.Counts)
	diff(t, calls, len(v.force.calls))
	v.now = v.now.Add(2 * time.Hour)
	diff(t, map[State]int{Taken: 1}, v.recover().Counts)
}

// TestRecoverPlansAssociationsAnew: a HubSpot record's associations go by calls after its own. A crash between the two
// leaves them as before, which is nobody's refusal.
func TestRecoverPlansAssociationsAnew(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.phones(1)
	v.exec(`update plan.change set system = 'hubspot', object = 'contacts', record_id = 'h1', source_object = 'Contact', source_id = 's1'`)
	v.exec(`update plan.value set "column" = 'phone'`)
	v.exec(`insert into plan.value select plan_id, change_id, 'associated_company_id', null, '201', ['title'], ['changed'] from plan.change`)
	v.exec(`update plan.field set outcome = 'salesforce', hubspot = '111', salesforce = '222222'`)
	v.exec(`update hubspot.contacts set phone = '111'`)
	v.exec(`update salesforce."Contact" set Phone = '222222'`)
	v.hubspot.rows["h1"]["phone"] = str("111")
	v.hubspot.store = func(_, column string, is *string) *string {
		if column == "associated_company_id" {
			return nil
		}
		return is
	}
	v.hubspot.lost = func(string) error { return noAnswer() }
	if _, err := v.try(t.Context()); err == nil {
		t.Fatal("an answer was lost, and nobody said so")
	}
	v.hubspot.lost, v.hubspot.ours = nil, map[string][]string{"h1": {"phone"}}
	v.recover()
	diff(t, []row{{"column": "associated_company_id", "outcome": "deferred"}, {"column": "phone", "outcome": "taken"}},
		v.rows(`select "column", outcome from history.change order by all`))
	diff(t, []row{{"n": "0"}}, v.rows(`select count(*)::varchar as n from history.refusal`))
	diff(t, "222222", v.base("x1", crm.HubSpot)["phone"])
}
