package hubspot

import (
	"errors"
	"net/http"
	"time"
)

// Options says what kind of portal is simulated. The zero value is a portal that answers at once and hardly limits.
type Options struct {
	Now       func() time.Time // the portal's clock; nil is time.Now
	SearchLag time.Duration    // a search sees only what was written this long ago; reads by id always see everything
	PortalID  int64            // 0 is 12345678
	TimeZone  *time.Location   // the account's zone, in whose midnight the daily limit resets; nil is UTC
	Seed      uint64           // of the shuffled batch results and the correlation ids
	Tokens    []Token          // nil is DefaultToken with every scope
	OAuth     OAuth            // the public app; zero is client "sandbox", secret "sandbox", refresh token "na1-sandbox"
	Limits    Limits           // zero is generous
	Rules     Rules            // zero is what most sources report
}

// DefaultToken is the private-app token that a portal without Options.Tokens accepts.
const DefaultToken = "pat-na1-sandbox"

// Token is a private app's static bearer token.
type Token struct {
	Value  string
	Scopes []string // nil is every scope
}

// OAuth is the public app installed in the portal.
type OAuth struct {
	ClientID, ClientSecret, RefreshToken string
	Scopes                               []string // nil is every scope
}

// Limits are the portal's rate limits. Zero fields are generous: 100,000 per ten seconds, 10,000 searches per second, 10,000,000 a day.
type Limits struct {
	Burst  int // calls per rolling ten seconds and app, searches not counted
	Search int // searches per second and account
	Daily  int // calls per day and account; OAuth apps have none
}

// Rules are the behaviours that no source settles; the zero value is the likeliest of each.
type Rules struct {
	RefuseBackwardStage bool   // a lifecyclestage set backwards is a 400 instead of a 200 that changes nothing
	Null                string // JSON null as a value: "" is ignored, "clear", "refuse"
	EmptyMatchesNot     bool   // NEQ, NOT_IN and NOT_CONTAINS_TOKEN match records without a value
	UniqueFoldsCase     bool   // values of unique properties differ only by more than case
	HideConflictID      bool   // the whole-batch 409 does not name the existing record
}

// Server is a simulated HubSpot portal. It is safe for concurrent use.
type Server struct {
	opts Options
}

var errUnbuilt = errors.New("not built yet")

// New makes an empty portal.
func New(o Options) *Server { return &Server{opts: o} }

// ServeHTTP answers like api.hubapi.com.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	http.Error(w, "not built yet", http.StatusNotImplemented)
}

// Insert takes a record as it stands, even with values the API would refuse.
func (s *Server) Insert(object string, values map[string]string) (id string, err error) {
	return "", errUnbuilt
}

// Edit changes a record as a person in HubSpot's user interface does.
func (s *Server) Edit(object, id string, values map[string]string) error { return errUnbuilt }

// Get returns one live record.
func (s *Server) Get(object, id string) (map[string]string, bool) { return nil, false }

// All returns the live records in id order.
func (s *Server) All(object string) []map[string]string { return nil }

// Delete archives a record.
func (s *Server) Delete(object, id string) error { return errUnbuilt }

// Touch moves a record's modified stamp without changing it, as HubSpot's own calculations do.
func (s *Server) Touch(object, id string) error { return errUnbuilt }

// Objects lists what Insert, Edit, Get, All and Delete take: contacts, companies, and owners with the columns of the owners API.
func (s *Server) Objects() []string { return []string{"contacts", "companies", "owners"} }

// OnWrite adds automation, a workflow, to an object: after each write it gets the record before (nil on create) and after,
// and returns what it sets. Workflows run once per write in the order added, after the answer is formed, and do not trigger each other.
// They must not call the Server.
func (s *Server) OnWrite(object string, workflow func(before, after map[string]string) map[string]string) {
}
