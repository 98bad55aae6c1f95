-- one row per record of HubSpot and its copy in Salesforce, by the id that only the copy has; the smallest rank wins
select
    hubspot.object as hubspot_object,
    hubspot.id as hubspot_id,
    salesforce.object as salesforce_object,
    salesforce.id as salesforce_id,
    'stamped id' as rule,
    1 as rank
from hubspot
join salesforce on salesforce.hubspot_id = hubspot.id and salesforce.kind = hubspot.kind
where hubspot.pair_id is null or salesforce.pair_id is null
