package sandbox

import (
	"sync"

	"lockstep/internal/crm"
)

// Event is one of the two moments of a request that a watcher is told of: it has arrived and
// nothing has been done; or its work is done and nothing has been sent to the client.
type Event struct {
	Seq      int        // numbers the requests to both CRMs from 1 in order of arrival
	Answered bool       // false: arrived, true: done, not sent
	System   crm.System // the CRM asked
	Method   string
	Path     string
	Endpoint string // as in Calls
	Status   int    // the answer's status; 0 before there is one, and when a hang keeps it from being
	Fault    Kind   // the fault that strikes the request; empty: none
}

// watcher tells one function of every request's two moments.
type watcher struct {
	mu  sync.Mutex
	seq int
	f   func(Event)
}

// set replaces the function; nil ends the watch.
func (w *watcher) set(f func(Event)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.f = f
}

// arrived numbers the request and tells of it; false when nobody watches.
func (w *watcher) arrived(e *Event) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seq++
	e.Seq = w.seq
	if w.f == nil {
		return false
	}
	w.f(*e)
	return true
}

// answered tells that the request's work is done.
func (w *watcher) answered(e Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e.Answered = true
	if w.f != nil {
		w.f(e)
	}
}
