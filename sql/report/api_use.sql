-- one row per day (UTC), pipeline or command, CRM and endpoint: the calls it made; left_today is the least the CRM said was left of the day
select
    (run.started_at at time zone 'UTC')::date as day,
    run.pipeline,
    call.system,
    call.endpoint,
    sum(call.calls)::bigint as calls,
    sum(call.retries)::bigint as retries, -- of the calls, those that were made again
    count(distinct call.run_id) as runs,
    min(if(call.system = 'hubspot', run.hubspot_left, run.salesforce_left)) as left_today
from history.call as call
join history.run as run using (run_id)
group by all
order by day desc, run.pipeline, call.system, calls desc, call.endpoint
