-- one row per HubSpot deal: what HubSpot says of it
with
owners as (
    select id, lower(email) as email
    from catalog.owners
),

deal_stage as (
    select hubspot, value
    from crosswalk.deal_stage
    where use in ('both', 'in') and hubspot is not null
),

deal_type as (
    select hubspot, value
    from crosswalk.deal_type
    where use in ('both', 'in') and hubspot is not null
)

select
    -- the record
    deal.id as id,
    deal.hs_lastmodifieddate as modified_at,
    deal._deleted as deleted,

    -- what ties the two records
    deal.id as hubspot_id,
    deal.salesforce_id as salesforce_id,
    deal.salesforce_object as salesforce_object,

    -- the deal; its day of closing is a day, whatever the time that HubSpot adds
    clean_text(deal.dealname) as dealname,
    deal.amount as amount,
    deal.closedate::date as closedate,
    mapped(deal_stage.value, deal.pipeline || '/' || deal.dealstage) as dealstage,
    mapped(deal_type.value, deal.dealtype) as dealtype,
    clean_text(deal.description) as description,
    clean_text(deal.hs_next_step) as hs_next_step,

    -- whose it is
    deal.associated_company_id as company,
    mapped(owners.email, deal.hubspot_owner_id) as owner_email
from hubspot.deals as deal
left join deal_stage on deal_stage.hubspot = deal.pipeline || '/' || deal.dealstage
left join deal_type on deal_type.hubspot = deal.dealtype
left join owners on owners.id = deal.hubspot_owner_id
