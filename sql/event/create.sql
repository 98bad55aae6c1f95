-- one row per Salesforce Event that HubSpot is told of: where it is created, and why; a null object creates nothing
with
events as (
    select *, coalesce(contact, company, deal) as about
    from salesforce
)

select
    'hubspot' as system,
    case when about is not null then 'meetings' end as object,
    object as source_object,
    id as source_id,
    if(about is null, 'an event about no person, company or deal of both CRMs stays where it is', 'not in HubSpot yet') as reason
from events
-- What is private is nobody else's.
where not coalesce(private::boolean, false)
