package dashboard

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"lockstep/internal/health"
)

// overviewData is the first page: are both CRMs in step, what was done lately, and what needs a person.
type overviewData struct {
	Health   health.Health
	Tone     string // of its headline
	Run      Table  // one row: the newest that has ended
	Lag      string // since both were in step
	Systems  []systemCard
	Waiting  Table
	Sent     Chart
	Written  []Series // of Sent
	Entities Table
	Runs     Table
	Days     Table
}

// systemCard is one CRM.
type systemCard struct {
	Name, Account, Title string
	Calls, Left          string
	Used                 int // of a day's calls, percent; -1: not known
	Ahead                string
	Chart                Chart
}

func (s *Server) overview(r *request) (any, error) {
	var d overviewData
	var systems Table
	for _, t := range []struct {
		into        *Table
		name, title string
	}{
		{&d.Run, "overview_state", "State"}, {&systems, "overview_systems", "CRMs"}, {&d.Days, "overview_days", "The last 14 days"},
		{&d.Waiting, "overview_waiting", "Needs a person"}, {&d.Entities, "overview_entities", "Entities"},
		{&d.Runs, "overview_runs", "Last runs that did something"},
	} {
		var err error
		if *t.into, err = r.table(t.name, t.title); err != nil {
			return nil, err
		}
	}
	d.Entities.Note = "In pairs. Half: one of the two records was deleted. Held: kept apart until somebody says whether they are one. Superseded: merged away, or converted."
	var err error
	if d.Health, err = r.health(); err != nil {
		return nil, err
	}
	d.inStep(r.now)
	d.Tone = tone(d.Health)
	d.Sent = chart(d.Days, "Changes sent", "changes", "day",
		Series{Label: "taken", Class: "one"}, Series{Label: "refused", Class: "two"}, Series{Label: "stale_or_deferred", Class: "three"})
	d.Written, d.Sent.Series = d.Sent.Series, nil // its key stands with the figures
	for _, row := range systems.Rows {
		d.Systems = append(d.Systems, system(row.value, d.Days))
	}
	return d, nil
}

// tone is how bad it is: a problem that keeps the CRMs apart, any other one, or none.
func tone(h health.Health) string {
	worst := "good"
	for _, p := range h.Problems {
		if p.Kind == health.Failed || p.Kind == health.Stopped || p.Kind == health.Late || p.Kind == health.Lag {
			return "bad"
		}
		worst = "warn"
	}
	return worst
}

// inStep is how long ago both CRMs were.
func (d *overviewData) inStep(now time.Time) {
	if len(d.Run.Rows) > 0 {
		if at, ok := d.Run.Rows[0].value["in_step_at"].(time.Time); ok {
			d.Lag = ago(now, at)
		}
	}
}

func system(v map[string]any, days Table) systemCard {
	name := fmt.Sprint(v["system"])
	c := systemCard{Name: name, Title: label(name), Account: fmt.Sprint(v["account"]), Used: -1}
	if n, ok := v["name"].(string); ok && n != "" {
		c.Account = n + " · " + c.Account
	}
	calls, _ := v["calls_in_24_hours"].(int64)
	c.Calls = grouped(fmt.Sprint(calls))
	if left, ok := v["calls_left"].(int64); ok {
		c.Left = grouped(fmt.Sprint(left))
		if calls+left > 0 {
			c.Used = int((calls*100 + (calls+left)/2) / (calls + left))
		}
	}
	if ahead, ok := v["clock_ahead_seconds"].(float64); ok && (ahead >= 30 || ahead <= -30) {
		c.Ahead = fmt.Sprintf("%+.0f s", ahead)
	}
	c.Chart = chart(days, "Calls a day", "calls", "day", Series{Label: name + "_calls", Class: "one"})
	c.Chart.Series = nil // one series needs no key
	return c
}

// health is how the runs are doing, by the same rules as the command of that name.
func (r *request) health() (health.Health, error) {
	o := health.Options{}
	if r.s.o.Facts != nil {
		var err error
		if o, err = r.s.o.Facts(); err != nil {
			return health.Health{}, err
		}
	}
	o.Now = r.now
	return health.Read(r.Context(), r.db, o)
}

// entities is the query of the links of each entity by their state: its tables are named after the project's entities.
func (r *request) entities() (string, error) {
	names, err := r.linked()
	if err != nil {
		return "", err
	}
	parts := []string{`select null as entity, null as state where false`}
	for _, n := range names {
		parts = append(parts, fmt.Sprintf(`select %s, state from link.%s`, literal(n), quoted(n)))
	}
	return `select entity, count(*) filter (state = 'linked') as linked, count(*) filter (state = 'half') as half,
		count(*) filter (state = 'held') as held, count(*) filter (state = 'superseded') as superseded
		from (` + strings.Join(parts, "\nunion all\n") + `) group by entity order by linked desc, entity`, nil
}

// published is when what is shown was published; zero where the tables do not say.
func published(ctx context.Context, db *sql.DB) (at time.Time) {
	if err := db.QueryRowContext(ctx, `select max(published_at) from catalog.publication`).Scan(&at); err != nil {
		return time.Time{}
	}
	return at
}
