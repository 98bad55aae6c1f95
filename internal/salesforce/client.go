package salesforce

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

// DefaultVersion is the API version of Spring '26.
const DefaultVersion = "v66.0"

// DefaultAtOnce is how many requests are under way at the same time: the number of requests
// running 20 seconds or longer that a Developer Edition or trial org allows (25 elsewhere).
const DefaultAtOnce = 5

// Options configure a Client. Flow and LoginURL are required.
type Options struct {
	Flow     Flow
	LoginURL string // https://login.salesforce.com, https://test.salesforce.com or the My Domain
	Version  string // "v66.0" or "66.0"; empty: DefaultVersion
	AtOnce   int    // 0: DefaultAtOnce

	Meter *wire.Meter  // nil: a new one
	HTTP  *http.Client // nil: a new one; only its Transport is used
	Log   zerolog.Logger
	Now   func() time.Time                           // nil: time.Now
	Sleep func(context.Context, time.Duration) error // nil: wire.Sleep

	Attempts int           // per call; 0: wire.DefaultAttempts
	Timeout  time.Duration // per attempt of a read; 0: wire.DefaultTimeout. Writes have twice that
}

// Client calls one org as one user. It is safe for concurrent use.
type Client struct {
	wire    *wire.Client
	base    string // "/services/data/v66.0"
	version string
	timeout time.Duration
	sleep   func(context.Context, time.Duration) error
}

var versionForm = regexp.MustCompile(`^v?([1-9]\d)\.0$`)

// New checks o. It makes no call: the session is opened by the first one.
func New(o Options) (*Client, error) {
	if o.Version == "" {
		o.Version = DefaultVersion
	}
	found := versionForm.FindStringSubmatch(o.Version)
	if found == nil {
		return nil, crm.WithHint(fmt.Errorf("salesforce: %q is not an API version", o.Version), "write it as v66.0")
	}
	if o.Flow == nil {
		return nil, crm.WithHint(errors.New("salesforce: no way to log in is configured"), "set the auth flow in lockstep.yaml and its LOCKSTEP_ variables")
	}
	if o.AtOnce == 0 {
		o.AtOnce = DefaultAtOnce
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
	if o.Timeout == 0 {
		o.Timeout = wire.DefaultTimeout
	}
	places := wire.AtOnce(o.AtOnce)
	common := wire.Options{
		System: crm.Salesforce, Meter: o.Meter, HTTP: o.HTTP, Log: o.Log, Now: o.Now, Sleep: o.Sleep,
		Attempts: o.Attempts, Timeout: o.Timeout, Secrets: o.Flow.secrets(),
	}
	door := common
	door.BaseURL, door.Classify = o.LoginURL, classifyLogin
	login, err := wire.New(door)
	if err != nil {
		return nil, err
	}
	calls := common
	calls.Auth = wire.NewLogin(func(ctx context.Context) (wire.Token, error) { return logIn(ctx, login, o.Flow, o.LoginURL, o.Now()) }, o.Now)
	calls.Classify, calls.Observe = classify, observe
	calls.Pace = func(string) []wire.Pacer { return []wire.Pacer{places} }
	made, err := wire.New(calls)
	if err != nil {
		return nil, err
	}
	version := "v" + found[1] + ".0"
	return &Client{wire: made, base: "/services/data/" + version, version: version, timeout: o.Timeout, sleep: o.Sleep}, nil
}

// Meter counts this client's calls.
func (c *Client) Meter() *wire.Meter { return c.wire.Meter() }

// Version is the API version in use, "v66.0".
func (c *Client) Version() string { return c.version }

// writeTimeout is how long a write may take: triggers and flows of the org run inside it.
// Salesforce itself ends a call after 10 minutes.
func (c *Client) writeTimeout() time.Duration { return 2 * c.timeout }

// writeHeaders stand on every write of records ("REST Headers" in the REST API guide).
func writeHeaders() http.Header {
	return http.Header{
		// Without it an update may give a lead to somebody else by assignment rule.
		"Sforce-Auto-Assign": {"FALSE"},
		// Without it a duplicate rule that only warns in the UI refuses the record.
		"Sforce-Duplicate-Rule-Header": {"allowSave=true"},
		// Change events name the client that made them.
		"Sforce-Call-Options": {"client=lockstep"},
	}
}

var (
	usageForm  = regexp.MustCompile(`\bapi-usage=(\d+)/(\d+)`)
	perAppForm = regexp.MustCompile(`\bper-app-api-usage=(\d+)/(\d+)`)
)

// observe reads Sforce-Limit-Info, "api-usage=25/5000; per-app-api-usage=17/250(appName=x)", into
// the figures "api" and "per-app api" ("Limit Info Header").
func observe(h http.Header, at time.Time, m *wire.Meter) {
	info := h.Get("Sforce-Limit-Info")
	// The per-app form contains the other's name.
	org := strings.ReplaceAll(info, "per-app-api-usage", "per-app")
	if found := usageForm.FindStringSubmatch(org); found != nil {
		m.Report("api", figure(found, at))
	}
	if found := perAppForm.FindStringSubmatch(info); found != nil {
		m.Report("per-app api", figure(found, at))
	}
}

func figure(found []string, at time.Time) wire.Figure {
	used, err1 := strconv.ParseInt(found[1], 10, 64)
	limit, err2 := strconv.ParseInt(found[2], 10, 64)
	if err1 != nil || err2 != nil { // more than 18 digits
		return wire.Figure{Used: -1, Limit: -1, Left: -1, At: at}
	}
	return wire.Figure{Used: used, Limit: limit, Left: max(0, limit-used), At: at}
}
