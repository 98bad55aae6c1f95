package wire

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"lockstep/internal/crm"
)

const jsonType = "application/json;charset=UTF-8"

// hang holds the request until the client gives up.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// patience is a deadline that passes when the server says so and not by the clock, so that a
// slow machine changes nothing.
type patience chan struct{}

func (p patience) deadline(ctx context.Context, _ time.Duration) (context.Context, context.CancelFunc) {
	timed, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-p:
			cancel(context.DeadlineExceeded)
		case <-timed.Done():
		}
	}()
	return timed, func() { cancel(nil) }
}

// hang lets the deadline pass and then holds the request until the client gives up.
func (p patience) hang(w http.ResponseWriter, r *http.Request) {
	select {
	case p <- struct{}{}:
		hang(w, r)
	case <-r.Context().Done():
	}
}

func TestAHangIsCut(t *testing.T) {
	t.Parallel()
	c := client(t, newClock(), Options{BaseURL: script(t, hang).URL, Timeout: 50 * time.Millisecond, Attempts: 2})
	_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/", Endpoint: "thing"})
	if want := "salesforce: GET thing: no answer within 50ms, 2 attempts"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// cut promises more bytes than it sends.
func cut(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", jsonType)
	w.Header().Set("Content-Length", "100")
	_, _ = w.Write([]byte(`{"records":[`))
}

// redirect points to a host nobody configured.
func redirect(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "https://other.example.com/", http.StatusFound)
}

// reset closes the connection without an answer.
func reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

func TestWhatIsTriedAgain(t *testing.T) {
	t.Parallel()
	good := says(200, jsonType, `{"ok":true}`)
	var never answer // hangs
	type outcome struct {
		Attempts  int
		Error     string
		Uncertain bool
	}
	once := func(text string) outcome { return outcome{Attempts: 1, Error: text} }
	lost := func(text string) outcome {
		return outcome{1, text + "; it may have been carried out", true}
	}
	for _, test := range []struct {
		name                     string
		answers                  []answer
		get, idempotent, further outcome // a GET, an idempotent POST, any other POST
	}{
		{"good", []answer{good}, outcome{Attempts: 1}, outcome{Attempts: 1}, outcome{Attempts: 1}},
		{"429", []answer{says(429, jsonType, `{}`), good}, outcome{Attempts: 2}, outcome{Attempts: 2}, outcome{Attempts: 2}},
		{"423", []answer{says(423, jsonType, `{}`), good}, outcome{Attempts: 2}, outcome{Attempts: 2}, outcome{Attempts: 2}},
		{"503", []answer{says(503, jsonType, `{}`), good}, outcome{Attempts: 2}, outcome{Attempts: 2, Uncertain: true}, lost("503 Service Unavailable")},
		{"HTML at 502", []answer{says(502, "text/html", "<html>"), good}, outcome{Attempts: 2}, outcome{Attempts: 2, Uncertain: true}, lost("502: an HTML page in place of an answer")},
		{"HTML at 200", []answer{says(200, "text/html", "<html>"), good}, outcome{Attempts: 2}, outcome{Attempts: 2, Uncertain: true}, lost("200: an HTML page in place of an answer")},
		{"HTML called JSON", []answer{says(200, jsonType, "<!DOCTYPE html>"), good}, outcome{Attempts: 2}, outcome{Attempts: 2, Uncertain: true}, lost("200: an HTML page in place of an answer")},
		{"half a JSON", []answer{says(200, jsonType, `{"records":[{"Id"`), good}, outcome{Attempts: 2}, outcome{Attempts: 2, Uncertain: true}, lost("200: half a JSON")},
		{"half a JSON at 400", []answer{says(400, jsonType, `[{"errorCode":`), good}, outcome{Attempts: 2}, outcome{Attempts: 2, Uncertain: true}, lost("400: half a JSON")},
		{"text where JSON is due", []answer{says(200, "text/plain", "hello"), good}, outcome{Attempts: 2}, outcome{Attempts: 2, Uncertain: true}, lost("200: half a JSON")},
		{"empty", []answer{says(200, jsonType, ""), good}, outcome{Attempts: 2}, outcome{Attempts: 2, Uncertain: true}, lost("200: an empty answer where JSON was due")},
		{"cut in the body", []answer{cut, good}, outcome{Attempts: 2}, outcome{Attempts: 2, Uncertain: true}, lost("connection closed in the middle of the answer")},
		{"hang", []answer{never, good}, outcome{Attempts: 2}, outcome{Attempts: 2, Uncertain: true}, lost("no answer within 1m0s")},
		{"400", []answer{says(400, jsonType, `{}`), good}, once("400 Bad Request"), once("400 Bad Request"), once("400 Bad Request")},
		{"401", []answer{says(401, jsonType, `{}`), good}, once("401 Unauthorized"), once("401 Unauthorized"), once("401 Unauthorized")},
		{"403 HTML", []answer{says(403, "text/html", `<html>`), good}, once("403: an HTML page in place of an answer"), once("403: an HTML page in place of an answer"), once("403: an HTML page in place of an answer")},
		{"redirect", []answer{redirect, good}, once("302: a redirect to another address"), once("302: a redirect to another address"), once("302: a redirect to another address")},
		{"500 for ever", []answer{says(500, jsonType, `{}`)},
			outcome{3, "500 Internal Server Error, 3 attempts", false},
			outcome{3, "500 Internal Server Error, 3 attempts; it may have been carried out", true},
			lost("500 Internal Server Error")},
		{"hang for ever", []answer{never},
			outcome{3, "no answer within 1m0s, 3 attempts", false},
			outcome{3, "no answer within 1m0s, 3 attempts; it may have been carried out", true},
			lost("no answer within 1m0s")},
		{"lost, then refused", []answer{says(500, jsonType, `{}`), says(400, jsonType, `{}`)},
			outcome{2, "400 Bad Request, 2 attempts", false},
			outcome{2, "400 Bad Request, 2 attempts; it may have been carried out", true},
			lost("500 Internal Server Error")},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, way := range []struct {
				method     string
				idempotent bool
				want       outcome
			}{{"GET", false, test.get}, {"POST", true, test.idempotent}, {"POST", false, test.further}} {
				patience, answers := make(patience), slices.Clone(test.answers)
				for i, a := range answers {
					if a == nil {
						answers[i] = patience.hang
					}
				}
				server := script(t, answers...)
				c := client(t, newClock(), Options{BaseURL: server.URL, Attempts: 3})
				c.deadline = patience.deadline
				var body []byte
				if way.method == "POST" {
					body = []byte(`{}`)
				}
				res, err := c.Do(t.Context(), Request{Method: way.method, Path: "/x", Endpoint: "thing", Body: body, Idempotent: way.idempotent})
				var got outcome
				var e *Error
				switch {
				case err == nil:
					got = outcome{Attempts: res.Attempts, Uncertain: res.Uncertain}
				case errors.As(err, &e):
					got = outcome{e.Attempts, strings.TrimPrefix(e.Error(), "salesforce: "+way.method+" thing: "), e.Uncertain}
				default:
					t.Fatalf("not an *Error: %v", err)
				}
				if diff := cmp.Diff(way.want, got); diff != "" {
					t.Errorf("%s, idempotent %v (-want +got):\n%s", way.method, way.idempotent, diff)
				}
				if n := c.Meter().Snapshot().Calls[0]; n.Calls != int64(got.Attempts) || n.Retries != int64(got.Attempts-1) {
					t.Errorf("metered %+v of %d attempts", n, got.Attempts)
				}
			}
		})
	}
}

func TestConnectionReset(t *testing.T) {
	t.Parallel()
	server := script(t, reset)
	c := client(t, newClock(), Options{BaseURL: server.URL})
	_, err := c.Do(t.Context(), Request{Method: "POST", Path: "/", Endpoint: "thing", Body: []byte(`{}`)})
	var e *Error
	// The kernel reports a reset before the answer as a reset or as its end.
	if !errors.As(err, &e) || e.Kind != Retry || !e.Uncertain || e.Attempts != 1 {
		t.Errorf("got %#v", err)
	}
}

func TestAReadIsNeverUncertain(t *testing.T) {
	t.Parallel()
	server := script(t, says(500, jsonType, `{}`))
	c := client(t, newClock(), Options{BaseURL: server.URL, Attempts: 2})
	_, err := c.Do(t.Context(), Request{Method: "POST", Path: "/search", Endpoint: "search", Body: []byte(`{}`), ReadOnly: true})
	if want := "salesforce: POST search: 500 Internal Server Error, 2 attempts"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestNothingSentIsTriedAgain(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	clock := newClock()
	c := client(t, clock, Options{BaseURL: "http://" + address, Attempts: 4})
	_, err = c.Do(t.Context(), Request{Method: "POST", Path: "/", Endpoint: "thing", Body: []byte(`{}`)})
	want := "salesforce: POST thing: cannot connect to " + address + ": connection refused, 4 attempts"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if len(clock.slept) != 3 {
		t.Errorf("paused %v", clock.slept)
	}
	if n := len(c.Meter().Snapshot().Calls); n != 0 {
		t.Errorf("%d endpoints metered, but nothing was sent", n)
	}
}

func TestServerWaits(t *testing.T) {
	t.Parallel()
	after := func(value string) answer {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", value)
			says(429, jsonType, `{}`)(w, r)
		}
	}
	good := says(200, jsonType, `{}`)
	start := newClock().at
	for _, test := range []struct {
		name        string
		first       answer
		verdict     Verdict
		least, most time.Duration // pause
		fails       bool
	}{
		{"the server is silent: backoff", says(429, jsonType, `{}`), Verdict{Kind: Retry}, 250 * time.Millisecond, 750 * time.Millisecond, false},
		{"seconds", after("7"), Verdict{Kind: Retry}, 7 * time.Second, 7 * time.Second, false},
		{"a date", after(start.Add(9 * time.Second).Format(http.TimeFormat)), Verdict{Kind: Retry}, 9 * time.Second, 9 * time.Second, false},
		{"nonsense", after("soon"), Verdict{Kind: Retry}, 250 * time.Millisecond, 750 * time.Millisecond, false},
		{"the verdict's", says(429, jsonType, `{}`), Verdict{Kind: Retry, Wait: 10 * time.Second}, 10 * time.Second, 10 * time.Second, false},
		{"the longer of both", after("20"), Verdict{Kind: Retry, Wait: 10 * time.Second}, 20 * time.Second, 20 * time.Second, false},
		{"too long", after("3600"), Verdict{Kind: Retry}, 0, 0, true},
		{"quota", after("1"), Verdict{Kind: Quota}, 0, 0, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			clock, server := newClock(), script(t, test.first, good)
			c := client(t, clock, Options{BaseURL: server.URL, Classify: func(int, http.Header, []byte) Verdict { return test.verdict }})
			_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/", Endpoint: "thing"})
			if test.fails {
				var e *Error
				if !errors.As(err, &e) || e.Attempts != 1 || len(clock.slept) != 0 || e.Wait == 0 {
					t.Errorf("got %#v after %v", err, clock.slept)
				}
				return
			}
			if err != nil || len(clock.slept) != 1 || clock.slept[0] < test.least || clock.slept[0] > test.most {
				t.Errorf("paused %v, want one from %s to %s; error %v", clock.slept, test.least, test.most, err)
			}
		})
	}
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	server := script(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	c := client(t, newClock(), Options{BaseURL: server.URL})
	_, err := c.Do(ctx, Request{Method: "PATCH", Path: "/", Endpoint: "thing", Body: []byte(`{}`), Idempotent: true})
	var e *Error
	if !errors.Is(err, context.Canceled) || !errors.As(err, &e) || !e.Uncertain || e.Attempts != 1 {
		t.Errorf("got %v", err)
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	for base, fine := range map[string]bool{
		"https://api.example.com":       true,
		"https://api.example.com/":      true,
		"http://127.0.0.1:8080":         true,
		"http://[::1]:8080":             true,
		"http://localhost:8080":         true,
		"http://api.example.com":        false,
		"http://127.0.0.1.example.com":  false,
		"http://localhost.example.com":  false,
		"ftp://api.example.com":         false,
		"api.example.com":               false,
		"":                              false,
		"https://ann:word@example.com":  false,
		"https://api.example.com/?q=1":  false,
		"https://api.example.com/#here": false,
	} {
		_, err := New(Options{System: crm.HubSpot, BaseURL: base})
		if fine != (err == nil) {
			t.Errorf("%q: got %v", base, err)
		}
		if err != nil && strings.Contains(err.Error(), "word") {
			t.Errorf("%q: the error holds the password", base)
		}
		var hinted *crm.Hinted
		if err != nil && !errors.As(err, &hinted) {
			t.Errorf("%q: no hint", base)
		}
	}
}

func TestATokensAddressIsCheckedToo(t *testing.T) {
	t.Parallel()
	c := client(t, newClock(), Options{Auth: NewLogin(func(context.Context) (Token, error) {
		return Token{Bearer: NewSecret("t"), BaseURL: "http://crm.example.com"}, nil
	}, nil)})
	_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/", Endpoint: "thing"})
	if err == nil || !strings.Contains(err.Error(), "unencrypted") {
		t.Errorf("got %v", err)
	}
}

func TestPathStaysOnTheHost(t *testing.T) {
	t.Parallel()
	server := script(t, says(200, jsonType, `{}`))
	c := client(t, newClock(), Options{BaseURL: server.URL})
	for _, path := range []string{"https://evil.example.com/", "//evil.example.com/", "@evil.example.com", ".evil.example.com"} {
		if _, err := c.Do(t.Context(), Request{Method: "GET", Path: path, Endpoint: "thing"}); err == nil {
			t.Errorf("%q was called", path)
		}
	}
	if n := len(c.Meter().Snapshot().Calls); n != 0 {
		t.Errorf("%d calls left", n)
	}
}

func TestEveryErrorHasAHint(t *testing.T) {
	t.Parallel()
	for _, kind := range []Kind{Retry, Record, Mapping, Credentials, Quota, Follow, Stop} {
		server := script(t, says(400, jsonType, `{}`))
		c := client(t, newClock(), Options{BaseURL: server.URL, Attempts: 1, Classify: func(int, http.Header, []byte) Verdict { return Verdict{Kind: kind} }})
		_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/", Endpoint: "thing"})
		var hinted *crm.Hinted
		if !errors.As(err, &hinted) || hinted.Hint == "" || strings.Contains(hinted.Hint, "%") {
			t.Errorf("%s: %#v", kind, hinted)
		}
	}
}

func TestLogTellsOfRetries(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	server := script(t, says(429, jsonType, `{}`), says(200, jsonType, `{}`))
	c := client(t, newClock(), Options{BaseURL: server.URL, Log: zerolog.New(&log).Level(zerolog.WarnLevel)})
	if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/", Endpoint: "thing"}); err != nil {
		t.Fatal(err)
	}
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, `"endpoint":"thing"`) || !strings.Contains(got, `"status":429`) {
		t.Errorf("log: %s", got)
	}
}
