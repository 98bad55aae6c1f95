package dashboard

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// overviewData is the first page: are both CRMs in step, what was done lately, and what needs a person.
type overviewData struct {
	Tone, State string // in a sentence
	Run         Table  // the newest that has ended
	Lag         string
	Systems     []systemCard
	Waiting     Table
	Sent        Chart
	Entities    Table
	Runs        Table
	Days        Table
}

// systemCard is one CRM.
type systemCard struct {
	Name, Account, Title string
	Calls, Left          string
	Used                 int // of a day's calls, percent; -1: not known
	Ahead                string
	Chart                Chart
}

// late is after how long without a run people should look: a quarter-hourly run and its night have failed.
const late = 2 * time.Hour

func (s *Server) overview(r *request) (any, error) {
	var d overviewData
	var systems Table
	for _, t := range []struct {
		into        *Table
		name, title string
	}{
		{&d.Run, "overview_state", "State"}, {&systems, "overview_systems", "CRMs"}, {&d.Days, "overview_days", "The last 14 days"},
		{&d.Waiting, "overview_waiting", "Needs a person"}, {&d.Runs, "overview_runs", "Last runs that did something"},
	} {
		var err error
		if *t.into, err = r.table(t.name, t.title); err != nil {
			return nil, err
		}
	}
	var err error
	if d.Entities, err = r.entities(); err != nil {
		return nil, err
	}
	d.state(r.now)
	d.Sent = chart(d.Days, "Changes sent", "changes", "day",
		Series{Label: "taken", Class: "one"}, Series{Label: "refused", Class: "two"}, Series{Label: "stale_or_deferred", Class: "three"})
	for _, row := range systems.Rows {
		d.Systems = append(d.Systems, system(row.value, d.Days))
	}
	return d, nil
}

// state says in a sentence how things stand.
func (d *overviewData) state(now time.Time) {
	var last map[string]any
	if len(d.Run.Rows) > 0 {
		last = d.Run.Rows[0].value
	}
	step, was := last["in_step_at"].(time.Time)
	if was {
		d.Lag = ago(now, step)
	}
	switch {
	case last["run"] == nil:
		d.Tone, d.State = "quiet", "No run has ended yet."
	case last["state"] != "done" && last["state"] != "refused":
		d.Tone, d.State = "bad", fmt.Sprintf("The last run, %v, %v.", last["pipeline"], ended(fmt.Sprint(last["state"])))
	case !was:
		d.Tone, d.State = "warn", "No run has brought both CRMs into step yet."
	case now.Sub(step) > late:
		d.Tone, d.State = "warn", "Nothing has been brought into step for "+strings.TrimSuffix(d.Lag, " ago")+"."
	case last["state"] == "refused":
		d.Tone, d.State = "warn", "Both CRMs are in step, but for what was refused or left out."
	default:
		d.Tone, d.State = "good", "Both CRMs are in step."
	}
}

// ended is a run's state in a sentence about it.
func ended(state string) string {
	switch state {
	case "stopped":
		return "was stopped by a limit"
	case "interrupted":
		return "was interrupted"
	}
	return state
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

// entities counts the links of each entity by their state: one row per entity.
func (r *request) entities() (Table, error) {
	names, err := r.linked()
	if err != nil || len(names) == 0 {
		return Table{Name: "overview_entities", Title: "Entities"}, err
	}
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = fmt.Sprintf(`select %s as entity, state from link.%s`, literal(n), quoted(n))
	}
	t := Table{Name: "overview_entities", Title: "Entities"}
	err = read(r.Context(), r.db, `select entity, count(*) filter (state = 'linked') as linked, count(*) filter (state = 'half') as half,
		count(*) filter (state = 'held') as held, count(*) filter (state = 'superseded') as superseded
		from (`+strings.Join(parts, "\nunion all\n")+`) group by entity order by linked desc, entity`, nil, t.heads, func(row []any) error {
		t.Rows = append(t.Rows, r.row(t.names, row))
		return nil
	})
	return t, err
}

// published is when what is shown was published; zero where the tables do not say.
func published(ctx context.Context, db *sql.DB) (at time.Time) {
	if err := db.QueryRowContext(ctx, `select max(published_at) from catalog.publication`).Scan(&at); err != nil {
		return time.Time{}
	}
	return at
}
