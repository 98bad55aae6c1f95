{{- /* Raw pages into typed rows of a staging table: records are split, every value is taken as text, then cast.
       {{.Pages}} has one column, page, or is a CSV file as a table. */ -}}
insert into {{.Staging}} by name
with
{{- if .CSV}}
    said as not materialized (
        select "Id" as id, "SystemModstamp" as stamp, "IsDeleted" as gone, cast(null as varchar) as gone_at,
{{- range .Columns}}
            {{if $.Has .Name}}nullif({{name .Name}}, ''){{else}}cast(null as varchar){{end}} as {{name .Name}},
{{- end}}
            {{.HeaderAbsent}} as absent
        from {{.Pages}}
    ),
{{- else}}
    record as not materialized (
        select unnest(json_extract(page, {{text .Path}})) as j from {{.Pages}}
    ),
    fields as not materialized (
        select from_json(j, {{text .Structure}}) as r, json_keys(j, {{text .Keys}}) as present
        from record
    ),
    said as not materialized (
        select {{.SystemColumns}},
{{- range .Columns}}
            nullif({{$.Values}}.{{name .Name}}, '') as {{name .Name}},
{{- end}}
            case when not list_has_all(present, {{.Names}})
                then list_filter({{.Names}}, lambda c: not list_contains(present, c)) end as absent
        from fields
    ),
{{- end}}
    typed as not materialized (
        select id, stamp, gone, gone_at, absent,
{{- range .Columns}}
    {{- if ne .Type "VARCHAR"}}
            {{name .Name}} as {{name (print "text of " .Name)}},
    {{- end}}
            {{$.Cast .Type (name .Name)}} as {{name .Name}},
{{- end}}
        from said
    ),
    judged as not materialized (
        select *,
            {{if .Casts}}case when {{range $i, $c := .Casts}}{{if $i}} or {{end}}({{name (print "text of " $c.Name)}} is not null and {{name $c.Name}} is null){{end}}
                then list_filter([
{{- range $i, $c := .Casts}}{{if $i}},{{end}}
                    case when {{name (print "text of " $c.Name)}} is not null and {{name $c.Name}} is null
                        then {"column": {{text $c.Name}}, "length": cast(length({{name (print "text of " $c.Name)}}) as integer)} end
{{- end}}], lambda m: m is not null) end{{else}}null{{end}} as misfit
        from typed
    )
select
    id,
    try_cast(stamp as timestamptz) as _modified_at,
    coalesce(try_cast(gone as boolean), false) as _deleted,
    try_cast(gone_at as timestamptz) as _deleted_at,
{{- range .Columns}}
    {{name .Name}},
{{- end}}
    case when absent is not null or misfit is not null
        then list_concat(absent, list_transform(misfit, lambda m: m."column")) end as _kept,
    misfit as _misfit
from judged
