{{- /* Staged rows into the mirror. A row is replaced by the same or a newer version of itself if a value differs;
       of a newer version without a difference only the stamp is taken. A column named in _kept keeps its value. */ -}}
merge into {{.Table}} as m
using (
    select * from {{.Staging}}
{{- if gt .Chunks 1}}
    where hash(id) % {{.Chunks}} = {{.Chunk}}
{{- end}}
) as s
on m.{{name .ID}} = s.id
when matched
    and {{template "newer"}}
{{- if .Lagging}}
    and (not m._deleted or s._modified_at > m._modified_at)
{{- end}}
    and (m._deleted <> s._deleted
        -- what was only no longer returned is now known to be deleted
        or (s._deleted and m._deleted_at is null)
{{- range .Columns}}
        or m.{{name .Name}} is distinct from {{template "kept" .}}
{{- end}})
then update set
{{- range .Columns}}
    {{name .Name}} = {{template "kept" .}},
{{- end}}
    _modified_at = coalesce(s._modified_at, m._modified_at),
    _deleted = s._deleted,
    _deleted_at = case when s._deleted then coalesce(m._deleted_at, s._deleted_at, s._modified_at, $1) end,
    _landed_at = $1
when matched
    and s._modified_at > m._modified_at
then update set
    _modified_at = s._modified_at
when not matched then insert
    ({{name .ID}}, {{range .Columns}}{{name .Name}}, {{end}}_modified_at, _deleted, _deleted_at, _landed_at)
    values (s.id, {{range .Columns}}s.{{name .Name}}, {{end}}s._modified_at, s._deleted,
        case when s._deleted then coalesce(s._deleted_at, s._modified_at, $1) end, $1)
{{- define "kept"}}case when s._kept is null or not list_contains(s._kept, {{text .Name}}) then s.{{name .Name}} else m.{{name .Name}} end{{end}}
