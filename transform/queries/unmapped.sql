-- An unknown value is reported: it decides nothing until the crosswalk knows it.
{{- range $s := systems}}
insert into plan.notice (plan_id, entity, kind, system, object, record_id, field, text)
select {{str $.PlanID}}, {{str $.Entity}}, 'unmapped', '{{$s}}', object, id, field, 'no translation for ' || substr(value, 2)
from (
    from (
        from row_{{$s}}
        where false{{range $.Fields}} or starts_with({{id .Name}}, chr(57344)) and length({{id .Name}}) > 1{{end}}
    )
    unpivot (value for field in ({{range $i, $f := $.Fields}}{{if $i}}, {{end}}{{id .Name}}{{end}}))
)
where starts_with(value, chr(57344)) and length(value) > 1 and not deleted and superseded_by is null;
{{- end}}
