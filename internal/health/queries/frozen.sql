-- one row per entity, field and kind of what is frozen: in how many pairs, since when
select entity, field, kind, count(*) as pairs, min(since) as since
from history.frozen
where released_at is null
group by all
order by pairs desc, entity, field, kind
