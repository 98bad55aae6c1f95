{{- /* The options of columns that have none in the catalog. */ -}}
insert into catalog.option (system, object, "column", value, label, active, position)
select $1, $2, name, option."Value", option."Label", option."Active", position
from (
    select name, unnest(options) as option, unnest(range(1, len(options) + 1)) as position
    from temp.metadata
    where name not in (select "column" from catalog.option where system = $1 and object = $2)
)
