{{- /* Of a record that was returned more than once, the newest version stays. */ -}}
delete from {{.Staging}} as s
using (
    select id, arg_max(rowid, coalesce(_modified_at, timestamptz 'epoch')) as newest
    from {{.Staging}}
    group by id
    having count(*) > 1
) as many
where s.id = many.id and s.rowid <> many.newest
