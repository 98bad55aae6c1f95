-- one row per Salesforce Lead: what Salesforce says of a person who is not a contact of an account yet
-- optional: HasOptedOutOfEmail, DoNotCall, EmailBouncedReason
-- optional, else null: CountryCode, StateCode
with
users as (
    select id, owner_email(email) as email
    from catalog.users
),

lifecycle_stage as (
    select salesforce, value
    from crosswalk.lifecycle_stage
    where use in ('both', 'in') and salesforce is not null
),

lead_status as (
    select salesforce, value
    from crosswalk.lead_status
    where use in ('both', 'in') and salesforce is not null
),

lead_source as (
    select salesforce, value
    from crosswalk.lead_source
    where use in ('both', 'in') and salesforce is not null
),

-- Both are empty where the org takes any text as a country.
countries as (
    select code, name
    from country_names('Lead', 'CountryCode')
),

states as (
    select country, code, name
    from state_names('Lead', 'StateCode')
)

select
    -- the record
    lead.Id as id,
    lead.LastModifiedDate as modified_at,
    lead.LastModifiedById as modified_by,
    lead._deleted as deleted,
    not never_touched('salesforce', 'Lead', lead.Id, lead.Email) as in_scope,
    -- a converted lead goes on as its contact, a merged one as the survivor
    coalesce(lead.ConvertedContactId, lead.MasterRecordId) as superseded_by,
    case
        when lead.ConvertedContactId is not null then 'Contact'
        when lead.MasterRecordId is not null then 'Lead'
    end as superseded_by_object,

    -- what ties the two records
    lead.HubSpot_Id__c as hubspot_id,
    lead.Id as salesforce_id,
    'Lead' as salesforce_object,
    lead.Status as salesforce_lead_status,

    -- the person
    clean_email(lead.Email) as email,
    clean_text(lead.FirstName) as firstname,
    not_provided(lead.LastName) as lastname,
    clean_text(lead.Phone) as phone,
    clean_text(lead.MobilePhone) as mobilephone,
    clean_text(lead.Title) as jobtitle,
    not_provided(lead.Company) as company,

    -- the address
    clean_text(lead.Street) as address,
    clean_text(lead.City) as city,
    coalesce(states.name, clean_text(lead.State)) as state,
    clean_text(lead.PostalCode) as zip,
    coalesce(countries.name, clean_text(lead.Country)) as country,

    -- what the person does not want: true or blank
    if(lead.HasOptedOutOfEmail, true, null) as email_optout,
    if(lead.HasOptedOutOfEmail, true, null) as salesforce_email_optout,
    if(lead.DoNotCall, true, null) as do_not_call,
    if(lead.EmailBouncedReason <> '', true, null) as email_bounced,

    -- where the person stands
    mapped(lifecycle_stage.value, lead.Status) as lifecyclestage,
    mapped(lead_status.value, lead.Status) as hs_lead_status,
    lead.Status as status,
    mapped(lead_source.value, lead.LeadSource) as original_source,
    mapped(users.email, lead.OwnerId) as owner_email
from salesforce.Lead as lead
left join lifecycle_stage on lifecycle_stage.salesforce = lead.Status
left join lead_status on lead_status.salesforce = lead.Status
left join lead_source on lead_source.salesforce = lead.LeadSource
left join users on users.id = lead.OwnerId
left join countries on countries.code = lead.CountryCode::varchar
left join states on states.code = lead.StateCode::varchar and coalesce(states.country, lead.CountryCode::varchar) = lead.CountryCode::varchar
