-- one row per pair: the columns of a Salesforce Opportunity
-- optional: RecordTypeId, CurrencyIsoCode
with
users as (
    -- an address may belong to several users: the one that can own records, the oldest of them
    select owner_email(email) as email, min(id) as id
    from catalog.users
    where active
    group by all
),

-- Renewal/Closed Won is the stage Closed Won of the record type Renewal.
deal_stage as (
    select
        stage.value,
        if(record_type.id is null, stage.salesforce, substr(stage.salesforce, length(record_type.developer_name) + 2)) as salesforce,
        record_type.id as record_type
    from crosswalk.deal_stage as stage
    left join catalog.record_types as record_type
        on record_type.object = 'Opportunity' and starts_with(stage.salesforce, record_type.developer_name || '/')
    where stage.use in ('both', 'out') and stage.salesforce is not null
),

-- Types without a stage of their own: a stage of any type leaves them as they are.
other_type as (
    select record_type.id
    from catalog.record_types as record_type
    anti join crosswalk.deal_stage as stage
        on stage.use in ('both', 'in') and starts_with(stage.salesforce, record_type.developer_name || '/')
    where record_type.object = 'Opportunity'
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
    in_currency(deal.amount, deal.deal_currency_code, currency_in('salesforce', deal.deal_currency_code)) as Amount,
    currency_in('salesforce', deal.deal_currency_code) as CurrencyIsoCode,
    deal.closedate as CloseDate,
    mapped(deal_stage.salesforce, deal.dealstage) as StageName,
    coalesce(deal_stage.record_type, other_type.id) as RecordTypeId,
    mapped(deal_type.salesforce, deal.dealtype) as Type,
    deal.description as Description,
    deal.hs_next_step as NextStep,
    deal.company as AccountId,
    owner_id(users.id, deal.owner_email, 'salesforce', 'Opportunity') as OwnerId
from deal
left join deal_stage on deal_stage.value = deal.dealstage
left join other_type on other_type.id = deal.record_type
left join deal_type on deal_type.value = deal.dealtype
left join users on users.email = deal.owner_email
