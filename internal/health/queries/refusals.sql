-- one row per category of refusals that stand, entity and object: how many, since when, and what to do about it
select
    category,
    entity,
    system,
    object,
    count(distinct pair_id) as records,
    count(*) as "values",
    count(*) filter (predicted) as predicted,
    min(first_at) as first_at,
    max(last_at) as last_at,
    coalesce(max_by(remedy, last_at), '') as remedy
from history.refusal
group by all
order by records desc, category, entity, system, object
