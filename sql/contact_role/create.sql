-- one row per record without a partner: where its role is created, and why; a null object creates nothing
select
    'hubspot' as system,
    case when deal is not null and contact is not null then 'deals_to_contacts' end as object,
    object as source_object,
    id as source_id,
    case
        when deal is null then 'waits for its opportunity to be linked'
        when contact is null then 'waits for its contact to be linked'
        else 'not in HubSpot yet'
    end as reason
from salesforce

-- Roles are made in Salesforce. For those that are to start in HubSpot add `union all`, 'salesforce' as the system,
-- 'OpportunityContactRole' as the object, and `from hubspot`.
