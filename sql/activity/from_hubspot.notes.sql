-- one row per HubSpot note: what HubSpot says of it
with
owners as (
    select id, lower(email) as email
    from catalog.owners
)

select
    -- the record
    note.id as id,
    note.hs_lastmodifieddate as modified_at,
    note._deleted as deleted,
    note.id as hubspot_id,

    -- what happened
    'note' as kind,
    'Note' as subject,
    html_text(note.hs_note_body) as body,
    note.hs_timestamp::date as day,
    mapped(owners.email, note.hubspot_owner_id) as owner_email,

    -- whom and what it is about
    note.associated_contact_id as contact,
    note.associated_company_id as company,
    note.associated_deal_id as deal
from hubspot.notes as note
left join owners on owners.id = note.hubspot_owner_id
