{{- /* The options of columns whose list of options is another now, or which have vanished. */ -}}
delete from catalog.option as o
where o.system = $1 and o.object = $2
    and o."column" not in (
        select name
        from temp.metadata as m
        where list_transform(m.options, lambda x, i: {"v": x."Value", "l": x."Label", "a": x."Active", "p": cast(i as integer)})
            is not distinct from (
                select list({"v": k.value, "l": k.label, "a": k.active, "p": k.position} order by k.position)
                from catalog.option as k
                where k.system = $1 and k.object = $2 and k."column" = m.name
            )
    )
