-- one row per pair of records that are the same role: one contact at one deal
select
    hubspot.object as hubspot_object,
    hubspot.id as hubspot_id,
    salesforce.object as salesforce_object,
    salesforce.id as salesforce_id,
    'same contact and deal' as rule,
    1 as rank
from hubspot
join salesforce on salesforce.deal = hubspot.deal and salesforce.contact = hubspot.contact
where hubspot.pair_id is null or salesforce.pair_id is null
