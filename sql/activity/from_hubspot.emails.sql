-- one row per HubSpot email: what HubSpot says of it
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
    email.id as id,
    email.hs_lastmodifieddate as modified_at,
    email._deleted as deleted,
    email.id as hubspot_id,

    -- what happened
    'email' as kind,
    coalesce(clean_text(email.hs_email_subject), 'E-mail') as subject,
    coalesce(clean_text(email.hs_email_text), html_text(email.hs_email_html)) as body,
    mapped(direction.value, email.hs_email_direction) as direction,
    email.hs_email_status as status,
    email.hs_timestamp::date as day,
    mapped(owners.email, email.hubspot_owner_id) as owner_email,

    -- whom and what it is about
    email.associated_contact_id as contact,
    email.associated_company_id as company,
    email.associated_deal_id as deal
from hubspot.emails as email
left join direction on direction.hubspot = email.hs_email_direction
left join owners on owners.id = email.hubspot_owner_id
