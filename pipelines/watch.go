package pipelines

import (
	"time"
)

// Event is one thing a run tells whoever looks on.
type Event struct {
	Stage string        // Waiting, recover, extract, transform, apply
	What  string        // within the stage: "hubspot contacts"; empty: the stage as a whole; of Waiting: who holds the warehouse
	Done  int64         // records or changes so far
	Of    int64         // 0: not known
	End   bool          // the stage, or what is within it, is over
	Took  time.Duration // of the whole stage; with End
	Err   error         // why it ended; with End
}

// Waiting is the stage of a run that has not begun: another one holds the warehouse.
const Waiting = "waiting"

// Watch is told how a run goes, from several goroutines. Nil: nobody looks on.
type Watch func(Event)

// stage runs one stage and tells of its end; count is how much it did, for its last event.
func (w Watch) stage(name string, do func() (count int64, err error)) error {
	start := time.Now()
	w.tell(Event{Stage: name})
	count, err := do()
	w.tell(Event{Stage: name, Done: count, End: true, Took: time.Since(start), Err: err})
	return err
}

func (w Watch) tell(e Event) {
	if w != nil {
		w(e)
	}
}
