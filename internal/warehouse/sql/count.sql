{{- /* Before the merge: how many records, how many of them deleted and unknown so far, how many newly deleted. */ -}}
select
    count(*),
    count(*) filter (s._deleted and m.id is null),
    count(*) filter (s._deleted and not m._deleted and {{template "newer"}})
from {{.Staging}} as s
left join (select {{name .ID}} as id, _deleted, _modified_at from {{.Table}}) as m on m.id = s.id
{{- if gt .Chunks 1}}
where hash(s.id) % {{.Chunks}} = {{.Chunk}}
{{- end}}
{{- define "newer"}}(s._modified_at is null or m._modified_at is null or s._modified_at >= m._modified_at){{end}}
