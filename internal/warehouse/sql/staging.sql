{{- /* Makes the table a read is staged in. _kept names the columns whose old value stays; _misfit those of them
       whose text did not cast, with that text's length. */ -}}
create table {{.Staging}} (
    id varchar not null,
    _modified_at timestamptz,
    _deleted boolean not null,
    _deleted_at timestamptz,
{{- range .Columns}}
    {{name .Name}} {{.Type}},
{{- end}}
    _kept varchar[],
    _misfit struct("column" varchar, length integer)[]
)
