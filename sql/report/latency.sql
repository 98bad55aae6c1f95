-- one row per day (UTC) of the last 90, entity and written CRM: how long an edit took from the record it was made in to the other CRM
-- What is measured: the instant at which a change had been written and read back, minus the source record's own last-modified
-- stamp. That stamp is the mirror's: a source edited or touched again since (HubSpot stamps records by itself) says nothing of
-- this change, so such changes are left out and counted as unknown. CRMs' clocks are as they are: see catalog.clock.
with
sent as (
    select run_id, entity, pair_id, system, max("at") as arrived_at
    from history.change
    where outcome = 'taken' and action in ('create', 'update') and "at" >= getvariable('run_at') - interval 90 day
    group by all
),

source as (
    select entity, pair_id, system, modified_at
    from mapped._record
    where state = 'linked' and modified_at is not null
),

matched as (
    select sent.*, source.modified_at
    from sent
    left join source
        on source.entity = sent.entity and source.pair_id = sent.pair_id and source.system <> sent.system
),

-- the first change after the stamp is the one that brought the edit
timed as (
    select
        *,
        if(arrived_at = min(arrived_at) filter (where modified_at <= arrived_at) over (partition by entity, pair_id, system), epoch(arrived_at - modified_at), null) as seconds
    from matched
)

select
    (arrived_at at time zone 'UTC')::date as day,
    entity,
    system as written,
    count(seconds) as changes,
    count(*) - count(seconds) as unknown,
    round(median(seconds)) as median_seconds,
    round(quantile_cont(seconds, 0.95)) as p95_seconds,
    round(max(seconds)) as longest_seconds
from timed
group by all
order by day desc, entity, written
