-- grain: one column that the run sent, or planned and did not send
-- key: entity, system, object, record, "column"
select
    entity,
    action,
    system,
    object,
    coalesce(record_id, '') as record,
    coalesce("column", '') as "column",
    before,
    after,
    case when stored is distinct from after then stored end as stored_otherwise,
    outcome,
    array_to_string(fields, ', ') as fields,
    array_to_string(rules, '; ') as decided_by,
    reason
from history.change
where run_id = $run
    and outcome = $outcome                                          -- if outcome
    and entity = $entity                                            -- if entity
