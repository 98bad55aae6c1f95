{{- /* Owners who are another now, or no longer there. */ -}}
delete from catalog.owners as o
where (o.id, o.email, o.name, o.user_id, o.type, o.archived)
    not in (select (id, email, name, user_id, type, not active) from {{template "people"}})
