package salesforce

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/wire"
)

// The strings that no error and no log line may hold.
const (
	theToken  = "00Dxx0000000001!AR8AQAxo.theToken"
	theSecret = "theClientSecret"
	theEmail  = "ann.lee@example.com"
)

const jsonType = "application/json;charset=UTF-8"

// call is a request as the org saw it.
type call struct {
	Method, Path, Query, Body string
	Header                    http.Header
}

// org is a server that answers by script: "METHOD /path" to answers in turn, the last one for
// ever. It opens sessions by itself.
type org struct {
	*httptest.Server
	mu     sync.Mutex
	routes map[string][]http.HandlerFunc
	calls  []call
	log    bytes.Buffer
}

func newOrg(t *testing.T, routes map[string][]http.HandlerFunc) *org {
	t.Helper()
	o := &org{routes: routes}
	if o.routes == nil {
		o.routes = map[string][]http.HandlerFunc{}
	}
	o.Server = httptest.NewServer(o)
	t.Cleanup(o.Close)
	if o.routes["POST /services/oauth2/token"] == nil {
		o.routes["POST /services/oauth2/token"] = []http.HandlerFunc{o.session(theToken)}
	}
	return o
}

// session answers as the token endpoint does.
func (o *org) session(token string) http.HandlerFunc {
	return says(200, `{"access_token":"`+token+`","scope":"api id","instance_url":"`+o.URL+`",
		"id":"https://login.salesforce.com/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU","token_type":"Bearer","issued_at":"1278448832702","signature":"0CmxinZir53="}`)
}

func (o *org) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	o.mu.Lock()
	o.calls = append(o.calls, call{r.Method, r.URL.Path, r.URL.RawQuery, string(body), r.Header.Clone()})
	answers := o.routes[r.Method+" "+r.URL.Path]
	if len(answers) > 1 {
		o.routes[r.Method+" "+r.URL.Path] = answers[1:]
	}
	o.mu.Unlock()
	if len(answers) == 0 {
		says(404, `[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]`)(w, r)
		return
	}
	w.Header().Set("Sforce-Limit-Info", "api-usage=46/15000")
	answers[0](w, r)
}

// seen are the calls made, without logins.
func (o *org) seen() []call {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(o.calls), func(c call) bool { return c.Path == "/services/oauth2/token" })
}

func (o *org) logins() int {
	all := func() int { o.mu.Lock(); defer o.mu.Unlock(); return len(o.calls) }()
	return all - len(o.seen())
}

// client is a client of the org with a sandbox's credentials, which sleeps in no time.
func (o *org) client(t *testing.T, with ...func(*Options)) *Client {
	t.Helper()
	options := Options{
		Flow:     ClientCredentials{ConsumerKey: "key", ConsumerSecret: wire.NewSecret(theSecret)},
		LoginURL: o.URL, Version: "v60.0", Timeout: time.Minute, Attempts: 3,
		Log:   zerolog.New(&locked{to: &o.log, mu: &o.mu}),
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
	for _, w := range with {
		w(&options)
	}
	c, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type locked struct {
	to *bytes.Buffer
	mu *sync.Mutex
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(p)
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func saysCSV(body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		_, _ = io.WriteString(w, body)
	}
}

func one(h http.HandlerFunc) []http.HandlerFunc { return []http.HandlerFunc{h} }

const expired = `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`

// compact takes the spaces out of a JSON text, for comparing.
func compact(s string) string {
	return strings.NewReplacer(" ", "", "\n", "", "\t", "").Replace(s)
}
