{{- /* Columns the catalog does not know yet. */ -}}
insert into catalog.column by name
select $1 as system, $2 as object, * exclude (options), 'live' as state, false as extracted, false as complete,
    $3 as first_seen, $3 as changed_at
from temp.metadata
where name not in (select name from catalog.column where system = $1 and object = $2)
