-- one row per Salesforce Event: what Salesforce says of a meeting
with
users as (
    select id, owner_email(email) as email
    from catalog.users
)

select
    -- the record
    event.Id as id,
    event.LastModifiedDate as modified_at,
    event.LastModifiedById as modified_by,
    event._deleted as deleted,
    -- one with a HubSpot id is the copy of a meeting (see activity)
    event.HubSpot_Id__c is null as in_scope,
    event.Id as salesforce_id,
    'Event' as salesforce_object,

    -- the meeting
    coalesce(clean_text(event.Subject), 'Meeting') as subject,
    clean_text(replace(event.Description, chr(13), '')) as body,
    clean_text(event.Location) as location,
    event.StartDateTime as starts_at,
    -- the end of whole days is the first instant of the last one
    if(event.IsAllDayEvent, event.EndDateTime + interval 1 day, event.EndDateTime) as ends_at,
    event.IsPrivate as private,
    mapped(users.email, event.OwnerId) as owner_email,

    -- whom and what it is about, by the kind of id
    event.WhoId as contact,
    case when starts_with(event.WhatId, '001') then event.WhatId end as company,
    case when starts_with(event.WhatId, '006') then event.WhatId end as deal
from salesforce.Event as event
left join users on users.id = event.OwnerId
