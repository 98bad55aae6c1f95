package load

import (
	"testing"

	"lockstep/internal/crm"
)

// deletion1 plans the deletion of s1, whose partner h1 is archived.
func deletion1(v *world) {
	v.t.Helper()
	v.record(crm.HubSpot, "h1", row{"phone": "111"})
	v.record(crm.Salesforce, "s1", row{"Phone": "111"})
	base := row{"phone": "111"}
	v.linked("x", "h1", "s1", base, base)
	v.exec(`update link.person set state = 'half'`)
	v.exec(`update hubspot.contacts set _deleted = true`)
	v.change(Delete, crm.Salesforce, "x", "s1", "h1", value{"_deleted", "false", "true", ""})
}

func TestDelete(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		before  func(v *world) // between the plan and its apply
		want    map[State]int
		deleted bool // in the CRM, by us
		mirror  string
	}{
		{"deleted: the mirror says so, link and bases stay", func(*world) {}, map[State]int{Taken: 1}, true, "true"},
		{"edited since the plan: kept", func(v *world) { v.force.rows["s1"]["Phone"] = str("222") }, map[State]int{Stale: 1}, false, "false"},
		{"gone already", func(v *world) { v.force.gone = map[string]string{"s1": "deleted"} }, map[State]int{Stale: 1}, false, "false"},
		{"linked again: kept", func(v *world) { v.exec(`update link.person set state = 'linked'`) }, map[State]int{Stale: 1}, false, "false"},
		{"refused", func(v *world) {
			v.force.refuse = func(string, map[string]*string) []Refusal {
				return []Refusal{{Category: Other, Code: "DELETE_FAILED", Words: "it has open orders"}}
			}
		}, map[State]int{Refused: 1}, false, "false"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			deletion1(v)
			c.before(v)
			was := v.rows(`select * from link.person`)
			diff(t, c.want, v.apply().Counts)
			diff(t, c.deleted, v.force.gone["s1"] != "" && c.want[Taken] == 1)
			diff(t, row{"_deleted": c.mirror}, v.mirror(crm.Salesforce, "s1", "_deleted"))
			diff(t, was, v.rows(`select * from link.person`))
			diff(t, row{"phone": "111"}, v.base("x", crm.Salesforce))
			diff(t, []row{{"n": "0"}}, v.rows(`select count(*)::varchar as n from outbox`))
			for state := range c.want {
				diff(t, []row{{"action": "delete", "outcome": string(state)}}, v.rows(`select action, outcome from history.change`))
			}
		})
	}
}

func TestRecoverDeletions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		carried bool
		want    map[State]int
	}{
		{"carried out", true, map[State]int{Taken: 1}},
		{"not carried out", false, map[State]int{Deferred: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			deletion1(v)
			cut := func(call string) error {
				if call == "delete" {
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
			diff(t, []row{{"n": "0"}}, v.rows(`select count(*)::varchar as n from outbox`))
			diff(t, row{"_deleted": map[bool]string{true: "true", false: "false"}[c.carried]}, v.mirror(crm.Salesforce, "s1", "_deleted"))
		})
	}
}
