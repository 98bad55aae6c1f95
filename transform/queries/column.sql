-- The columns that move: to(merged) differs from to(current) and from the mirror. The value is that of the
-- row as the deciding side's editor sees it.
create or replace temp table moving as
with
merged as (
    select probe.system, probe.pair_id, sent.*
    from probe
    join sent using (probe_id)
    where probe.kind = 'merged'
),

seen_by_editor as (
    select probe.system, probe.pair_id, sent.*
    from probe
    join sent using (probe_id)
    where probe.kind = 'value'
)

select
    merged.system,
    merged.pair_id,
    merged."column",
    merged.mirror as before,
    coalesce(seen_by_editor.value, '') as after,
    coalesce(contains(seen_by_editor.value, chr(57344)) or contains(merged.value, chr(57344)), false) as unknown
from merged
join seen_by_editor
    on seen_by_editor.system = merged.system
    and seen_by_editor.pair_id = merged.pair_id
    and seen_by_editor."column" = merged."column";

-- Which decided unit moves which of these columns: each unit alone against the row as it is. A column that
-- only several units together move belongs to all of them.
create or replace temp table moved_by as
with
alone as (
    select moving.system, moving.pair_id, moving."column", decision.unit
    from moving
    join decision on decision.pair_id = moving.pair_id and decision.winner <> moving.system and decision.winner <> 'ask'
    join crossed on crossed.pair_id = moving.pair_id and crossed.system = moving.system and crossed.kind = 'one' and crossed.unit = decision.unit
    join sent on sent.probe_id = crossed.probe_id and sent."column" = moving."column"
)

select * from alone
union all
select moving.system, moving.pair_id, moving."column", decision.unit
from moving
join decision on decision.pair_id = moving.pair_id and decision.winner <> moving.system and decision.winner <> 'ask'
anti join alone
    on alone.system = moving.system and alone.pair_id = moving.pair_id and alone."column" = moving."column";
