{{- /* Values with their times; an entry whose time cannot be read decides nothing and is left out. */ -}}
insert into hubspot.history (object, id, property, value, "at", source_type, source_id)
select $1, id, property, nullif(past.value, ''), try_cast(past.timestamp as timestamptz), past."sourceType", past."sourceId"
from temp.said
where try_cast(past.timestamp as timestamptz) is not null
