-- one row per Salesforce Contact: what Salesforce says of a person at an account
-- optional: HasOptedOutOfEmail, DoNotCall, EmailBouncedReason
-- optional, else null: IsPersonAccount, MailingCountryCode, MailingStateCode
with
users as (
    select id, owner_email(email) as email
    from catalog.users
),

lead_status as (
    select salesforce, value
    from crosswalk.lead_status
    where use in ('both', 'in') and salesforce is not null
),

-- What a contact was before.
converted_lead as (
    select ConvertedContactId as contact_id, max_by(Status, LastModifiedDate) as status
    from salesforce.Lead
    where ConvertedContactId is not null
    group by all
),

-- What the opportunities that a contact has a role in make of it; one without them is left to HubSpot.
sold as (
    select role.ContactId as contact_id, case when bool_or(opportunity.IsWon) then 'customer' when bool_or(not opportunity.IsClosed) then 'opportunity' end as lifecyclestage
    from salesforce.OpportunityContactRole as role
    join salesforce.Opportunity as opportunity on opportunity.Id = role.OpportunityId
    where not role._deleted and not opportunity._deleted
    group by all
),

lead_source as (
    select salesforce, value
    from crosswalk.lead_source
    where use in ('both', 'in') and salesforce is not null
),

-- Both are empty where the org takes any text as a country.
countries as (
    select code, name
    from country_names('Contact', 'MailingCountryCode')
),

states as (
    select country, code, name
    from state_names('Contact', 'MailingStateCode')
)

select
    -- the record
    contact.Id as id,
    contact.LastModifiedDate as modified_at,
    contact.LastModifiedById as modified_by,
    contact._deleted as deleted,
    not never_touched('salesforce', 'Contact', contact.Id, contact.Email) as in_scope,
    contact.MasterRecordId as superseded_by,
    case when contact.MasterRecordId is not null then 'Contact' end as superseded_by_object,

    -- what ties the two records
    contact.HubSpot_Id__c as hubspot_id,
    contact.Id as salesforce_id,
    'Contact' as salesforce_object,
    converted_lead.status as salesforce_lead_status,

    -- the person
    clean_email(contact.Email) as email,
    clean_text(contact.FirstName) as firstname,
    not_provided(contact.LastName) as lastname,
    clean_text(contact.Phone) as phone,
    clean_text(contact.MobilePhone) as mobilephone,
    clean_text(contact.Title) as jobtitle,

    -- a contact's company is its account, which is an entity of its own
    -- (a person account's contact has none: its account is the person himself)
    if(contact.IsPersonAccount::boolean, unknown(''), contact.AccountId) as associatedcompanyid,

    -- the address
    clean_text(contact.MailingStreet) as address,
    clean_text(contact.MailingCity) as city,
    coalesce(states.name, clean_text(contact.MailingState)) as state,
    clean_text(contact.MailingPostalCode) as zip,
    coalesce(countries.name, clean_text(contact.MailingCountry)) as country,

    -- what the person does not want: true or blank
    if(contact.HasOptedOutOfEmail, true, null) as email_optout,
    if(contact.HasOptedOutOfEmail, true, null) as salesforce_email_optout,
    if(contact.DoNotCall, true, null) as do_not_call,
    if(contact.EmailBouncedReason <> '', true, null) as email_bounced,

    -- where the person stands
    sold.lifecyclestage as lifecyclestage,
    -- a contact has no status of its own, but its lead's
    mapped(lead_status.value, converted_lead.status) as hs_lead_status,
    mapped(lead_source.value, contact.LeadSource) as original_source,
    mapped(users.email, contact.OwnerId) as owner_email
from salesforce.Contact as contact
left join converted_lead on converted_lead.contact_id = contact.Id
left join lead_status on lead_status.salesforce = converted_lead.status
left join lead_source on lead_source.salesforce = contact.LeadSource
left join sold on sold.contact_id = contact.Id
left join users on users.id = contact.OwnerId
left join countries on countries.code = contact.MailingCountryCode::varchar
left join states on states.code = contact.MailingStateCode::varchar and coalesce(states.country, contact.MailingCountryCode::varchar) = contact.MailingCountryCode::varchar
