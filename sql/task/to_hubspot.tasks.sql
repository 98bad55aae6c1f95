-- one row per pair: the properties of a HubSpot task
with
owners as (
    select lower(email) as email, min(id) as id
    from catalog.owners
    where not archived
    group by all
),

status as (
    select value, hubspot
    from crosswalk.task_status
    where use in ('both', 'out') and hubspot is not null
),

priority as (
    select value, hubspot
    from crosswalk.task_priority
    where use in ('both', 'out') and hubspot is not null
)

select
    task.pair_id,
    task.salesforce_id,
    task.salesforce_object,
    task.subject as hs_task_subject,
    text_html(task.body) as hs_task_body,
    mapped(status.hubspot, task.status) as hs_task_status,
    mapped(priority.hubspot, task.priority) as hs_task_priority,
    -- noon is the same day nearly everywhere
    task.due || 'T12:00:00Z' as hs_timestamp,
    owner_id(owners.id, task.owner_email, 'hubspot', 'tasks') as hubspot_owner_id,
    task.contact as associated_contact_id,
    task.company as associated_company_id,
    task.deal as associated_deal_id
from task
left join status on status.value = task.status
left join priority on priority.value = task.priority
left join owners on owners.email = task.owner_email
