-- one row per object that was read to its end at least once: when a run last looked at it, and its newest edit then
select
    cursor.system,
    cursor.object,
    run.read_at,
    cursor.high_water as newest_at,
    cursor.full_at
from catalog.cursor as cursor
cross join (
    -- a run reads every object or fails; one with a plan has read, but one that an event woke has not asked for everything
    select max(started_at) as read_at from history.run where state <> 'running' and pipeline <> 'wake' and (exit_code in (0, 2, 3) or plan_id is not null)
) as run
order by all
