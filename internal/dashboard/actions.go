package dashboard

import (
	"context"
	"errors"
	"net/http"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/pause"
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
	// Pipelines are those that can be run, Entities what can be paused beside them, both by name; Pauses are those that stand.
	Pipelines() ([]string, error)
	Entities() ([]string, error)
	Pauses() (pause.Pauses, error)
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

// Tone is the badge of its state.
func (w Work) Tone() string {
	switch w.State {
	case "done":
		return "good"
	case "failed":
		return "bad"
	case "incomplete":
		return "warn"
	}
	return "quiet"
}

// actionsData is what can be done, and what was asked for.
type actionsData struct {
	Pipelines, Entities []string
	Pauses              pause.Pauses
	Plans               []Saved
	Work                []Work
}

// actions is the page of what a person may do beside a record's own page.
func (s *Server) actions(*request) (any, error) {
	a := s.o.Actions
	if a == nil {
		return actionsData{}, nil
	}
	d := actionsData{Work: a.Work()}
	var errs [4]error
	d.Pipelines, errs[0] = a.Pipelines()
	d.Entities, errs[1] = a.Entities()
	d.Pauses, errs[2] = a.Pauses()
	d.Plans, errs[3] = a.Plans()
	if err := errors.Join(errs[:]...); err != nil {
		return nil, unreadable(err)
	}
	return d, nil
}

// savedPlan shows one saved plan, as the command prints it. It holds people's data: who may act may see it.
func (s *Server) savedPlan(r *request) (any, error) {
	if s.o.Actions == nil {
		return nil, errNotFound
	}
	if s.sessions.of(r.Request, r.now) == "" {
		return nil, problem{http.StatusForbidden, "A saved plan is shown to those who may apply it.", "Log in with the token first."}
	}
	name := r.value("plan")
	text, err := s.o.Actions.PlanText(name)
	if err != nil {
		return nil, problem{http.StatusNotFound, err.Error(), hint(err)}
	}
	return struct{ Name, Text string }{name, text}, nil
}

// hint is the second line of an error; empty: it has none.
func hint(err error) string {
	var h *crm.Hinted
	if errors.As(err, &h) {
		return h.Hint
	}
	return ""
}
