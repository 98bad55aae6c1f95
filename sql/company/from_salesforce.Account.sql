-- one row per Salesforce Account: what Salesforce says of a company
with
users as (
    select id, owner_email(email) as email
    from catalog.users
),

industry as (
    select salesforce, value
    from crosswalk.industry
    where use in ('both', 'in') and salesforce is not null
)

select
    -- the record
    account.Id as id,
    account.LastModifiedDate as modified_at,
    account.LastModifiedById as modified_by,
    account._deleted as deleted,
    not never_touched('salesforce', 'Account', account.Id, account.Website) as in_scope,
    account.MasterRecordId as superseded_by,
    case when account.MasterRecordId is not null then 'Account' end as superseded_by_object,

    -- what ties the two records
    account.HubSpot_Id__c as hubspot_id,
    account.Id as salesforce_id,
    'Account' as salesforce_object,

    -- the company
    not_provided(account.Name) as name,
    host_name(account.Website) as domain,
    clean_text(account.Phone) as phone,
    mapped(industry.value, account.Industry) as industry,
    account.NumberOfEmployees as numberofemployees,
    account.AnnualRevenue as annualrevenue,
    clean_text(account.Description) as description,
    account.ParentId as parent,

    -- the address
    clean_text(account.BillingStreet) as address,
    clean_text(account.BillingCity) as city,
    clean_text(account.BillingState) as state,
    clean_text(account.BillingPostalCode) as zip,
    clean_text(account.BillingCountry) as country,

    -- where it stands; an account has no stage of its own
    mapped(users.email, account.OwnerId) as owner_email
from salesforce.Account as account
left join industry on industry.salesforce = account.Industry
left join users on users.id = account.OwnerId
