-- What a value fight looks like in the writes of the last ten runs: a value we sent is due there again although
-- that side left it by itself, or the field goes back and forth for the third time. A person who types A, B, A, B
-- on one side is neither, and what was sent to a record that is no longer the pair's (merged, converted) says nothing
-- of the one that took its place.
create or replace temp table frozen as
with
lately as (
    select run_id
    from history.run
    order by started_at desc, run_id desc
    limit 10
),

written as (
    select change.pair_id, change.system, change."column", change.after, change."at", unnest(change.fields) as field
    from history.change as change
    join lately using (run_id)
    join pair
        on pair.pair_id = change.pair_id
        and change.object = if(change.system = 'hubspot', pair.hubspot_object, pair.salesforce_object)
        and change.record_id = if(change.system = 'hubspot', pair.hubspot_id, pair.salesforce_id)
    where change.entity = {{str .Entity}} and change.outcome = 'taken' and change.action = 'update'
        and change.pair_id in (select pair_id from moving)
        -- what a person has decided since starts anew
        and not exists (
            from history.answer as answer
            where answer.entity = change.entity and answer.pair_id = change.pair_id
                and list_contains(change.fields, answer.field) and answer.answered_at > change."at")
),

due as (
    select moving.system, moving.pair_id, moving."column", moving.after, moved_by.unit, rule.field
    from moving
    join moved_by using (system, pair_id, "column")
    join rule using (unit)
    -- an opt-out is put back as often as it is taken back
    where rule.rule <> 'opt_out_wins'
),

again as (
    select due.pair_id, due.unit, 'the value sent to ' || due.system || ' is due there again although that side left it' as reason
    from due
    join written using (pair_id, system, "column", field)
    group by due.system, due.pair_id, due."column", due.unit, due.after
    having arg_max(coalesce(written.after, ''), written."at") = due.after
),

turns as (
    select pair_id, field, system, system is distinct from lag(system) over (partition by pair_id, field order by "at") as turned
    from (
        select distinct pair_id, field, system, "at" from written
        union all
        select distinct pair_id, field, system, getvariable('run_at') from due
    )
),

back_and_forth as (
    select turns.pair_id, rule.unit, 'it goes back and forth between the CRMs for the third time' as reason
    from turns
    join rule using (field)
    group by turns.pair_id, rule.unit, turns.field
    having count(*) filter (turned) >= 6
),

since_before as (
    select known.pair_id, rule.unit, known.reason, known.kind
    from history.frozen as known
    join rule using (field)
    where known.entity = {{str .Entity}} and known.released_at is null
)

select pair_id, unit, min(reason) as reason, coalesce(min(kind) = 'unclear', false) as asks
from (from again union all by name from back_and_forth union all by name from since_before)
anti join verdict using (pair_id, unit)
group by pair_id, unit;

-- Columns that do not go: their value has no translation, the field is frozen, or the value was refused and
-- nothing has moved since.
create or replace temp table stopped as
with
-- What was refused in the same words belongs together: where one of its values is not due any more, the others go again.
moot as (
    select distinct refusal.pair_id, refusal.system, refusal.run_id, refusal.words
    from history.refusal as refusal
    anti join moving
        on moving.pair_id = refusal.pair_id and moving.system = refusal.system
        and (refusal."column" is null or moving."column" = refusal."column" and moving.after = coalesce(refusal.value, ''))
    where refusal.entity = {{str .Entity}}
)

select system, pair_id, "column", 'unmapped' as kind, 'no translation for ' || replace(after, chr(57344), '') as text
from moving
where unknown
union all
select distinct moved_by.system, moved_by.pair_id, moved_by."column", if(frozen.asks, 'ask', 'frozen'), frozen.reason
from moved_by
join frozen using (pair_id, unit)
union all
select moving.system, moving.pair_id, moving."column", 'refused', 'refused before, nothing has moved since: ' || any_value(concat_ws('; ', refusal.words, refusal.remedy))
from moving
join suspect_hubspot as hubspot using (pair_id)
join suspect_salesforce as salesforce using (pair_id)
join history.refusal as refusal
    on refusal.entity = {{str .Entity}} and refusal.pair_id = moving.pair_id and refusal.system = moving.system
    and (refusal."column" is null or refusal."column" = moving."column")
    and coalesce(refusal.value, '') = moving.after
anti join moot
    on moot.pair_id = refusal.pair_id and moot.system = refusal.system and moot.run_id = refusal.run_id and moot.words = refusal.words
where not moving.unknown and not coalesce(refusal.predicted, false)
    and not {{.RetryRefused}}
    and refusal.last_at >= if(moving.system = 'hubspot', hubspot.modified_at, salesforce.modified_at) - interval 1 minute
    and refusal.last_at >= all (select changed_at from catalog.column as said where said.system = refusal.system and said.object = refusal.object)
group by moving.system, moving.pair_id, moving."column"
union all
select system, pair_id, "column", 'foreseen', words
from foreseen
where action = 'update'
union all
-- HubSpot takes a lifecycle stage forward only. Where fields.sql says that it may go back, load clears it first.
select moving.system, moving.pair_id, moving."column", 'refused',
    'HubSpot takes a lifecycle stage forward only: it stays ' || moving.before || ' and does not go back to ' || moving.after
from moving
join pair using (pair_id)
join catalog.option as present
    on present.system = 'hubspot' and present.object = pair.hubspot_object
    and present."column" = moving."column" and present.value = moving.before
join catalog.option as earlier
    on earlier.system = 'hubspot' and earlier.object = pair.hubspot_object
    and earlier."column" = moving."column" and earlier.value = moving.after and earlier.position < present.position
where moving.system = 'hubspot' and moving."column" = 'lifecyclestage'
    and not exists (
        select 1
        from moved_by
        join rule using (unit)
        where moved_by.system = moving.system and moved_by.pair_id = moving.pair_id and moved_by."column" = moving."column" and rule.backwards
    );

-- A unit with a stopped column waits whole, and so do the columns it shares.
create or replace temp table waiting as
with recursive spread as (
    select moved_by.system, moved_by.pair_id, moved_by.unit
    from moved_by
    join stopped using (system, pair_id, "column")
    union
    select other.system, other.pair_id, other.unit
    from spread
    join moved_by as mine using (system, pair_id, unit)
    join moved_by as other using (system, pair_id, "column")
)

select * from spread;
