-- one row per pair of records that may be the same deal and rule that says so; the smallest rank wins
with
stamped as (
    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id
    from hubspot
    join salesforce on salesforce.hubspot_id = hubspot.id
    where hubspot.pair_id is null or salesforce.pair_id is null

    union

    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id
    from hubspot
    join salesforce on hubspot.salesforce_id = salesforce.id
    where hubspot.pair_id is null or salesforce.pair_id is null
),

-- A name says little by itself: renewals have last year's. The company is the pair that both records refer to.
same_name as (
    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id,
        hubspot.company = salesforce.company as same_company,
        hubspot.closedate = salesforce.closedate and hubspot.amount = salesforce.amount as same_terms
    from (select *, plain(dealname) as name from hubspot) as hubspot
    join (select *, plain(dealname) as name from salesforce) as salesforce using (name)
    where hubspot.pair_id is null or salesforce.pair_id is null
),

proposed as (
    select *, 'stamped id' as rule, 1 as rank
    from stamped
    union all by name
    select * exclude (same_company, same_terms), 'same name, company and terms' as rule, 10 as rank
    from same_name
    where same_company and same_terms
    union all by name
    select * exclude (same_company, same_terms), 'same name and company' as rule, 11 as rank
    from same_name
    where same_company and not coalesce(same_terms, false)
    union all by name
    select * exclude (same_company, same_terms), 'same name and terms' as rule, 20 as rank
    from same_name
    where same_terms and not coalesce(same_company, false)
)

select hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule, rank
from proposed
