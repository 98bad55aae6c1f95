-- one row per pair of records that are the same membership: one person in one campaign and its list
select
    hubspot.object as hubspot_object,
    hubspot.id as hubspot_id,
    salesforce.object as salesforce_object,
    salesforce.id as salesforce_id,
    'same person and campaign' as rule,
    1 as rank
from hubspot
join salesforce on salesforce.campaign = hubspot.campaign and salesforce.list = hubspot.list and salesforce.contact = hubspot.contact
where hubspot.pair_id is null or salesforce.pair_id is null
