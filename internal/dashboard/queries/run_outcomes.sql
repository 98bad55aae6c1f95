-- grain: one entity and system that the run wrote, or would have written, with the columns by outcome
select
    entity,
    system,
    count(*) filter (outcome = 'taken') as taken,
    count(*) filter (outcome = 'not_taken') as not_taken,
    count(*) filter (outcome = 'refused') as refused,
    count(*) filter (outcome = 'stale') as stale,
    count(*) filter (outcome = 'deferred') as deferred,
    count(*) filter (outcome = 'unclear') as unclear,
    count(distinct record_id) as records
from history.change
where run_id = $run
group by all
order by entity, system
