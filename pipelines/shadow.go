package pipelines

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// shadowed is settled for a run that only plans: the run before it was one, too, and its plan is of the same mapping. As
// nothing is ever applied, that plan holds until something moves.
func (r *run) shadowed(ctx context.Context) (planID string, still bool, err error) {
	if r.timed {
		return "", false, nil
	}
	err = r.w.DB.QueryRowContext(ctx, `
		with before as (
			select * from history.run where run_id <> $1 order by started_at desc, run_id desc limit 1
		)
		select before.plan_id, before.changed = 0
		from before join plan.plan using (plan_id)
		where before.state = 'planned' and before.mapping = $2
			and not exists (select 1 from history.answer where answered_at >= before.started_at)`,
		r.result.RunID, r.mapping).Scan(&planID, &still)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("looking at the run before: %w", err)
	}
	return planID, still, nil
}

// foretell writes into history what a run that only plans would have sent, each column and each link once: what the
// plan of the run before said already is not repeated.
func (r *run) foretell(ctx context.Context) error {
	for _, q := range []string{
		`insert into history.change (run_id, "at", entity, pair_id, system, object, record_id, action, "column", before, after, fields, rules, outcome, reason)
		with told as (
			select plan_id from history.run where state = 'planned' and run_id <> $1 order by started_at desc, run_id desc limit 1
		),
		due as (
			select c.plan_id, c.entity, c.pair_id, c.system, c.object, c.record_id, coalesce(c.record_id, c.source_id) as who, c.action, v."column",
				v.before, if(starts_with(v.after, chr(57345)), 'the id of the new record', v.after) as after, v.fields, v.rules
			from plan.change as c left join plan.value as v using (plan_id, change_id)
			where plan_id = $2 or plan_id in (from told)
		)
		select $1, $3, entity, pair_id, system, object, record_id, action, "column", before, after, fields, rules, 'planned', 'only planned'
		from due as now
		where plan_id = $2 and not exists (
			from due as t
			where t.plan_id <> $2 and t.entity = now.entity and t.system = now.system and t.object = now.object and t.who = now.who and t.action = now.action
				and t."column" is not distinct from now."column" and t.after is not distinct from now.after)`,
		`insert into history.change (run_id, "at", entity, pair_id, system, object, record_id, action, after, rules, outcome, reason)
		with told as (
			select plan_id from history.run where state = 'planned' and run_id <> $1 order by started_at desc, run_id desc limit 1
		)
		select $1, $3, entity, pair_id, if(hubspot_id is null, 'salesforce', 'hubspot'), coalesce(hubspot_object, salesforce_object, ''), coalesce(hubspot_id, salesforce_id),
			'link', concat_ws(' ', salesforce_object, salesforce_id), [rule], 'planned', 'only planned'
		from plan.link as now
		where plan_id = $2 and not exists (
			from plan.link as t
			where t.plan_id in (from told) and t.entity = now.entity and t.state = now.state
				and t.hubspot_id is not distinct from now.hubspot_id and t.salesforce_id is not distinct from now.salesforce_id)`,
	} {
		if _, err := r.w.DB.ExecContext(ctx, q, r.result.RunID, r.result.PlanID, r.job.Now().UTC()); err != nil {
			return fmt.Errorf("history.change: %w", err)
		}
	}
	return nil
}
