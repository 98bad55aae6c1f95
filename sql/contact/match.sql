-- one row per pair of records that may be the same person, with the rule that says so; the smallest rank wins
with
-- Only what is not linked on both sides already can say anything new, hence pair_id is null in each rule.
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

same_email as (
    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id
    from hubspot
    join salesforce using (email)
    where hubspot.pair_id is null or salesforce.pair_id is null
),

same_name_and_phone as (
    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id
    from hubspot
    join salesforce
        on name_key(hubspot.firstname, hubspot.lastname) = name_key(salesforce.firstname, salesforce.lastname)
        and right(digits(hubspot.phone), 9) = right(digits(salesforce.phone), 9)
    where (hubspot.pair_id is null or salesforce.pair_id is null)
        and length(digits(hubspot.phone)) >= 7
        -- two addresses on record that differ are two people until somebody says otherwise
        and (hubspot.email is null or salesforce.email is null)
),

same_name_and_address as (
    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id
    from hubspot
    join salesforce
        on name_key(hubspot.firstname, hubspot.lastname) = name_key(salesforce.firstname, salesforce.lastname)
        and lower(hubspot.address) = lower(salesforce.address)
        and hubspot.zip = salesforce.zip
    where (hubspot.pair_id is null or salesforce.pair_id is null)
        and hubspot.firstname is not null
        and (hubspot.email is null or salesforce.email is null)
),

-- a person who is both a Lead and a Contact is the Contact; the Lead is reported
proposed as (
    select *, 'stamped id' as rule, 1 as rank
    from stamped
    union all by name
    select *, 'same e-mail, contact' as rule, 2 as rank
    from same_email
    where salesforce_object = 'Contact'
    union all by name
    select *, 'same e-mail, lead' as rule, 3 as rank
    from same_email
    where salesforce_object = 'Lead'
    union all by name
    select *, 'same name and phone' as rule, if(salesforce_object = 'Contact', 4, 5) as rank
    from same_name_and_phone
    union all by name
    select *, 'same name and address' as rule, if(salesforce_object = 'Contact', 6, 7) as rank
    from same_name_and_address
)

select hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule, rank
from proposed
