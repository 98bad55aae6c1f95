-- One row per record to be created, in our words, for the to file of its object.
{{- range $s := systems}}
create or replace temp table ask_{{$s}} as
select
    birth.probe_id,
    birth.object
    {{- range $.Fields}},
    {{- if or (eq .Direction "two_way") (eq .Direction (print (other $s) "_to_" $s))}}
    -- what the source's object does not have stays out; an unknown value is reported
    nullif(record.{{id .Name}}, chr(57344)) as {{id .Name}}
    {{- else}}
    null::varchar as {{id .Name}}
    {{- end}}
    {{- end}}
from birth
join row_{{other $s}} as record on record.object = birth.source_object and record.id = birth.source_id
where birth.system = '{{$s}}';
{{- end}}
