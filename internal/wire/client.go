package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/rs/zerolog"

	"lockstep/internal/crm"
)

// Defaults of Options.
const (
	DefaultAttempts = 5
	DefaultTimeout  = time.Minute
	DefaultMaxWait  = 2 * time.Minute
)

// Options configure a Client. Only System is required, and a BaseURL unless Auth's tokens have one.
type Options struct {
	System  crm.System
	BaseURL string // https://api.hubapi.com; http:// is for loopback only
	Auth    Auth   // nil: calls carry no token

	// Classify reads an answer outside 2xx and 304. Nil: ByStatus.
	Classify func(status int, header http.Header, body []byte) Verdict

	// Pace names what an endpoint's attempts wait for, in this order. Nil: nothing.
	Pace func(endpoint string) []Pacer

	// Observe reads the server's figures off every answer's headers into the Meter. Nil: nothing.
	Observe func(header http.Header, at time.Time, m *Meter)

	Meter *Meter         // nil: a new one; see Client.Meter
	HTTP  *http.Client   // nil: a new one; only its Transport is used
	Log   zerolog.Logger // the zero Logger is silent

	Now   func() time.Time                           // nil: time.Now
	Sleep func(context.Context, time.Duration) error // nil: Sleep

	Attempts int           // at most, per call; 0: DefaultAttempts
	Timeout  time.Duration // per attempt; 0: DefaultTimeout
	MaxWait  time.Duration // longest pause a server is granted; 0: DefaultMaxWait
	Secrets  []Secret      // masked in Error.Message, besides the token
}

// Client makes calls to one CRM. It is safe for concurrent use.
type Client struct {
	o        Options
	http     *http.Client
	deadline func(context.Context, time.Duration) (context.Context, context.CancelFunc) // context.WithTimeout, but in tests
}

// New checks o and fills in its defaults.
func New(o Options) (*Client, error) {
	if o.BaseURL != "" || o.Auth == nil {
		base, err := checkBase(o.BaseURL)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.System, err)
		}
		o.BaseURL = base
	}
	if o.Classify == nil {
		o.Classify = func(int, http.Header, []byte) Verdict { return Verdict{} }
	}
	if o.Pace == nil {
		o.Pace = func(string) []Pacer { return nil }
	}
	if o.Observe == nil {
		o.Observe = func(http.Header, time.Time, *Meter) {}
	}
	if o.Meter == nil {
		o.Meter = NewMeter()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = Sleep
	}
	if o.Attempts == 0 {
		o.Attempts = DefaultAttempts
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MaxWait == 0 {
		o.MaxWait = DefaultMaxWait
	}
	next := http.DefaultTransport
	if o.HTTP != nil && o.HTTP.Transport != nil {
		next = o.HTTP.Transport
	}
	return &Client{o: o, deadline: context.WithTimeout, http: &http.Client{
		Transport: bearer{next},
		// A redirect would carry the call to a host nobody configured.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Meter is the meter that counts this client's calls.
func (c *Client) Meter() *Meter { return c.o.Meter }

// Request is one call.
type Request struct {
	Method      string
	Path        string // from the base URL on, "/services/data/v66.0/query"; may carry a query
	Endpoint    string // its name in meters, logs and errors; holds no ids
	Query       url.Values
	Header      http.Header
	Body        []byte
	ContentType string        // of Body; empty: application/json
	Accept      string        // empty: application/json, and then a good answer has to be JSON
	ReadOnly    bool          // changes nothing, so it is never Uncertain; GET always is
	Idempotent  bool          // sending it twice does what sending it once does; what is ReadOnly always is
	NoBody      bool          // a good answer may be empty; 204 and 304 always may
	Timeout     time.Duration // per attempt; 0: Options.Timeout
}

// Response is a good answer: 2xx or 304, its body read to the end.
type Response struct {
	Status   int
	Header   http.Header
	Body     []byte
	Attempts int

	// Uncertain: an attempt before this one may have been carried out already, so that an
	// upsert's "created": false, say, proves nothing.
	Uncertain bool
}

// Do makes the call, as package wire describes. Its errors are an *Error inside a crm.Hinted, or
// what Auth returned.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	pauses := backoff.NewExponentialBackOff()
	pauses.Multiplier = 2
	pauses.MaxInterval = 30 * time.Second

	r.ReadOnly = r.ReadOnly || r.Method == http.MethodGet
	idempotent := r.Idempotent || r.ReadOnly
	uncertain, renewed := false, false
	var token Token
	for attempt := 1; ; attempt++ {
		var err error
		if !renewed && c.o.Auth != nil {
			if token, err = c.o.Auth.Token(ctx); err != nil {
				return nil, c.noSession(err, r, attempt, uncertain)
			}
		}
		a := c.attempt(ctx, r, token, attempt)
		if a.ok {
			a.response.Attempts, a.response.Uncertain = attempt, uncertain
			return &a.response, nil
		}
		uncertain = uncertain || a.mayHaveLanded() && !r.ReadOnly

		if a.verdict.Expired && c.o.Auth != nil && !renewed {
			renewed = true
			refused := token
			if token, err = c.o.Auth.Renew(ctx, refused); err != nil {
				return nil, c.noSession(err, r, attempt, uncertain)
			}
			if token.Bearer.Reveal() != refused.Bearer.Reveal() {
				continue
			}
		}
		pause := max(pauses.NextBackOff(), a.verdict.Wait)
		again := a.verdict.Kind == Retry && ctx.Err() == nil && attempt < c.o.Attempts &&
			a.verdict.Wait <= c.o.MaxWait && (idempotent || !a.mayHaveLanded())
		if again {
			c.o.Log.Warn().Str("system", string(c.o.System)).Str("endpoint", r.Endpoint).Int("status", a.response.Status).
				Str("code", a.verdict.Code).Str("detail", a.verdict.Detail).Int("attempt", attempt).Dur("pause", pause).Msg("trying again")
			if c.o.Sleep(ctx, pause) == nil {
				continue
			}
		}
		e := &Error{
			System: c.o.System, Method: r.Method, Endpoint: r.Endpoint, Status: a.response.Status,
			Kind: a.verdict.Kind, Code: a.verdict.Code, Detail: a.verdict.Detail, Attempts: attempt,
			Uncertain: uncertain, Wait: a.verdict.Wait,
			Message: a.verdict.Message, Fields: a.verdict.Fields, body: a.response.Body, cause: a.cause,
		}
		if ctx.Err() != nil {
			e.cause = ctx.Err()
		}
		return nil, crm.WithHint(e, "%s", hint(c.o.System, a.verdict))
	}
}

// Fail is the error of a call that succeeded on the wire and whose answer tells of a failure: a
// sub-request of a composite call, a job that ended badly, fewer outcomes than rows.
func (c *Client) Fail(method, endpoint string, status int, v Verdict, uncertain bool) error {
	v = v.clean(c.o.Secrets...)
	return crm.WithHint(&Error{
		System: c.o.System, Method: method, Endpoint: endpoint, Status: status, Kind: v.Kind, Code: v.Code, Detail: v.Detail,
		Attempts: 1, Uncertain: uncertain, Wait: v.Wait, Message: v.Message, Fields: v.Fields,
	}, "%s", hint(c.o.System, v))
}

// noSession is what Auth returned, unless an attempt before may have been carried out: whoever
// wrote has to learn that first.
func (c *Client) noSession(err error, r Request, attempt int, uncertain bool) error {
	if !uncertain {
		return err
	}
	v := Verdict{Kind: Credentials}
	return crm.WithHint(&Error{
		System: c.o.System, Method: r.Method, Endpoint: r.Endpoint, Kind: v.Kind,
		Detail: "the session ended and no other could be had", Attempts: attempt, Uncertain: true, cause: err,
	}, "%s", hint(c.o.System, v))
}

// checkBase refuses a URL that would carry tokens in the clear, and cuts its last slash.
func checkBase(base string) (string, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		// Not quoting err: it quotes the URL, which may hold a password.
		return "", crm.WithHint(errors.New("the address of the CRM is not a plain https:// URL"), "set the host in lockstep.yaml, as https://host")
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		return "", crm.WithHint(fmt.Errorf("http://%s would carry the token unencrypted", u.Host), "use https://%s; http:// is for a sandbox on this machine only", u.Host)
	}
	return strings.TrimRight(base, "/"), nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
