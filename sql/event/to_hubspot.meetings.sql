-- one row per pair: the properties of a HubSpot meeting
with
owners as (
    select lower(email) as email, min(id) as id
    from catalog.owners
    where not archived
    group by all
)

select
    event.pair_id,
    event.salesforce_id,
    event.salesforce_object,
    event.subject as hs_meeting_title,
    text_html(event.body) as hs_meeting_body,
    event.location as hs_meeting_location,
    event.starts_at as hs_timestamp,
    event.starts_at as hs_meeting_start_time,
    event.ends_at as hs_meeting_end_time,
    owner_id(owners.id, event.owner_email, 'hubspot', 'meetings') as hubspot_owner_id,
    event.contact as associated_contact_id,
    event.company as associated_company_id,
    event.deal as associated_deal_id
from event
left join owners on owners.email = event.owner_email
