{{- /* Users the catalog does not have. */ -}}
insert into catalog.users (id, email, username, name, active, user_type)
select id, email, username, name, active, type
from {{template "people"}}
where id not in (select id from catalog.users)
