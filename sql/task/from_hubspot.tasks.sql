-- one row per HubSpot task: what HubSpot says of it
with
owners as (
    select id, lower(email) as email
    from catalog.owners
),

status as (
    select hubspot, value
    from crosswalk.task_status
    where use in ('both', 'in') and hubspot is not null
),

priority as (
    select hubspot, value
    from crosswalk.task_priority
    where use in ('both', 'in') and hubspot is not null
)

select
    -- the record
    task.id as id,
    task.hs_lastmodifieddate as modified_at,
    task._deleted as deleted,

    -- what ties the two records
    task.id as hubspot_id,
    task.salesforce_id as salesforce_id,
    task.salesforce_object as salesforce_object,

    -- the task; it is due on a day, whatever the hour that HubSpot adds
    clean_text(task.hs_task_subject) as subject,
    html_text(task.hs_task_body) as body,
    mapped(status.value, task.hs_task_status) as status,
    mapped(priority.value, task.hs_task_priority) as priority,
    task.hs_timestamp::date as due,
    mapped(owners.email, task.hubspot_owner_id) as owner_email,

    -- whom and what it is about
    task.associated_contact_id as contact,
    task.associated_company_id as company,
    task.associated_deal_id as deal
from hubspot.tasks as task
left join status on status.hubspot = task.hs_task_status
left join priority on priority.hubspot = task.hs_task_priority
left join owners on owners.id = task.hubspot_owner_id
