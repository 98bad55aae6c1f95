{{- /* Columns whose metadata, or whose list of options, is another now. After a change of type the values are read anew. */ -}}
update catalog.column as c
set label = m.label, type = m.type, field_type = m.field_type, length = m.length, precision = m.precision, scale = m.scale,
    required = m.required, createable = m.createable, updateable = m.updateable, is_unique = m.is_unique,
    external_id = m.external_id, restricted = m.restricted, calculated = m.calculated, refers_to = m.refers_to,
    state = case when c.state = 'absent' then 'absent' else 'live' end, complete = c.complete and c.type = m.type, changed_at = $3
from temp.metadata as m
where c.system = $1 and c.object = $2 and c.name = m.name
    and ((c.label, c.type, c.field_type, c.length, c.precision, c.scale, c.required, c.createable, c.updateable, c.is_unique,
            c.external_id, c.restricted, c.calculated, c.refers_to, c.state = 'vanished')
        is distinct from (m.label, m.type, m.field_type, m.length, m.precision, m.scale, m.required, m.createable, m.updateable, m.is_unique,
            m.external_id, m.restricted, m.calculated, m.refers_to, false)
        -- the options come after this, and tell whether what was refused is worth another try
        or list_transform(m.options, lambda x: {"v": x."Value", "a": x."Active"}) is distinct from (
            select list({"v": k.value, "a": k.active} order by k.position)
            from catalog.option as k
            where k.system = $1 and k.object = $2 and k."column" = m.name
        ))
