package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

// phones plans n updates of Phone 111 → 222222 in Salesforce, of s1, s2, … of the pairs x1, x2, …
func (v *world) phones(n int) {
	for i := 1; i <= n; i++ {
		pair, h, s := fmt.Sprintf("x%d", i), fmt.Sprintf("h%d", i), fmt.Sprintf("s%d", i)
		v.record(crm.HubSpot, h, row{"phone": "222222", "title": "Boss"})
		v.record(crm.Salesforce, s, row{"Phone": "111", "Title": "Boss"})
		v.linked(pair, h, s, row{"phone": "111", "title": "Boss"}, row{"phone": "111", "title": "Boss"})
		v.decided(pair, "phone", "hubspot", "222222", "111", "111", "111")
		v.change(Update, crm.Salesforce, pair, s, h, value{"Phone", "111", "222222", "phone"})
	}
}

func (v *world) states(r Report) string {
	v.t.Helper()
	var all []string
	for _, l := range r.Lines {
		all = append(all, l.ChangeID+" "+string(l.State))
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func diff(t *testing.T, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestBatchesCarryTheNextVerification(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.phones(7)
	var told []string
	v.o.Progress = func(p Progress) { told = append(told, fmt.Sprintf("%d/%d %s", p.Done, p.Planned, p.Line.State)) }
	r := v.apply()
	diff(t, []string{"read 3", "update 3", "update 3", "update 1"}, v.force.calls)
	diff(t, map[State]int{Taken: 7}, r.Counts)
	diff(t, []string{"1/7 taken", "2/7 taken", "3/7 taken", "4/7 taken", "5/7 taken", "6/7 taken", "7/7 taken"}, told)
	diff(t, row{"Phone": "222222", "Title": "Boss"}, v.mirror(crm.Salesforce, "s7", "Phone", "Title"))
	diff(t, []row{{"n": "7"}}, v.rows(`select count(*)::varchar as n from history.change where outcome = 'taken' and before = '111' and after = '222222' and stored = '222222' and fields = ['phone'] and rules = ['test']`))
	if !r.Complete() {
		t.Error("everything was taken, and the report is not complete")
	}
}

// From the call that read a record to the answer to its write: each call of the fake takes a second, and the read of
// every batch but the first went with the write before it.
func TestTheWindowBetweenReadAndWriteIsMeasured(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		records int
		want    time.Duration
	}{{3, time.Second}, {7, 2 * time.Second}} {
		v := newWorld(t)
		v.phones(c.records)
		diff(t, c.want, v.apply().Window)
	}
}

func TestACRMThatCannotCarryTheNextVerificationIsAskedForIt(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.phones(4)
	v.force.noAhead = true
	v.apply()
	diff(t, []string{"read 3", "update 3", "read 1", "update 1"}, v.force.calls)
}

func TestStaleIsByTheColumnsItWouldWrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		edit func(*fakeCRM)
		want string // the reason; empty: sent
	}{
		{"its stamp alone", func(f *fakeCRM) { *f.now = f.now.AddDate(0, 0, 1) }, ""},
		{"another column", func(f *fakeCRM) { f.rows["s1"]["Title"] = str("Chief") }, ""},
		{"the column", func(f *fakeCRM) { f.rows["s1"]["Phone"] = str("999") }, "Phone is not as planned any more"},
		{"the column, cleared", func(f *fakeCRM) { f.rows["s1"]["Phone"] = nil }, "Phone is not as planned any more"},
		{"deleted", func(f *fakeCRM) { delete(f.rows, "s1") }, "the record was deleted"},
		{"merged", func(f *fakeCRM) { f.gone = map[string]string{"s1": "merged"} }, "the record was merged"},
		{"converted", func(f *fakeCRM) { f.gone = map[string]string{"s1": "converted"} }, "the record was converted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.phones(1)
			c.edit(v.force)
			r := v.apply()
			got := ""
			for _, l := range r.Lines {
				got = l.Reason
			}
			diff(t, c.want, got)
			if c.want != "" {
				diff(t, []row{{"outcome": "stale", "reason": c.want}}, v.rows(`select outcome, reason from history.change`))
				diff(t, 0, len(v.force.sent))
			}
		})
	}
}

func TestStaleComparesValuesNotTexts(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.record(crm.HubSpot, "h1", row{"since": "2026-02-01"})
	v.record(crm.Salesforce, "s1", row{"Since": "2026-01-01"})
	v.linked("x", "h1", "s1", row{"since": "2026-01-01"}, row{"since": "2026-01-01"})
	v.decided("x", "since", "hubspot", "2026-02-01", "2026-01-01", "2026-01-01", "2026-01-01")
	v.change(Update, crm.Salesforce, "x", "s1", "h1", value{"Since", "2026-01-01 00:00:00+00", "2026-02-01 00:00:00+00", "since"})
	v.force.rows["s1"]["Since"] = str("2026-01-01")
	diff(t, map[State]int{Taken: 1}, v.apply().Counts)
	diff(t, "2026-02-01", *v.force.rows["s1"]["Since"])
}

func TestWhatIsReadGoesIntoTheMirrorAndNeverBack(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.phones(2)
	v.force.rows["s1"]["Phone"], v.force.rows["s1"]["Title"] = str("999"), str("Chief")
	v.exec(`update salesforce."Contact" set _modified_at = $1, Title = 'newer' where id = 's2'`, v.now.AddDate(1, 0, 0))
	r := v.apply()
	diff(t, "c1 stale, c2 taken", v.states(r))
	diff(t, row{"Phone": "999", "Title": "Chief"}, v.mirror(crm.Salesforce, "s1", "Phone", "Title"))
	diff(t, row{"Phone": "111", "Title": "newer"}, v.mirror(crm.Salesforce, "s2", "Phone", "Title"))
}

func TestChangesWhoseGroundHasMovedAreStale(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, q, want string }{
		{"source", `update hubspot.contacts set phone = '3' where id = 'h1'`, "its source has moved: phone"},
		{"source deleted", `update hubspot.contacts set _deleted = true where id = 'h1'`, "its source has moved: phone"},
		{"a field of the source that did not decide it", `update hubspot.contacts set title = '3' where id = 'h1'`, ""},
		{"base of the source", `update base.person set phone = '3' where pair_id = 'x1' and system = 'hubspot'`, "its base has moved: phone"},
		{"base of the target", `update base.person set phone = null where pair_id = 'x1' and system = 'salesforce'`, "its base has moved: phone"},
		{"link", `update link.person set salesforce_id = 's9' where pair_id = 'x1'`, "its link has moved"},
		{"link held", `update link.person set state = 'held' where pair_id = 'x1'`, "its link has moved"},
		{"mapping edited, and the plan's bases are the new text's", `update base.person set phone = 'old text' where pair_id = 'x1' and system = 'hubspot';
			insert into plan.settle values ('p', 'person', 'x1', 'hubspot', 'phone', '111', 'mapping edited')`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.phones(1)
			v.exec(c.q)
			r := v.apply()
			got := ""
			for _, l := range r.Lines {
				got = l.Reason
			}
			diff(t, c.want, got)
			if c.want != "" {
				diff(t, map[State]int{Stale: 1}, r.Counts)
				diff(t, []string(nil), v.force.calls)
			}
		})
	}
}

func TestRefusedFieldsGoAloneAndTheRestGoesAgain(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.record(crm.HubSpot, "h1", row{"phone": "2", "title": "T3", "city": "Ulm", "zip": "1"})
	v.record(crm.Salesforce, "s1", row{"Phone": "1", "Title": "T1", "City": "Bonn", "Zip": "2"})
	base := row{"phone": "1", "title": "T1", "city": "Bonn", "zip": "2"}
	v.linked("x", "h1", "s1", base, base)
	v.decided("x", "phone", "hubspot", "2", "1", "1", "1")
	v.decided("x", "title", "hubspot", "T3", "T1", "T1", "T1")
	v.decided("x", "city", "hubspot", "Ulm", "Bonn", "Bonn", "Bonn")
	v.decided("x", "zip", "hubspot", "1", "2", "2", "2")
	v.change(Update, crm.Salesforce, "x", "s1", "h1", value{"Phone", "1", "2", "phone"}, value{"Title", "T1", "T3", "title"},
		value{"City", "Bonn", "Ulm", "city"}, value{"Zip", "2", "1", "zip"})
	v.force.refuse = func(_ string, values map[string]*string) []Refusal {
		var all []Refusal
		if _, ok := values["Title"]; ok {
			all = append(all, Refusal{Category: ValidationRule, Columns: []string{"Title"}, Words: "no threes"})
		}
		if _, ok := values["Zip"]; ok {
			all = append(all, Refusal{Category: LengthOrType, Columns: []string{"zip"}, Words: "too short"})
		}
		return all
	}
	r := v.apply()
	diff(t, []string{"read 1", "update 1", "read 1", "update 1"}, v.force.calls)
	diff(t, []map[string]*string{{"Phone": str("2")}}, v.force.sent)
	diff(t, map[State]int{Refused: 1}, r.Counts)
	diff(t, []row{
		{"column": "City", "outcome": "refused", "reason": "goes together with a field that was refused"},
		{"column": "Phone", "outcome": "taken", "stored": "2"},
		{"column": "Title", "outcome": "refused", "reason": "no threes"},
		{"column": "Zip", "outcome": "refused", "reason": "too short"},
	}, v.rows(`select "column", outcome, stored, reason from history.change order by 1`))
	diff(t, []row{
		{"column": "Title", "value": "T3", "category": "validation rule", "words": "no threes"},
		{"column": "Zip", "value": "1", "category": "length or type", "words": "too short"},
	}, v.rows(`select "column", value, category, words from history.refusal where "column" <> 'City' order by 1`))
	diff(t, row{"phone": "2", "title": "T1", "city": "Bonn", "zip": "2"}, v.base("x", crm.HubSpot))
}

func TestARefusalEndsWhenTheColumnIsTaken(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.phones(1)
	v.exec(`insert into history.refusal values ('person', 'x1', 'salesforce', 'Contact', 's1', 'Phone', 'old', 'picklist', 'no', null, now(), now(), 'before', false),
		('person', 'x1', 'salesforce', 'Contact', 's1', 'Title', 'old', 'picklist', 'no', null, now(), now(), 'before', false)`)
	v.apply()
	diff(t, []row{{"column": "Title"}}, v.rows(`select "column" from history.refusal`))
}

func TestABatchRejectedWholeIsSplitUntilTheBadRecordStandsAlone(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.phones(8)
	v.force.size = 8
	v.force.reject = func(rows []Row) *Rejected {
		for _, r := range rows {
			if r.ID == "s6" {
				return &Rejected{Refusals: []Refusal{{Category: Picklist, Columns: []string{"Phone"}, Words: "bad"}}, Err: refusedCall(wire.Record)}
			}
		}
		return nil
	}
	r := v.apply()
	diff(t, map[State]int{Taken: 7, Refused: 1}, r.Counts)
	diff(t, []string{"read 8", "update 8", "read 4", "update 4", "update 4", "read 2", "update 2", "read 1", "update 1", "update 1", "read 2", "update 2"}, v.force.calls)
	diff(t, []row{{"record_id": "s6", "category": "picklist"}}, v.rows(`select record_id, category from history.refusal`))
}

func TestAColumnThatNoRecordMayHaveIsRefusedOnAllAtOnce(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.phones(3)
	v.exec(`insert into plan.value values ('p', 'c2', 'Nope', null, 'x', ['title'], ['test'])`)
	v.force.reject = func(rows []Row) *Rejected {
		for _, r := range rows {
			if _, ok := r.Values["Nope"]; ok {
				return &Rejected{All: true, Refusals: []Refusal{{Category: Permission, Columns: []string{"Nope"}, Words: "no such column"}}, Err: refusedCall(wire.Mapping)}
			}
		}
		return nil
	}
	r := v.apply()
	diff(t, map[State]int{Taken: 2, Refused: 1}, r.Counts)
	diff(t, []string{"read 3", "update 3", "read 3", "update 3"}, v.force.calls)
	diff(t, 3, len(v.force.sent))
}

func TestFailuresOfACRM(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		at     string // the call that fails
		err    error
		lost   bool
		failed bool
		want   map[State]int
		outbox string
	}{
		{"quota while verifying", "read", refusedCall(wire.Quota), false, false, map[State]int{Deferred: 4}, "0"},
		{"credentials while verifying", "read", refusedCall(wire.Credentials), false, true, map[State]int{Deferred: 4}, "0"},
		{"quota while writing", "update", refusedCall(wire.Quota), false, false, map[State]int{Deferred: 4}, "0"},
		{"server down", "update", refusedCall(wire.Retry), false, true, map[State]int{Deferred: 4}, "0"},
		{"answer lost", "update", noAnswer(), true, true, map[State]int{Unclear: 3, Deferred: 1}, "3"},
		{"an error nobody knows", "update", errBroken, true, true, map[State]int{Unclear: 3, Deferred: 1}, "3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.phones(4)
			hook := func(call string) error {
				if call == c.at {
					return c.err
				}
				return nil
			}
			if c.lost {
				v.force.lost = hook
			} else {
				v.force.fail = hook
			}
			// The other CRM's part goes on.
			v.record(crm.HubSpot, "h9", row{"title": "A"})
			v.record(crm.Salesforce, "s9", row{"Title": "B"})
			v.linked("x9", "h9", "s9", row{"title": "A"}, row{"title": "A"})
			v.decided("x9", "title", "salesforce", "A", "B", "A", "A")
			v.change(Update, crm.HubSpot, "x9", "h9", "s9", value{"title", "A", "B", "title"})
			r, err := v.try(t.Context())
			if (err != nil) != c.failed {
				t.Errorf("error %v, want one: %v", err, c.failed)
			}
			c.want[Taken] = 1
			diff(t, c.want, r.Counts)
			diff(t, []row{{"n": c.outbox}}, v.rows(`select count(*)::varchar as n from outbox`))
			diff(t, "111", v.base("x1", crm.Salesforce)["phone"])
			diff(t, "B", v.base("x9", crm.HubSpot)["title"])
		})
	}
}

func TestAWriteThatCannotBeReadBackStaysInTheOutbox(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.phones(2)
	v.force.unread = map[string]bool{"s1": true}
	r := v.apply()
	diff(t, "c1 unclear, c2 taken", v.states(r))
	diff(t, []row{{"change_id": "c1", "sent": `{"Phone":"222222"}`}}, v.rows(`select change_id, sent from outbox`))
}

func TestAnInterruptEndsAfterTheCallUnderWay(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.phones(7)
	ctx, cancel := context.WithCancel(t.Context())
	v.force.during = cancel
	r, err := v.try(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	diff(t, []string{"read 3", "update 3"}, v.force.calls)
	diff(t, map[State]int{Taken: 3, Deferred: 4}, r.Counts)
	diff(t, []row{{"n": "0"}}, v.rows(`select count(*)::varchar as n from outbox`))
	diff(t, []row{{"state": "made"}}, v.rows(`select state from plan.plan`))
	diff(t, "222222", v.base("x3", crm.Salesforce)["phone"])
}

func TestAPlanIsAppliedOnce(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.phones(1)
	v.apply()
	if _, err := v.try(t.Context()); !errors.Is(err, ErrApplied) {
		t.Errorf("the second time: %v, want %v", err, ErrApplied)
	}
}

func TestAPlanOfAnotherMappingIsRefused(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.phones(1)
	for path, text := range v.p.MappingText() {
		v.exec(`insert into plan.mapping values ('p', $1, $2)`, path, text)
	}
	v.exec(`update plan.mapping set text = text || ' ' where path = 'sql/person/from_hubspot.contacts.sql'`)
	_, err := v.try(t.Context())
	if !errors.Is(err, ErrMoved) || !strings.Contains(err.Error(), "sql/person/from_hubspot.contacts.sql") {
		t.Errorf("error %v, want %v and the file", err, ErrMoved)
	}
	v.exec(`update plan.mapping set text = rtrim(text)`)
	v.apply()
	diff(t, []row{{"n": "2"}}, v.rows(`select count(*)::varchar as n from catalog.mapping join plan.mapping using (path, text)`))
}

func TestConflictsAndLinksGoIntoHistory(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	v.record(crm.HubSpot, "h1", row{"title": "A"})
	v.record(crm.Salesforce, "s1", row{"Title": "B"})
	v.exec(`insert into plan.link values ('p', 'person', 'x', 'linked', 'contacts', 'h1', 'Contact', 's1', 'email', 'same address', null)`)
	v.exec(`insert into plan.field values ('p', 'person', 'x', 'title', 'ask', true, true, 'A', 'B', null, null, 'ask', 'a person decides')`)
	r := v.apply()
	diff(t, 1, r.Linked)
	diff(t, []row{{"winner": "ask", "hubspot": "A", "salesforce": "B", "first_link": "true"}}, v.rows(`select winner, hubspot, salesforce, first_link::varchar as first_link from history.conflict`))
	diff(t, []row{{"action": "link", "record_id": "h1", "after": "Contact s1", "outcome": "taken", "reason": "same address"}},
		v.rows(`select action, record_id, after, outcome, reason from history.change`))
	diff(t, []row{{"state": "linked", "hubspot_id": "h1", "salesforce_id": "s1", "run_id": "run"}}, v.rows(`select state, hubspot_id, salesforce_id, run_id from link.person`))
}

// TestNoConflictIsKnownWhileAWriteIsNotSettled: a plan made before the outbox is settled takes what we wrote for an edit,
// so what it calls a conflict or a fight is neither.
func TestNoConflictIsKnownWhileAWriteIsNotSettled(t *testing.T) {
	t.Parallel()
	for _, under := range []bool{true, false} {
		v := newWorld(t)
		v.record(crm.HubSpot, "h1", row{"title": "A"})
		v.record(crm.Salesforce, "s1", row{"Title": "B"})
		v.exec(`insert into plan.field values
			('p', 'person', 'x', 'title', 'hubspot', true, false, 'A', 'B', 'C', 'C', 'hubspot', 'both changed it'),
			('p', 'person', 'x', 'phone', 'frozen', false, false, '1', '2', '3', '3', 'salesforce', 'a fight')`)
		want := "1"
		if under {
			v.exec(`insert into outbox values ('c0', 'p0', 'r0', 1, 'person', 'x', 'update', 'salesforce', 'Contact', 's1', null, null, now(), '{}', '{}', null)`)
			want = "0"
		}
		v.apply()
		diff(t, []row{{"conflicts": want, "frozen": want}}, v.rows(`select (select count(*) from history.conflict)::varchar as conflicts, (select count(*) from history.frozen)::varchar as frozen`))
	}
}
