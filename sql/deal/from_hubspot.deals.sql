-- one row per HubSpot deal: what HubSpot says of it
-- optional, else null: deal_currency_code, amount_in_home_currency
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

-- An org with one currency is told amounts in the company currency, and any other the amount and its currency.
home as (
    select
        max(code) as currency,
        exists (from catalog.currencies where system = 'salesforce') as several
    from catalog.currencies
    where system = 'hubspot' and home
),

deal_type as (
    select hubspot, value
    from crosswalk.deal_type
    where use in ('both', 'in') and hubspot is not null
),

-- A merge takes the other record away without a word; the one that is left names it, and whatever it had taken in.
merged as (
    select gone_id, max_by(id, hs_lastmodifieddate) as survivor_id
    from (select id, hs_lastmodifieddate, unnest(string_split(hs_merged_object_ids, ';')) as gone_id from hubspot.deals)
    where gone_id <> id
    group by all
)

select
    -- the record
    deal.id as id,
    deal.hs_lastmodifieddate as modified_at,
    deal._deleted as deleted,
    merged.survivor_id as superseded_by,
    case when merged.survivor_id is not null then 'deals' end as superseded_by_object,

    -- what ties the two records
    deal.id as hubspot_id,
    deal.salesforce_id as salesforce_id,
    deal.salesforce_object as salesforce_object,

    -- the deal; its day of closing is a day, whatever the time that HubSpot adds to it
    clean_text(deal.dealname) as dealname,
    case
        when home.several or coalesce(deal.deal_currency_code, home.currency) is not distinct from home.currency or deal.amount is null then deal.amount::varchar
        else coalesce(deal.amount_in_home_currency::varchar, unknown(number_text(deal.amount) || ' ' || deal.deal_currency_code))
    end as amount,
    case when home.several then coalesce(deal.deal_currency_code, home.currency) end as deal_currency_code,
    day_in_portal(deal.closedate) as closedate,
    mapped(deal_stage.value, deal.pipeline || '/' || deal.dealstage) as dealstage,
    mapped(deal_type.value, deal.dealtype) as dealtype,
    clean_text(deal.description) as description,
    clean_text(deal.hs_next_step) as hs_next_step,

    -- whose it is
    deal.associated_company_id as company,
    mapped(owners.email, deal.hubspot_owner_id) as owner_email
from hubspot.deals as deal
cross join home
left join deal_stage on deal_stage.hubspot = deal.pipeline || '/' || deal.dealstage
left join deal_type on deal_type.hubspot = deal.dealtype
left join owners on owners.id = deal.hubspot_owner_id
left join merged on merged.gone_id = deal.id
