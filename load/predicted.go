package load

import (
	"context"
	"database/sql"
	"fmt"

	"lockstep/internal/entity"
)

// What pre-flight left out of the plan stands in plan.refusal. A column of a record that is written all the same is a
// refused column of its change, so that its fields stay unsettled; of all others history is told once.

// standing is a condition on plan.refusal p: history knows of it already.
const standing = `exists (
	from history.refusal as known
	where known.entity = p.entity and known.pair_id = p.pair_id and known.system = p.system and known.object = p.object
		and known."column" = p."column" and known.value is not distinct from p.value)`

// predicted gives changes the columns that they go without.
func (r *run) predicted(ctx context.Context, changes []*change) error {
	if !r.foreseen {
		return nil
	}
	byID := map[string]*change{}
	for _, c := range changes {
		byID[c.id] = c
	}
	return r.refusals(ctx, `p.change_id in (select unnest(from_json($2::varchar, '["varchar"]'))) and (p.action = 'create' or not `+standing+`)`,
		[]any{jsonText(keys(byID))}, func(c *change) *change { return byID[c.id] })
}

// alone tells history, once, of what pre-flight refused of records that nothing is written of.
func (r *run) alone(ctx context.Context) error {
	if err := r.conn.QueryRowContext(ctx, `select exists (from plan.refusal where plan_id = $1 and not lifted)`, r.report.PlanID).Scan(&r.foreseen); err != nil || !r.foreseen {
		return err
	}
	var all []*change
	byID := map[string]*change{}
	err := r.refusals(ctx, `not lifted and not `+standing+` and not exists (from plan.change as c where c.plan_id = p.plan_id and c.change_id = p.change_id)`,
		nil, func(c *change) *change {
			if byID[c.id] == nil {
				byID[c.id] = c
				all = append(all, c)
			}
			return byID[c.id]
		})
	if err != nil {
		return err
	}
	r.planned += len(all)
	return r.settled(ctx, all)
}

// refusals reads plan.refusal and puts each column into the change that into says; where follows `p.plan_id = $1 and`.
func (r *run) refusals(ctx context.Context, where string, args []any, into func(*change) *change) error {
	rows, err := r.conn.QueryContext(ctx, `select change_id, action, entity, pair_id, system, object, coalesce(record_id, ''), coalesce(source_object, ''),
			coalesce(source_id, ''), coalesce(label, ''), "column", before, value, to_json(fields)::varchar, to_json(rules)::varchar, category, words
		from plan.refusal as p where p.plan_id = $1 and `+where+` order by entity, action, system, object, record_id, source_id, "column"`,
		append([]any{r.report.PlanID}, args...)...)
	if err != nil {
		return fmt.Errorf("reading what would be refused: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		c := &change{plan: map[string]plannedField{}}
		var before, after sql.NullString
		var fields, rules string
		col := &column{state: Refused, predicted: true}
		if err := rows.Scan(&c.id, &c.action, &c.entity, &c.pair, &c.system, &c.object, &c.record, &c.sourceObject, &c.source, &c.label,
			&col.name, &before, &after, &fields, &rules, &col.category, &col.reason); err != nil {
			return err
		}
		col.before, col.after = blank(before), blank(after)
		col.fields, col.rules = jsonList(fields), jsonList(rules)
		c = into(c)
		c.columns = append(c.columns, col)
	}
	return rows.Err()
}

// lifted takes what is predicted no more, or no longer due, out of what stands.
func (r *run) lifted(ctx context.Context, conn entity.Conn) error {
	_, err := conn.ExecContext(ctx, `delete from history.refusal as known using plan.refusal as p
		where p.plan_id = $1 and p.lifted
			and known.entity = p.entity and known.pair_id = p.pair_id and known.system = p.system and known.object = p.object
			and known."column" is not distinct from p."column" and known.value is not distinct from p.value`, r.report.PlanID)
	if err != nil {
		return fmt.Errorf("lifting what is refused no more: %w", err)
	}
	return nil
}
