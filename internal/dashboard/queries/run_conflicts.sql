-- grain: one conflict of one field in the run, and how it ended
-- key: entity, _pair, field
select
    entity,
    pair_id as _pair,
    field,
    hubspot,
    hubspot_base,
    salesforce,
    salesforce_base,
    winner,
    rule,
    reason,
    first_link
from history.conflict
where run_id = $run
    and entity = $entity                                            -- if entity
