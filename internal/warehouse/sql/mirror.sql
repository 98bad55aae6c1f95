{{- /* Makes a mirror. It has no key: merging keeps ids unique, and an index would cost more than it finds. */ -}}
create table {{.Table}} (
    {{name .ID}} varchar not null,
{{- range .Columns}}
    {{name .Name}} {{.Type}},
{{- end}}
    _modified_at timestamptz,
    _deleted boolean not null,
    _deleted_at timestamptz,
    _landed_at timestamptz not null
)
