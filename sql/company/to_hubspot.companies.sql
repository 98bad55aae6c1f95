-- one row per pair: the properties of a HubSpot company
with
owners as (
    select lower(email) as email, min(id) as id
    from catalog.owners
    where not archived
    group by all
),

stage as (
    select value, hubspot
    from crosswalk.lifecycle_stage
    where use in ('both', 'out') and hubspot is not null
),

industry as (
    select value, hubspot
    from crosswalk.industry
    where use in ('both', 'out') and hubspot is not null
)

select
    company.pair_id,
    company.salesforce_id,
    company.salesforce_object,
    company.name,
    company.domain,
    company.phone,
    mapped(industry.hubspot, company.industry) as industry,
    company.numberofemployees,
    company.annualrevenue,
    further_stage('companies', mapped(stage.hubspot, company.lifecyclestage), company.present_stage) as lifecyclestage,
    company.description,
    company.parent as hs_parent_company_id,
    company.address,
    company.city,
    company.state,
    company.zip,
    company.country,
    owner_id(owners.id, company.owner_email, 'hubspot', 'companies') as hubspot_owner_id
from company
left join stage on stage.value = company.lifecyclestage
left join industry on industry.value = company.industry
left join owners on owners.email = company.owner_email
