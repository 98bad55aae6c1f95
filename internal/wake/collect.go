package wake

import (
	"maps"
	"slices"
	"sync"
	"time"

	"lockstep/internal/crm"
)

// Named are records of one object that are said to have been edited. No ids: somebody does not know which.
type Named struct {
	Object crm.Object
	IDs    []string
}

// most is how many ids of one object are kept. Of more, the ordinary read of what changed is cheaper than a read by ids,
// and finds them as soon as the CRM's search shows them.
const most = 10_000

// Collector keeps what events name until a run takes it. Events come in flocks: the first one starts a wait, and what
// comes until its end goes with it. It may be used from any goroutine.
type Collector struct {
	wait  time.Duration
	after func(time.Duration, func())

	mu      sync.Mutex
	waiting bool                           // a wait has begun and not ended
	waits   int                            // which one: a run that takes what it was for ends it, too
	pending map[crm.Object]map[string]bool // what no run has taken
	ready   chan struct{}
}

// NewCollector makes one that waits so long from the first event on. after calls a function once a time has passed; nil is
// time.AfterFunc.
func NewCollector(wait time.Duration, after func(time.Duration, func())) *Collector {
	if after == nil {
		after = func(d time.Duration, f func()) { time.AfterFunc(d, f) }
	}
	return &Collector{wait: wait, after: after, pending: map[crm.Object]map[string]bool{}, ready: make(chan struct{}, 1)}
}

// Add takes events in. They are Ready after the wait, also those that come while a run is under way.
func (c *Collector) Add(events ...Named) {
	if len(events) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range events {
		c.keep(e)
	}
	if !c.waiting {
		c.waiting = true
		c.waits++
		wait := c.waits
		c.after(c.wait, func() { c.ring(wait) })
	}
}

func (c *Collector) keep(e Named) {
	ids := c.pending[e.Object]
	if ids == nil {
		ids = map[string]bool{}
		c.pending[e.Object] = ids
	}
	for _, id := range e.IDs {
		if len(ids) < most {
			ids[id] = true
		}
	}
}

// ring ends a wait, unless a run that was due anyway has taken what it was for: that run may have failed and returned it.
func (c *Collector) ring(wait int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.waiting || wait != c.waits {
		return
	}
	c.waiting = false
	select {
	case c.ready <- struct{}{}:
	default: // it rings already
	}
}

// Ready gets a value when there is something to take whose wait is over.
func (c *Collector) Ready() <-chan struct{} { return c.ready }

// Take is everything that was named, each id once and in order; an object may have no ids. Nothing is left, and nothing is
// Ready until more comes.
func (c *Collector) Take() map[crm.Object][]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[crm.Object][]string{}
	for o, ids := range c.pending {
		out[o] = slices.Sorted(maps.Keys(ids))
	}
	c.pending = map[crm.Object]map[string]bool{}
	c.waiting = false
	select {
	case <-c.ready:
	default:
	}
	return out
}

// Return gives back what a run took and did not come to read. It goes with the next Take and makes nothing Ready.
func (c *Collector) Return(named map[crm.Object][]string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for o, ids := range named {
		c.keep(Named{o, ids})
	}
}
