-- grain: one entity and system that the run wrote, or would have written, with the columns by outcome
select
    entity,
    system,
    count(*) filter (outcome = 'taken') as taken,
    nullif(count(*) filter (outcome = 'not_taken'), 0) as not_taken,
    nullif(count(*) filter (outcome = 'refused'), 0) as refused,
    nullif(count(*) filter (outcome = 'stale'), 0) as stale,
    nullif(count(*) filter (outcome = 'deferred'), 0) as deferred,
    nullif(count(*) filter (outcome = 'unclear'), 0) as unclear,
    nullif(count(*) filter (outcome = 'planned'), 0) as planned,
    count(distinct record_id) as records
from history.change
where run_id = $run
group by all
order by entity, system
