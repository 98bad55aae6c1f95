-- one row per pipeline or command that ever ran: its last run, and when it last went well
select
    pipeline,
    run_id,
    started_at,
    ended_at,
    state,
    coalesce(exit_code, 0) as exit_code,
    coalesce(extracted, 0) as extracted,
    coalesce(planned, 0) as planned,
    coalesce(taken, 0) as taken,
    coalesce(refused, 0) as refused,
    coalesce(stale, 0) as stale,
    coalesce(deferred, 0) as deferred,
    coalesce("error", '') as "error",
    max(if(state in ('done', 'refused', 'planned'), started_at, null)) over (partition by pipeline) as well_at,
    min(started_at) over () as first_at
from history.run
where state <> 'running'
qualify row_number() over (partition by pipeline order by started_at desc, run_id desc) = 1
order by started_at desc, run_id desc
