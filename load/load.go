package load

import (
	"context"
	"errors"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// Errors of Apply, tested with errors.Is.
var (
	// ErrLimit: a limit of the guard is exceeded. Nothing was written or committed.
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
	User   string                // the integration user's Salesforce id, for history

	// Settle is how long a server may still be busy with a call that was never answered. Recover leaves
	// younger ones alone, and Apply leaves out their pairs.
	Settle time.Duration
	// Grace is how long a call under way may go on once ctx is done. 0: eight seconds.
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
	Reason                   string // empty when taken; may quote values
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
	Window   time.Duration // longest time between reading a record and the answer to its write
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
// The error is ErrLimit, ErrApplied or ErrMoved (nothing was written), ctx's own, or the first failure of a
// CRM that more calls cannot help; the report is right in every case.
func Apply(ctx context.Context, w *warehouse.Warehouse, p *entity.Project, targets Targets, planID string, o Options) (Report, error) {
	return Report{}, errors.New("load.Apply: being written")
}

// Recover settles the outbox rows that a crash left: landed, not landed or unclear, by reading the records.
// It runs before extract; calling it with an empty outbox does nothing.
func Recover(ctx context.Context, w *warehouse.Warehouse, p *entity.Project, targets Targets, o Options) (Report, error) {
	return Report{}, errors.New("load.Recover: being written")
}
