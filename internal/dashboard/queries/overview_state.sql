-- grain: the newest run that has ended, with when both CRMs were last in step
select
    run_id as run,
    pipeline,
    state,
    started_at as _started,
    (
        select max(started_at)
        from history.run
        where state in ('done', 'refused') and pipeline not in ('plan', 'extract', 'setup')
    ) as in_step_at
from history.run
where ended_at is not null
order by started_at desc, run_id desc
limit 1
