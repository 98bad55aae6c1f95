-- one row per HubSpot company: what HubSpot says of it
with
owners as (
    select id, lower(email) as email
    from catalog.owners
),

industry as (
    select hubspot, value
    from crosswalk.industry
    where use in ('both', 'in') and hubspot is not null
),

stage as (
    select hubspot, value
    from crosswalk.lifecycle_stage
    where use in ('both', 'in') and hubspot is not null
),

-- A merge takes the other record away without a word; the one that is left names it, and whatever it had taken in.
merged as (
    select gone_id, max_by(id, hs_lastmodifieddate) as survivor_id
    from (select id, hs_lastmodifieddate, unnest(string_split(hs_merged_object_ids, ';')) as gone_id from hubspot.companies)
    where gone_id <> id
    group by all
)

select
    -- the record
    company.id as id,
    company.hs_lastmodifieddate as modified_at,
    company._deleted as deleted,
    merged.survivor_id as superseded_by,
    case when merged.survivor_id is not null then 'companies' end as superseded_by_object,
    not never_touched('hubspot', 'companies', company.id, coalesce(company.domain, company.website)) as in_scope,

    -- what ties the two records
    company.id as hubspot_id,
    company.salesforce_id as salesforce_id,
    company.salesforce_object as salesforce_object,

    -- the company
    not_provided(company.name) as name,
    coalesce(host_name(company.domain), host_name(company.website)) as domain,
    clean_text(company.phone) as phone,
    mapped(industry.value, company.industry) as industry,
    company.numberofemployees as numberofemployees,
    company.annualrevenue as annualrevenue,
    clean_text(company.description) as description,
    company.hs_parent_company_id as parent,

    -- the address
    clean_text(company.address) as address,
    clean_text(company.city) as city,
    clean_text(company.state) as state,
    clean_text(company.zip) as zip,
    clean_text(company.country) as country,

    -- where it stands
    mapped(stage.value, company.lifecyclestage) as lifecyclestage,
    company.lifecyclestage as present_stage,
    mapped(owners.email, company.hubspot_owner_id) as owner_email
from hubspot.companies as company
left join industry on industry.hubspot = company.industry
left join stage on stage.hubspot = company.lifecyclestage
left join owners on owners.id = company.hubspot_owner_id
left join merged on merged.gone_id = company.id
