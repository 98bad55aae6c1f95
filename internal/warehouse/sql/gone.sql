{{- /* After a full read: what the CRM no longer returns is deleted, unless it landed while the read was under way. No
       time says so: nobody has seen a deletion, it may as well be hidden from us. */ -}}
update {{.Table}} as m
set _deleted = true, _deleted_at = null, _landed_at = $1
where not _deleted
    and _landed_at < $2
    and not exists (from {{.Staging}} as s where s.id = m.{{name .ID}})
