-- one row per field of a pair of which nothing is sent until a person says whose value stands, as the newest plan of its entity saw it
with
newest as (
    select entity, plan_id
    from plan.newest
),

asked as (
    select field.*
    from plan.field as field
    join newest using (entity, plan_id)
    where field.outcome in ('ask', 'frozen')
),

link as (
    {{- range $i, $name := .Linked}}
    {{if $i}}union all
    {{end}}select {{str $name}} as entity, pair_id, hubspot_object, hubspot_id, salesforce_object, salesforce_id
    from link.{{id $name}}
    {{- end}}
),

frozen as (
    select entity, pair_id, field, reason, since
    from history.frozen
    where released_at is null
)

select
    asked.entity,
    asked.pair_id,
    asked.field,
    coalesce(link.hubspot_object, ''),
    coalesce(link.hubspot_id, ''),
    coalesce(link.salesforce_object, ''),
    coalesce(link.salesforce_id, ''),
    coalesce(asked.hubspot, ''),
    coalesce(asked.salesforce, ''),
    coalesce(asked.hubspot_base, ''),
    coalesce(asked.salesforce_base, ''),
    asked.first_link,
    frozen.pair_id is not null or asked.outcome = 'frozen' as frozen,
    coalesce(frozen.reason, asked.reason, '') as why
from asked
join link on link.entity = asked.entity and link.pair_id = asked.pair_id
left join frozen on frozen.entity = asked.entity and frozen.pair_id = asked.pair_id and frozen.field = asked.field
-- what has been answered goes with the next run
where not exists (
    select 1
    from history.answer as answer
    where answer.entity = asked.entity and answer.pair_id = asked.pair_id and answer.field = asked.field
        and answer.hubspot is not distinct from asked.hubspot and answer.salesforce is not distinct from asked.salesforce
)
order by asked.entity, link.hubspot_object, link.hubspot_id, asked.field
