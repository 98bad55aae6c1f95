package load

import (
	"context"
	"fmt"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// Many creates of one object can go as a job: the CRM takes their rows as one upload, works on them by itself and tells
// what became of each afterwards. A job's id is committed before its data goes out, so that after a crash the job is
// waited for before its records are read: while it runs, what is not there yet may still come.

// jobs is a Target that takes creates as jobs. Create is given more rows than Size then, and Batch.Job.
type jobs interface {
	// JobFrom is the number of creates from which a job takes fewer calls than batches.
	JobFrom() int
	// JobCalls are those of one job of so many records, looking up and reading back included.
	JobCalls(records int) []Calls
	// Await returns when a job writes no more: it is over, or is ended because its data never came, or is kept no longer.
	Await(ctx context.Context, id string) error
}

// keyed notes which groups of creates are made by one unique column. Their records have it among their values.
func (r *run) keyed(ctx context.Context, conn entity.Conn, planID string, groups []*group) error {
	for _, g := range groups {
		t := r.targets[g.object.System]
		if j, can := t.(jobs); !can || g.action != Create || g.n < j.JobFrom() {
			continue
		}
		if err := conn.QueryRowContext(ctx, `select exists (from plan.change as c join plan.value as v using (plan_id, change_id)
			where plan_id = $1 and c.entity = $2 and c.action = 'create' and c.system = $3 and c.object = $4 and v."column" = $5)`,
			planID, g.entity, g.object.System, g.object.Name, t.Key(g.object.Name, nil)).Scan(&g.keyed); err != nil {
			return fmt.Errorf("looking for the key of %s: %w", g.object, err)
		}
	}
	return nil
}

// jobCalls are the calls of n creates of which some go as jobs: page by page, the canary of the first before the rest.
func (g *group) jobCalls(t Target, j jobs, canary, n int) (all []Calls) {
	for n > 0 {
		rest := min(n, page)
		n -= rest
		parts := []int{rest}
		if canary > 0 && rest > canary {
			parts = []int{canary, rest - canary}
		}
		canary = 0
		for _, records := range parts {
			calls := t.Calls(Work{Object: g.object.Name, Action: g.action, Records: records})
			if records >= j.JobFrom() {
				calls = j.JobCalls(records)
			}
			for _, c := range calls {
				all = add(all, c)
			}
		}
	}
	return all
}

// size is how many of the changes go together next.
func (r *run) size(t Target, e *entityState, o crm.Object, action Action, changes int) int {
	j, can := t.(jobs)
	if !can || action != Create || changes < j.JobFrom() {
		return min(t.Size(), changes)
	}
	if f, ok := e.of.ToOf(o); ok && len(f.Key()) > 0 { // several columns are no key that a CRM upserts on
		return min(t.Size(), changes)
	}
	return changes
}

// asJob tells whether that many creates go as a job: those that verification has left of one may be fewer than it is worth,
// and still more than a batch takes.
func (b *batch) asJob(creates int, key string) bool {
	j, can := b.target.(jobs)
	return can && !several(key) && (creates >= j.JobFrom() || creates > b.target.Size())
}

// job notes in the outbox that the batch goes as a job.
func (b *batch) job(ctx context.Context) func(id string) error {
	number := b.batches
	return func(id string) error {
		return b.tx(ctx, func(ctx context.Context, conn entity.Conn) error {
			_, err := conn.ExecContext(ctx, `update outbox set job = $1 where run_id = $2 and plan_id = $3 and batch = $4`, id, b.o.RunID, b.report.PlanID, number)
			return err
		})
	}
}

// await waits for the jobs that carried what was under way.
func (s *survivor) await(ctx context.Context, t Target) error {
	j, ok := t.(jobs)
	if !ok {
		return nil
	}
	seen := map[string]bool{}
	for _, row := range s.sent {
		if id := or(row.Job, ""); id != "" && !seen[id] {
			seen[id] = true
			if err := j.Await(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}
