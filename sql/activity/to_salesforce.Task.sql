-- one row per pair: the columns of a Salesforce Task that logs a call, an e-mail, a note or what marketing saw
with
users as (
    -- an address may belong to several users: the one that can own records, the oldest of them
    select owner_email(email) as email, min(id) as id
    from catalog.users
    where active
    group by all
),

direction as (
    select value, salesforce
    from crosswalk.activity_direction
    where use in ('both', 'out') and salesforce is not null
)

select
    activity.pair_id,
    activity.hubspot_id as HubSpot_Id__c,
    -- a note has no subtype of its own: its type tells it from a to-do
    case activity.kind when 'call' then 'Call' when 'email' then 'Email' end as TaskSubtype,
    case activity.kind when 'call' then 'Call' when 'email' then 'Email' when 'note' then 'Note' end as Type,
    'Completed' as Status,
    left(activity.subject, 255) as Subject,
    left(activity.body, 32000) as Description,
    case when activity.kind = 'call' then mapped(direction.salesforce, activity.direction) end as CallType,
    activity.seconds as CallDurationInSeconds,
    activity.day as ActivityDate,
    owner_id(users.id, activity.owner_email, 'salesforce', 'Task') as OwnerId,
    activity.contact as WhoId,
    -- Salesforce relates a lead's task to nothing else
    case when activity.contact_object is distinct from 'Lead' then coalesce(activity.deal, activity.company) end as WhatId
from activity
left join direction on direction.value = activity.direction
left join users on users.email = activity.owner_email
