-- The entity's rows that the to files are asked about: a side's own row with some fields at other values.
{{- range $s := systems}}
create or replace temp table ask_{{$s}} as
with over as (
    select
        probe_id
        {{- range $.Fields}}
        {{- if index $.Overlaid .Name}},
        bool_or(field = {{str .Name}}) as {{id (print "has " .Name)}},
        any_value(value) filter (where field = {{str .Name}}) as {{id .Name}}
        {{- end}}
        {{- end}}
    from overlay
    group by probe_id
)

select
    probe.probe_id,
    pair.{{$s}}_object as object
    {{- range $.Fields}},
    {{if index $.Overlaid .Name}}if(coalesce(over.{{id (print "has " .Name)}}, false), nullif(over.{{id .Name}}, ''), record.{{id .Name}}) as {{id .Name}}
    {{- else}}record.{{id .Name}}{{end}}
    {{- end}}
from probe
join pair using (pair_id)
join suspect_{{$s}} as record using (pair_id)
left join over using (probe_id)
where probe.system = '{{$s}}';
{{- end}}
