package hubspot

import (
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"lockstep/internal/sandbox/hubspot/portal"
)

// Options says what kind of portal is simulated. The zero value is a portal that answers at once and hardly limits.
type Options struct {
	Now       func() time.Time // the portal's clock; nil is time.Now
	SearchLag time.Duration    // a search sees only what was written this long ago; reads by id always see everything
	Export    time.Duration    // how long an export takes, one at a time
	ListLag   time.Duration    // how long after a change a DYNAMIC list takes it in
	PortalID  int64            // 0 is 12345678
	Account   Account          // what the account says of itself
	TimeZone  *time.Location   // the account's zone, in whose midnight the daily limit resets; nil is UTC
	Seed      uint64           // of the shuffled batch results and the correlation ids
	Tokens    []Token          // private apps; nil is DefaultToken with every scope
	OAuth     OAuth            // the public app; empty fields are client "sandbox", secret "sandbox", refresh token "na1-sandbox"
	Limits    Limits           // zero fields are generous
	Rules     Rules            // the zero value is what most sources report
}

// Rules are the behaviours that no source settles.
type Rules = portal.Rules

// Owner is a user or queue that can own records.
type Owner = portal.Owner

// Team is a team an owner belongs to.
type Team = portal.Team

// Requirement is an admin's rule that a property must have a value.
type Requirement = portal.Requirement

// Workflow is automation: it gets the record before a write (nil on create) and after it, and returns what to set.
type Workflow = portal.Workflow

// Server is a simulated HubSpot portal. It is safe for concurrent use: one lock is held per request and per method,
// so every answer is consistent with some serial order of all of them.
type Server struct {
	now     func() time.Time
	zone    *time.Location
	account Account

	mu     sync.Mutex // guards all below
	portal *portal.Portal
	rand   *rand.Rand
	apps   map[string]*app // by static token
	oauth  OAuth
	tokens map[string]*accessToken
	codes  map[string]authorizationCode
	limits limiter
	bursts []burst   // batches of the last second, for Rules.LockAbove
	locked time.Time // until when writes in batches are answered with 423
	exports
	exportTime time.Duration

	revoked bool // the installation of the public app has ended
}

// New makes an empty portal.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.PortalID == 0 {
		o.PortalID = 12345678
	}
	if o.TimeZone == nil {
		o.TimeZone = time.UTC
	}
	if o.Tokens == nil {
		o.Tokens = []Token{{Value: DefaultToken}}
	}
	s := &Server{
		now: o.Now, zone: o.TimeZone, account: o.Account.withDefaults(),
		portal: portal.New(o.PortalID, o.Now, o.SearchLag, o.Rules),
		rand:   rand.New(rand.NewPCG(o.Seed, 0x6c6f636b)),
		apps:   map[string]*app{},
		oauth:  o.OAuth.withDefaults(),
		tokens: map[string]*accessToken{},
		limits: newLimiter(o.Limits),
	}
	if len(s.account.Others) > 0 {
		s.portal.UseCurrencies(append([]string{s.account.Currency}, s.account.Others...))
	}
	s.portal.ListLag, s.exportTime = o.ListLag, o.Export
	for i, t := range o.Tokens {
		s.apps[t.Value] = &app{id: int64(1_000_001 + i), scopes: t.Scopes}
	}
	return s
}

// ServeHTTP answers like api.hubapi.com.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(r)
	s.mu.Lock()
	var a answer
	c := &call{Server: s, r: r, body: body, correlation: s.uuid(), header: http.Header{}, orders: ordersOf(r)}
	s.portal.Stale = c.orders.Stale
	if err == nil {
		a, err = c.serve()
	}
	if err != nil {
		a = c.refuse(err)
	}
	s.mu.Unlock()

	h := w.Header()
	for k, v := range c.header {
		h[k] = v
	}
	h.Set("Date", s.now().UTC().Format(http.TimeFormat))
	h.Set("X-HubSpot-Correlation-Id", c.correlation)
	if a.status == http.StatusNotFound {
		h.Set("X-HubSpot-NotFound", "true")
	}
	switch {
	case len(a.body) == 0:
	case a.html:
		h.Set("Content-Type", "text/html;charset=iso-8859-1")
	case c.header.Get("Content-Type") == "":
		h.Set("Content-Type", "application/json;charset=utf-8")
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that went away is its own affair
}

// call is one request being answered.
type call struct {
	*Server
	r           *http.Request
	body        []byte
	correlation string
	header      http.Header // of the answer, whatever it is
	route       *route
	version     string            // v3, v4 or a date
	params      map[string]string // what the path names: type, id, name
	object      *portal.Object    // of params["type"], nil on routes without
	to          *portal.Object    // of params["to"], the other side of an association, nil on routes without
	app         *app
	orders      Orders
}

// answer is what goes back.
type answer struct {
	status int
	body   []byte
	html   bool
}

// serve finds the route and takes the hurdles in HubSpot's order: path, token, limits, scopes, parameters.
func (c *call) serve() (answer, error) {
	if len(c.r.URL.RequestURI()) > maxURL {
		return answer{}, &problem{http: http.StatusRequestURITooLong, Message: "URI Too Long"}
	}
	if err := c.match(); err != nil {
		return answer{}, err
	}
	if c.route.needs != nothing {
		if err := c.authenticate(); err != nil {
			return answer{}, err
		}
		if err := c.limit(); err != nil {
			return answer{}, err
		}
	}
	if name, ok := c.params["type"]; ok {
		if c.object = c.portal.Object(name); c.object == nil {
			return answer{}, noSuchObject(name)
		}
	}
	if name, ok := c.params["to"]; ok {
		if c.to = c.portal.Object(name); c.to == nil {
			return answer{}, noSuchObject(name)
		}
	}
	if err := c.authorize(); err != nil {
		return answer{}, err
	}
	if err := c.checkQuery(); err != nil {
		return answer{}, err
	}
	return c.route.serve(c)
}

// write begins a write by the calling app. The version of the path decides whether admins' rules hold.
func (c *call) write() *portal.Write {
	w := c.object.Begin(c.source())
	switch c.portal.Rules.AdminRules {
	case "always":
		w.Admin = true
	case "never":
	default:
		w.Admin = c.version == "2026-09"
	}
	return w
}

// source is how the property history names the calling app.
func (c *call) source() portal.Source {
	return portal.Source{Type: "INTEGRATION", ID: idText(c.app.id), Label: "Sandbox app"}
}
