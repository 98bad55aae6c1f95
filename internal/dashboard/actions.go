package dashboard

import (
	"context"
	"time"

	"lockstep/internal/crm"
)

// Actions are what a person may do from the page. Each is also a command, and both run the same code. What is returned is
// told to the person who asked.
//
// One that needs the warehouse waits while a run is under way, and those that take long go on by themselves, one after the
// other: then told says so, and Work has what becomes of it.
type Actions interface {
	// Take notes whose value of a waiting conflict, or of a frozen field, stands. record is an id of either CRM.
	Take(ctx context.Context, entity, record, field string, side crm.System) (told string, err error)
	// Same notes whether two records are one.
	Same(ctx context.Context, entity, hubspot, salesforce string, same bool) (told string, err error)
	// Run runs a pipeline now.
	Run(ctx context.Context, pipeline string) (told string, err error)
	// Retry runs a pipeline now, and sends again what was refused.
	Retry(ctx context.Context, pipeline string) (told string, err error)
	// Plan makes the plan of a pipeline and saves it; nothing is sent.
	Plan(ctx context.Context, pipeline string) (told string, err error)
	// Apply carries out a saved plan.
	Apply(ctx context.Context, name string) (told string, err error)
	// Pause lets an entity, a pipeline or all of them wait; with off they go on.
	Pause(ctx context.Context, name string, off bool) (told string, err error)

	// Work is what was asked for from this page, newest first: what waits, what is under way, and how the last ones ended.
	Work() []Work
	// Pipelines are those that can be run, by name.
	Pipelines() ([]string, error)
	// Plans are the saved plans, newest first. PlanText is one of them, as `lockstep plan` prints it.
	Plans() ([]Saved, error)
	PlanText(name string) (string, error)
}

// Work is one thing that was asked for.
type Work struct {
	What         string    // run quarter_hourly
	State        string    // waiting | under way | done | incomplete | failed
	Stage        string    // of what is under way: extract, apply …; of what waits: whom it waits for
	Since, Ended time.Time // Ended is zero until then
	Said, Hint   string    // how it ended
	Run          string    // its run, if it has one
}

// Over tells whether it has ended.
func (w Work) Over() bool { return !w.Ended.IsZero() }

// Saved is one saved plan.
type Saved struct {
	Name string // of its file
	At   time.Time
	Size int64 // bytes
}
