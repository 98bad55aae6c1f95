package health

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"time"

	"lockstep/internal/pause"
)

//go:embed queries/*.sql
var queries embed.FS

// DB is a warehouse or its publication.
type DB interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Pipeline is what Read has to know of a pipeline.
type Pipeline struct {
	Name    string
	After   func(time.Time) time.Time // its first tick after an instant; nil: it has no cron
	Reserve map[string]int64          // calls of each CRM that stay untouched
}

// Bounds say when a fact is a problem. A zero is no bound.
type Bounds struct {
	Late    time.Duration // after its tick
	Lag     time.Duration // since a CRM was last read
	Refused float64       // percent of a run's changes
}

// Options are what no table says.
type Options struct {
	Now       time.Time
	Pipelines []Pipeline
	Paused    pause.Pauses
	Bounds    Bounds

	Unread      *Problem // a NotRead; nil: the project is at work as it stands
	Unpublished *Problem // when, why and in which run the last publication failed; nil: it did not
}

// Read is the health at o.Now by the tables of db. It writes nothing.
func Read(ctx context.Context, db DB, o Options) (Health, error) {
	h := Health{At: o.Now.UTC(), Paused: o.Paused}
	var first time.Time
	for _, q := range []struct {
		name string
		row  func(*sql.Rows) error
		args []any
	}{
		{"runs", func(r *sql.Rows) error { return h.run(r, &first) }, nil},
		{"objects", h.object, nil},
		{"refusals", h.refusal, nil},
		{"frozen", h.freeze, nil},
		{"waiting", h.wait, nil},
		{"calls", h.calls, []any{h.At}},
		{"alerts", h.alerts, nil},
	} {
		if err := each(ctx, db, q.name, q.row, q.args...); err != nil {
			return Health{}, fmt.Errorf("health.Read: %s: %w", q.name, err)
		}
	}
	h.judge(o, first)
	return h, nil
}

// each calls row with every row of a file of queries/.
func each(ctx context.Context, db DB, name string, row func(*sql.Rows) error, args ...any) (err error) {
	text, err := queries.ReadFile("queries/" + name + ".sql")
	if err != nil {
		return err
	}
	rows, err := db.QueryContext(ctx, string(text), args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err below has what went wrong
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// instant scans a time that may be null into one in UTC.
type instant struct{ t *time.Time }

func (i instant) Scan(v any) error {
	var n sql.NullTime
	if err := n.Scan(v); err != nil {
		return err
	}
	*i.t = n.Time.UTC()
	if !n.Valid {
		*i.t = time.Time{}
	}
	return nil
}

func (h *Health) run(r *sql.Rows, first *time.Time) error {
	var x Run
	err := r.Scan(&x.Pipeline, &x.ID, instant{&x.StartedAt}, instant{&x.EndedAt}, &x.State, &x.ExitCode, &x.Extracted, &x.Planned, &x.Taken,
		&x.Refused, &x.Stale, &x.Deferred, &x.Error, instant{&x.WellAt}, instant{first})
	h.Runs = append(h.Runs, x)
	return err
}

func (h *Health) object(r *sql.Rows) error {
	var x Object
	err := r.Scan(&x.System, &x.Name, instant{&x.ReadAt}, instant{&x.NewestAt}, instant{&x.FullAt})
	h.Objects = append(h.Objects, x)
	return err
}

func (h *Health) refusal(r *sql.Rows) error {
	x := Refusal{Run: "lockstep retry"}
	err := r.Scan(&x.Category, &x.Entity, &x.System, &x.Object, &x.Records, &x.Values, &x.Predicted, instant{&x.FirstAt}, instant{&x.LastAt}, &x.Remedy)
	h.Refusals = append(h.Refusals, x)
	return err
}

func (h *Health) freeze(r *sql.Rows) error {
	var x Frozen
	err := r.Scan(&x.Entity, &x.Field, &x.Kind, &x.Pairs, instant{&x.Since})
	h.Frozen = append(h.Frozen, x)
	return err
}

func (h *Health) wait(r *sql.Rows) error {
	var x Waiting
	err := r.Scan(&x.Entity, &x.Kind, &x.Field, &x.Records)
	h.Waiting = append(h.Waiting, x)
	return err
}

func (h *Health) calls(r *sql.Rows) error {
	x := Calls{Left: -1}
	var left sql.NullInt64
	err := r.Scan(&x.System, &left, instant{&x.ToldAt}, &x.LastDay)
	if left.Valid {
		x.Left = left.Int64
	}
	h.Calls = append(h.Calls, x)
	return err
}

func (h *Health) alerts(r *sql.Rows) error {
	return r.Scan(&h.Alerts.Waiting, instant{&h.Alerts.Since}, &h.Alerts.Error)
}

// Total is what the runs of one pipeline that ended in one state did, as far as history goes back.
type Total struct {
	Pipeline, State                 string
	Runs, Extracted, Taken, Refused int64
	HubSpotCalls, SalesforceCalls   int64
}

// Totals are by pipeline and state.
func Totals(ctx context.Context, db DB) ([]Total, error) {
	var all []Total
	err := each(ctx, db, "totals", func(r *sql.Rows) error {
		var t Total
		err := r.Scan(&t.Pipeline, &t.State, &t.Runs, &t.Extracted, &t.Taken, &t.Refused, &t.HubSpotCalls, &t.SalesforceCalls)
		all = append(all, t)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("health.Totals: %w", err)
	}
	return all, nil
}
