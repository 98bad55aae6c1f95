package pipelines

import (
	"context"
	"fmt"
	"strings"

	"lockstep/internal/warehouse"
)

// retain lets plans go that are older than the project keeps them. The newest of each pipeline and of each entity, those
// of the last runs and those with a write that is not settled stay. It happens at night, before publishing.
func (r *run) retain(ctx context.Context) error {
	days := r.job.Project.Config.Warehouse.Retention.Plans
	if days == 0 || !r.nightly() {
		return nil
	}
	rows, err := r.w.DB.QueryContext(ctx, `select table_name from duckdb_columns()
		where database_name = current_database() and schema_name = 'plan' and column_name = 'plan_id' and table_name <> 'plan' order by table_name`)
	if err != nil {
		return fmt.Errorf("plans: %w", err)
	}
	defer func() { _ = rows.Close() }()
	tables := []string{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return fmt.Errorf("plans: %w", err)
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("plans: %w", err)
	}
	return r.w.InTx(ctx, func(tx *warehouse.Tx) error {
		if _, err := tx.ExecContext(ctx, `create or replace temp table kept as
			select plan_id from plan.plan where made_at >= $1
			union select max_by(plan_id, (made_at, plan_id)) from plan.plan group by pipeline
			union select plan_id from plan.newest
			union select plan_id from outbox
			union select plan_id from (select plan_id from history.run order by started_at desc limit 20)`, r.w.RunAt.UTC().AddDate(0, 0, -days)); err != nil {
			return fmt.Errorf("plans: %w", err)
		}
		for _, table := range append(tables, "plan") { // plan.plan last: kept is made of it
			if _, err := tx.ExecContext(ctx, `delete from plan."`+strings.ReplaceAll(table, `"`, `""`)+`" as t where not exists (from kept where kept.plan_id = t.plan_id)`); err != nil {
				return fmt.Errorf("plan.%s: %w", table, err)
			}
		}
		_, err := tx.ExecContext(ctx, `drop table kept`)
		return err
	})
}

// nightly tells whether this run does what is done once a day: it reads everything, and sends or would send.
func (r *run) nightly() bool {
	return r.job.Pipeline.Full && (r.job.Until == Applied || r.job.Shadow)
}

// worth is from what size on, and with how much of it free, a file is written anew.
const worth, share = 32 << 20, 3

// compact gives space back to the disk at night, once a third of the file holds nothing. What fails is no concern of the run.
func (r *run) compact(ctx context.Context) {
	if !r.nightly() || ctx.Err() != nil {
		return
	}
	s, err := r.w.Space(ctx)
	if err == nil && s.File >= worth && s.Free*share >= s.File {
		c := r.job.Project.Config.Warehouse
		err = r.w.Compact(ctx, warehouse.Options{Memory: c.Memory, Threads: c.Threads})
		if err == nil {
			r.job.Log.Info().Int64("bytes", s.File).Int64("free", s.Free).Msg("the warehouse was written anew, without what holds nothing")
		}
	}
	if err != nil {
		r.job.Log.Warn().Err(err).Msg("the warehouse could not be made smaller")
	}
}
