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

lead_status as (
    select value, salesforce
    from crosswalk.lead_status
    -- the status of converted leads is for conversion alone: the catalog has it as inactive
    where use in ('both', 'out') and salesforce not in (
        select value from catalog.option where system = 'salesforce' and object = 'Lead' and "column" = 'Status' and not active
    )
),

-- What a Lead.Status is called in HubSpot as it stands.
stands as (
    select status.value as status, any_value(known_status.value) as lead_status
    from (from catalog.option where system = 'salesforce' and object = 'Lead' and "column" = 'Status') as status
    left join crosswalk.lead_status as known_status on known_status.salesforce = status.value and known_status.use in ('both', 'in')
    group by status.value
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
    -- HubSpot's lead status is the column's counterpart; a lifecycle stage moves no Lead.Status
    case
        -- a new lead has a status in any case: what has no counterpart is told of by the report
        when contact.status is null then coalesce(lead_status.salesforce, (
            select arg_min(value, position) from catalog.option where system = 'salesforce' and object = 'Lead' and "column" = 'Status' and active
        ))
        when known(contact.hs_lead_status) <> coalesce(stands.lead_status, '') then mapped(lead_status.salesforce, contact.hs_lead_status)
        else contact.status
    end as Status,
    mapped(lead_source.salesforce, contact.original_source) as LeadSource,
    owner_id(users.id, contact.owner_email, 'salesforce', 'Lead') as OwnerId
from contact
left join lead_status on lead_status.value = contact.hs_lead_status
left join stands on stands.status = contact.status
left join lead_source on lead_source.value = contact.original_source
left join users on users.email = contact.owner_email
left join countries on countries.spelling = plain(contact.country)
left join states on states.spelling = plain(contact.state) and coalesce(states.country, countries.code) = countries.code
