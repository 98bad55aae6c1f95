-- one row per pair: the columns of a Salesforce Account
-- optional: BillingCountryCode, BillingStateCode
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
),

-- Both are empty where the org takes any text as a country.
countries as (
    select spelling, code
    from country_codes('Account', 'BillingCountryCode')
),

states as (
    select country, spelling, code
    from state_codes('Account', 'BillingStateCode')
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
    company.zip as BillingPostalCode,
    -- an address that takes only what is on a list is told the code, and fills in the text itself
    if(exists(from countries), null, company.state) as BillingState,
    if(exists(from countries), null, company.country) as BillingCountry,
    mapped(states.code, company.state) as BillingStateCode,
    mapped(countries.code, company.country) as BillingCountryCode,
    owner_id(users.id, company.owner_email, 'salesforce', 'Account') as OwnerId
from company
left join industry on industry.value = company.industry
left join users on users.email = company.owner_email
left join countries on countries.spelling = plain(company.country)
left join states on states.spelling = plain(company.state) and coalesce(states.country, countries.code) = countries.code
