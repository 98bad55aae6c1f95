package salesforce

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"lockstep/internal/sandbox/salesforce/store"
)

// Options sets up a simulated org. The zero value is an org that "sandbox" / "sandbox" may enter.
type Options struct {
	Now           func() time.Time // the org's clock, also of its Date header; nil: time.Now
	Apps          []App            // connected apps; nil: DefaultApp alone
	DailyRequests int              // calls per rolling 24 hours; 0: 100,000
	BulkPage      int              // records on a page of Bulk query results when the client does not say; 0: 50,000
	DailyBatches  int              // Bulk batches of 10,000 rows per rolling 24 hours; 0: 15,000
	DailyQueries  int              // Bulk query jobs per rolling 24 hours; 0: 10,000
	LongRequests  int              // calls that may run for 20 seconds or more at a time; 0: 25

	Rules      Rules     // what the org accepts, and what is not verified about the original
	Currencies []string  // codes of an org with several, the corporate one first, others with their rates as EUR=0.8; nil: one currency
	Places     []Country // state and country picklists; nil: both are free text

	PersonAccounts bool // accounts may be persons, each with a contact of its own

	// Holding is called after every request that wrote and before its answer, with nothing else held up but the
	// rows it locked: how long it takes is how long a write takes. A write that needs one of those rows meanwhile
	// is refused with UNABLE_TO_LOCK_ROW. nil: a write takes no time, and nothing collides.
	Holding func()

	OrgID         string        // id of the Organization, 15 or 18 characters; empty: one that is the same in every sandbox
	Password      string        // every user's; empty: "sandbox"
	SecurityToken string        // appended to the password on login; empty: the client's address is trusted, none is asked for
	SessionLength time.Duration // 0: 2 hours
	FixedSessions bool          // sessions end SessionLength after login however much they are used

	// What follows is not verified, and a switch for that.
	PasswordGrant bool // the username-password flow of OAuth is on; new orgs have it off
	SecretStatus  int  // HTTP status of a wrong consumer secret; 0: 400
	RetiredStatus int  // HTTP status of an API version that is retired; 0: 410

	AssertionLife time.Duration // how far ahead a JWT's exp may lie; 0: any time, for the Salesforce CLI writes milliseconds and is let in
}

// Rules are the settings of an org that change what it accepts.
type Rules = store.Rules

// Country is one entry of the state and country picklists, State one of its states.
type (
	Country = store.Country
	State   = store.State
)

// Server is one simulated org. It is safe for concurrent use: requests are served one after the other,
// so every answer is that of some serial order.
type Server struct {
	options Options

	mu       sync.Mutex
	org      *store.Org
	sessions map[string]*session // by access token
	cursors  map[string]*cursor  // by locator
	jobs     map[string]*job     // Bulk 2.0, by id
	usage    usage
	batches  usage // Bulk batches of ingest
	queries  usage // Bulk query jobs

	refreshTokens map[string]refreshGrant
	locked        map[store.ID]bool   // users that entered a wrong password too often
	running       map[*call]time.Time // calls being read or answered, and when they came
	serial        int                 // numbers cursors and jobs
}

// New starts an org that holds its users, the values of its picklists and profiles, and no records. Options that
// contradict themselves panic.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Apps == nil {
		o.Apps = []App{DefaultApp}
	}
	o.DailyRequests = cmp.Or(o.DailyRequests, 100_000)
	o.BulkPage = cmp.Or(o.BulkPage, 50_000)
	org := store.New(o.Now)
	org.Rules = o.Rules
	if o.Currencies != nil {
		if err := org.UseCurrencies(o.Currencies); err != nil {
			panic(err)
		}
	}
	if o.PersonAccounts {
		if err := org.UsePersonAccounts(); err != nil {
			panic(err)
		}
	}
	if o.Places != nil {
		if err := org.UsePlaces(o.Places); err != nil {
			panic(err)
		}
	}
	o.DailyBatches = cmp.Or(o.DailyBatches, 15_000)
	o.DailyQueries = cmp.Or(o.DailyQueries, 10_000)
	o.LongRequests = cmp.Or(o.LongRequests, 25)
	o.RetiredStatus = cmp.Or(o.RetiredStatus, http.StatusGone)
	o.Password = cmp.Or(o.Password, "sandbox")
	o.SessionLength = cmp.Or(o.SessionLength, 2*time.Hour)
	s := &Server{
		options: o, org: org, refreshTokens: map[string]refreshGrant{}, locked: map[store.ID]bool{},
		sessions: map[string]*session{}, cursors: map[string]*cursor{}, jobs: map[string]*job{}, running: map[*call]time.Time{},
	}
	if o.OrgID != "" {
		if err := s.org.Rename(o.OrgID); err != nil {
			panic(err) // an option of the program that runs the simulator
		}
	}
	for _, a := range o.Apps {
		if a.RefreshToken != "" {
			s.refreshTokens[a.RefreshToken] = refreshGrant{app: a.ClientID}
		}
	}
	return s
}

// ServeHTTP answers one request. The body is read before and the answer written after the org is held,
// so a slow client holds up nobody.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if headSize(r) > maxHead {
		w.WriteHeader(http.StatusRequestHeaderFieldsTooLarge)
		return
	}
	c := newCall(s, r, nil)
	tooMany := s.enter(c)
	defer s.leave(c)
	body, err := readBody(w, r)
	if err != nil {
		http.Error(w, "the body could not be read", http.StatusBadRequest)
		return
	}
	c.body, c.crowded = body, tooMany
	a, now, limits := s.serve(c)
	h := w.Header()
	h.Set("Date", now.UTC().Format(http.TimeFormat))
	h.Set("Cache-Control", "no-cache,must-revalidate,max-age=0,no-store,private")
	h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-XSS-Protection", "1; mode=block")
	h.Set("X-Robots-Tag", "none")
	if c.counted {
		h.Set("Sforce-Limit-Info", limits)
	}
	for k, v := range a.header {
		h.Set(k, v)
	}
	if a.body != nil && h.Get("Content-Type") == "" {
		h.Set("Content-Type", "application/json;charset=UTF-8")
	}
	if r.Header.Get("X-PrettyPrint") == "1" && strings.Contains(h.Get("Content-Type"), "json") {
		a.body = pretty(a.body)
	}
	if a.packed && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(a.body) // into memory: cannot fail
		z.Close()
		a.body = b.Bytes()
	}
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		w.Write(a.body) // a client that left is no fault of the org
	}
}

// serve answers a call while it alone holds the org; now and limits are what the shared headers say.
func (s *Server) serve(c *call) (a answer, now time.Time, limits string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.org.Sweep()
	a = s.answer(c)
	now = s.options.Now()
	limits = s.usage.header(now, s.options.DailyRequests)
	if s.options.Holding != nil && c.tx != nil {
		release := s.org.Lock(c.tx.Held()...)
		s.mu.Unlock()
		s.options.Holding()
		s.mu.Lock()
		release()
	}
	return a, now, limits
}

// answer finds what a request is for, and whether it may.
func (s *Server) answer(c *call) answer {
	path := c.path
	if len(path) < 2 || path[0] != "services" && path[0] != "id" {
		return notFound()
	}
	switch {
	case path[0] == "id":
		return c.identity()
	case path[1] == "oauth2":
		return c.oauth(path[2:])
	case path[1] == "Soap":
		return c.soap(path[2:])
	case path[1] != "data":
		return notFound()
	case len(path) == 2 || len(path) == 3 && path[2] == "":
		return c.versions()
	}
	if !c.setVersion(path[2]) {
		if retired(path[2]) {
			return failure(c.options.RetiredStatus, "UNSUPPORTED_API_VERSION", "The requested API version is no longer supported: %s", path[2])
		}
		return notFound()
	}
	c.counted = true
	if a, ok := c.authenticate(); !ok {
		return a
	}
	if c.crowded {
		return failure(http.StatusForbidden, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.")
	}
	if !c.wanted() {
		return answer{status: http.StatusNotAcceptable}
	}
	if !s.usage.spend(s.options.Now(), s.options.DailyRequests) {
		return failure(http.StatusForbidden, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
	}
	return c.route(path[3:])
}

// answer is one response, before the headers that all of them share.
type answer struct {
	status int
	header map[string]string
	body   []byte
	packed bool // sent compressed to whoever takes that
}

func (a answer) with(key, value string) answer {
	if a.header == nil {
		a.header = map[string]string{}
	}
	a.header[key] = value
	return a
}

// failure is an error as the REST API writes it: an array, the code in errorCode.
func failure(status int, code, format string, args ...any) answer {
	b := append([]byte(`[{"message":`), store.AppendString(nil, fmt.Sprintf(format, args...))...)
	b = append(b, `,"errorCode":"`+code+`"}]`...)
	return answer{status: status, body: b}
}

func notFound() answer {
	return failure(http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
}
