-- grain: one value, or one record, that stands refused: it is not sent again until something moves
-- key: last_seen desc, record desc, "column" desc
select
    last_at as last_seen,
    entity,
    system || '.' || object as object,
    coalesce(record_id, '') as record,
    coalesce("column", '') as "column",
    value,
    category,
    words as says,
    remedy as _remedy,
    if(predicted, 'no', 'yes') as sent,
    first_at as _first_seen,
    run_id as run
from history.refusal
where true
    and category = $category                                        -- if category
    and entity = $entity                                            -- if entity
    and system = $system                                            -- if system
    and pair_id = $pair                                             -- if pair
    and pair_id in (select unnest(string_split($pairs, chr(10))))   -- if pairs
    and record_id = $record                                         -- if unpaired
