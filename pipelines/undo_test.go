package pipelines_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/load"
	"lockstep/pipelines"
)

// TestUndo: whatever random people did before and after a run, its undo gives back what every column that it wrote held
// before, or lists it with why; what people typed since stays; nothing else moves, and the next run sends none of it again.
// An undo of the undo brings the run's values back. With Created the records that a run made go, what they were made of
// stays, and they are not made again.
//
// LOCKSTEP_WORLDS sets how many worlds are tried.
func TestUndo(t *testing.T) {
	t.Parallel()
	for _, n := range seeds(1) {
		t.Run(fmt.Sprintf("world=%d", n), func(t *testing.T) {
			t.Parallel()
			var all []uint64
			for i := range uint64(60) {
				all = append(all, 1_000_000+n*perWorld+i)
			}
			u := &undoing{world: newWorld(t, n, all...)}
			u.values()
			u.created()
		})
	}
}

// undoing is a world whose runs are taken back.
type undoing struct{ *world }

// cell is one column of one record.
type cell struct{ system, object, id, column string }

// photo is what every record holds.
func (u *undoing) photo() map[cell]string {
	all := map[cell]string{}
	take := func(s crm.System, objects []string, records func(string) []map[string]string) {
		for _, o := range objects {
			for _, r := range records(o) {
				for k, v := range r {
					all[cell{string(s), o, r["Id"] + r["hs_object_id"], k}] = v
				}
			}
		}
	}
	take(crm.HubSpot, []string{"contacts", "companies", "deals"}, u.crms.HubSpot.All)
	take(crm.Salesforce, []string{"Contact", "Lead", "Account", "Opportunity"}, u.crms.Salesforce.All)
	return all
}

// undo takes a run back, and returns that run and what it lists as not undone: columns, and records as a whole.
func (u *undoing) undo(run string, created bool) (pipelines.Result, map[cell]string) {
	u.t.Helper()
	u.pass(10 * time.Minute)
	u.job.Undo = &load.Undo{Run: run, Created: created}
	res, err := u.once()
	u.job.Undo = nil
	if err != nil {
		u.t.Fatal(err)
	}
	listed := map[cell]string{}
	w := u.open()
	defer w.Close()
	for _, n := range query(u.t, w, `select system, object, record_id, coalesce(field, ''), text from plan.notice where plan_id = $1 and kind = 'not undone'`, res.PlanID) {
		listed[cell{n[0], n[1], n[2], n[3]}] = n[4]
	}
	for _, l := range res.Load.Lines {
		if l.State != load.Taken {
			listed[cell{string(l.Record.Object.System), l.Record.Object.Name, l.Record.ID, ""}] = string(l.State) + " " + l.Reason
		}
	}
	return res, listed
}

// wrote are the columns that a run wrote into records that were there, or the records that it made.
func (u *undoing) wrote(run, action string) []cell {
	u.t.Helper()
	w := u.open()
	defer w.Close()
	var all []cell
	for _, c := range query(u.t, w, `select distinct system, object, record_id, if(action = 'create', '', "column") from history.change
		where run_id = $1 and action = $2 and outcome = 'taken' and "column" is not null order by all`, run, action) {
		all = append(all, cell{c[0], c[1], c[2], c[3]})
	}
	return all
}

func why(listed map[cell]string, c cell) string {
	whole := c
	whole.column = ""
	return listed[c] + listed[whole]
}

// values takes back a run that changed values.
func (u *undoing) values() {
	t := u.t
	t.Helper()
	u.run(nil)
	u.work_(nil)
	u.run(nil)
	u.pass(10 * time.Minute)
	u.work_(nil)
	// somebody who is in both CRMs and not linked yet
	one := u.put(crm.HubSpot, "contacts", map[string]string{"email": "both@mail.example.com", "full_name": "Ann Both"})
	other := u.put(crm.Salesforce, "Contact", map[string]string{"Email": "both@mail.example.com", "LastName": "Both"})
	u.pass(time.Minute) // the search lags
	before := u.photo()
	u.passed = nil
	res := u.run(nil)
	u.linked(one, other, "linked")
	after := u.photo()
	u.pass(10 * time.Minute)
	typed := map[cell]string{}
	u.work_(typed)
	u.typeOver(typed, before, u.wrote(res.RunID, "update"))
	worked := u.photo()

	undo, listed := u.undo(res.RunID, false)
	now := u.photo()
	u.linked(one, other, "held")
	u.ordinary(undo, res)
	for _, reason := range []string{"edited since", "stays with", "its record is gone"} {
		if !slices.ContainsFunc(slices.Collect(maps.Values(listed)), func(why string) bool { return strings.Contains(why, reason) }) {
			t.Errorf("no column is listed as %q, of which the undo is to be tried here: %v", reason, listed)
		}
	}
	kept := map[string]bool{} // records that the run made stay, and so do the stamps of what they were made of
	for _, c := range u.wrote(res.RunID, "create") {
		kept[c.id] = true
	}
	wrote, back, stay := u.wrote(res.RunID, "update"), 0, 0
	for _, c := range wrote {
		switch {
		case why(listed, c) != "":
			stay++
		case kept[after[c]] && strings.HasSuffix(strings.ToLower(strings.TrimSuffix(c.column, "__c")), "_id"):
			stay++
			if now[c] != after[c] {
				t.Errorf("%v: the record that was made of it stays, and its id there, %q, became %q", c, after[c], now[c])
			}
		case now[c] != before[c]:
			t.Errorf("%v: %q before the run, %q after it, %q after people worked, %q after the undo, and nothing says why", c, before[c], after[c], worked[c], now[c])
		default:
			back++
		}
	}
	for c, v := range typed {
		if now[c] != v {
			t.Errorf("%v: a person typed %q after the run, and after the undo it is %q", c, v, now[c])
		}
	}
	for c, v := range worked {
		if now[c] != v && !slices.Contains(wrote, c) && !byItself(c.column) {
			t.Errorf("%v: the run did not write it, and the undo made %q of %q", c, now[c], v)
		}
	}
	t.Logf("%d columns written, %d went back, %d stay; %d typed since", len(wrote), back, stay, len(typed))

	again, _ := u.undo(undo.RunID, false)
	_ = again
	redone := u.photo()
	u.linked(one, other, "linked")
	for _, c := range wrote {
		if why(listed, c) == "" && redone[c] != worked[c] {
			t.Errorf("%v: %q before the undo, %q after it, %q after the undo of the undo", c, worked[c], now[c], redone[c])
		}
	}
	for c, v := range typed {
		if redone[c] != v {
			t.Errorf("%v: a person typed %q after the run, and after the undo of the undo it is %q", c, v, redone[c])
		}
	}
	// The undo again: the next run sends what people typed since, and nothing of the run that was taken back.
	_, listed = u.undo(again.RunID, false)
	held := u.photo()
	u.pass(10 * time.Minute)
	u.quiet = true
	u.run(nil)
	next := u.photo()
	for _, c := range wrote {
		if held[c] == before[c] && next[c] == after[c] && after[c] != before[c] && why(listed, c) == "" && !typedNear(typed, c) {
			t.Errorf("%v: %q was taken back to %q, and the next run sent it again", c, after[c], before[c])
		}
	}
}

// linked checks the state of the pair of two records.
func (u *undoing) linked(hubspot, salesforce, state string) {
	u.t.Helper()
	w := u.open()
	defer w.Close()
	if got := query(u.t, w, `select state from link.person where hubspot_id = $1 and salesforce_id = $2`, hubspot, salesforce); len(got) != 1 || got[0][0] != state {
		u.t.Errorf("the pair of %s and %s is %v, want %s", hubspot, salesforce, got, state)
	}
}

// ordinary checks that the plan of an undo has nothing to say of what is as it was, nor of what stays.
func (u *undoing) ordinary(undo, of pipelines.Result) {
	u.t.Helper()
	w := u.open()
	defer w.Close()
	if got := query(u.t, w, `select c.object, c.record_id, v."column", v.before from plan.value as v join plan.change as c using (plan_id, change_id)
		where plan_id = $1 and v.before is not distinct from v.after`, undo.PlanID); len(got) > 0 {
		u.t.Errorf("planned although nothing is to be written: %v", got)
	}
	if got := query(u.t, w, `select entity, pair_id, state from plan.link where plan_id = $1
		and pair_id in (select pair_id from history.change where run_id = $2 and action = 'create')`, undo.PlanID, of.RunID); len(got) > 0 {
		u.t.Errorf("the records that the run made stay, and their pairs do not: %v", got)
	}
}

// created takes back a run that made records.
func (u *undoing) created() {
	t := u.t
	t.Helper()
	u.settle()
	u.work_(nil)
	// Somebody moves to a company that is new, and later somebody hangs a new contact on the account that was made of another.
	moved, err := u.crms.HubSpot.Insert("companies", map[string]string{"name": "Moved", "domain": "moved.example"})
	if err != nil {
		t.Fatal(err)
	}
	if err := u.crms.HubSpot.Associate("contacts", u.people[1].hubspot, "companies", moved, "primary"); err != nil {
		t.Fatal(err)
	}
	mover := u.people[1].salesforce
	home := u.get(crm.Salesforce, "Contact", mover)["AccountId"]
	u.put(crm.HubSpot, "companies", map[string]string{"name": "Grown", "domain": "grown.example"})
	u.pass(time.Minute) // the search lags
	res := u.run(nil)
	made := u.wrote(res.RunID, "create")
	grown := ""
	for _, a := range u.crms.Salesforce.All("Account") {
		if a["Website"] == "grown.example" {
			grown = a["Id"]
		}
	}
	child := u.put(crm.Salesforce, "Contact", map[string]string{"LastName": "Child", "AccountId": grown})
	away := u.get(crm.Salesforce, "Contact", mover)["AccountId"]
	before := u.photo()
	_, listed := u.undo(res.RunID, true)
	now := u.photo()
	gone := 0
	for _, c := range made {
		id := cell{c.system, c.object, c.id, map[string]string{"hubspot": "hs_object_id", "salesforce": "Id"}[c.system]}
		_, was := before[id]
		_, is := now[id]
		switch {
		case why(listed, c) != "":
		case was && is:
			t.Errorf("%v was made by the run, is there after its undo, and nothing says why", c)
		default:
			gone++
		}
	}
	for id := range before {
		if _, is := now[id]; !is && (id.column == "Id" || id.column == "hs_object_id") && !slices.ContainsFunc(made, func(c cell) bool { return c.system == id.system && c.object == id.object && c.id == id.id }) {
			w := u.open()
			t.Errorf("%v went with the undo, and the run did not make it: %v", id, query(t, w, `select concat_ws(' ', run_id, system, object, record_id, action, "column", before, after, outcome, reason) from history.change
				where record_id = $1 and (action in ('delete', 'create') or run_id >= $2) order by "at"`, id.id, res.RunID))
			_ = w.Close()
		}
	}
	if back := u.get(crm.Salesforce, "Contact", mover)["AccountId"]; away == home || back != home {
		t.Errorf("%s was moved from account %s to %s by the run, and its undo moved it to %q", mover, home, away, back)
	}
	if u.get(crm.Salesforce, "Contact", child) == nil || why(listed, cell{"salesforce", "Account", grown, ""}) == "" {
		t.Errorf("account %s has a contact that somebody made since, and went with the undo: %v", grown, listed)
	}
	if gone == 0 {
		t.Errorf("%d made, none gone: %v", len(made), listed)
	}
	u.pass(10 * time.Minute)
	next := u.run(nil)
	for _, c := range u.wrote(next.RunID, "create") {
		if u.get(crm.System(c.system), c.object, c.id)["salesforce_id"] == child {
			continue
		}
		t.Errorf("%v was made again after the undo", c)
	}
	t.Logf("%d made, %d gone, listed %d", len(made), gone, len(listed))
}

// work_ is people at work; what they typed and is not typed over is added to typed. After a run, every fifth is merged,
// converted, deleted or moved.
func (u *undoing) work_(typed map[cell]string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.quiet = true // during runs nobody works
	u.round++
	for i, p := range u.people {
		known := maps.Clone(p.typed)
		p.step(u.round * 8)
		if typed != nil && i%5 == 0 {
			u.act(p)
		} else if typed == nil || i%2 == 0 {
			u.work(p)
		}
		if typed == nil {
			continue
		}
		for at, v := range p.typed {
			if part := strings.SplitN(at, " ", 4); known[at] != v {
				c := cell{part[0], part[1], part[2], part[3]}
				if r := u.get(crm.System(c.system), c.object, c.id); r != nil {
					typed[c] = r[c.column]
				}
			}
		}
		for _, release := range p.locks {
			release()
		}
		p.locks = nil
	}
}

// typeOver is people at work on the very columns that a run has written: every second title, which now and then becomes
// what it was, a city whose zip code goes with it, and an opportunity that somebody deletes.
func (u *undoing) typeOver(typed, before map[cell]string, wrote []cell) {
	u.t.Helper()
	of := map[string]int{}
	for _, c := range wrote {
		kind := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(c.column), "job"), "mailing")
		of[kind]++
		var err error
		switch {
		case kind == "title" && of[kind]%2 == 1, kind == "city" && of[kind] == 1:
			edit := u.crms.HubSpot.Edit
			if c.system == "salesforce" {
				edit = u.crms.Salesforce.Edit
			}
			v := fmt.Sprintf("Over %c", 'A'+of[kind])
			if of[kind]%4 == 3 {
				v = before[c]
			}
			if err = edit(c.object, c.id, map[string]string{c.column: v}); err == nil {
				typed[c] = u.get(crm.System(c.system), c.object, c.id)[c.column]
			}
		case c.object == "Opportunity" && of[c.object] == 0 && !slices.ContainsFunc(slices.Collect(maps.Keys(typed)), func(x cell) bool { return x.id == c.id }):
			of[c.object]++
			err = u.crms.Salesforce.Delete(c.object, c.id)
		}
		if err != nil {
			u.t.Logf("%v cannot be typed over: %v", c, err) // merged, archived or converted by then
		}
	}
}

// typedNear tells whether a person typed into the record, or into the column's other half in the other CRM.
func typedNear(typed map[cell]string, c cell) bool {
	field := columnField(c.object, c.column)
	for other := range typed {
		if other.system == c.system && other.id == c.id || columnField(other.object, other.column) == field && other.system != c.system {
			return true
		}
	}
	return false
}

// byItself tells columns that move by themselves with a write, or follow from others.
func byItself(column string) bool {
	c := strings.ToLower(column)
	for _, part := range []string{"modified", "modstamp", "hs_", "_date", "notes_", "name", "mailingaddress", "expectedrevenue", "num_", "recent_", "first_", "days_", "billing", "isdeleted", "url", "home_currency"} {
		if strings.Contains(c, part) {
			return true
		}
	}
	return false
}
