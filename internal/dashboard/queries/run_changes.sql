-- grain: one column that the run sent, or planned and did not send
-- key: entity, object, record, "column"
-- ties: outcome, before, after
select
    entity,
    pair_id as _pair,
    action,
    system || '.' || object as object,
    coalesce(record_id, '') as record,
    coalesce("column", '') as "column",
    before,
    after,
    case when stored is distinct from after then stored end as stored_otherwise,
    outcome,
    coalesce(reason, array_to_string(rules, '; ')) as why,
    reason as _reason,
    array_to_string(rules, '; ') as _decided_by
from history.change
where run_id = $run
    and outcome = $outcome                                          -- if outcome
    and entity = $entity                                            -- if entity
