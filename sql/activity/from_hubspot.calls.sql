-- one row per HubSpot call: what HubSpot says of it
with
owners as (
    select id, lower(email) as email
    from catalog.owners
),

direction as (
    select hubspot, value
    from crosswalk.activity_direction
    where use in ('both', 'in') and hubspot is not null
)

select
    -- the record
    call.id as id,
    call.hs_lastmodifieddate as modified_at,
    call._deleted as deleted,
    call.id as hubspot_id,

    -- what happened
    'call' as kind,
    coalesce(clean_text(call.hs_call_title), 'Call') as subject,
    html_text(call.hs_call_body) as body,
    mapped(direction.value, call.hs_call_direction) as direction,
    call.hs_call_status as status,
    round(call.hs_call_duration / 1000)::bigint as seconds,
    call.hs_timestamp::date as day,
    mapped(owners.email, call.hubspot_owner_id) as owner_email,

    -- whom and what it is about
    call.associated_contact_id as contact,
    call.associated_company_id as company,
    call.associated_deal_id as deal
from hubspot.calls as call
left join direction on direction.hubspot = call.hs_call_direction
left join owners on owners.id = call.hubspot_owner_id
