-- one row per Salesforce Opportunity: what Salesforce says of a deal
-- optional, else null: RecordTypeId, CurrencyIsoCode
with
users as (
    select id, owner_email(email) as email
    from catalog.users
),

deal_stage as (
    select salesforce, value
    from crosswalk.deal_stage
    where use in ('both', 'in') and salesforce is not null
),

record_type as (
    select id, developer_name
    from catalog.record_types
    where object = 'Opportunity'
),

deal_type as (
    select salesforce, value
    from crosswalk.deal_type
    where use in ('both', 'in') and salesforce is not null
)

select
    -- the record
    opportunity.Id as id,
    opportunity.LastModifiedDate as modified_at,
    opportunity.LastModifiedById as modified_by,
    opportunity._deleted as deleted,

    -- what ties the two records
    opportunity.HubSpot_Id__c as hubspot_id,
    opportunity.Id as salesforce_id,
    'Opportunity' as salesforce_object,

    -- the deal
    clean_text(opportunity.Name) as dealname,
    opportunity.Amount as amount,
    opportunity.CurrencyIsoCode as deal_currency_code,
    opportunity.CloseDate as closedate,
    -- a stage of its record type goes before the stage of any
    mapped(coalesce(own_stage.value, deal_stage.value), opportunity.StageName) as dealstage,
    opportunity.RecordTypeId as record_type,
    mapped(deal_type.value, opportunity.Type) as dealtype,
    clean_text(opportunity.Description) as description,
    clean_text(opportunity.NextStep) as hs_next_step,

    -- whose it is
    opportunity.AccountId as company,
    mapped(users.email, opportunity.OwnerId) as owner_email
from salesforce.Opportunity as opportunity
left join record_type on record_type.id = opportunity.RecordTypeId
left join deal_stage as own_stage on own_stage.salesforce = record_type.developer_name || '/' || opportunity.StageName
left join deal_stage on deal_stage.salesforce = opportunity.StageName
left join deal_type on deal_type.salesforce = opportunity.Type
left join users on users.id = opportunity.OwnerId
