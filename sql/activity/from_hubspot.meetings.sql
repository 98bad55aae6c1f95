-- one row per HubSpot meeting: what HubSpot says of it
with
owners as (
    select id, lower(email) as email
    from catalog.owners
)

select
    -- the record
    meeting.id as id,
    meeting.hs_lastmodifieddate as modified_at,
    meeting._deleted as deleted,
    -- one with a Salesforce id is the copy of an Event (see event)
    meeting.salesforce_id is null as in_scope,
    meeting.id as hubspot_id,

    -- what happened
    'meeting' as kind,
    coalesce(clean_text(meeting.hs_meeting_title), 'Meeting') as subject,
    html_text(meeting.hs_meeting_body) as body,
    clean_text(meeting.hs_meeting_location) as location,
    meeting.hs_meeting_outcome as status,
    coalesce(meeting.hs_meeting_start_time, meeting.hs_timestamp) as starts_at,
    -- half an hour, where nobody says how long
    coalesce(meeting.hs_meeting_end_time, coalesce(meeting.hs_meeting_start_time, meeting.hs_timestamp) + interval 30 minute) as ends_at,
    mapped(owners.email, meeting.hubspot_owner_id) as owner_email,

    -- whom and what it is about
    meeting.associated_contact_id as contact,
    meeting.associated_company_id as company,
    meeting.associated_deal_id as deal
from hubspot.meetings as meeting
left join owners on owners.id = meeting.hubspot_owner_id
