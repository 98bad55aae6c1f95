-- grain: one of the last 14 days, UTC: changes by what became of them, and calls
with day as (
    select unnest(generate_series(
        date_trunc('day', $now::timestamptz) - interval 13 day, date_trunc('day', $now::timestamptz), interval 1 day
    ))::date as day
),

run as (
    select
        started_at::date as day,
        count(*) as runs,
        sum(taken)::bigint as taken,
        sum(refused)::bigint as refused,
        sum(stale + deferred)::bigint as stale_or_deferred,
        sum(hubspot_calls)::bigint as hubspot_calls,
        sum(salesforce_calls)::bigint as salesforce_calls
    from history.run
    where started_at >= date_trunc('day', $now::timestamptz) - interval 13 day
    group by 1
)

select
    day.day,
    coalesce(run.runs, 0) as runs,
    coalesce(run.taken, 0) as taken,
    coalesce(run.refused, 0) as refused,
    coalesce(run.stale_or_deferred, 0) as stale_or_deferred,
    coalesce(run.hubspot_calls, 0) as hubspot_calls,
    coalesce(run.salesforce_calls, 0) as salesforce_calls
from day
left join run using (day)
order by day.day
