-- one row per Salesforce Account: what Salesforce says of a company; a person account is none, its contact is a person of sql/contact
-- optional, else null: IsPersonAccount, BillingCountryCode, BillingStateCode
with
users as (
    select id, owner_email(email) as email
    from catalog.users
),

-- What its opportunities make of a company; one without them is left to HubSpot.
sold as (
    select AccountId as account_id, case when bool_or(IsWon) then 'customer' when bool_or(not IsClosed) then 'opportunity' end as lifecyclestage
    from salesforce.Opportunity
    where not _deleted and AccountId is not null
    group by all
),

industry as (
    select salesforce, value
    from crosswalk.industry
    where use in ('both', 'in') and salesforce is not null
),

-- Both are empty where the org takes any text as a country.
countries as (
    select code, name
    from country_names('Account', 'BillingCountryCode')
),

states as (
    select country, code, name
    from state_names('Account', 'BillingStateCode')
)

select
    -- the record
    account.Id as id,
    account.LastModifiedDate as modified_at,
    account.LastModifiedById as modified_by,
    account._deleted as deleted,
    not coalesce(account.IsPersonAccount::boolean, false) and not never_touched('salesforce', 'Account', account.Id, account.Website) as in_scope,
    account.MasterRecordId as superseded_by,
    case when account.MasterRecordId is not null then 'Account' end as superseded_by_object,

    -- what ties the two records
    account.HubSpot_Id__c as hubspot_id,
    account.Id as salesforce_id,
    'Account' as salesforce_object,

    -- the company
    -- a person matches no company
    if(account.IsPersonAccount::boolean, null, not_provided(account.Name)) as name,
    if(account.IsPersonAccount::boolean, null, host_name(account.Website)) as domain,
    clean_text(account.Phone) as phone,
    mapped(industry.value, account.Industry) as industry,
    account.NumberOfEmployees as numberofemployees,
    account.AnnualRevenue as annualrevenue,
    clean_text(account.Description) as description,
    account.ParentId as parent,

    -- the address
    clean_text(account.BillingStreet) as address,
    clean_text(account.BillingCity) as city,
    coalesce(states.name, clean_text(account.BillingState)) as state,
    clean_text(account.BillingPostalCode) as zip,
    coalesce(countries.name, clean_text(account.BillingCountry)) as country,

    -- where it stands
    sold.lifecyclestage as lifecyclestage,
    mapped(users.email, account.OwnerId) as owner_email
from salesforce.Account as account
left join industry on industry.salesforce = account.Industry
left join sold on sold.account_id = account.Id
left join users on users.id = account.OwnerId
left join countries on countries.code = account.BillingCountryCode::varchar
left join states on states.code = account.BillingStateCode::varchar and coalesce(states.country, account.BillingCountryCode::varchar) = account.BillingCountryCode::varchar
