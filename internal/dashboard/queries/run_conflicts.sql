-- grain: one conflict of one field in the run, and how it ended
-- key: entity, _pair, field
select
    conflict.entity,
    conflict.pair_id as _pair,
    coalesce(pair.hubspot_id, pair.salesforce_id, '') as record,
    conflict.field,
    hubspot,
    hubspot_base,
    salesforce,
    salesforce_base,
    winner,
    rule as _rule,
    reason,
    if(first_link, 'yes', '') as first_link
from history.conflict as conflict
left join $links as pair using (entity, pair_id)
where run_id = $run
    and conflict.entity = $entity                                            -- if entity
