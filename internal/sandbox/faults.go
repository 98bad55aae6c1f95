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
// are due for a request the first strikes; skew is added on top of any other. It is safe for
// concurrent use and may change while requests run.
type Faults struct {
	seed uint64 // of the draws for Probability

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

// due is the fault to strike a request with, the zero Fault for none, and how far its Date is off.
// Every matching fault counts the request as seen, whichever strikes, so that `nth: 1` and `nth: 2`
// over the same requests strike the first and the second.
func (f *Faults) due(system crm.System, r *http.Request) (strike Fault, skew time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) == 0 {
		return Fault{}, 0
	}
	target := r.URL.Path
	if query, err := url.QueryUnescape(r.URL.RawQuery); err == nil && query != "" {
		target += "?" + query
	}
	for _, s := range f.list {
		if !s.matches(system, r.Method, target) {
			continue
		}
		s.seen++
		if strike.Kind != "" && s.Kind != Skew || !s.strikes() {
			continue
		}
		s.struck++
		if s.Kind == Skew {
			skew += s.Skew
		} else {
			strike = s.Fault
		}
	}
	return strike, skew
}

// strikes decides over the request just counted as seen.
func (s *scripted) strikes() bool {
	if s.seen < s.Nth || s.limit() >= 0 && s.struck >= s.limit() {
		return false
	}
	return s.Probability == 0 || s.draw.Float64() < s.Probability
}
