-- one row per record that gets another owner than its partner has, whom this CRM lacks or has no longer: listed, stops nothing
with
whose as (
    select 'hubspot' as system, 'deals' as object, record.id as id, coalesce(lower(owners.email), record.hubspot_owner_id) as owner
    from hubspot.deals as record
    left join catalog.owners as owners on owners.id = record.hubspot_owner_id

    union all

    select 'salesforce', 'Opportunity', record.Id, coalesce(owner_email(users.email), record.OwnerId)
    from salesforce.Opportunity as record
    left join catalog.users as users on users.id = record.OwnerId
),

people as (
    select 'hubspot' as system, id, lower(email) as owner
    from catalog.owners

    union all

    select 'salesforce', id, owner_email(email)
    from catalog.users
)

select
    planned.source_object as object,
    if(planned.system = 'hubspot', 'salesforce', 'hubspot') as system,
    planned.source_id as record_id,
    planned."column" as field,
    whose.owner || ' owns it and cannot in ' || planned.system || ': there it goes to ' || coalesce(people.owner, planned.after) as notice
from planned
join whose on whose.system <> planned.system and whose.object = planned.source_object and whose.id = planned.source_id
left join people on people.system = planned.system and people.id = planned.after
where planned."column" in ('OwnerId', 'hubspot_owner_id') and people.owner is distinct from whose.owner
