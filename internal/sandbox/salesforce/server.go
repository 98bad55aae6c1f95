// Package salesforce simulates the Salesforce REST API for one org, over HTTP and in memory.
package salesforce

import (
	"errors"
	"net/http"
	"time"
)

// Options sets up a simulated org. The zero value is an org that "sandbox" / "sandbox" may enter.
type Options struct {
	Now           func() time.Time // the org's clock; nil: time.Now
	Apps          []App            // connected apps; nil: DefaultApp alone
	DailyRequests int              // calls per rolling 24 hours; 0: 100,000
}

// App is a connected app: who may ask for a token, and how.
type App struct {
	ClientID     string // the consumer key, "iss" of a JWT
	Secret       string // the consumer secret
	RefreshToken string // a refresh token given out before; empty: none
	Certificate  []byte // PEM certificate or public key that JWTs are verified with; empty: any signature passes
	RunAs        string // Username that client credentials and refresh act as; empty: the integration user
	Unapproved   bool   // JWTs are answered "user hasn't approved this consumer"
}

// DefaultApp is the app of an org set up without any.
var DefaultApp = App{ClientID: "sandbox", Secret: "sandbox", RefreshToken: "sandbox"}

// Server is one simulated org. It is safe for concurrent use.
type Server struct{}

var errSkeleton = errors.New("this skeleton only shows the signatures")

// New starts an org that holds its users, lead statuses and profiles, and nothing else.
func New(o Options) *Server { return &Server{} }

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

// Insert stores a record as it stands, valid or not, and returns its 18-character id.
// Id, CreatedDate, LastModifiedDate, LastModifiedById and SystemModstamp are honoured when given;
// a column that the metadata lacks becomes a custom text column that everyone sees.
func (s *Server) Insert(object string, values map[string]string) (id string, err error) {
	return "", errSkeleton
}

// Edit changes a record as a human in the user interface does: validated, stamped with another user.
func (s *Server) Edit(object, id string, values map[string]string) error { return errSkeleton }

// Get is the record's values by column, blanks left out; false when it is deleted or was never there.
func (s *Server) Get(object, id string) (map[string]string, bool) { return nil, false }

// All lists the live records in id order.
func (s *Server) All(object string) []map[string]string { return nil }

// Delete puts a record into the recycle bin, where only queryAll sees it.
func (s *Server) Delete(object, id string) error { return errSkeleton }

// Objects names the objects, sorted.
func (s *Server) Objects() []string { return nil }

// Automate registers a flow on an object: after every save, API or human, it gets the record
// before (nil on create) and after, and returns what it changes.
func (s *Server) Automate(object string, flow func(before, after map[string]string) map[string]string) {
}

// ExpireSessions ends every session, as an administrator or a time-out does.
func (s *Server) ExpireSessions() {}
