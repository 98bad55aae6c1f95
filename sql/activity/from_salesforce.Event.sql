-- one row per Salesforce Event: what Salesforce says of the meetings that it has from HubSpot
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
    -- the others are Salesforce's own (see event)
    event.HubSpot_Id__c is not null as in_scope,
    event.HubSpot_Id__c as hubspot_id,

    -- what happened
    'meeting' as kind,
    clean_text(event.Subject) as subject,
    clean_text(replace(event.Description, chr(13), '')) as body,
    clean_text(event.Location) as location,
    event.StartDateTime as starts_at,
    event.EndDateTime as ends_at,
    mapped(users.email, event.OwnerId) as owner_email,

    -- whom and what it is about, by the kind of id
    event.WhoId as contact,
    case when starts_with(event.WhatId, '001') then event.WhatId end as company,
    case when starts_with(event.WhatId, '006') then event.WhatId end as deal
from salesforce.Event as event
left join users on users.id = event.OwnerId
