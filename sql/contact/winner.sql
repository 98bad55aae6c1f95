-- one row per conflict that fields.sql does not decide well enough: who wins and why
with
stages (stage, position) as (
    values
        ('subscriber', 1), ('lead', 2), ('marketingqualifiedlead', 3), ('salesqualifiedlead', 4),
        ('opportunity', 5), ('customer', 6), ('evangelist', 7), ('other', 8)
),

-- HubSpot takes a lifecycle stage only forward, so the further stage is the one that can stand on both sides.
further_stage as (
    select
        conflict.pair_id,
        conflict.field,
        if(here.position > there.position, 'hubspot', 'salesforce') as winner,
        'the further stage' as reason
    from conflict
    join stages as here on here.stage = conflict.hubspot
    join stages as there on there.stage = conflict.salesforce
    where conflict.field = 'lifecyclestage'
),

-- HubSpot's OFFLINE only says that the contact came through an import or an integration.
known_source as (
    select pair_id, field, 'salesforce' as winner, 'HubSpot does not know the source' as reason
    from conflict
    where field = 'original_source' and hubspot = 'OFFLINE'
)

select * from further_stage
union all
select * from known_source
