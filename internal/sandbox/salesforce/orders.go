package salesforce

import (
	"context"
	"net/http"

	"lockstep/internal/sandbox/salesforce/store"
)

// Orders are what a request suffers besides what the org's own rules do to it.
type Orders struct {
	// Refuse is asked for each record the request writes, counted from 0 through all its parts, before
	// the org looks at it; nil leaves the record alone. Everything else happens as if the org had refused:
	// allOrNone rolls back, a composite request halts, a Bulk job has a failed row. A Bulk job's rows are
	// those of the request that uploaded them.
	Refuse func(row int) *Refusal
}

// Refusal is the answer to a record that Orders.Refuse refuses.
type Refusal struct {
	Code    string
	Message string
	Fields  []string
}

type ordersKey struct{}

// WithOrders gives a request its orders, by its context.
func WithOrders(ctx context.Context, o Orders) context.Context {
	return context.WithValue(ctx, ordersKey{}, o)
}

// refusals counts the records of one request, its parts included, and has its orders.
type refusals struct {
	refuse func(row int) *Refusal
	row    int
}

func refusalsOf(r *http.Request) *refusals {
	o, _ := r.Context().Value(ordersKey{}).(Orders)
	if o.Refuse == nil {
		return nil
	}
	return &refusals{refuse: o.Refuse}
}

// next is what the orders say of the next record; nil for nothing.
func (r *refusals) next() store.Errors {
	if r == nil {
		return nil
	}
	refused := r.refuse(r.row)
	r.row++
	if refused == nil {
		return nil
	}
	return store.Errors{{Code: refused.Code, Message: refused.Message, Fields: refused.Fields}}
}
