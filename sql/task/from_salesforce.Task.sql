-- one row per Salesforce Task: what Salesforce says of a task
with
users as (
    select id, owner_email(email) as email
    from catalog.users
),

status as (
    select salesforce, value
    from crosswalk.task_status
    where use in ('both', 'in') and salesforce is not null
),

priority as (
    select salesforce, value
    from crosswalk.task_priority
    where use in ('both', 'in') and salesforce is not null
)

select
    -- the record
    task.Id as id,
    task.LastModifiedDate as modified_at,
    task.LastModifiedById as modified_by,
    task._deleted as deleted,
    -- Salesforce keeps calls, e-mails, notes and marketing's events as tasks too: they are no to-dos
    is_to_do(task.TaskSubtype, task.Type, task.HubSpot_Id__c) as in_scope,

    -- what ties the two records
    case when is_to_do(task.TaskSubtype, task.Type, task.HubSpot_Id__c) then task.HubSpot_Id__c end as hubspot_id,
    task.Id as salesforce_id,
    'Task' as salesforce_object,

    -- the task; HubSpot's have to be due: one without a date is due on the day it was made
    clean_text(task.Subject) as subject,
    clean_text(replace(task.Description, chr(13), '')) as body,
    mapped(status.value, task.Status) as status,
    mapped(priority.value, task.Priority) as priority,
    coalesce(task.ActivityDate, task.CreatedDate::date) as due,
    mapped(users.email, task.OwnerId) as owner_email,

    -- whom and what it is about, by the kind of id
    task.WhoId as contact,
    case when starts_with(task.WhatId, '001') then task.WhatId end as company,
    case when starts_with(task.WhatId, '006') then task.WhatId end as deal
from salesforce.Task as task
left join status on status.salesforce = task.Status
left join priority on priority.salesforce = task.Priority
left join users on users.id = task.OwnerId
