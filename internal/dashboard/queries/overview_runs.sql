-- grain: one of the last runs that planned something or ended badly
select
    run_id as run,
    pipeline,
    state,
    started_at as started,
    round(epoch(ended_at - started_at), 1) as seconds,
    planned,
    taken,
    refused,
    stale,
    deferred,
    error as _error
from history.run
where planned > 0 or state <> 'done'
order by started_at desc, run_id desc
limit 10
