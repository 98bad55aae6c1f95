-- grain: one column sent, or planned and not sent, in one run; newest first
-- key: "at" desc, run desc, record desc, "column" desc
-- ties: outcome, before, after
select
    "at",
    entity as _entity,
    pair_id as _pair,
    action,
    system || '.' || object as object,
    coalesce(record_id, '') as record,
    coalesce("column", '') as "column",
    before,
    after,
    outcome,
    coalesce(reason, array_to_string(rules, '; ')) as why,
    reason as _reason,
    array_to_string(rules, '; ') as _decided_by,
    run_id as run
from history.change
where true
    and run_id = $run                                               -- if run
    and pair_id = $pair                                             -- if pair
    and pair_id in (select unnest(string_split($pairs, chr(10))))   -- if pairs
    and record_id = $record                                         -- if unpaired
    and outcome = $outcome                                          -- if outcome
    and entity = $entity                                            -- if entity
    and (list_contains(fields, $field) or "column" = $field)        -- if field
    and "at" >= $since                                              -- if since
    and "at" < $until                                               -- if until
    and "at" >= $now::timestamptz - interval 30 day                              -- if text
    and (contains(lower(before), lower($text)) or contains(lower(after), lower($text)) or contains(lower(reason), lower($text))) -- if text
