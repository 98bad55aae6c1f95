-- one row per entity, field, week, winner and rule: how often both CRMs had changed the field to different values, and who won
select
    entity,
    field,
    date_trunc('week', "at" at time zone 'UTC')::date as week, -- its Monday
    winner,
    rule,
    count(*) as conflicts,
    count(*) filter (where first_link) as of_first_links, -- two records that had not been linked before
    count(distinct pair_id) as pairs,
    max("at") as last_at
from history.conflict
group by all
order by week desc, conflicts desc, entity, field, winner, rule
