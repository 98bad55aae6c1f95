package health

import (
	"time"

	"lockstep/internal/pause"
)

// Health is what is known at one moment. Times are UTC; one that is not known is the zero time.
type Health struct {
	At       time.Time    `json:"at,omitzero"`
	Well     bool         `json:"well"`     // there are no Problems
	Problems []Problem    `json:"problems"` // worst first
	Runs     []Run        `json:"runs"`     // newest first
	Objects  []Object     `json:"objects"`  // by CRM and name
	Refusals []Refusal    `json:"refusals"` // most records first
	Frozen   []Frozen     `json:"frozen"`
	Waiting  []Waiting    `json:"waiting"`
	Paused   pause.Pauses `json:"paused"`
	Calls    []Calls      `json:"calls"` // one per CRM
	Alerts   Alerts       `json:"alerts"`
}

// Problem is one thing that makes Health not well. Text holds no value of a CRM, so that it may leave the machine;
// Detail may.
type Problem struct {
	Kind    Kind      `json:"kind"`
	Subject string    `json:"subject"` // a pipeline, a CRM, or a field as entity.field
	Text    string    `json:"text"`
	Detail  string    `json:"detail,omitempty"`
	Since   time.Time `json:"since,omitzero"`
	Run     string    `json:"run,omitempty"` // what to run about it
	RunID   string    `json:"run_id,omitempty"`
}

// Kind is what sort of problem it is.
type Kind string

// The kinds, worst first.
const (
	Failed   Kind = "failed"   // a pipeline's last run failed
	Stopped  Kind = "stopped"  // a limit or the budget stopped it
	Late     Kind = "late"     // a pipeline is due and has not begun
	Lag      Kind = "lag"      // a CRM was last read too long ago
	Budget   Kind = "budget"   // only the reserve of a CRM's calls is left
	Refusals Kind = "refusals" // too many of a run's changes were refused
	Freeze   Kind = "frozen"   // a field is frozen
	Unheard  Kind = "alerts"   // nobody takes the alerts

	Unread      Kind = "project"     // sql/ or pipelines/ was changed and does not check: the ones before are used
	Unpublished Kind = "publication" // readers have an older one
	Unmade      Kind = "reports"     // of some report, too
)

// Run is the last run of one pipeline or command.
type Run struct {
	Pipeline  string    `json:"pipeline"`
	ID        string    `json:"run_id"`
	StartedAt time.Time `json:"started_at,omitzero"`
	EndedAt   time.Time `json:"ended_at,omitzero"`
	State     string    `json:"state"`
	ExitCode  int       `json:"exit_code"`
	Extracted int64     `json:"extracted"` // records
	Planned   int64     `json:"planned"`   // changes, as the four below
	Taken     int64     `json:"taken"`
	Refused   int64     `json:"refused"`
	Stale     int64     `json:"stale"`
	Deferred  int64     `json:"deferred"`
	Error     string    `json:"error,omitempty"`
	WellAt    time.Time `json:"well_at,omitzero"` // when the last one that went well began
	DueAt     time.Time `json:"due_at,omitzero"`  // its first tick after StartedAt; zero: it has no cron
	Late      bool      `json:"late"`
	Paused    bool      `json:"paused"`
}

// Object is one object of one CRM that is read.
type Object struct {
	System   string    `json:"system"`
	Name     string    `json:"object"`
	ReadAt   time.Time `json:"read_at,omitzero"`   // when a run last looked at it
	NewestAt time.Time `json:"newest_at,omitzero"` // its newest edit by then
	FullAt   time.Time `json:"full_at,omitzero"`   // when it was last read whole
}

// Refusal is what stands refused for one kind of reason in one object.
type Refusal struct {
	Category  string    `json:"category"`
	Entity    string    `json:"entity"`
	System    string    `json:"system"`
	Object    string    `json:"object"`
	Records   int64     `json:"records"`
	Values    int64     `json:"values"`
	Predicted int64     `json:"predicted"` // of Values: never sent
	FirstAt   time.Time `json:"first_at,omitzero"`
	LastAt    time.Time `json:"last_at,omitzero"`
	Remedy    string    `json:"remedy"`
	Run       string    `json:"run"` // once it is remedied
}

// Frozen is one field of which nothing is sent in some pairs.
type Frozen struct {
	Entity string    `json:"entity"`
	Field  string    `json:"field"`
	Kind   string    `json:"kind"` // fight | unclear
	Pairs  int64     `json:"pairs"`
	Since  time.Time `json:"since,omitzero"`
}

// Waiting is what the newest plan of an entity leaves to a person ("conflict", "ambiguous" …) or cannot do yet.
type Waiting struct {
	Entity  string `json:"entity"`
	Kind    string `json:"kind"` // conflict, or a kind of plan.notice
	Field   string `json:"field,omitempty"`
	Records int64  `json:"records"`
}

// Calls are what one CRM allows and what was made of it.
type Calls struct {
	System  string    `json:"system"`
	Left    int64     `json:"left"` // today, by its own count; -1: it never said
	ToldAt  time.Time `json:"told_at,omitzero"`
	LastDay int64     `json:"last_day"` // made within 24 hours
	Reserve int64     `json:"reserve"`  // of Left, for others; the largest of the pipelines
}

// Alerts are those that nobody has taken.
type Alerts struct {
	Waiting int64     `json:"waiting"`
	Since   time.Time `json:"since,omitzero"`
	Error   string    `json:"error,omitempty"` // of the last try; empty: none was made
}
