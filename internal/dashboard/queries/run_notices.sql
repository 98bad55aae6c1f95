-- grain: one thing a person should know about the run's plan; only of a pipeline's newest plan
-- key: kind, entity, object, record, text
select
    kind,
    entity,
    coalesce(system || '.' || object, object, '') as object,
    coalesce(record_id, '') as record,
    field,
    text
from plan.notice
where plan_id = (select plan_id from history.run where run_id = $run)
    and entity = $entity                                            -- if entity
    and kind = $kind                                                -- if kind
