-- The current entity's pairs, and the pairs that their records refer to.
insert into sample_pair
select {{str .Entity}}, pair_id, is_new, hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule
from pair
where state in ('linked', 'create');
{{- range $s := systems}}
{{- range $f := $.References}}

insert into sample_tie
select {{str $.Entity}}, pair.pair_id, {{str $f.RefersTo}}, record.{{id $f.Name}}
from pair
join row_{{$s}} as record on record.object = pair.{{$s}}_object and record.id = pair.{{$s}}_id
where pair.state in ('linked', 'create')
    and record.{{id $f.Name}} is not null and not starts_with(record.{{id $f.Name}}, chr(57344));
{{- end}}
{{- end}}
