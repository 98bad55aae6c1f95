-- one row per pair: the columns of a Salesforce Lead
-- optional: HasOptedOutOfEmail, DoNotCall, EmailBouncedReason, CountryCode, StateCode
with
users as (
    -- an address may belong to several users: the one that can own records, the oldest of them
    select owner_email(email) as email, min(id) as id
    from catalog.users
    where active
    group by all
),

lifecycle_stage as (
    select value, salesforce
    from crosswalk.lifecycle_stage
    where use in ('both', 'out') and salesforce is not null
),

lead_source as (
    select value, salesforce
    from crosswalk.lead_source
    where use in ('both', 'out') and salesforce is not null
),

-- Both are empty where the org takes any text as a country.
countries as (
    select spelling, code
    from country_codes('Lead', 'CountryCode')
),

states as (
    select country, spelling, code
    from state_codes('Lead', 'StateCode')
)

select
    contact.pair_id,
    contact.hubspot_id as HubSpot_Id__c,
    contact.email as Email,
    contact.firstname as FirstName,
    -- both are required to create a lead
    coalesce(contact.lastname, '[not provided]') as LastName,
    coalesce(contact.company, '[not provided]') as Company,
    contact.phone as Phone,
    contact.mobilephone as MobilePhone,
    contact.jobtitle as Title,
    contact.address as Street,
    contact.city as City,
    contact.zip as PostalCode,
    -- an address that takes only what is on a list is told the code, and fills in the text itself
    if(exists(from countries), null, contact.state) as State,
    if(exists(from countries), null, contact.country) as Country,
    mapped(states.code, contact.state) as StateCode,
    mapped(countries.code, contact.country) as CountryCode,
    -- never cleared here: the fields are true or blank
    coalesce(contact.email_optout, contact.salesforce_email_optout) as HasOptedOutOfEmail,
    contact.do_not_call as DoNotCall,
    if(contact.email_bounced = 'true', 'bounced in HubSpot', null) as EmailBouncedReason,
    mapped(lifecycle_stage.salesforce, contact.lifecyclestage) as Status,
    mapped(lead_source.salesforce, contact.original_source) as LeadSource,
    owner_id(users.id, contact.owner_email, 'salesforce', 'Lead') as OwnerId
from contact
left join lifecycle_stage on lifecycle_stage.value = contact.lifecyclestage
left join lead_source on lead_source.value = contact.original_source
left join users on users.email = contact.owner_email
left join countries on countries.spelling = plain(contact.country)
left join states on states.spelling = plain(contact.state) and coalesce(states.country, countries.code) = countries.code
