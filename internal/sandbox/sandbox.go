package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox/hubspot"
	"lockstep/internal/sandbox/salesforce"
)

// Options says what the two CRMs hold and how they behave. The zero value is two empty CRMs.
type Options struct {
	HubSpotDir    string // a folder of contacts.csv, owners.csv …; empty: none
	SalesforceDir string // a folder of Lead.csv, Contact.csv, User.csv …; empty: none
	LoadDir       string // a folder of <system>.<Object>.csv, other files are left alone; empty: none

	People    int                                 // people to generate over both CRMs; 0: none
	Companies bool                                // HubSpot companies of the generated people too, with associations, deals and Opportunities
	Seed      uint64                              // of the generated people and of the faults' draws
	Truth     func(person int, record crm.Record) // told of every generated person's records, from one goroutine; nil: nobody

	Faults    []Fault
	Rules     []Automation                               // that rewrite fields, from the first request on; what the CRMs are filled with stays as it is
	Pause     func(context.Context, time.Duration) error // waits between the chunks of slow bodies; nil: by the real clock
	Now       func() time.Time                           // both CRMs' clock; nil: time.Now
	SearchLag time.Duration                              // how long a HubSpot search does not see a write

	HubSpotAddr    string // host:port on loopback; empty: a free port of 127.0.0.1
	SalesforceAddr string // likewise

	PersonAccounts        bool // Salesforce's accounts may be persons, each with a contact of its own
	StateCountryPicklists bool // Salesforce's addresses take only the countries and states of a list, and have their codes

	// Portal and Org are the simulators' own settings. Now and SearchLag above win over theirs.
	Portal hubspot.Options
	Org    salesforce.Options
}

// Sandbox is two CRMs being served. The simulators behind the servers can be filled, edited and
// read directly, while requests run.
type Sandbox struct {
	HubSpot       *hubspot.Server
	Salesforce    *salesforce.Server
	HubSpotURL    string // http://127.0.0.1:<port>, what wire's BaseURL takes
	SalesforceURL string // likewise; also the login host
	Faults        *Faults

	calls   *counter
	watch   *watcher
	rules   map[crm.System]*rules
	pause   func(context.Context, time.Duration) error // of slow bodies
	now     func() time.Time
	ending  []context.CancelFunc // of what sends webhooks
	doors   []*door
	serving sync.WaitGroup
}

// door is one CRM's listener and server.
type door struct {
	gate     *gate
	listener net.Listener
	server   *http.Server
}

// Start fills two CRMs and serves them until Close. ctx ends the filling, not the serving.
// Bad CSV is an error that names file and line; an address that is not loopback is refused.
func Start(ctx context.Context, o Options) (*Sandbox, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Portal.Now, o.Org.Now = o.Now, o.Now
	if o.SearchLag != 0 {
		o.Portal.SearchLag = o.SearchLag
	}
	o.Org.PersonAccounts = o.Org.PersonAccounts || o.PersonAccounts
	if o.StateCountryPicklists && o.Org.Places == nil {
		o.Org.Places = listedPlaces()
	}
	s := &Sandbox{
		HubSpot:    hubspot.New(o.Portal),
		Salesforce: salesforce.New(o.Org),
		Faults:     &Faults{seed: o.Seed},
		calls:      &counter{},
		watch:      &watcher{},
		pause:      o.Pause,
		now:        o.Now,
	}
	if s.pause == nil {
		s.pause = sleep
	}
	s.Faults.keep = s.HubSpot.KeepVersions
	if err := s.Faults.Add(o.Faults...); err != nil {
		return nil, err
	}
	// Both ports are taken before anything is filled: one that is in use is told of at once.
	if err := s.listenBoth(ctx, s.HubSpot, s.Salesforce, o); err != nil {
		s.Close()
		return nil, err
	}
	if err := fill(ctx, o, map[crm.System]simulator{crm.HubSpot: s.HubSpot, crm.Salesforce: s.Salesforce}); err != nil {
		s.Close()
		return nil, err
	}
	for i, rule := range o.Rules {
		if err := s.Automate(rule); err != nil {
			s.Close()
			return nil, fmt.Errorf("rule %d: %w", i+1, err)
		}
	}
	s.serve()
	return s, nil
}

// Automate adds a rule that rewrites a field of a CRM's records whenever they are saved.
func (s *Sandbox) Automate(rule Automation) error {
	if err := rule.check(); err != nil {
		return err
	}
	return s.rules[rule.System].automate(rule)
}

// listenBoth takes both ports.
func (s *Sandbox) listenBoth(ctx context.Context, hubspot, salesforce simulator, o Options) error {
	var err error
	if s.HubSpotURL, err = s.listen(ctx, crm.HubSpot, hubspot, o.HubSpotAddr, o.Now); err != nil {
		return err
	}
	s.SalesforceURL, err = s.listen(ctx, crm.Salesforce, salesforce, o.SalesforceAddr, o.Now)
	return err
}

// listen adds a door and returns its URL.
func (s *Sandbox) listen(ctx context.Context, system crm.System, sim simulator, addr string, now func() time.Time) (string, error) {
	addr, err := loopback(addr)
	if err != nil {
		return "", fmt.Errorf("sandbox: %s: %w", system, err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", crm.WithHint(fmt.Errorf("sandbox: %s: %w", system, err), "choose another port, or 0 for a free one")
	}
	if s.rules == nil {
		s.rules = map[crm.System]*rules{}
	}
	s.rules[system] = newRules(sim)
	g := &gate{
		system: system, inner: sim, admin: newAdmin(&admin{system: system, sim: sim, faults: s.Faults, calls: s.calls, rules: s.rules[system]}),
		faults: s.Faults, calls: s.calls, watch: s.watch, now: now, pause: s.pause,
	}
	g.ended, g.end = context.WithCancel(context.WithoutCancel(ctx))
	server := &http.Server{Handler: g, ReadHeaderTimeout: time.Minute}
	s.doors = append(s.doors, &door{gate: g, listener: listener, server: server})
	return "http://" + listener.Addr().String(), nil
}

// serve answers on both ports until Close.
func (s *Sandbox) serve() {
	for _, d := range s.doors {
		s.serving.Go(func() {
			_ = d.server.Serve(d.listener) // always ErrServerClosed, or a listener that is gone
		})
	}
}

// Close stops both servers: hanging requests are let go, connections closed, and no handler and no
// watcher runs once it has returned. It may be called twice.
func (s *Sandbox) Close() {
	for _, end := range s.ending {
		end()
	}
	for _, d := range s.doors {
		d.gate.close()
		_ = d.server.Close()
		_ = d.listener.Close() // when serve was never reached
	}
	for _, d := range s.doors {
		d.gate.running.Wait()
	}
	s.serving.Wait()
}

// Calls is every endpoint asked so far, by system and endpoint.
func (s *Sandbox) Calls() []Calls { return s.calls.all() }

// Count sums the requests to a system's endpoints that contain part, as in "POST /crm/" or
// "contacts/search"; an empty part sums all, tokens included.
func (s *Sandbox) Count(system crm.System, part string) int { return s.calls.count(system, part) }

// ResetCalls starts the counting anew.
func (s *Sandbox) ResetCalls() { s.calls.reset() }

// Watch has f told of both moments of every request, in order and one at a time: requests to both
// CRMs wait while f runs. f may fill, edit and read the simulators and change the faults; a request
// of its own to them, Watch or Close would wait for itself. nil ends the watch.
func (s *Sandbox) Watch(f func(Event)) { s.watch.set(f) }

// loopback makes an address that no other machine can reach, or refuses.
func loopback(addr string) (string, error) {
	if addr == "" {
		return "127.0.0.1:0", nil
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", crm.WithHint(fmt.Errorf("address %q: %w", addr, err), "write host and port, as in 127.0.0.1:8080")
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return "", crm.WithHint(fmt.Errorf("address %q: %w", addr, errNotLoopback), "write 127.0.0.1:%s", port)
	}
	return net.JoinHostPort(host, port), nil
}

// errNotLoopback is returned for an address that other machines might reach.
var errNotLoopback = errors.New("the sandbox serves on loopback only")

// fill loads the folders, then generates people.
func fill(ctx context.Context, o Options, sims map[crm.System]simulator) error {
	for _, folder := range []struct {
		system crm.System
		dir    string
	}{{crm.HubSpot, o.HubSpotDir}, {crm.Salesforce, o.SalesforceDir}} {
		if folder.dir == "" {
			continue
		}
		if err := loadSystem(ctx, folder.dir, folder.system, sims); err != nil {
			return err
		}
	}
	if o.LoadDir != "" {
		if err := loadBoth(ctx, o.LoadDir, sims); err != nil {
			return err
		}
	}
	if o.People > 0 {
		return generate(ctx, o, sims[crm.HubSpot], sims[crm.Salesforce])
	}
	return nil
}
