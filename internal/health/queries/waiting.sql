-- one row per entity, kind and field of what its newest plan leaves to a person, or cannot do yet
with newest as (
    select entity, plan_id from plan.newest
),
conflict as (
    select planned.entity, 'conflict' as kind, planned.field, count(*) as records
    from plan.field as planned
    join newest using (entity, plan_id)
    where planned.outcome = 'ask'
        -- what has been answered goes with the next run
        and not exists (
            from history.answer as answer
            where answer.entity = planned.entity and answer.pair_id = planned.pair_id and answer.field = planned.field
                and answer.hubspot is not distinct from planned.hubspot and answer.salesforce is not distinct from planned.salesforce
        )
    group by all
),
notice as (
    select entity, kind, coalesce(field, '') as field, count(*) as records
    from plan.notice
    join newest using (entity, plan_id)
    group by all
)
from conflict union all from notice
order by entity, kind, records desc, field
