-- one row per pair: the columns of a Salesforce Event that logs a meeting
with
users as (
    -- an address may belong to several users: the one that can own records, the oldest of them
    select owner_email(email) as email, min(id) as id
    from catalog.users
    where active
    group by all
)

select
    activity.pair_id,
    activity.hubspot_id as HubSpot_Id__c,
    left(activity.subject, 255) as Subject,
    left(activity.body, 32000) as Description,
    left(activity.location, 255) as Location,
    activity.starts_at as StartDateTime,
    activity.ends_at as EndDateTime,
    -- said beside the end, or Salesforce moves the end with the start
    date_diff('minute', activity.starts_at::timestamptz, activity.ends_at::timestamptz) as DurationInMinutes,
    owner_id(users.id, activity.owner_email, 'salesforce', 'Event') as OwnerId,
    activity.contact as WhoId,
    -- Salesforce relates a lead's event to nothing else
    case when activity.contact_object is distinct from 'Lead' then coalesce(activity.deal, activity.company) end as WhatId
from activity
left join users on users.email = activity.owner_email
