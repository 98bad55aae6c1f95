package wake

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
)

// waits are the waits that a collector began; ring ends the next one.
type waits struct {
	took []time.Duration
	f    []func()
}

func (w *waits) after(d time.Duration, f func()) { w.took, w.f = append(w.took, d), append(w.f, f) }

func (w *waits) ring() {
	f := w.f[0]
	w.f = w.f[1:]
	f()
}

func isReady(c *Collector) bool {
	select {
	case <-c.Ready():
		return true
	default:
		return false
	}
}

// Events of one moment are one run, each record once; none is lost, whenever it comes.
func TestCollector(t *testing.T) {
	t.Parallel()
	var clock waits
	c := NewCollector(2*time.Second, clock.after)
	contacts := crm.Object{System: crm.HubSpot, Name: "contacts"}
	c.Add(contact("102", "101"))
	c.Add(contact("101"), contact("103"))
	if isReady(c) {
		t.Error("ready before the wait is over")
	}
	if clock.ring(); !isReady(c) || isReady(c) || len(clock.f) > 0 {
		t.Errorf("not ready once after one wait: %v", clock.took)
	}

	t.Log("what comes after the ring and before the run goes with the run; what comes during it wakes again")
	c.Add(contact("104"))
	if diff := cmp.Diff(map[crm.Object][]string{contacts: {"101", "102", "103", "104"}}, c.Take()); diff != "" {
		t.Error(diff)
	}
	c.Add(contact("101"))
	if clock.ring(); isReady(c) {
		t.Error("the wait for 104, which was taken, rang")
	}
	if clock.ring(); !isReady(c) {
		t.Error("an event that came during the run was lost")
	}
	if diff := cmp.Diff(map[crm.Object][]string{contacts: {"101"}}, c.Take()); diff != "" {
		t.Error(diff)
	}

	t.Log("a run that was due anyway takes what waits, and nothing rings for it")
	c.Add(contact("105"))
	c.Take()
	if clock.ring(); isReady(c) || len(c.Take()) > 0 {
		t.Error("it rang for nothing")
	}

	t.Log("what a failed run gives back goes with the next, and rings by itself for none")
	c.Return(map[crm.Object][]string{contacts: {"105"}})
	if isReady(c) || len(clock.f) > 0 {
		t.Error("it rang for what a failed run gave back")
	}
	c.Add(contact("106"))
	clock.ring()
	if diff := cmp.Diff(map[crm.Object][]string{contacts: {"105", "106"}}, c.Take()); diff != "" || isReady(c) {
		t.Error(diff)
	}
}

// An import of a whole database neither fills the memory nor is forgotten: the object is named all the same.
func TestCollectorIsBounded(t *testing.T) {
	t.Parallel()
	c := NewCollector(0, func(time.Duration, func()) {})
	for i := range 3 * most {
		c.Add(contact(fmt.Sprint(i)))
	}
	if ids := c.Take()[crm.Object{System: crm.HubSpot, Name: "contacts"}]; len(ids) != most {
		t.Errorf("%d ids are kept", len(ids))
	}
}

// Every event of many senders is in exactly one take, or in the last.
func TestCollectorLosesNothing(t *testing.T) {
	t.Parallel()
	c := NewCollector(time.Microsecond, nil)
	var senders sync.WaitGroup
	for s := range 4 {
		senders.Go(func() {
			for i := range 500 {
				c.Add(contact(fmt.Sprint(s*500 + i)))
			}
		})
	}
	ended := make(chan struct{})
	go func() { senders.Wait(); close(ended) }()
	seen := map[string]bool{}
	collect := func() {
		for _, ids := range c.Take() {
			for _, id := range ids {
				seen[id] = true
			}
		}
	}
	for done := false; !done; {
		select {
		case <-c.Ready():
			collect()
		case <-ended:
			done = true
		}
	}
	collect()
	if len(seen) != 2000 {
		t.Errorf("%d of 2000 events arrived", len(seen))
	}
}
