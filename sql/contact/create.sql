-- one row per record without a partner: where its person is created, and why; a null object creates nothing
select
    'salesforce' as system,
    case when hubspot.email is not null then 'Lead' end as object,
    hubspot.object as source_object,
    hubspot.id as source_id,
    if(hubspot.email is not null, 'not in Salesforce yet', 'a HubSpot contact without an e-mail address stays in HubSpot') as reason
from hubspot

union all

select
    'hubspot' as system,
    case when salesforce.email is not null then 'contacts' end as object,
    salesforce.object as source_object,
    salesforce.id as source_id,
    if(salesforce.email is not null, 'not in HubSpot yet', 'a record without an e-mail address stays in Salesforce') as reason
from salesforce
