package pipelines

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/hubspot"
	"lockstep/internal/wire"
	"lockstep/load"
	"lockstep/transform"
)

// newRunID names a run: when it began, and something that tells two of the same second apart. Ids sort by time.
func newRunID(at time.Time) string {
	b := make([]byte, 3)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return at.UTC().Format("20060102T150405Z-") + hex.EncodeToString(b)
}

// begin writes the run's row of history.run. Runs that never got to their end before, by a crash, get one:
// nobody else can be running, for this run holds the warehouse.
func (r *run) begin(ctx context.Context) error {
	if r.w.Crashed != nil { // it may have been making reports
		if err := transform.Unmap(ctx, r.w.DB); err != nil {
			return err
		}
	}
	for _, q := range []struct {
		text string
		args []any
	}{
		{`update history.run set state = 'failed', exit_code = 1, error = 'ended without a word: a crash, or a kill' where state = 'running'`, nil},
		{`insert into history.run (run_id, pipeline, started_at, state, mapping) values ($1, $2, $3, 'running', $4)`,
			[]any{r.result.RunID, r.job.Name, r.w.RunAt.UTC(), r.mapping}},
	} {
		if _, err := r.w.DB.ExecContext(ctx, q.text, q.args...); err != nil {
			return fmt.Errorf("history.run: %w", err)
		}
	}
	return nil
}

// daily is each CRM's name for its limit of calls a day, in the meters.
var daily = map[crm.System]string{crm.HubSpot: hubspot.DailyFigure, crm.Salesforce: "api"}

// end completes the run's row with what it did and how it ended, and writes its calls. It runs after an
// interruption too, so it takes no context of the run.
func (r *run) end(ctx context.Context, outcome error) error {
	ctx = context.WithoutCancel(ctx)
	message := strings.Join(r.unmade, "; ")
	if ExitCode(outcome) != 0 && ExitCode(outcome) != 3 {
		message = outcome.Error()
	}
	calls, left := map[crm.System]int64{}, map[crm.System]any{}
	var rows []string
	var args []any
	for _, system := range crm.Systems {
		for endpoint, c := range counted(r.job.CRMs.Meters)[system] {
			before := r.calls[system][endpoint]
			if c.Calls == before.Calls {
				continue
			}
			calls[system] += c.Calls - before.Calls
			rows = append(rows, fmt.Sprintf("($%d, $%d, $%d, $%d, $%d)", len(args)+1, len(args)+2, len(args)+3, len(args)+4, len(args)+5))
			args = append(args, r.result.RunID, string(system), endpoint, c.Calls-before.Calls, c.Retries-before.Retries)
		}
		if f, ok := r.job.CRMs.Meters[system].Figure(daily[system]); ok && f.Left >= 0 {
			left[system] = f.Left
		}
	}
	if len(rows) > 0 {
		if _, err := r.w.DB.ExecContext(ctx, `insert into history.call (run_id, system, endpoint, calls, retries) values `+strings.Join(rows, ", "), args...); err != nil {
			return fmt.Errorf("history.call: %w", err)
		}
	}
	stopped := r.result.Load.Counts
	_, err := r.w.DB.ExecContext(ctx, `update history.run set ended_at = $2, state = $3, exit_code = $4, plan_id = nullif($5, ''),
		extracted = $6, changed = $7, planned = $8, taken = $9, refused = $10, stale = $11, deferred = $12,
		hubspot_calls = $13, salesforce_calls = $14, hubspot_left = $15, salesforce_left = $16, error = nullif($17, '')
		where run_id = $1`,
		r.result.RunID, r.job.Now().UTC(), r.state(outcome), ExitCode(outcome), r.result.PlanID,
		r.result.Read, r.result.Changed, r.planned, stopped[load.Taken], stopped[load.Refused]+stopped[load.NotTaken],
		stopped[load.Stale]+len(r.result.Stale), stopped[load.Deferred]+stopped[load.Unclear],
		calls[crm.HubSpot], calls[crm.Salesforce], left[crm.HubSpot], left[crm.Salesforce], message)
	if err != nil {
		return fmt.Errorf("history.run: %w", err)
	}
	return nil
}

// counted is what the meters have counted so far, by system and endpoint. A schedule's runs share the meters.
func counted(meters map[crm.System]*wire.Meter) map[crm.System]map[string]wire.Calls {
	all := map[crm.System]map[string]wire.Calls{}
	for system, m := range meters {
		all[system] = map[string]wire.Calls{}
		for _, c := range m.Snapshot().Calls {
			all[system][c.Endpoint] = c
		}
	}
	return all
}

// staleHistory is one row per column of the saved changes that Narrow left out.
func (r *run) staleHistory(ctx context.Context) error {
	for _, c := range r.result.Stale {
		for _, v := range c.Values {
			_, err := r.w.DB.ExecContext(ctx, `insert into history.change (run_id, "at", entity, pair_id, system, object, record_id, action, "column",
				before, after, fields, rules, outcome, reason)
				values ($1, $2, $3, $4, $5, $6, nullif($7, ''), $8, $9, $10, $11, $12, $13, 'stale', 'its source, its target or a base has moved since it was planned')`,
				r.result.RunID, r.job.Now().UTC(), c.Entity, c.PairID, string(c.System), c.Object, c.RecordID, c.Action.Word(), v.Column,
				v.Before, v.After, v.Fields, v.Rules)
			if err != nil {
				return fmt.Errorf("history.change: %w", err)
			}
		}
	}
	return nil
}
