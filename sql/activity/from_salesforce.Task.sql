-- one row per Salesforce Task: what Salesforce says of the calls, e-mails, notes and marketing's events that it has from HubSpot
with
users as (
    select id, owner_email(email) as email
    from catalog.users
),

direction as (
    select salesforce, value
    from crosswalk.activity_direction
    where use in ('both', 'in') and salesforce is not null
)

select
    -- the record
    task.Id as id,
    task.LastModifiedDate as modified_at,
    task.LastModifiedById as modified_by,
    task._deleted as deleted,
    -- the others are Salesforce's own, or to-dos (see task)
    task.HubSpot_Id__c is not null and not is_to_do(task.TaskSubtype, task.Type, task.HubSpot_Id__c) as in_scope,
    case when not is_to_do(task.TaskSubtype, task.Type, task.HubSpot_Id__c) then task.HubSpot_Id__c end as hubspot_id,

    -- what happened
    case
        when task.TaskSubtype in ('Call', 'Email') then lower(task.TaskSubtype)
        when contains(task.HubSpot_Id__c, '-') then split_part(task.HubSpot_Id__c, '-', 2)
        when task.Type = 'Note' then 'note'
    end as kind,
    clean_text(task.Subject) as subject,
    clean_text(replace(task.Description, chr(13), '')) as body,
    mapped(direction.value, task.CallType) as direction,
    task.CallDurationInSeconds as seconds,
    task.ActivityDate as day,
    mapped(users.email, task.OwnerId) as owner_email,

    -- whom and what it is about, by the kind of id
    task.WhoId as contact,
    case when starts_with(task.WhatId, '001') then task.WhatId end as company,
    case when starts_with(task.WhatId, '006') then task.WhatId end as deal
from salesforce.Task as task
left join direction on direction.salesforce = task.CallType
left join users on users.id = task.OwnerId
