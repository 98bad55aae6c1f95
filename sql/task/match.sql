-- one row per pair of records that may be the same task and rule that says so; the smallest rank wins
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

-- What another connector copied: the person is the pair that both records refer to.
same_task as (
    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id
    from hubspot
    join salesforce on plain(salesforce.subject) = plain(hubspot.subject) and salesforce.contact = hubspot.contact and salesforce.due = hubspot.due
    where (hubspot.pair_id is null or salesforce.pair_id is null) and salesforce.in_scope
),

proposed as (
    select *, 'stamped id' as rule, 1 as rank
    from stamped
    union all by name
    select *, 'same subject, person and day' as rule, 10 as rank
    from same_task
)

select hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule, rank
from proposed
