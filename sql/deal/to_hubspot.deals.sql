-- one row per pair: the properties of a HubSpot deal
-- optional: deal_currency_code
with
owners as (
    select lower(email) as email, min(id) as id
    from catalog.owners
    where not archived
    group by all
),

deal_stage as (
    select value, split_part(hubspot, '/', 1) as pipeline, split_part(hubspot, '/', 2) as stage
    from crosswalk.deal_stage
    where use in ('both', 'out') and hubspot is not null
),

deal_type as (
    select value, hubspot
    from crosswalk.deal_type
    where use in ('both', 'out') and hubspot is not null
)

select
    deal.pair_id,
    deal.salesforce_id,
    deal.salesforce_object,
    deal.dealname,
    -- what the portal has no currency for is told in the company currency
    in_currency(deal.amount, deal.deal_currency_code, currency_in('hubspot', deal.deal_currency_code)) as amount,
    case when (select count(*) from catalog.currencies where system = 'hubspot') > 1 then currency_in('hubspot', deal.deal_currency_code) end as deal_currency_code,
    noon_in_portal(deal.closedate) as closedate,
    mapped(deal_stage.pipeline, deal.dealstage) as pipeline,
    mapped(deal_stage.stage, deal.dealstage) as dealstage,
    mapped(deal_type.hubspot, deal.dealtype) as dealtype,
    deal.description,
    deal.hs_next_step,
    deal.company as associated_company_id,
    owner_id(owners.id, deal.owner_email, 'hubspot', 'deals') as hubspot_owner_id
from deal
left join deal_stage on deal_stage.value = deal.dealstage
left join deal_type on deal_type.value = deal.dealtype
left join owners on owners.email = deal.owner_email
