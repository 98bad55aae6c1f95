-- one row per record that gets another owner than its partner has, whom this CRM lacks or has no longer: listed, stops nothing
with
owned as (
    select 'hubspot' as system, 'tasks' as object, id as id, hubspot_owner_id as owner_id
    from hubspot.tasks

    union all

    select 'salesforce', 'Task', Id, OwnerId
    from salesforce.Task
)

select
    owned.object,
    owned.system,
    owned.id as record_id,
    planned."column" as field,
    coalesce(has.owner, owned.owner_id) || ' owns it and cannot in ' || planned.system || ': there it goes to ' || coalesce(gets.owner, planned.after) as notice
from planned
join owned on owned.system <> planned.system and owned.object = planned.source_object and owned.id = planned.source_id
left join owners() as has on has.system = owned.system and has.id = owned.owner_id
left join owners() as gets on gets.system = planned.system and gets.id = planned.after
where planned."column" in ('OwnerId', 'hubspot_owner_id') and gets.owner is distinct from coalesce(has.owner, owned.owner_id)
