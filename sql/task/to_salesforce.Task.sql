-- one row per pair: the columns of a Salesforce Task
with
users as (
    -- an address may belong to several users: the one that can own records, the oldest of them
    select owner_email(email) as email, min(id) as id
    from catalog.users
    where active
    group by all
),

status as (
    select value, salesforce
    from crosswalk.task_status
    where use in ('both', 'out') and salesforce is not null
),

priority as (
    select value, salesforce
    from crosswalk.task_priority
    where use in ('both', 'out') and salesforce is not null
)

select
    task.pair_id,
    task.hubspot_id as HubSpot_Id__c,
    left(task.subject, 255) as Subject,
    left(task.body, 32000) as Description,
    mapped(status.salesforce, task.status) as Status,
    mapped(priority.salesforce, task.priority) as Priority,
    task.due as ActivityDate,
    owner_id(users.id, task.owner_email, 'salesforce', 'Task') as OwnerId,
    task.contact as WhoId,
    -- Salesforce relates a lead's task to nothing else
    case when task.contact_object is distinct from 'Lead' then coalesce(task.deal, task.company) end as WhatId
from task
left join status on status.value = task.status
left join priority on priority.value = task.priority
left join users on users.email = task.owner_email
