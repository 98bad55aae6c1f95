-- grain: one run, newest first
-- key: started desc, run desc
select
    run_id as run,
    pipeline,
    state,
    started_at as started,
    round(epoch(ended_at - started_at), 1) as seconds,
    extracted as "read",
    changed,
    planned,
    taken,
    refused,
    stale,
    deferred,
    hubspot_calls,
    salesforce_calls,
    error as _error
from history.run
where true
    and pipeline = $pipeline                                        -- if pipeline
    and state = $state                                              -- if state
    and (planned > 0 or state <> 'done')                            -- if busy
    and started_at >= $since                                        -- if since
    and started_at < $until                                         -- if until
