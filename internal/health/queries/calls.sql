-- one row per CRM: calls left today by its own count, when it said so, and the calls of the 24 hours before $1
with told as (
    select 'hubspot' as system, hubspot_left as remaining, hubspot_calls as calls, coalesce(ended_at, started_at) as "at" from history.run
    union all by name
    select 'salesforce' as system, salesforce_left as remaining, salesforce_calls as calls, coalesce(ended_at, started_at) as "at" from history.run
)
select
    system,
    max_by(remaining, "at") filter (remaining is not null) as remaining,
    max("at") filter (remaining is not null) as told_at,
    coalesce(sum(calls) filter ("at" > $1::timestamptz - interval 24 hours), 0)::bigint as last_day
from told
group by system
order by system
