-- one row per field and winner: how often both sides changed it, and who won
select
    entity,
    field,
    winner,
    rule,
    count(*) as conflicts,
    max("at") as last_at
from history.conflict
group by all
order by conflicts desc
