-- one row per record without a partner: where its company is created, and why; a null object creates nothing
with
-- Every Account is told to HubSpot; of HubSpot's companies only those that buy become Accounts.
companies as (
    select
        'salesforce' as system,
        'Account' as object,
        object as source_object,
        id as source_id,
        root_domain(domain) as domain,
        name,
        case when coalesce(lifecyclestage, '') not in ('opportunity', 'customer', 'evangelist') then 'a company becomes an account once it is an opportunity' end as wait
    from hubspot

    union all

    select
        'hubspot',
        'companies',
        object,
        id,
        root_domain(domain),
        name,
        null
    from salesforce
),

-- Duplicates on one domain must not become duplicates in the other CRM.
counted as (
    select
        *,
        count(*) over (partition by system, domain) as on_domain
    from companies
)

select
    system,
    case when wait is null and name is not null and (domain is null or on_domain = 1 or domain in (select domain from list.free_mail_domains)) then object end as object,
    source_object,
    source_id,
    case
        when wait is not null then wait
        when name is null then 'a company without a name stays where it is'
        when domain is not null and on_domain > 1 and domain not in (select domain from list.free_mail_domains) then on_domain || ' records have the domain ' || domain || '; merge them, or say in same_as.csv which is which'
        else 'not in ' || if(system = 'salesforce', 'Salesforce', 'HubSpot') || ' yet'
    end as reason
from counted
