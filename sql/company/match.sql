-- one row per pair of records that may be the same company and rule that says so; the smallest rank wins
with
-- A free-mail domain is nobody's: gmail.com in a website field says nothing.
hubspot_company as (
    select
        object,
        id,
        pair_id,
        salesforce_id,
        company_key(name) as name,
        case when root_domain(domain) not in (select domain from list.free_mail_domains) then root_domain(domain) end as domain,
        phone_key(phone) as phone,
        zip_key(zip) as zip,
        plain(city) as city
    from hubspot
),

salesforce_company as (
    select
        object,
        id,
        pair_id,
        hubspot_id,
        company_key(name) as name,
        case when root_domain(domain) not in (select domain from list.free_mail_domains) then root_domain(domain) end as domain,
        phone_key(phone) as phone,
        zip_key(zip) as zip,
        plain(city) as city
    from salesforce
),

stamped as (
    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id
    from hubspot_company as hubspot
    join salesforce_company as salesforce on salesforce.hubspot_id = hubspot.id
    where hubspot.pair_id is null or salesforce.pair_id is null

    union

    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id
    from hubspot_company as hubspot
    join salesforce_company as salesforce on hubspot.salesforce_id = salesforce.id
    where hubspot.pair_id is null or salesforce.pair_id is null
),

-- Of several records on one domain (subsidiaries, duplicates) the one of the same name comes first.
same_domain as (
    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id,
        if(hubspot.name = salesforce.name, 0, 1) as less
    from hubspot_company as hubspot
    join salesforce_company as salesforce using (domain)
    where hubspot.pair_id is null or salesforce.pair_id is null
),

-- One name is many companies' until something else is the same too; two domains that differ are two companies.
same_name as (
    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id,
        coalesce(hubspot.phone = salesforce.phone or hubspot.zip = salesforce.zip or hubspot.city = salesforce.city, false) as same_place
    from hubspot_company as hubspot
    join salesforce_company as salesforce using (name)
    where (hubspot.pair_id is null or salesforce.pair_id is null)
        and (hubspot.domain is null or salesforce.domain is null)
),

proposed as (
    select *, 'stamped id' as rule, 1 as rank
    from stamped
    union all by name
    select * exclude (less), 'same domain' as rule, 10 + less as rank
    from same_domain
    union all by name
    select * exclude (same_place), 'same name and place' as rule, 20 as rank
    from same_name
    where same_place
    union all by name
    -- without a rank it links nothing, is reported, and keeps both from being created until same_as.csv says what they are
    select * exclude (same_place), 'same name' as rule, null as rank
    from same_name
    where not same_place
)

select hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule, rank
from proposed
