package hubspot

import (
	"context"
	"net/http"
	"time"

	"lockstep/internal/sandbox/hubspot/portal"
)

// Orders are what a request suffers besides what the portal's own rules do to it.
type Orders struct {
	// Refuse is asked for each row of a batch create, update or upsert, of records or of associations, and for
	// a single record created or updated, counted from 0, before the portal looks at it; nil leaves the row
	// alone. The others are written or not as HubSpot's rules for that batch have it: multi-status with trace
	// ids, all or nothing without.
	Refuse func(row int) *Refusal

	// Stale is how old a version must be for this request's search to see it, if that is older than
	// Options.SearchLag. See KeepVersions.
	Stale time.Duration
}

// Refusal is the answer to a row that Orders.Refuse refuses.
type Refusal struct {
	Status   int    // of the whole request, where it is refused whole
	Category string // VALIDATION_ERROR, CONFLICT …; OBJECT_NOT_FOUND joins the ids a batch update did not find
	Message  string
	Property string // the property whose value is refused; empty: the row as such
	Code     string // INVALID_OPTION …; goes with Property
}

type ordersKey struct{}

// WithOrders gives a request its orders, by its context.
func WithOrders(ctx context.Context, o Orders) context.Context {
	return context.WithValue(ctx, ordersKey{}, o)
}

func ordersOf(r *http.Request) Orders {
	o, _ := r.Context().Value(ordersKey{}).(Orders)
	return o
}

// refusal is what the orders say of a row.
func (c *call) refusal(row int) *Refusal {
	if refuse := c.orders.Refuse; refuse != nil {
		return refuse(row)
	}
	return nil
}

// err is the refusal as the portal's own rules would have put it.
func (r *Refusal) err() error {
	if r.Property != "" {
		return portal.Invalid{{Name: r.Property, Code: r.Code, Message: r.Message}}
	}
	return &problem{http: r.Status, Category: r.Category, Message: r.Message}
}

// pair is the refusal as a row of a batch of associations.
func (r *Refusal) pair(from, to int64) rowError {
	category := r.Category
	if category == "" {
		category = "VALIDATION_ERROR"
	}
	return rowError{Status: "error", Category: category, Message: r.Message, Context: map[string][]string{
		"fromObjectId": {idText(from)}, "toObjectId": {idText(to)},
	}}
}

// KeepVersions has the portal remember for so long what its records were, so that a search can be
// answered as of then (Orders.Stale). A shorter time than before changes nothing.
func (s *Server) KeepVersions(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.portal.Keep = max(s.portal.Keep, d)
}

// ExpireSessions ends the access tokens given out so far: their next call is answered
// EXPIRED_AUTHENTICATION. A private app's token has no end.
func (s *Server) ExpireSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	ended := s.now().Add(-3 * time.Minute)
	for _, t := range s.tokens {
		if t.expires.After(ended) {
			t.expires = ended
		}
	}
}
