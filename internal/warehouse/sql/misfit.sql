{{- /* The values whose text did not fit their column. The text itself is not kept: it may be anybody's. */ -}}
insert into catalog.misfit (system, object, id, "column", type, length, seen_at)
select $1, $2, s.id, bad."column", coalesce(c.type, 'unknown'), bad.length, $3
from (select id, unnest(_misfit) as bad from {{.Staging}} where _misfit is not null) as s
left join catalog.column as c on c.system = $1 and c.object = $2 and c.name = bad."column"
