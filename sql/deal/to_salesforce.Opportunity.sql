-- one row per pair: the columns of a Salesforce Opportunity
with
users as (
    -- an address may belong to several users: the one that can own records, the oldest of them
    select owner_email(email) as email, min(id) as id
    from catalog.users
    where active
    group by all
),

deal_stage as (
    select value, salesforce
    from crosswalk.deal_stage
    where use in ('both', 'out') and salesforce is not null
),

deal_type as (
    select value, salesforce
    from crosswalk.deal_type
    where use in ('both', 'out') and salesforce is not null
)

select
    deal.pair_id,
    deal.hubspot_id as HubSpot_Id__c,
    deal.dealname as Name,
    deal.amount as Amount,
    deal.closedate as CloseDate,
    mapped(deal_stage.salesforce, deal.dealstage) as StageName,
    mapped(deal_type.salesforce, deal.dealtype) as Type,
    deal.description as Description,
    deal.hs_next_step as NextStep,
    deal.company as AccountId,
    owner_id(users.id, deal.owner_email, 'salesforce', 'Opportunity') as OwnerId
from deal
left join deal_stage on deal_stage.value = deal.dealstage
left join deal_type on deal_type.value = deal.dealtype
left join users on users.email = deal.owner_email
