{{- /* Owners the catalog does not have. */ -}}
insert into catalog.owners (id, email, name, user_id, type, archived)
select id, email, name, user_id, type, not active
from {{template "people"}}
where id not in (select id from catalog.owners)
