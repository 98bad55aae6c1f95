-- one row per pair: the columns of a Salesforce Account
with
users as (
    -- an address may belong to several users: the one that can own records, the oldest of them
    select owner_email(email) as email, min(id) as id
    from catalog.users
    where active
    group by all
),

industry as (
    select value, salesforce
    from crosswalk.industry
    where use in ('both', 'out') and salesforce is not null
)

select
    company.pair_id,
    company.hubspot_id as HubSpot_Id__c,
    company.name as Name,
    company.domain as Website,
    company.phone as Phone,
    mapped(industry.salesforce, company.industry) as Industry,
    company.numberofemployees as NumberOfEmployees,
    company.annualrevenue as AnnualRevenue,
    company.description as Description,
    company.parent as ParentId,
    company.address as BillingStreet,
    company.city as BillingCity,
    company.state as BillingState,
    company.zip as BillingPostalCode,
    company.country as BillingCountry,
    owner_id(users.id, company.owner_email, 'salesforce', 'Account') as OwnerId
from company
left join industry on industry.value = company.industry
left join users on users.email = company.owner_email
