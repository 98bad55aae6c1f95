package wire

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"lockstep/internal/crm"
)

// clock is time that passes only while somebody sleeps.
type clock struct {
	mu    sync.Mutex
	at    time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{at: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	c.slept = append(c.slept, d)
	return ctx.Err()
}

// answer is one scripted answer; the last one repeats.
type answer func(w http.ResponseWriter, r *http.Request)

func says(status int, kind, body string) answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func script(t *testing.T, answers ...answer) *httptest.Server {
	t.Helper()
	var mu sync.Mutex
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Until a body is read, a server does not notice that its client has gone.
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		mu.Lock()
		a := answers[min(n, len(answers)-1)]
		n++
		mu.Unlock()
		a(w, r)
	}))
	t.Cleanup(server.Close)
	return server
}

func client(t *testing.T, c *clock, o Options) *Client {
	t.Helper()
	if o.System == "" {
		o.System = crm.Salesforce
	}
	o.Now, o.Sleep = c.Now, c.Sleep
	made, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return made
}
