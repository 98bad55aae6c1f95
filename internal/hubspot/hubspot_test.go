package hubspot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"lockstep/internal/wire"
)

// testToken is the secret every test looks for in what was printed.
const testToken = "pat-na1-11111111-2222-3333-4444-555555555555"

// clock is a time that only sleeping moves.
type clock struct {
	mu     sync.Mutex
	at     time.Time
	sleeps []time.Duration
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sleeps = append(c.sleeps, d)
	c.at = c.at.Add(d)
	return ctx.Err()
}

// pauses are the sleeps that lasted at least d: pacing sleeps less than a second.
func (c *clock) pauses(d time.Duration) []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.sleeps), func(s time.Duration) bool { return s < d })
}

// asked is one request as the server saw it.
type asked struct {
	Method, Path, Query, Body string
	Header                    http.Header
	At                        time.Time
}

// portal is a HubSpot that answers what a test scripts.
type portal struct {
	*clock
	url  string
	log  *bytes.Buffer
	mu   sync.Mutex
	seen []asked
}

// reply is one scripted answer.
type reply struct {
	status int // 0: 200
	header map[string]string
	body   string
}

// script answers each request with the next reply; more requests than replies fail the test.
func script(t *testing.T, replies ...reply) *portal {
	t.Helper()
	next := 0
	return serve(t, func(asked) reply {
		next++
		if next > len(replies) {
			t.Errorf("request %d was not expected", next)
			return reply{status: http.StatusTeapot}
		}
		return replies[next-1]
	})
}

func serve(t *testing.T, answer func(asked) reply) *portal {
	t.Helper()
	p := &portal{clock: newClock(), log: &bytes.Buffer{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		a := asked{r.Method, r.URL.Path, r.URL.RawQuery, string(body), r.Header.Clone(), p.Now()}
		p.mu.Lock()
		p.seen = append(p.seen, a)
		out := answer(a)
		p.mu.Unlock()
		w.Header().Set("Content-Type", "application/json;charset=utf-8")
		w.Header()["Date"] = nil // the test's clock is not the server's
		for name, value := range out.header {
			w.Header().Set(name, value)
		}
		if out.status == 0 {
			out.status = http.StatusOK
		}
		w.WriteHeader(out.status)
		_, _ = io.WriteString(w, out.body)
	}))
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

func (p *portal) requests() []asked {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.seen)
}

// client connects to the portal; change may alter the options.
func (p *portal) client(t *testing.T, change ...func(*Options)) *Client {
	t.Helper()
	o := Options{
		BaseURL: p.url, Token: wire.NewSecret(testToken), Now: p.Now, Sleep: p.Sleep,
		Log: zerolog.New(p.log).Level(zerolog.TraceLevel),
	}
	for _, f := range change {
		f(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// noSecrets fails the test when a log or a printed value holds a token or an e-mail address.
func (p *portal) noSecrets(t *testing.T, printed ...any) {
	t.Helper()
	texts := []string{p.log.String()}
	for _, v := range printed {
		texts = append(texts, fmt.Sprintf("%v\n%+v\n%#v", v, v, v))
		if marshalled, err := json.Marshal(v); err == nil {
			texts = append(texts, string(marshalled))
		}
	}
	for _, text := range texts {
		for _, secret := range []string{testToken, "na1-refresh", "client-secret", "access-", "ann.lee", "@"} {
			if strings.Contains(text, secret) {
				t.Errorf("%q stands in\n%s", secret, text)
			}
		}
	}
}

// sameJSON compares a request's body.
func sameJSON(t *testing.T, want, got string) {
	t.Helper()
	var w, g any
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("the test's own JSON: %v", err)
	}
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatalf("the request's body is no JSON: %v\n%s", err, got)
	}
	if diff := cmp.Diff(w, g); diff != "" {
		t.Errorf("request body (-want +got)\n%s", diff)
	}
}
