package sandbox

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"time"

	"lockstep/internal/crm"
)

// Faults is the script that both CRMs' servers play: a list of faults in order. Of the faults that
// are due for a request the first strikes; skew, slow and the like come on top of any other. It is safe for
// concurrent use and may change while requests run.
type Faults struct {
	seed uint64              // of the draws for Probability and Share
	keep func(time.Duration) // told how old a stale search's records will have to be; nil: nobody

	mu   sync.Mutex
	list []*scripted
}

// scripted is a fault with what became of it so far.
type scripted struct {
	Fault
	seen   int        // matching requests, struck or not
	struck int        // requests it struck
	draw   *rand.Rand // its own, so that one fault's draws do not move another's
}

// struck is a fault on the request it strikes.
type struck struct {
	Fault
	chance func(p float64) bool // draws for one row
}

// chance is the fault's draws for rows, which go on after Faults has let go of the list.
func (s *scripted) chance(f *Faults) func(p float64) bool {
	return func(p float64) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		return s.draw.Float64() < p
	}
}

// FaultCount is a fault of the script and how often it was met.
type FaultCount struct {
	Fault
	Seen   int // requests that matched it
	Struck int // requests it struck
}

// Add puts faults behind those already there, all or none.
func (f *Faults) Add(faults ...Fault) error {
	for i, fault := range faults {
		if err := fault.check(); err != nil {
			return fmt.Errorf("fault %d: %w", i+1, err)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, fault := range faults {
		draw := rand.New(rand.NewPCG(f.seed, uint64(len(f.list))))
		f.list = append(f.list, &scripted{Fault: fault, draw: draw})
		if fault.Kind == StaleSearch && f.keep != nil {
			f.keep(fault.Age)
		}
	}
	return nil
}

// Clear ends all faults. A request that hangs goes on hanging until its client gives up.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = nil
}

// Counts is the script in order, with how often each fault was met.
func (f *Faults) Counts() []FaultCount {
	f.mu.Lock()
	defer f.mu.Unlock()
	counts := make([]FaultCount, len(f.list))
	for i, s := range f.list {
		counts[i] = FaultCount{s.Fault, s.seen, s.struck}
	}
	return counts
}

// due is the fault to strike a request with, the zero Fault for none, and those that come on top.
// Every matching fault counts the request as seen, whichever strikes, so that `nth: 1` and `nth: 2`
// over the same requests strike the first and the second.
func (f *Faults) due(system crm.System, r *http.Request) (strike struck, onTop []Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) == 0 {
		return struck{}, nil
	}
	target := r.URL.Path
	if query, err := url.QueryUnescape(r.URL.RawQuery); err == nil && query != "" {
		target += "?" + query
	}
	for _, s := range f.list {
		if !s.matches(system, r.Method, r.URL.Path, target) {
			continue
		}
		s.seen++
		if strike.Kind != "" && !s.Kind.onTop() || !s.strikes() {
			continue
		}
		s.struck++
		if s.Kind.onTop() {
			onTop = append(onTop, s.Fault)
		} else {
			strike = struck{s.Fault, s.chance(f)}
		}
	}
	return strike, onTop
}

// strikes decides over the request just counted as seen.
func (s *scripted) strikes() bool {
	if s.seen < s.Nth || s.limit() >= 0 && s.struck >= s.limit() {
		return false
	}
	return s.Probability == 0 || s.draw.Float64() < s.Probability
}
