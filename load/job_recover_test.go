package load

import (
	"context"
	"fmt"
	"testing"

	"lockstep/internal/crm"
)

// jobCRM takes two creates and more as a job, which works on when nobody listens any more.
type jobCRM struct {
	*fakeCRM
	v     *world
	cut   bool   // the answer is lost
	after bool   // and the job only begins then
	work  func() // what is left of it
}

var _ jobs = (*jobCRM)(nil)

func (j *jobCRM) JobFrom() int { return 2 }

func (j *jobCRM) JobCalls(int) []Calls { return []Calls{{"job", 1}} }

func (j *jobCRM) Create(ctx context.Context, b Batch) (Answer, error) {
	if b.Job == nil {
		return j.fakeCRM.Create(ctx, b)
	}
	if err := b.Job("750x"); err != nil {
		return Answer{}, err
	}
	// committed before the data goes out
	diff(j.v.t, []row{{"n": fmt.Sprint(len(b.Rows))}}, j.v.rows(`select count(*)::varchar as n from outbox where job = '750x'`))
	b.Job = nil
	if !j.cut {
		return j.fakeCRM.Create(ctx, b)
	}
	if j.work = func() { _, _ = j.fakeCRM.Create(ctx, b) }; !j.after {
		j.work()
		j.work = nil
	}
	return Answer{}, noAnswer()
}

func (j *jobCRM) Await(_ context.Context, id string) error {
	j.calls = append(j.calls, "await "+id)
	if j.work != nil {
		j.work()
	}
	return nil
}

// creations plans n Salesforce records.
func (v *world) creations(n int) {
	for i := range n {
		pair, id := fmt.Sprintf("x%d", i), fmt.Sprintf("h%d", i)
		v.record(crm.HubSpot, id, row{"phone": "1", "firstname": "Ann", "lastname": "Lee"})
		c := v.change(Create, crm.Salesforce, pair, "", id, value{"Name", "-", "Ann Lee", "first last"}, value{"HubSpot_Id__c", "-", id, "hubspot_id"})
		v.decided(pair, "salesforce_id", "salesforce", "-", placeholder+c, "", "")
	}
}

func TestAJobIsCommittedBeforeItsDataAndWaitedForAfterACrash(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		cut, after bool
	}{{"answered", false, false}, {"answer lost", true, false}, {"works on after the crash", true, true}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := newWorld(t)
			v.creations(5)
			j := &jobCRM{fakeCRM: v.force, v: v, cut: c.cut, after: c.after}
			targets := Targets{crm.HubSpot: v.hubspot, crm.Salesforce: j}
			if r, err := Apply(t.Context(), v.w, v.p, targets, "p", v.o); c.cut == (err == nil) {
				t.Fatalf("%v, %v", r.Counts, err)
			}
			want := []string{"find 5", "create 5"}
			if c.cut {
				if c.after {
					want = want[:1]
				}
				o := v.o
				o.RunID = "next"
				if r, err := Recover(t.Context(), v.w, v.p, targets, o); err != nil || r.Counts[Taken] != 5 {
					t.Fatalf("%v, %v", r.Counts, err)
				}
				want = append(want, "await 750x")
				if c.after {
					want = append(want, "create 5")
				}
				want = append(want, "find 3", "find 2")
			}
			diff(t, want, v.force.calls)
			diff(t, []row{{"links": "5", "outbox": "0", "records": "5"}}, v.rows(`select (select count(*) from link.person)::varchar as links,
				(select count(*) from outbox)::varchar as outbox, (select count(distinct salesforce_id) from link.person)::varchar as records`))
		})
	}
}
