package dashboard

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/time/rate"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/health"
)

// Source hands out the newest publication. db is nil while nothing has been published; release gives it back.
type Source interface {
	DB() (db *sql.DB, release func())
}

// Options say what the page shows and who may ask.
type Options struct {
	Project func() (*entity.Project, error) // the SQL as it stands; nil: there is none to show
	Source  Source
	Actions Actions                        // nil: the page only reads
	Facts   func() (health.Options, error) // what no table says: pipelines, pauses, bounds; nil: nothing
	Token   string                         // what a person gives to act; empty: nobody can
	Closed  bool                           // reading needs the token too: the page is served beyond loopback
	Hosts   []string                       // names under which the page may be asked for, beside localhost and the address it listens on
	Health  http.Handler                   // of /healthz, /healthz/live and /metrics, open to whoever may reach the server; nil: there is none
	Wake    http.Handler                   // of /wake and what is below it: it knows its callers, under any name; nil: there is none
	Now     func() time.Time
	Log     zerolog.Logger
}

// Server is the page. Make one with New.
type Server struct {
	o        Options
	sessions sessions
	mapped   mappedOnce
	read     atomic.Pointer[entity.Project] // the last that could be read
	queries  map[string]query
	pages    map[string]rendered // by template
	asking   chan struct{}       // one place per page being made
	saving   chan struct{}       // one place per CSV being written
	handler  http.Handler
	timing   timing
	deeds    []deed
}

// timing is how long a connection may take for each part of a request. A page is a few kilobytes up, and its answer is
// ready at once: whoever is slower is broken or means harm.
type timing struct{ header, read, write, idle time.Duration }

var usual = timing{header: 5 * time.Second, read: 15 * time.Second, write: time.Minute, idle: 2 * time.Minute}

// Limits of one request.
const (
	bodySize   = 64 << 10
	headerSize = 16 << 10
	queryTime  = 20 * time.Second
	asking     = 4 // pages made at once; the others wait their turn
	saving     = 2 // CSV files written at once
)

// New makes the page. The error is a fault of this package: a template or a query that does not read.
func New(o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{o: o, timing: usual, deeds: deeds, asking: make(chan struct{}, asking), saving: make(chan struct{}, saving)}
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	s.sessions.key, s.sessions.logins = key, rate.NewLimiter(rate.Every(10*time.Second), 5)
	var err error
	if s.queries, err = readQueries(); err != nil {
		return nil, err
	}
	if s.pages, err = s.readTemplates(); err != nil {
		return nil, err
	}
	s.handler = s.guarded(s.routes())
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.o.Wake != nil && (r.URL.Path == "/wake" || strings.HasPrefix(r.URL.Path, "/wake/")) {
		s.o.Wake.ServeHTTP(w, r)
		return
	}
	s.handler.ServeHTTP(w, r)
}

// routes are the paths of the page; every other one is a 404.
func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for _, p := range pages {
		mux.Handle("GET "+exact(p.path), s.page(p))
	}
	mux.Handle("GET /csv/{table}", s.csv())
	mux.Handle("GET /assets/{version}/{file}", s.assets())
	mux.Handle("GET /login", s.loginForm())
	mux.Handle("POST /login", s.login())
	mux.Handle("POST /logout", s.logout())
	mux.Handle("POST /do/{deed}", s.do())
	if s.o.Health != nil {
		for _, path := range []string{"/healthz", "/healthz/live", "/metrics"} {
			mux.Handle("GET "+path, s.o.Health)
		}
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errNotFound) })
	return mux
}

// exact is the pattern of that very path; "/" alone would be all others too.
func exact(path string) string {
	if path == "/" {
		return "/{$}"
	}
	return path
}

// Serve answers on the listener until ctx is done, then lets what is under way end for up to five seconds.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: s.timing.header, ReadTimeout: s.timing.read, WriteTimeout: s.timing.write, IdleTimeout: s.timing.idle,
		MaxHeaderBytes: headerSize, BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
		ErrorLog: quiet(s.o.Log),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serving the page: %w", err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		_ = server.Close() // whoever still reads is too slow to be waited for
	}
	<-ended
	return nil
}

// Listen opens the address the page is served at. Beyond loopback it needs a token that somebody chose: the one that a
// start makes up is on a terminal only.
func Listen(address string, token string) (l net.Listener, closed bool, err error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, false, crm.WithHint(fmt.Errorf("--listen %q: %w", address, err), "it is HOST:PORT, as in 127.0.0.1:8420")
	}
	ip := net.ParseIP(host)
	closed = host != "localhost" && (ip == nil || !ip.IsLoopback())
	if closed && len(token) < shortest {
		return nil, false, crm.WithHint(fmt.Errorf("--listen %s is open to other machines, and there is no token of %d characters or more", address, shortest),
			"set LOCKSTEP_PAGE_TOKEN (`openssl rand -hex 24` makes one), or listen on 127.0.0.1")
	}
	if l, err = net.Listen("tcp", address); err != nil {
		var op *net.OpError
		if errors.As(err, &op) {
			err = op.Err
		}
		return nil, false, crm.WithHint(fmt.Errorf("--listen %s: %w", address, err), "choose another port, or 0 for any that is free")
	}
	return l, closed, nil
}
