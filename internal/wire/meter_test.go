package wire

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/time/rate"
)

func TestMeter(t *testing.T) {
	t.Parallel()
	clock := newClock()
	server := script(t, says(429, jsonType, `{}`), says(200, jsonType, `{"a":1}`), says(400, jsonType, `{}`))
	c := client(t, clock, Options{BaseURL: server.URL, Observe: func(_ http.Header, at time.Time, m *Meter) {
		m.Report("daily", Figure{Used: int64(len(m.Snapshot().Figures)), Limit: 100, Left: -1, At: at})
	}})
	for _, endpoint := range []string{"b", "a"} {
		_, _ = c.Do(t.Context(), Request{Method: "POST", Path: "/", Endpoint: endpoint, Body: []byte(`12345`)})
	}
	got := c.Meter().Snapshot()
	want := []Calls{
		{Endpoint: "a", Calls: 1, Failed: 1, Sent: 5, Received: 2},
		{Endpoint: "b", Calls: 2, Retries: 1, Failed: 1, Sent: 10, Received: 9},
	}
	if diff := cmp.Diff(want, got.Calls, cmpopts.IgnoreFields(Calls{}, "Took")); diff != "" {
		t.Error(diff)
	}
	if f := got.Figures["daily"]; f.Used != 1 || f.Limit != 100 {
		t.Errorf("figure %+v", f)
	}
	c.Meter().Report("daily", Figure{Used: 0, At: clock.at.Add(-time.Hour)})
	if f, _ := c.Meter().Figure("daily"); f.Used != 1 {
		t.Errorf("an older figure replaced a newer one: %+v", f)
	}
}

func TestSkew(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	// The server's clock is ahead by this much; each answer takes a tenth of a second each way.
	see := func(m *Meter, ahead, at time.Duration) {
		sent := start.Add(at)
		stamp := sent.Add(100*time.Millisecond + ahead).Truncate(time.Second)
		m.date(stamp, sent, sent.Add(200*time.Millisecond))
	}
	for _, ahead := range []time.Duration{0, 3 * time.Minute, -90 * time.Second, 1300 * time.Millisecond} {
		m := NewMeter()
		for i := range 40 {
			see(m, ahead, time.Duration(i)*1037*time.Millisecond)
		}
		got := m.Snapshot()
		if off := (got.Skew - ahead).Abs(); off > got.SkewWithin || got.SkewWithin > 150*time.Millisecond {
			t.Errorf("ahead %s: got %s within %s", ahead, got.Skew, got.SkewWithin)
		}
	}
	m := NewMeter()
	if got := m.Snapshot(); got.SkewWithin != 0 {
		t.Errorf("a skew without a Date: %+v", got)
	}
	see(m, 0, 0)
	see(m, time.Hour, time.Second) // somebody set a clock
	if got := m.Snapshot(); (got.Skew - time.Hour).Abs() > got.SkewWithin {
		t.Errorf("after a jump: %s within %s", got.Skew, got.SkewWithin)
	}
}

func TestDateHeaderIsMetered(t *testing.T) {
	t.Parallel()
	clock := newClock()
	server := script(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", clock.Now().Add(time.Hour).Format(http.TimeFormat))
		says(200, jsonType, `{}`)(w, r)
	})
	c := client(t, clock, Options{BaseURL: server.URL})
	if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/", Endpoint: "thing"}); err != nil {
		t.Fatal(err)
	}
	if got := c.Meter().Snapshot(); (got.Skew - time.Hour).Abs() > time.Second {
		t.Errorf("skew %s", got.Skew)
	}
}

func TestPerSecond(t *testing.T) {
	t.Parallel()
	clock := newClock()
	start := clock.at
	server := script(t, says(200, jsonType, `{}`))
	search := PerSecond(rate.NewLimiter(5, 1), clock.Now, clock.Sleep)
	c := client(t, clock, Options{BaseURL: server.URL, Pace: func(endpoint string) []Pacer {
		if endpoint == "search" {
			return []Pacer{search}
		}
		return nil
	}})
	for _, endpoint := range []string{"search", "search", "other", "search", "other", "search"} {
		if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/", Endpoint: endpoint}); err != nil {
			t.Fatal(err)
		}
	}
	if took := clock.at.Sub(start); took != 600*time.Millisecond {
		t.Errorf("four searches at 5/s took %s, want 600ms", took)
	}
	for _, calls := range c.Meter().Snapshot().Calls {
		if want := map[string]time.Duration{"search": 600 * time.Millisecond}[calls.Endpoint]; calls.Held != want {
			t.Errorf("%s waited for %s, want %s", calls.Endpoint, calls.Held, want)
		}
	}
}

func TestAtOnce(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int64
	enough, release := make(chan struct{}, 10), make(chan struct{})
	server := script(t, func(w http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		enough <- struct{}{}
		<-release
		now.Add(-1)
		says(200, jsonType, `{}`)(w, r)
	})
	place := AtOnce(2)
	c := client(t, newClock(), Options{BaseURL: server.URL, Pace: func(string) []Pacer { return []Pacer{place} }})
	done := make(chan error, 6)
	for range 6 {
		go func() {
			_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/", Endpoint: "thing"})
			done <- err
		}()
	}
	<-enough
	<-enough // both places are taken

	// A seventh gives up waiting for a place when its context ends, and sends nothing.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := place(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(release)
	for range 6 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if most.Load() != 2 {
		t.Errorf("%d at once, want 2", most.Load())
	}
}
