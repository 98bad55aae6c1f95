package load

import (
	"context"
	"fmt"
	"time"

	"lockstep/internal/entity"
)

// historyRow is one row of history.change, as it travels into DuckDB.
type historyRow struct {
	At       time.Time `json:"at"`
	Entity   string    `json:"entity"`
	Pair     string    `json:"pair_id"`
	System   string    `json:"system"`
	Object   string    `json:"object"`
	Record   *string   `json:"record_id"`
	Action   string    `json:"action"`
	Column   string    `json:"column"`
	Before   *string   `json:"before"`
	After    *string   `json:"after"`
	Stored   *string   `json:"stored"`
	Fields   []string  `json:"fields"`
	Rules    []string  `json:"rules"`
	Outcome  State     `json:"outcome"`
	Reason   *string   `json:"reason"`
	Category string    `json:"category"`
	Remedy   string    `json:"remedy"`
	Unsent   bool      `json:"predicted"` // refused without a call
}

// record writes the columns into history.change, and what they mean for the refusals that stand.
func (r *run) record(ctx context.Context, conn entity.Conn, rows []historyRow) error {
	if len(rows) == 0 {
		return nil
	}
	const incoming = `with incoming as (
		select unnest(from_json($1::varchar, '[{"at":"timestamptz","entity":"varchar","pair_id":"varchar","system":"varchar","object":"varchar",
			"record_id":"varchar","action":"varchar","column":"varchar","before":"varchar","after":"varchar","stored":"varchar",
			"fields":["varchar"],"rules":["varchar"],"outcome":"varchar","reason":"varchar","category":"varchar","remedy":"varchar","predicted":"boolean"}]'), recursive := true)
	) `
	text := jsonText(rows)
	for _, q := range []string{
		`insert into history.change (run_id, "at", entity, pair_id, system, object, record_id, action, "column",
			before, after, stored, fields, rules, outcome, reason) ` + incoming + `select $2::varchar, "at", entity, pair_id, system, object, record_id, action, "column",
			before, after, stored, fields, rules, outcome, reason from incoming`,
		// What was written is refused no more, and a refused value makes way for the next one.
		`delete from history.refusal as f using (` + incoming + `select * from incoming) as i
			where f.entity = i.entity and f.pair_id = i.pair_id and f.system = i.system and f.object = i.object and $2::varchar is not null
				and (i.outcome = 'taken' and (f."column" is null or f."column" = i."column")
					or i.category <> '' and f."column" = i."column" and f.value is distinct from i.after)`,
		`merge into history.refusal as f using (` + incoming + `select * from incoming where category <> '') as i
			on f.entity = i.entity and f.pair_id = i.pair_id and f.system = i.system and f.object = i.object
				and f."column" = i."column" and f.value is not distinct from i.after
			when matched then update set category = i.category, words = coalesce(i.reason, ''), remedy = i.remedy,
				predicted = i.predicted,
				record_id = i.record_id, last_at = i."at", run_id = $2::varchar
			when not matched then insert (entity, pair_id, system, object, record_id, "column", value, category, words, remedy, first_at, last_at, run_id, predicted)
				values (i.entity, i.pair_id, i.system, i.object, i.record_id, i."column", i.after, i.category, coalesce(i.reason, ''), i.remedy, i."at", i."at", $2::varchar, i.predicted)`,
	} {
		if _, err := conn.ExecContext(ctx, q, text, r.o.RunID); err != nil {
			return fmt.Errorf("writing history: %w", err)
		}
	}
	return nil
}

// rows are the history rows of the given columns of a change.
func (r *run) rows(c *change, columns []*column) []historyRow {
	var all []historyRow
	for _, col := range columns {
		row := historyRow{
			At: r.o.Now().UTC(), Entity: c.entity, Pair: c.pair, System: string(c.system), Object: c.object, Action: string(c.action),
			Column: col.name, Before: col.before, After: col.after, Stored: col.stored, Fields: col.fields, Rules: col.rules, Outcome: col.state,
		}
		if c.record != "" {
			row.Record = &c.record
		}
		if col.reason != "" {
			row.Reason = &col.reason
		}
		if col.state == Refused || col.state == NotTaken {
			category := col.category
			if col.state == NotTaken {
				category = Ignored
			}
			row.Category, row.Remedy = string(category), category.Remedy()
			row.Unsent = col.predicted
		}
		all = append(all, row)
	}
	return all
}

// finish writes the columns that have just got their state into history and, when none is left to be sent,
// reports the change. It runs inside the transaction that settles them; report is called after it.
func (r *run) finish(ctx context.Context, conn entity.Conn, changes []*change) error {
	var rows []historyRow
	for _, c := range changes {
		var done []*column
		for _, col := range c.columns {
			if col.state != "" && col.state != sending && !col.recorded {
				done = append(done, col)
			}
		}
		rows = append(rows, r.rows(c, done)...)
	}
	return r.record(ctx, conn, rows)
}

// lineLimit bounds the lines of taken changes that a report keeps; history has them all.
const lineLimit = 1000

// tell reports changes that are done, after their transaction.
func (r *run) tell(changes []*change) {
	for _, c := range changes {
		for _, col := range c.columns {
			if col.state != "" && col.state != sending {
				col.recorded = true
			}
		}
		if len(c.open()) > 0 || c.told {
			continue
		}
		c.told = true
		line := c.line()
		r.report.Counts[line.State]++
		r.done++
		if line.State != Taken || r.report.Counts[Taken] <= lineLimit {
			r.report.Lines = append(r.report.Lines, line)
		}
		if r.o.Progress != nil {
			r.o.Progress(Progress{Done: r.done, Planned: r.planned, Line: line})
		}
	}
}
