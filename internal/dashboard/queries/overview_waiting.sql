-- grain: one kind of thing that a person has to look at, with how many wait
with newest as (
    select entity, plan_id from plan.newest
),

ask as (
    select field.entity, field.pair_id, field.field
    from plan.field as field
    join newest using (entity, plan_id)
    where field.outcome = 'ask'
        and not exists (
            from history.answer as answer
            where answer.entity = field.entity and answer.pair_id = field.pair_id and answer.field = field.field
                and answer.hubspot is not distinct from field.hubspot and answer.salesforce is not distinct from field.salesforce
        )
),

kind as (
    select 'conflicts that wait for an answer' as what, 'conflict' as _kind, count(*) as waiting, 1 as _rank from ask
    union all
    select 'frozen fields', 'frozen', count(*), 2 from history.frozen where released_at is null
    union all
    select 'records that match several', 'ambiguous', count(*), 3
    from plan.notice join newest using (entity, plan_id) where notice.kind = 'ambiguous'
    union all
    select 'pairs held apart', 'held', count(*), 4
    from plan.notice join newest using (entity, plan_id) where notice.kind = 'held'
    union all
    select 'values refused by a CRM', 'refused', count(*), 5 from history.refusal where not coalesce(predicted, false)
    union all
    select 'values not sent: they would be refused', 'predicted', count(*), 6 from history.refusal where predicted
    union all
    select 'values without a translation', 'unmapped', count(*), 7
    from plan.notice join newest using (entity, plan_id) where notice.kind = 'unmapped'
)

select
    what,
    waiting,
    _kind,
    (select arg_max(run_id, (made_at, plan_id)) from plan.plan where plan_id in (select plan_id from newest)) as _run
from kind
where waiting > 0
order by _rank
