package alert

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/health"
	"lockstep/internal/wire"
)

// Endpoint is where alerts go.
type Endpoint struct {
	URL      wire.Secret
	Name     string        // of the project, as the alerts call it
	HTTP     *http.Client  // nil: one that follows no redirect
	Attempts int           // within Patience; 0: 3
	Pause    time.Duration // before the second attempt, doubled before each next one; 0: half a second
	Patience time.Duration // for all of it; 0: five seconds
}

// Alert is one row of history.alert: a problem that was raised, or its end.
type Alert struct {
	Kind    health.Kind `json:"kind"`
	Subject string      `json:"subject"`
	State   string      `json:"state"` // raised | recovered
	Text    string      `json:"text"`
	Since   time.Time   `json:"since"`
	RunID   string      `json:"run_id,omitempty"`

	row int64
}

// Tell writes down what has begun and what is over, by the problems of now, and posts what nobody has taken yet. The
// error says why the endpoint did not take it, or what failed in db; the alerts are safe in either case.
func (e Endpoint) Tell(ctx context.Context, db *sql.DB, problems []health.Problem, runID string, now time.Time) error {
	if err := note(ctx, db, problems, runID, now.UTC()); err != nil {
		return fmt.Errorf("alert.Tell: %w", err)
	}
	waiting, due, err := undelivered(ctx, db, now.UTC())
	if err != nil {
		return fmt.Errorf("alert.Tell: %w", err)
	}
	if len(waiting) == 0 || !due {
		return nil
	}
	failed := e.Post(ctx, waiting)
	if err := outcome(ctx, db, waiting, failed, now.UTC()); err != nil {
		return fmt.Errorf("alert.Tell: %w", err)
	}
	return failed
}

func key(kind health.Kind, subject string) string { return string(kind) + " " + subject }

// note inserts the difference between what stands in history.alert and the problems.
func note(ctx context.Context, db *sql.DB, problems []health.Problem, runID string, now time.Time) (err error) {
	standing, err := read(ctx, db, `
		select kind, subject, state, text, since, coalesce(run_id, ''), rowid from history.alert
		qualify row_number() over (partition by key order by since desc, rowid desc) = 1 and state = 'raised'`)
	if err != nil {
		return err
	}
	known, still := map[string]bool{}, map[string]bool{}
	for _, a := range standing {
		known[key(a.Kind, a.Subject)] = true
	}
	var fresh []Alert
	for _, p := range problems {
		if p.Kind == health.Unheard { // nobody would hear of it
			continue
		}
		if still[key(p.Kind, p.Subject)] = true; !known[key(p.Kind, p.Subject)] {
			fresh = append(fresh, Alert{Kind: p.Kind, Subject: p.Subject, State: "raised", Text: crm.Mask(p.Text), RunID: runID})
		}
	}
	for _, a := range standing {
		if !still[key(a.Kind, a.Subject)] {
			fresh = append(fresh, Alert{Kind: a.Kind, Subject: a.Subject, State: "recovered", Text: "over: " + a.Text, RunID: runID})
		}
	}
	for _, a := range fresh {
		if _, err := db.ExecContext(ctx, `insert into history.alert (key, kind, subject, state, text, since, run_id, tries)
			values ($1, $2, $3, $4, $5, $6, nullif($7, ''), 0)`, key(a.Kind, a.Subject), string(a.Kind), a.Subject, a.State, a.Text, now, a.RunID); err != nil {
			return err
		}
	}
	return nil
}

// atOnce is how many alerts one message holds; what is over that goes with a later run.
const atOnce = 50

// undelivered are the alerts that nobody has taken, oldest first, and whether it is time to try again: two minutes after the
// first failure, then ever later up to an hour.
func undelivered(ctx context.Context, db *sql.DB, now time.Time) (waiting []Alert, due bool, err error) {
	if err := db.QueryRowContext(ctx, `select coalesce(max(tried_at + to_minutes(least(60, 2 ** least(tries, 6))::bigint)) <= $1, true)
		from history.alert where delivered_at is null and tries > 0`, now).Scan(&due); err != nil {
		return nil, false, err
	}
	waiting, err = read(ctx, db, fmt.Sprintf(`
		select kind, subject, state, text, since, coalesce(run_id, ''), rowid from history.alert
		where delivered_at is null order by since, rowid limit %d`, atOnce))
	return waiting, due, err
}

// outcome writes down what became of a try.
func outcome(ctx context.Context, db *sql.DB, told []Alert, failed error, now time.Time) error {
	var why, taken any
	if taken = now; failed != nil {
		why, taken = failed.Error(), nil
	}
	for _, a := range told {
		if _, err := db.ExecContext(ctx, `update history.alert set tries = tries + 1, tried_at = $2, error = $3, delivered_at = $4 where rowid = $1`,
			a.row, now, why, taken); err != nil {
			return err
		}
	}
	return nil
}

func read(ctx context.Context, db *sql.DB, query string) (all []Alert, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err below has what went wrong
	for rows.Next() {
		var a Alert
		if err := rows.Scan(&a.Kind, &a.Subject, &a.State, &a.Text, &a.Since, &a.RunID, &a.row); err != nil {
			return nil, err
		}
		a.Since = a.Since.UTC()
		all = append(all, a)
	}
	return all, rows.Err()
}
