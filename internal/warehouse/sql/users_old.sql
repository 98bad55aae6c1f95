{{- /* Users who are another now, or no longer there. */ -}}
delete from catalog.users as u
where (u.id, u.email, u.username, u.name, u.active, u.user_type)
    not in (select (id, email, username, name, active, type) from {{template "people"}})
