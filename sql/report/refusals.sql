-- one row per category, object and column: what stands refused, and what to do about it
-- records: a record with several such columns counts in each of them; a row without a column is of whole records
select
    category,
    system,
    object,
    "column",
    count(*) as refusals,
    count(distinct coalesce(record_id, pair_id)) as records,
    count(*) filter (where coalesce(predicted, false)) as not_sent, -- the other CRM's metadata tells that it would refuse them
    min(first_at) as first_at,
    max(last_at) as last_at,
    arg_max(words, last_at) as newest_words,
    arg_max(remedy, last_at) as remedy
from history.refusal
group by all
order by refusals desc, category, system, object, "column"
