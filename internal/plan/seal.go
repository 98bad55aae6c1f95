package plan

import (
	"context"
	"database/sql"
	"fmt"
)

// DB is what this package asks of the warehouse: a *sql.DB, *sql.Conn or *sql.Tx.
type DB interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// sealChanges digests every change over what it writes and what that was decided from: its columns,
// old and new; the records on both ends; and of the fields that move its columns both values and both
// bases. Ids made up by a run (plan, change, pair) stay out, so the same change planned twice has the
// same digest, and a change of which anything moved has another.
const sealChanges = `
with written as (
    select change_id, list({'column': "column", 'before': before, 'after': after, 'fields': fields, 'rules': rules} order by "column") as columns
    from plan.value where plan_id = $1
    group by change_id
), moved as (
    select distinct change_id, unnest(fields) as field from plan.value where plan_id = $1
), decided as (
    select c.change_id, list({'field': f.field, 'outcome': f.outcome, 'hubspot': f.hubspot, 'salesforce': f.salesforce,
        'hubspot_base': f.hubspot_base, 'salesforce_base': f.salesforce_base} order by f.field) as fields
    from plan.change c
    join moved m on m.change_id = c.change_id
    join plan.field f on f.plan_id = c.plan_id and f.entity = c.entity and f.pair_id = c.pair_id and f.field = m.field
    where c.plan_id = $1
    group by c.change_id
)
update plan.change set digest = sealed.digest
from (
    select c.change_id, sha256(to_json({'entity': c.entity, 'action': c.action, 'system': c.system, 'object': c.object,
        'record': c.record_id, 'source_object': c.source_object, 'source': c.source_id, 'label': c.label, 'rule': c.rule,
        'columns': w.columns, 'fields': d.fields})::varchar) as digest
    from plan.change c
    left join written w on w.change_id = c.change_id
    left join decided d on d.change_id = c.change_id
    where c.plan_id = $1
) sealed
where plan.change.plan_id = $1 and plan.change.change_id = sealed.change_id`

// sealPlan digests the whole plan: its changes in their order, then its links.
const sealPlan = `
update plan.plan set digest = sha256(concat(
    (select string_agg(digest, ' ' order by position, change_id) from plan.change where plan_id = $1),
    '/',
    (select string_agg(link, ' ' order by link) from (
        select to_json({'entity': entity, 'state': state, 'hubspot_object': hubspot_object, 'hubspot': hubspot_id,
            'salesforce_object': salesforce_object, 'salesforce': salesforce_id, 'rule': rule})::varchar as link
        from plan.link where plan_id = $1))))
where plan_id = $1`

// Seal fills the digests of a plan that stands in plan.*: one per change, and one over all. It is the
// only place that computes them, and may be called again after the plan has been narrowed.
func Seal(ctx context.Context, db DB, planID string) error {
	for _, q := range []string{sealChanges, sealPlan} {
		if _, err := db.ExecContext(ctx, q, planID); err != nil {
			return fmt.Errorf("plan.Seal(%s): %w", planID, err)
		}
	}
	return nil
}
