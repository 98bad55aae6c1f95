-- one row per thing that a HubSpot contact did last of its kind, within 30 days: a form sent in, a page seen, a marketing e-mail answered or clicked
-- several rows per record, or none: an id is the contact's, the kind, and the second
-- optional: hubspotscore
with
owners as (
    select id, lower(email) as email
    from catalog.owners
),

-- A merge takes the other record away without a word; the one that is left names it.
merged as (
    select gone_id, max_by(id, lastmodifieddate) as survivor_id
    from (select id, lastmodifieddate, unnest(string_split(hs_merged_object_ids, ';')) as gone_id from hubspot.contacts)
    where gone_id <> id
    group by all
),

-- HubSpot keeps the last of each with the person. Opens say too little to be here.
happened as (
    select
        contact.id as contact,
        merged.survivor_id as survivor,
        contact._deleted as deleted,
        contact.lastmodifieddate as modified_at,
        contact.hubspot_owner_id as owner,
        contact.hubspotscore as score,
        unnest([
            {'kind': 'form', 'what': contact.recent_conversion_event_name, 'seen': contact.recent_conversion_date},
            {'kind': 'page', 'what': contact.hs_analytics_last_url, 'seen': contact.hs_analytics_last_timestamp},
            {'kind': 'reply', 'what': contact.hs_email_last_email_name, 'seen': contact.hs_email_last_reply_date},
            {'kind': 'click', 'what': contact.hs_email_last_email_name, 'seen': contact.hs_email_last_click_date}
        ], recursive := true)
    from hubspot.contacts as contact
    left join merged on merged.gone_id = contact.id
),

-- The newest edit stands for today: a file that asks for the time of the run lets no tick be idle.
-- Pages and clicks count once a day. After a merge the one that is left did what the other had done: it stays the other's.
recent as (
    select
        *,
        contact || '-' || kind || '-' || epoch(if(kind in ('page', 'click'), date_trunc('day', seen), seen))::bigint as event
    from happened
    where seen >= (select max(lastmodifieddate) from hubspot.contacts) - interval 30 day
    qualify row_number() over (partition by coalesce(survivor, contact), kind, seen order by survivor is null, contact) = 1
)

select
    -- the record
    recent.event as id,
    recent.modified_at as modified_at,
    not recent.deleted or recent.survivor is not null as in_scope,
    recent.event as hubspot_id,

    -- what happened
    recent.kind as kind,
    case recent.kind
        when 'form' then 'Sent in a form: '
        when 'page' then 'Saw a page: '
        when 'reply' then 'Answered a marketing e-mail: '
        when 'click' then 'Clicked in a marketing e-mail: '
    end || coalesce(clean_text(recent.what), '?') as subject,
    recent.score as score,
    recent.seen::date as day,
    mapped(owners.email, recent.owner) as owner_email,

    -- whom it is about
    recent.contact as contact
from recent
left join owners on owners.id = recent.owner
