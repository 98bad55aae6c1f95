package wire

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Meter counts calls. One Meter may serve several clients; all methods are safe for
// concurrent use.
type Meter struct {
	mu      sync.Mutex
	calls   map[string]*Calls
	figures map[string]Figure
	skew    skew
}

// Calls is one endpoint's count.
type Calls struct {
	Endpoint string
	Calls    int64         // requests that left, retries included
	Retries  int64         // of those, repetitions
	Failed   int64         // of those, without a good answer
	Sent     int64         // bytes of bodies
	Received int64         // bytes of bodies, decompressed
	Held     time.Duration // waiting until the CRM's limits let them go, added up
	Took     time.Duration // from sending to the last byte, added up
}

// Figure is what the server itself says about one of its limits.
type Figure struct {
	Used  int64 // -1: not said
	Limit int64 // -1: not said
	Left  int64 // -1: not said
	At    time.Time
}

// Snapshot is a copy of a Meter's state.
type Snapshot struct {
	Calls   []Calls           // by endpoint
	Figures map[string]Figure // by the CRM's own name of the limit

	// Skew is how far the server's clock is ahead of ours, from its Date headers.
	// SkewWithin is the error of that at most; 0: no Date was seen.
	Skew, SkewWithin time.Duration
}

// NewMeter returns a Meter at zero.
func NewMeter() *Meter {
	return &Meter{calls: map[string]*Calls{}, figures: map[string]Figure{}}
}

// Report records a figure of the server's. Answers overtake each other, so callers on a CRM
// whose usage only grows within the day still see it jitter by the calls under way.
func (m *Meter) Report(name string, f Figure) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if old, ok := m.figures[name]; ok && f.At.Before(old.At) {
		return
	}
	m.figures[name] = f
}

// Figure returns the newest figure of that name.
func (m *Meter) Figure(name string) (Figure, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.figures[name]
	return f, ok
}

// Snapshot copies the state.
func (m *Meter) Snapshot() Snapshot {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := Snapshot{Figures: maps.Clone(m.figures)}
	for _, c := range m.calls {
		s.Calls = append(s.Calls, *c)
	}
	slices.SortFunc(s.Calls, func(a, b Calls) int { return strings.Compare(a.Endpoint, b.Endpoint) })
	s.Skew, s.SkewWithin = m.skew.estimate()
	return s
}

// count adds one request that left.
func (m *Meter) count(c Calls) {
	m.mu.Lock()
	defer m.mu.Unlock()
	sum, ok := m.calls[c.Endpoint]
	if !ok {
		sum = &Calls{Endpoint: c.Endpoint}
		m.calls[c.Endpoint] = sum
	}
	sum.Calls += c.Calls
	sum.Retries += c.Retries
	sum.Failed += c.Failed
	sum.Sent += c.Sent
	sum.Received += c.Received
	sum.Held += c.Held
	sum.Took += c.Took
}

// date takes the Date header of an answer to a request sent and answered at these times.
func (m *Meter) date(date, sent, received time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.skew.add(date, sent, received)
}

// skew brackets the distance between two clocks. A Date of whole second D, stamped between
// sending and receiving, says that the distance lies in (D - received, D + 1 s - sent); every
// answer narrows the bracket.
type skew struct {
	low, high time.Duration
	known     bool
}

func (s *skew) add(date, sent, received time.Time) {
	low, high := date.Sub(received), date.Add(time.Second).Sub(sent)
	if s.known && max(low, s.low) <= min(high, s.high) {
		s.low, s.high = max(low, s.low), min(high, s.high)
		return
	}
	// The first answer, or a clock was set meanwhile: only the newest counts.
	s.low, s.high, s.known = low, high, true
}

func (s *skew) estimate() (distance, within time.Duration) {
	if !s.known {
		return 0, 0
	}
	within = (s.high - s.low) / 2
	return s.low + within, max(within, 1)
}
