-- grain: one row: the newest run that has ended, and the newest that brought both CRMs into step
select
    arg_max(run_id, started_at) as run,
    arg_max(pipeline, started_at) as pipeline,
    arg_max(state, started_at) as state,
    max(started_at) as started,
    arg_max(error, started_at) as error,
    max(started_at) filter (state in ('done', 'refused') and pipeline not in ('plan', 'extract', 'undo', 'setup')) as in_step_at
from history.run
where ended_at is not null
