-- one row per record without a partner: where its deal is created, and why; a null object creates nothing
select
    'hubspot' as system,
    case when dealname is not null and dealstage is not null then 'deals' end as object,
    object as source_object,
    id as source_id,
    case
        when dealname is null then 'a deal without a name stays where it is'
        when dealstage is null then 'a deal whose stage crosswalk/deal_stage.csv does not know waits'
        else 'not in HubSpot yet'
    end as reason
from salesforce

union all

-- Deals are made in Salesforce: make `null` 'Opportunity' for those that are to start in HubSpot.
select
    'salesforce',
    null,
    object,
    id,
    'deals are made in Salesforce'
from hubspot
