-- one row per HubSpot activity that Salesforce is told of: where it is logged, and why; a null object creates nothing
with
activities as (
    select *, coalesce(contact, company, deal) as about
    from hubspot
)

select
    'salesforce' as system,
    case when about is not null then if(kind = 'meeting', 'Event', 'Task') end as object,
    object as source_object,
    id as source_id,
    if(about is null, 'an activity about no person, company or deal of both CRMs stays where it is', 'not in Salesforce yet') as reason
from activities
-- What people did with each other, once it has happened: not drafts, what is still ringing or sending, or a meeting called off. Opens and
-- clicks of e-mails are no activities. A meeting is told of before it is held.
where case kind
    when 'call' then coalesce(status, 'COMPLETED') in ('COMPLETED', 'NO_ANSWER', 'BUSY', 'MISSED')
    when 'email' then coalesce(status, 'SENT') = 'SENT' and direction in ('INBOUND', 'OUTBOUND')
    when 'note' then body is not null
    when 'meeting' then coalesce(status, 'SCHEDULED') <> 'CANCELED' and starts_at is not null
    -- what marketing saw, where it is worth a salesperson's time
    else exists (
        from list.high_value_events as chosen
        where chosen.kind = activities.kind
            and (chosen.contains is null or contains(lower(activities.subject), lower(chosen.contains)))
            and (chosen.score is null or activities.score::double >= chosen.score::double)
    )
end
