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

-- Deals are made in Salesforce. Put a rule in the place of `false` for those of HubSpot that become opportunities, as
-- `dealstage <> 'prospecting'`; Salesforce wants a name, a stage and a day of closing.
select
    'salesforce',
    case when false and dealname is not null and dealstage is not null and closedate is not null then 'Opportunity' end,
    object,
    id,
    case
        when not false then 'deals are made in Salesforce'
        when dealname is null or closedate is null then 'an opportunity needs a name and a close date'
        when dealstage is null then 'a deal whose stage crosswalk/deal_stage.csv does not know waits'
        else 'not in Salesforce yet'
    end
from hubspot
