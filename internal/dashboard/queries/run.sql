-- grain: the run that is asked for
select
    run_id as _run,
    pipeline,
    state,
    exit_code,
    started_at as started,
    ended_at as ended,
    round(epoch(ended_at - started_at), 1) as seconds,
    nullif(plan_id, run_id) as plan,
    extracted as records_read,
    changed as changed_in_mirrors,
    planned,
    taken,
    refused,
    stale,
    deferred,
    hubspot_calls,
    salesforce_calls,
    hubspot_left as hubspot_calls_left,
    salesforce_left as salesforce_calls_left,
    error,
    left(mapping, 12) as digest_of_mapping
from history.run
where run_id = $run
