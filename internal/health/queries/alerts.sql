-- one row: alerts that no endpoint has taken yet, since when, and why the last try failed
select count(*) as waiting, min(since) as since, coalesce(max_by("error", tried_at), '') as "error"
from history.alert
where delivered_at is null
