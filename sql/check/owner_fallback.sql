-- one row per record that gets another owner than its partner has, whom this CRM lacks or has no longer: listed, stops nothing
select
    planned.entity,
    planned.source_object as object,
    if(planned.system = 'hubspot', 'salesforce', 'hubspot') as system,
    planned.source_id as record_id,
    planned."column" as field,
    -- an owner without a translation stands among the unmapped values
    coalesce(planned.said['owner_email'] || ' owns it and cannot in ', 'its owner has no translation and cannot be one in ') || planned.system || ': there it goes to ' || coalesce(gets.owner, planned.after) as notice
from planned
left join owners() as gets on gets.system = planned.system and gets.id = planned.after
where planned."column" in ('OwnerId', 'hubspot_owner_id') and gets.owner is distinct from planned.said['owner_email']
