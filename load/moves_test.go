package load

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
)

// TestBaseMoves has one test per row of the design's table of base moves. In each, HubSpot's 111 became 222222
// and Salesforce is written, unless the row says otherwise.
func TestBaseMoves(t *testing.T) {
	t.Parallel()
	type result struct {
		HubSpot, Salesforce row // bases, as far as they are not what they were
		Counts              map[State]int
	}
	pair := func(v *world) {
		v.record(crm.HubSpot, "h1", row{"phone": "222222", "title": "Boss", "firstname": "Ann", "lastname": "Lee", "salesforce_id": "s1"})
		v.record(crm.Salesforce, "s1", row{"Phone": "111", "Title": "Boss", "Name": "Ann Lee", "HubSpot_Id__c": "h1"})
		base := row{"phone": "111", "title": "Boss", "first": "Ann", "last": "Lee", "hubspot_id": "h1", "salesforce_id": "s1"}
		v.linked("x", "h1", "s1", base, base)
	}
	phone := func(v *world) {
		pair(v)
		v.decided("x", "phone", "hubspot", "222222", "111", "111", "111")
		v.change(Update, crm.Salesforce, "x", "s1", "h1", value{"Phone", "111", "222222", "phone"})
	}
	settle := func(v *world, system, field string, value any, event string) {
		v.exec(`insert into plan.settle values ('p', 'person', 'x', $1, $2, $3, $4)`, system, field, value, event)
	}
	for _, c := range []struct {
		row   string
		world func(*world)
		want  result
	}{
		{"new pair: none", func(v *world) {
			v.record(crm.HubSpot, "h1", row{"phone": "1"})
			v.record(crm.Salesforce, "s1", row{"Phone": "2"})
			v.exec(`insert into plan.link values ('p', 'person', 'x', 'linked', 'contacts', 'h1', 'Contact', 's1', 'email', null, null)`)
			settle(v, "hubspot", "title", "", "agreed")
			settle(v, "salesforce", "title", "", "agreed")
		}, result{HubSpot: row{"title": "-"}, Salesforce: row{"title": "-"}, Counts: map[State]int{}}},
		{"turned on, or a new field: none until both agree or one is sent", func(v *world) {
			phone(v)
			v.exec(`update base.person set phone = null, title = null`)
			v.exec(`update plan.field set hubspot_base = null, salesforce_base = null`)
		}, result{HubSpot: row{"phone": "222222"}, Salesforce: row{"phone": "222222"}, Counts: map[State]int{Taken: 1}}},
		{"off: none, and so it stays though the record it stands in is written", func(v *world) {
			phone(v)
			v.exec(`update base.person set memo = 'before'`)
			v.exec(`insert into plan.value values ('p', 'c1', 'Memo', null, 'after', ['memo'], ['test'])`)
		}, result{HubSpot: row{"phone": "222222", "memo": ""}, Salesforce: row{"phone": "222222", "memo": ""}, Counts: map[State]int{Taken: 1}}},
		{"removed: none", func(v *world) {
			pair(v)
			v.exec(`alter table base.person add column fax varchar`)
			v.exec(`update base.person set fax = 'before'`)
		}, result{HubSpot: row{"fax": ""}, Salesforce: row{"fax": ""}, Counts: map[State]int{}}},
		{"resync drops the base", func(v *world) {
			pair(v)
			settle(v, "hubspot", "phone", nil, "resync")
		}, result{HubSpot: row{"phone": ""}, Counts: map[State]int{}}},
		{"agreed: its own value", func(v *world) {
			pair(v)
			v.decided("x", "phone", "agreed", "222222", "222222", "111", "111")
			settle(v, "hubspot", "phone", "222222", "agreed")
			settle(v, "salesforce", "phone", "222222", "agreed")
		}, result{HubSpot: row{"phone": "222222"}, Salesforce: row{"phone": "222222"}, Counts: map[State]int{}}},
		{"agreed, and the base moved since the plan: it stays", func(v *world) {
			pair(v)
			v.decided("x", "phone", "agreed", "222222", "222222", "000", "111")
			settle(v, "hubspot", "phone", "222222", "agreed")
		}, result{Counts: map[State]int{}}},
		{"kept blank: the blank side's", func(v *world) {
			pair(v)
			settle(v, "hubspot", "title", "", "kept blank")
		}, result{HubSpot: row{"title": "-"}, Counts: map[State]int{}}},
		{"decided, nothing to send: as planned", func(v *world) {
			pair(v)
			v.decided("x", "phone", "hubspot", "222222", "111", "111", "111")
			settle(v, "hubspot", "phone", "222222", "nothing to send")
			settle(v, "salesforce", "phone", "111", "nothing to send")
		}, result{HubSpot: row{"phone": "222222"}, Counts: map[State]int{}}},
		{"mapping edited, then agreed: the later one stands", func(v *world) {
			pair(v)
			v.decided("x", "phone", "agreed", "222222", "222222", "+111", "111")
			settle(v, "hubspot", "phone", "222222", "agreed")
			settle(v, "hubspot", "phone", "+111", "mapping edited")
		}, result{HubSpot: row{"phone": "222222"}, Counts: map[State]int{}}},

		{"sent and taken: as planned, and as read back", phone,
			result{HubSpot: row{"phone": "222222"}, Salesforce: row{"phone": "222222"}, Counts: map[State]int{Taken: 1}}},
		{"sent and taken, the CRM keeps three digits", func(v *world) {
			phone(v)
			v.force.store = func(_, _ string, s *string) *string { return str((*s)[:3]) }
		}, result{HubSpot: row{"phone": "222222"}, Salesforce: row{"phone": "222"}, Counts: map[State]int{Taken: 1}}},
		{"sent and taken, the source edited meanwhile: never re-read", func(v *world) {
			phone(v)
			v.force.during = func() { v.hubspot.rows["h1"]["phone"] = str("333333") }
		}, result{HubSpot: row{"phone": "222222"}, Salesforce: row{"phone": "222222"}, Counts: map[State]int{Taken: 1}}},
		{"a value that does not come back in our words: its base stays", func(v *world) {
			pair(v)
			v.decided("x", "since", "hubspot", "2200-01-01", "-", "-", "-")
			v.exec(`update base.person set since = ''`)
			v.exec(`update hubspot.contacts set since = date '2200-01-01'`)
			v.change(Update, crm.Salesforce, "x", "s1", "h1", value{"Since", "-", "2200-01-01", "since"})
		}, result{HubSpot: row{"since": "2200-01-01"}, Salesforce: row{"since": "-"}, Counts: map[State]int{Taken: 1}}},

		{"other fields that this write moved, at their base: as read back", func(v *world) {
			pair(v)
			v.exec(`update hubspot.contacts set lastname = 'van Dyke'`)
			v.decided("x", "last", "hubspot", "van Dyke", "Lee", "Lee", "Lee")
			v.change(Update, crm.Salesforce, "x", "s1", "h1", value{"Name", "Ann Lee", "Ann van Dyke", "last"})
		}, result{HubSpot: row{"last": "van Dyke"}, Salesforce: row{"first": "Ann van", "last": "Dyke"}, Counts: map[State]int{Taken: 1}}},
		{"other fields that this write moved, not at their base: an edit", func(v *world) {
			pair(v)
			v.exec(`update hubspot.contacts set lastname = 'van Dyke'`)
			v.exec(`update base.person set first = 'Anna' where system = 'salesforce'`)
			v.decided("x", "last", "hubspot", "van Dyke", "Lee", "Lee", "Lee")
			v.change(Update, crm.Salesforce, "x", "s1", "h1", value{"Name", "Ann Lee", "Ann van Dyke", "last"})
		}, result{HubSpot: row{"last": "van Dyke"}, Salesforce: row{"last": "Dyke", "first": "Anna"}, Counts: map[State]int{Taken: 1}}},
		{"other fields that may not flow to that side: –", func(v *world) {
			pair(v)
			v.exec(`update base.person set area = '1' where system = 'salesforce'`)
			v.decided("x", "phone", "hubspot", "222222", "111", "111", "111")
			v.change(Update, crm.Salesforce, "x", "s1", "h1", value{"Phone", "111", "222222", "phone"})
		}, result{HubSpot: row{"phone": "222222"}, Salesforce: row{"phone": "222222", "area": "1"}, Counts: map[State]int{Taken: 1}}},
		{"anything else on that record: an edit", func(v *world) {
			phone(v)
			v.force.during = func() { v.force.rows["s1"]["Title"] = str("Chief") }
		}, result{HubSpot: row{"phone": "222222"}, Salesforce: row{"phone": "222222"}, Counts: map[State]int{Taken: 1}}},

		{"read back as before: not taken", func(v *world) {
			phone(v)
			v.force.store = func(_, _ string, s *string) *string { return str("111") }
		}, result{Counts: map[State]int{NotTaken: 1}}},
		{"read back as before, somebody else was last: still not taken, which is tested first", func(v *world) {
			phone(v)
			v.force.store = func(_, _ string, s *string) *string { return str("111") }
			v.force.foreign = map[string]bool{"s1": true}
		}, result{Counts: map[State]int{NotTaken: 1}}},
		{"not taken in one of the fields that go together: none of them", func(v *world) {
			pair(v)
			for _, s := range []string{"hubspot.contacts", `salesforce."Contact"`} {
				v.exec(`update ` + s + ` set City = 'Ulm', Zip = '89'`)
			}
			v.exec(`update base.person set city = 'Ulm', zip = '89'`)
			v.exec(`update hubspot.contacts set city = 'Bonn', zip = '53'`)
			v.force.rows["s1"]["City"], v.force.rows["s1"]["Zip"] = str("Ulm"), str("89")
			v.decided("x", "city", "hubspot", "Bonn", "Ulm", "Ulm", "Ulm")
			v.decided("x", "zip", "hubspot", "53", "89", "89", "89")
			v.change(Update, crm.Salesforce, "x", "s1", "h1", value{"City", "Ulm", "Bonn", "city"}, value{"Zip", "89", "53", "zip"})
			v.force.store = func(_, column string, s *string) *string {
				if column == "Zip" {
					return str("89")
				}
				return s
			}
		}, result{Counts: map[State]int{NotTaken: 1}}},
		{"read back as neither, by somebody else: as sent", func(v *world) {
			phone(v)
			v.force.during = func() { v.force.rows["s1"]["Phone"] = str("444"); v.force.foreign = map[string]bool{"s1": true} }
		}, result{HubSpot: row{"phone": "222222"}, Salesforce: row{"phone": "222222"}, Counts: map[State]int{Taken: 1}}},
		{"read back as neither, by us: as read back", func(v *world) {
			phone(v)
			v.force.during = func() { v.force.rows["s1"]["Phone"] = str("444") }
		}, result{HubSpot: row{"phone": "222222"}, Salesforce: row{"phone": "444"}, Counts: map[State]int{Taken: 1}}},

		{"read back as neither, by HubSpot, whose answer is the write itself: as read back", func(v *world) {
			pair(v)
			v.decided("x", "phone", "salesforce", "111", "222222", "111", "111")
			v.exec(`update salesforce."Contact" set Phone = '222222'`)
			v.exec(`update hubspot.contacts set phone = '111'`)
			v.hubspot.rows["h1"]["phone"] = str("111")
			v.change(Update, crm.HubSpot, "x", "h1", "s1", value{"phone", "111", "222222", "phone"})
			v.hubspot.store = func(_, _ string, _ *string) *string { return str("444") }
		}, result{HubSpot: row{"phone": "444"}, Salesforce: row{"phone": "222222"}, Counts: map[State]int{Taken: 1}}},
		{"read back as sent, somebody else was last: as read back", func(v *world) {
			phone(v)
			v.force.foreign = map[string]bool{"s1": true}
		}, result{HubSpot: row{"phone": "222222"}, Salesforce: row{"phone": "222222"}, Counts: map[State]int{Taken: 1}}},

		{"refused: –", func(v *world) {
			phone(v)
			v.force.refuse = func(string, map[string]*string) []Refusal {
				return []Refusal{{Category: ValidationRule, Words: "not so"}}
			}
		}, result{Counts: map[State]int{Refused: 1}}},
		{"deferred: –", func(v *world) {
			phone(v)
			v.force.later = map[string]string{"s1": "locked"}
		}, result{Counts: map[State]int{Deferred: 1}}},
		{"stale: –", func(v *world) {
			phone(v)
			v.force.rows["s1"]["Phone"] = str("999")
		}, result{Counts: map[State]int{Stale: 1}}},

		{"stale by its source: –", func(v *world) {
			phone(v)
			v.exec(`update hubspot.contacts set phone = '9'`)
		}, result{Counts: map[State]int{Stale: 1}}},
		{"deferred by the budget: –", func(v *world) {
			phone(v)
			v.force.left = 1
		}, result{Counts: map[State]int{Deferred: 1}}},
		{"waiting, ask, frozen: –", func(v *world) {
			pair(v)
			v.decided("x", "phone", "ask", "222222", "333333", "111", "111")
			v.decided("x", "title", "frozen", "A", "B", "Boss", "Boss")
			v.decided("x", "first", "waiting", "A", "", "Ann", "Ann")
			v.exec(`update plan.field set reason = 'test'`)
		}, result{Counts: map[State]int{}}},
		{"undo: only that of the side it writes, as read back", func(v *world) {
			pair(v)
			v.exec(`update plan.plan set undoes = 'before'`)
			v.exec(`update base.person set phone = '222222'`)
			v.force.rows["s1"]["Phone"] = str("222222")
			v.exec(`update salesforce."Contact" set Phone = '222222'`)
			v.change(Update, crm.Salesforce, "x", "s1", "h1", value{"Phone", "222222", "111000", "phone"})
			v.force.store = func(_, _ string, s *string) *string { return str((*s)[:3]) }
		}, result{Salesforce: row{"phone": "111"}, Counts: map[State]int{Taken: 1}}},
		{"the record is replaced: kept where the new one holds the same, else none", func(v *world) {
			pair(v)
			v.exec(`insert into plan.link values ('p', 'person', 'x', 'linked', 'contacts', 'h1', 'Contact', 's2', 'merged', null, 'salesforce')`)
			settle(v, "salesforce", "phone", nil, "record replaced")
		}, result{Salesforce: row{"phone": ""}, Counts: map[State]int{}}},
		{"a side is missing: –", func(v *world) {
			pair(v)
			v.exec(`insert into plan.link values ('p', 'person', 'x', 'half', 'contacts', 'h1', 'Contact', 's1', 'test', 'deleted', null)`)
		}, result{Counts: map[State]int{}}},

		{"created: every field, as planned and as read back, but for what the source has not been told yet", func(v *world) {
			v.record(crm.HubSpot, "h1", row{"phone": "222222", "firstname": "Ann", "lastname": "Lee", "salesforce_id": "-", "title": "-"})
			v.change(Create, crm.Salesforce, "x", "", "h1", value{"Phone", "-", "222222", "phone"}, value{"Name", "-", "Ann Lee", "first last"})
			v.force.store = func(_, c string, s *string) *string {
				if c == "Phone" {
					return str((*s)[:3])
				}
				return s
			}
		}, result{
			HubSpot:    row{"phone": "222222", "first": "Ann", "last": "Lee", "title": "-", "since": "-", "city": "-", "zip": "-", "hubspot_id": "h1"},
			Salesforce: row{"phone": "222", "area": "2", "first": "Ann", "last": "Lee", "title": "-", "since": "-", "city": "-", "zip": "-", "hubspot_id": "h1", "salesforce_id": "new1", "what": "Contact"},
			Counts:     map[State]int{Taken: 1},
		}},
		{"created without a refused field: no base for that one", func(v *world) {
			v.record(crm.HubSpot, "h1", row{"phone": "222222", "firstname": "Ann", "lastname": "Lee"})
			v.change(Create, crm.Salesforce, "x", "", "h1", value{"Phone", "-", "222222", "phone"}, value{"Name", "-", "Ann Lee", "first last"})
			v.force.refuse = func(_ string, values map[string]*string) []Refusal {
				if _, ok := values["Phone"]; ok {
					return []Refusal{{Category: LengthOrType, Columns: []string{"Phone"}, Words: "too long"}}
				}
				return nil
			}
		}, result{
			HubSpot:    row{"first": "Ann", "last": "Lee", "title": "-", "since": "-", "city": "-", "zip": "-", "hubspot_id": "h1"},
			Salesforce: row{"area": "-", "first": "Ann", "last": "Lee", "title": "-", "since": "-", "city": "-", "zip": "-", "hubspot_id": "h1", "salesforce_id": "new1", "what": "Contact"},
			Counts:     map[State]int{Refused: 1},
		}},
	} {
		t.Run(c.row, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			c.world(v)
			before := map[crm.System][]row{}
			for _, s := range crm.Systems {
				before[s] = v.rows(`select * exclude (pair_id, system, object, id) from base.person where pair_id = 'x' and system = $1`, s)
			}
			r := v.apply()
			got := result{HubSpot: v.base("x", crm.HubSpot), Salesforce: v.base("x", crm.Salesforce), Counts: r.Counts}
			want := c.want
			for s, side := range map[crm.System]*row{crm.HubSpot: &want.HubSpot, crm.Salesforce: &want.Salesforce} {
				all := row{}
				if len(before[s]) == 1 {
					all = before[s][0]
				}
				for f, b := range *side {
					all[f] = b
					if b == "" {
						delete(all, f)
					}
				}
				*side = all
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if n := v.rows(`select count(*)::varchar as n from outbox`)[0]["n"]; n != "0" {
				t.Errorf("%s outbox rows are left", n)
			}
		})
	}
}
