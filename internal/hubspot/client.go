package hubspot

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

// DefaultBaseURL is HubSpot's API, the same for portals of all regions.
const DefaultBaseURL = "https://api.hubapi.com"

// Options configure a Client. Token or OAuth is required.
type Options struct {
	BaseURL string  // empty: DefaultBaseURL
	Version Version // empty: DefaultVersion

	Token wire.Secret // of a private app or a service key, "pat-na1-…"; it does not expire
	OAuth *OAuth      // in place of Token

	// PerTenSeconds is the most calls in ten seconds, search not counted. 0: as many as HubSpot's own headers
	// grant this app, and 100 until the first answer (100 for Free and Starter, 190 for Professional and
	// Enterprise, 250 with the add-on, 110 for OAuth apps). Set it to leave room for others of the same app;
	// what HubSpot grants is never exceeded.
	PerTenSeconds int
	// SearchPerSecond is the most searches a second. 0: 4. HubSpot allows 5 for all apps of the account.
	SearchPerSecond float64

	Meter *wire.Meter    // nil: a new one
	HTTP  *http.Client   // nil: a new one
	Log   zerolog.Logger // the zero Logger is silent

	Now   func() time.Time                           // nil: time.Now
	Sleep func(context.Context, time.Duration) error // nil: wire.Sleep

	Attempts int           // per call; 0: wire.DefaultAttempts
	Timeout  time.Duration // per attempt; 0: wire.DefaultTimeout
	MaxWait  time.Duration // longest pause HubSpot is granted; 0: wire.DefaultMaxWait
}

// Client calls one HubSpot portal. It is safe for concurrent use.
type Client struct {
	wire    *wire.Client
	version Version
}

// New checks o and returns a client. Nothing is called yet.
func New(o Options) (*Client, error) {
	if o.BaseURL == "" {
		o.BaseURL = DefaultBaseURL
	}
	if o.Version == "" {
		o.Version = DefaultVersion
	}
	if err := o.Version.check(); err != nil {
		return nil, crm.WithHint(err, "set the version of hubspot in lockstep.yaml")
	}
	if o.Meter == nil {
		o.Meter = wire.NewMeter()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = wire.Sleep
	}
	auth, secrets, err := o.auth()
	if err != nil {
		return nil, err
	}
	pace := newPace(o)
	shared := o.wire()
	shared.Auth, shared.Secrets, shared.Pace, shared.Observe = auth, secrets, pace.of, pace.observe
	w, err := wire.New(shared)
	if err != nil {
		return nil, err
	}
	return &Client{wire: w, version: o.Version}, nil
}

// wire is what calls with and without a token have in common.
func (o Options) wire() wire.Options {
	return wire.Options{
		System: crm.HubSpot, BaseURL: o.BaseURL, Classify: classify, Meter: o.Meter, HTTP: o.HTTP, Log: o.Log,
		Now: o.Now, Sleep: o.Sleep, Attempts: o.Attempts, Timeout: o.Timeout, MaxWait: o.MaxWait,
	}
}

// Meter counts this client's calls; see DailyFigure.
func (c *Client) Meter() *wire.Meter { return c.wire.Meter() }

// call is one request and how its answer is read.
type call struct {
	method, path string
	query        url.Values
	body         []byte
	repeatable   bool // doing it twice does what doing it once does
	writes       bool // a misread answer leaves the write in doubt
	read         func(answer []byte) error
}

// do makes the call and reads its answer. An answer of another shape than documented is a wire.Error of Kind
// Stop, Uncertain where something was written. What json says of it is dropped: it may quote values.
func (c *Client) do(ctx context.Context, in call) (*wire.Response, error) {
	name := endpoint(in.path)
	res, err := c.wire.Do(ctx, wire.Request{
		Method: in.method, Path: in.path, Endpoint: name, Query: in.query, Body: in.body, Idempotent: in.repeatable,
	})
	if err != nil {
		return nil, err
	}
	if err := in.read(res.Body); err != nil {
		detail := "an answer of another shape than documented"
		var odd shape
		if errors.As(err, &odd) {
			detail = string(odd)
		}
		return nil, crm.WithHint(&wire.Error{
			System: crm.HubSpot, Method: in.method, Endpoint: name, Status: res.Status, Kind: wire.Stop,
			Detail: detail, Attempts: res.Attempts, Uncertain: in.writes,
		}, "check the host and the API version of hubspot in lockstep.yaml")
	}
	return res, nil
}

// shape says what is wrong with an answer, in words that hold no value.
type shape string

func (s shape) Error() string { return string(s) }
