-- one row per open task without a partner: where it is created, and why; a null object creates nothing
with
tasks as (
    select 'salesforce' as system, 'Task' as object, object as source_object, id as source_id, subject, status, coalesce(contact, company, deal) as about
    from hubspot

    union all

    select 'hubspot', 'tasks', object, id, subject, status, coalesce(contact, company, deal)
    from salesforce
)

select
    system,
    case when subject is not null and about is not null then object end as object,
    source_object,
    source_id,
    case
        when subject is null then 'a task without a subject stays where it is'
        when about is null then 'a task about no person, company or deal of both CRMs stays where it is'
        else 'not in ' || if(system = 'salesforce', 'Salesforce', 'HubSpot') || ' yet'
    end as reason
from tasks
-- What was done before the two CRMs met is history, and stays where it was done.
where status is distinct from 'COMPLETED'
