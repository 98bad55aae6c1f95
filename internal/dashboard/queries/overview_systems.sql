-- grain: one CRM: how far it has been read, and its calls
with run as (
    from history.run where started_at >= $now::timestamptz - interval 14 day
),

call as (
    select 'hubspot' as system, started_at, hubspot_calls as calls, hubspot_left as calls_left from run
    union all
    select 'salesforce', started_at, salesforce_calls, salesforce_left from run
),

spent as (
    select
        system,
        sum(calls) filter (started_at >= $now::timestamptz - interval 1 day)::bigint as calls,
        arg_max(calls_left, started_at) filter (calls_left is not null) as calls_left
    from call
    group by system
)

select
    account.system,
    account.name,
    account.id as account,
    coalesce(spent.calls, 0) as calls_in_24_hours,
    spent.calls_left,
    clock.skew_ms / 1000.0 as clock_ahead_seconds
from catalog.account as account
left join spent using (system)
left join catalog.clock as clock using (system)
order by account.system
