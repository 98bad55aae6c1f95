-- grain: one column that the run's plan would write, as it was made; only of a pipeline's newest plan
-- key: entity, object, record, "column"
select
    change.entity,
    change.pair_id as _pair,
    change.action,
    change.system || '.' || change.object as object,
    coalesce(change.record_id, '') as record,
    change.label,
    value."column",
    value.before,
    value.after,
    array_to_string(value.rules, '; ') as decided_by
from plan.change as change
join plan.value as value using (plan_id, change_id)
where change.plan_id = (select plan_id from history.run where run_id = $run)
    and change.entity = $entity                                     -- if entity
