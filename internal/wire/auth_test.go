package wire

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lockstep/internal/crm"
)

// session is a server that knows one good token.
func session(good string) answer {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+good {
			says(401, jsonType, `[{"errorCode":"INVALID_SESSION_ID"}]`)(w, r)
			return
		}
		says(200, jsonType, `{}`)(w, r)
	}
}

func expired(status int, _ http.Header, _ []byte) Verdict { return Verdict{Expired: status == 401} }

func TestExpiredSessionIsRenewedOnce(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name            string
		good            string // the token the server takes; logins give t1, t2, …
		logins, callsAt int64
		fails           bool
	}{
		{"the first is good", "t1", 1, 1, false},
		{"the second is good", "t2", 2, 2, false},
		{"none is good: no loop", "t9", 2, 2, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := script(t, session(test.good))
			var logins atomic.Int64
			login := NewLogin(func(context.Context) (Token, error) {
				return Token{Bearer: NewSecret(fmt.Sprintf("t%d", logins.Add(1)))}, nil
			}, nil)
			c := client(t, newClock(), Options{BaseURL: server.URL, Auth: login, Classify: expired})
			// A create: renewing is right for it too, for a 401 did nothing.
			_, err := c.Do(t.Context(), Request{Method: "POST", Path: "/", Endpoint: "thing", Body: []byte(`{}`)})
			var e *Error
			if test.fails != errors.As(err, &e) || test.fails && (e.Kind != Credentials || e.Uncertain) {
				t.Errorf("got %v", err)
			}
			if got := c.Meter().Snapshot().Calls[0].Calls; logins.Load() != test.logins || got != test.callsAt {
				t.Errorf("%d logins and %d calls, want %d and %d", logins.Load(), got, test.logins, test.callsAt)
			}
		})
	}
}

func TestManyCallsShareOneRenewal(t *testing.T) {
	t.Parallel()
	server := script(t, session("t2"))
	var logins atomic.Int64
	c := client(t, newClock(), Options{BaseURL: server.URL, Classify: expired, Auth: NewLogin(func(context.Context) (Token, error) {
		return Token{Bearer: NewSecret(fmt.Sprintf("t%d", logins.Add(1)))}, nil
	}, nil)})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/", Endpoint: "thing"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if logins.Load() != 2 {
		t.Errorf("%d logins, want 2", logins.Load())
	}
}

func TestStaticTokenIsNotRenewed(t *testing.T) {
	t.Parallel()
	server := script(t, session("other"))
	c := client(t, newClock(), Options{System: crm.HubSpot, BaseURL: server.URL, Auth: Static{NewSecret("mine")}, Classify: expired})
	_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/", Endpoint: "thing"})
	var e *Error
	if !errors.As(err, &e) || e.Attempts != 1 || e.Kind != Credentials {
		t.Errorf("got %v", err)
	}
}

func TestTokenIsReplacedBeforeItEnds(t *testing.T) {
	t.Parallel()
	clock := newClock()
	n := 0
	login := NewLogin(func(context.Context) (Token, error) {
		n++
		return Token{Bearer: NewSecret(fmt.Sprint(n)), Expires: clock.Now().Add(30 * time.Minute)}, nil
	}, clock.Now)
	for _, step := range []struct {
		after time.Duration
		want  string
	}{{0, "1"}, {28 * time.Minute, "1"}, {90 * time.Second, "2"}, {0, "2"}} {
		clock.at = clock.at.Add(step.after)
		token, err := login.Token(t.Context())
		if err != nil || token.Bearer.Reveal() != step.want {
			t.Errorf("after %s: token %s, error %v, want %s", step.after, token.Bearer.Reveal(), err, step.want)
		}
	}
}

func TestFailedRenewalAfterALostWriteStaysUncertain(t *testing.T) {
	t.Parallel()
	server := script(t, says(500, jsonType, `{}`), says(401, jsonType, `{}`))
	n := 0
	refused := errors.New("no")
	c := client(t, newClock(), Options{BaseURL: server.URL, Classify: expired, Auth: NewLogin(func(context.Context) (Token, error) {
		if n++; n > 1 {
			return Token{}, refused
		}
		return Token{Bearer: NewSecret("t")}, nil
	}, nil)})
	_, err := c.Do(t.Context(), Request{Method: "PATCH", Path: "/", Endpoint: "thing", Body: []byte(`{}`), Idempotent: true})
	var e *Error
	if !errors.As(err, &e) || !e.Uncertain || !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
}

func TestWaitingForALoginEndsWithTheContext(t *testing.T) {
	t.Parallel()
	inside, release := make(chan struct{}), make(chan struct{})
	login := NewLogin(func(context.Context) (Token, error) {
		close(inside)
		<-release
		return Token{Bearer: NewSecret("t")}, nil
	}, nil)
	done := make(chan error)
	go func() { _, err := login.Token(context.Background()); done <- err }()
	<-inside
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := login.Token(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
}
