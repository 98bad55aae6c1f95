-- one row per HubSpot meeting: what HubSpot says of the meetings that it has from Salesforce
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
    -- the others are HubSpot's own (see activity)
    meeting.salesforce_id is not null as in_scope,
    meeting.salesforce_id as salesforce_id,
    meeting.salesforce_object as salesforce_object,

    -- the meeting
    clean_text(meeting.hs_meeting_title) as subject,
    html_text(meeting.hs_meeting_body) as body,
    clean_text(meeting.hs_meeting_location) as location,
    meeting.hs_meeting_start_time as starts_at,
    meeting.hs_meeting_end_time as ends_at,
    mapped(owners.email, meeting.hubspot_owner_id) as owner_email,

    -- whom and what it is about
    meeting.associated_contact_id as contact,
    meeting.associated_company_id as company,
    meeting.associated_deal_id as deal
from hubspot.meetings as meeting
left join owners on owners.id = meeting.hubspot_owner_id
