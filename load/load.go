package load

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// Errors of Apply, tested with errors.Is.
var (
	// ErrLimit: a limit of the guard is exceeded, and nothing was written or committed; or most of a canary was not taken
	// as planned, and nothing but what the report says was written.
	ErrLimit = errors.New("stopped by a limit")
	// ErrApplied: the plan has been applied already. Nothing was written.
	ErrApplied = errors.New("the plan has been applied already")
	// ErrMoved: the mapping is not the one the plan was made with. Nothing was written.
	ErrMoved = errors.New("the mapping has changed since the plan was made")
)

// Options of Apply and Recover. RunID is required.
type Options struct {
	RunID  string
	Limits Limits                // none: no limit
	Force  []string              // names of limits that do not count this time: "updates", "contact.creates"
	Budget map[crm.System]Budget // none: only the server's own figure counts
	Canary int                   // records of each entity, action and object that are written and read back before the rest; 0: none

	// Made says how many calls the run has made so far, reading included; nil: only Apply's own count, as forecast.
	Made func(crm.System) int64

	// Settle is how long a server may still be busy with a call that was never answered. Recover leaves
	// younger ones alone, and Apply leaves out their pairs.
	Settle time.Duration
	// Grace is how long a call under way may go on once ctx is done. 0: six seconds, of the ten a run may take to end.
	Grace time.Duration

	Progress func(Progress)   // nil: nobody looks. Called from Apply's goroutine
	Now      func() time.Time // nil: time.Now
	Log      *zerolog.Logger  // nil: none
}

// Progress is told after each change.
type Progress struct {
	Done, Planned int // changes
	Line          Line
}

// Line is what became of one change.
type Line struct {
	ChangeID, Entity, PairID string
	Action                   Action
	Record                   crm.Record // ID is empty for a create that did not happen
	Label                    string
	State                    State
	Reason                   string // empty when taken; may quote values; of a refusal with what to do about it
}

// State is what became of a change, or of one of its columns.
type State string

// The states, worst last.
const (
	Taken    State = "taken"     // written, and read back changed
	Deferred State = "deferred"  // not sent: budget, a lock, a record it needs; planned anew next time
	Stale    State = "stale"     // not sent: what it was decided from has moved; planned anew next time
	NotTaken State = "not_taken" // accepted, and read back as before: treated as a refusal
	Refused  State = "refused"   // the CRM said no
	Unclear  State = "unclear"   // sent, and whether it was carried out is not known
)

// Report is what Apply or Recover did. A change counts once, in the worst state of its columns.
type Report struct {
	PlanID   string
	Counts   map[State]int
	Linked   int           // links made, moved or dropped without a write
	Settled  int           // bases moved without a write
	Lines    []Line        // every change that was not taken, and the first 1,000 that were
	Window   time.Duration // longest time from the call that read a record to the answer to its write: nothing protects it then
	Existing []Line        // creates whose unique key another record has
}

// Complete reports whether everything planned was taken: exit code 0 rather than 3.
func (r Report) Complete() bool {
	for s, n := range r.Counts {
		if s != Taken && n > 0 {
			return false
		}
	}
	return true
}

// Apply carries a plan out. Before the first write it checks the guard's limits and the budget, applies links
// and settlements in one transaction, and leaves out what has moved since the plan was made; then it writes
// batch by batch. An interrupted ctx ends it after the call under way, with that accounted for.
//
// The error is ErrLimit, ErrApplied or ErrMoved (nothing was written; of ErrLimit by a canary: nothing but that), ctx's
// own, or the first failure of a CRM that more calls cannot help; the report is right in every case.
func Apply(ctx context.Context, w *warehouse.Warehouse, p *entity.Project, targets Targets, planID string, o Options) (_ Report, err error) {
	defer func() {
		if err != nil && !errors.Is(err, ErrLimit) { // a limit's sentence is for people
			err = fmt.Errorf("load.Apply(%s): %w", planID, err)
		}
	}()
	r, err := start(ctx, w, p, targets, planID, o)
	if err != nil {
		return Report{PlanID: planID}, err
	}
	defer func() { _ = r.conn.Close() }()
	ctx = context.WithoutCancel(ctx) // from here on r.asked is the one that ends the run
	if err := r.check(ctx); err != nil {
		return r.report, err
	}
	if err := r.guard(ctx); err != nil {
		return r.report, err
	}
	groups, err := r.groups(ctx)
	if err != nil {
		return r.report, err
	}
	for _, g := range groups {
		r.planned += g.n
	}
	if err := r.keyed(ctx, r.conn, r.report.PlanID, groups); err != nil {
		return r.report, err
	}
	if err := r.fit(ctx, groups); err != nil {
		return r.report, err
	}
	moved, err := r.first(ctx)
	if err != nil {
		return r.report, err
	}
	if err := r.alone(ctx); err != nil {
		return r.report, err
	}
	for _, g := range groups {
		if err := r.send(ctx, g, moved); err != nil {
			if errors.Is(err, ErrLimit) {
				r.report.Counts[Deferred] += r.planned - r.done
			}
			return r.report, err
		}
	}
	if r.asked.Err() != nil {
		r.report.Counts[Deferred] += r.planned - r.done
		return r.report, r.asked.Err()
	}
	if r.err != nil {
		return r.report, r.err
	}
	_, err = r.conn.ExecContext(ctx, `update plan.plan set state = 'applied' where plan_id = $1`, planID)
	return r.report, err
}

// check refuses a plan that was applied already or made with other SQL.
func (r *run) check(ctx context.Context) error {
	var state string
	err := r.conn.QueryRowContext(ctx, `select state, undoes is not null from plan.plan where plan_id = $1`, r.report.PlanID).Scan(&state, &r.undoes)
	if errors.Is(err, sql.ErrNoRows) {
		return crm.WithHint(errors.New("no such plan"), "make one: lockstep plan")
	}
	if err != nil {
		return err
	}
	if state != "made" {
		return crm.WithHint(ErrApplied, "make a new plan: lockstep plan")
	}
	text := r.p.MappingText()
	rows, err := r.conn.QueryContext(ctx, `select path, text from plan.mapping where plan_id = $1 order by path`, r.report.PlanID)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var path, planned string
		if err := rows.Scan(&path, &planned); err != nil {
			return err
		}
		if text[path] != planned {
			return crm.WithHint(fmt.Errorf("%w: %s", ErrMoved, path), "make a new plan: lockstep plan")
		}
	}
	return rows.Err()
}

// apart cuts a page before the first change that needs a record of the page: that one has to be there first.
func apart(changes []*change) []*change {
	ids := map[string]bool{}
	for i, c := range changes {
		for _, col := range c.columns {
			if id, waits := strings.CutPrefix(or(col.after, ""), placeholder); waits && ids[id] {
				return changes[:i]
			}
		}
		if c.action == Create {
			ids[c.id] = true
		}
	}
	return changes
}

// send sends one group, page by page.
func (r *run) send(ctx context.Context, g *group, moved map[string]held) error {
	after, seen := -1, 0
	for r.asked.Err() == nil {
		changes, err := r.changes(ctx, g, after)
		if err != nil || len(changes) == 0 {
			return err
		}
		changes = apart(changes)
		if err := r.predicted(ctx, changes); err != nil {
			return err
		}
		if err := r.sources(ctx, changes); err != nil {
			return err
		}
		var ready, shelved []*change
		for _, c := range changes {
			after = c.position
			seen++
			h, stays := moved[c.id]
			switch {
			case stays:
				c.close(h.state, h.reason)
			case seen > g.fit:
				c.close(Deferred, r.budgetReason(c.system))
			case !r.resolve(c):
				c.close(Deferred, "a record it needs was not created")
			default:
				ready = append(ready, c)
				continue
			}
			shelved = append(shelved, c)
		}
		if err := r.settled(ctx, shelved); err != nil {
			return err
		}
		if err := r.group(ctx, g, ready); err != nil {
			return err
		}
	}
	return nil
}
