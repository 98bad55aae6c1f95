-- References: the id of a record becomes the id of the pair it is in, along merges and conversions. What points to a
-- record that is in no pair is absent, and is told of.
{{- range $s := systems}}
{{- range $f := $.References}}
create or replace temp table resolved as
select
    pointing.object,
    pointing.id,
    pointing.{{id $f.Name}} as target,
    tie.pair_id
from {{$.Table}}_{{$s}} as pointing
left join {{id (print "heir_" $f.RefersTo)}} as heir
    on heir.system = '{{$s}}' and heir.id = pointing.{{id $f.Name}}
left join {{id (print "tie_" $f.RefersTo)}} as tie
    on tie.{{$s}}_id = coalesce(heir.next_id, pointing.{{id $f.Name}})
where pointing.{{id $f.Name}} is not null and not starts_with(pointing.{{id $f.Name}}, chr(57344));

update {{$.Table}}_{{$s}} as pointing
set {{id $f.Name}} = coalesce(resolved.pair_id, chr(57344))
from resolved
where pointing.object = resolved.object and pointing.id = resolved.id;
{{- if $.Wait}}

insert into plan.notice (plan_id, entity, kind, system, object, record_id, field, text)
select
    {{str $.PlanID}},
    {{str $.Entity}},
    'waits',
    '{{$s}}',
    pointing.object,
    pointing.id,
    {{str $f.Name}},
    'waits for {{$f.RefersTo}} ' || resolved.target || ' to be linked'
from resolved
join {{$.Table}}_{{$s}} as pointing using (object, id)
where resolved.pair_id is null and not pointing.deleted and pointing.superseded_by is null and pointing.in_scope;
{{- end}}
{{- end}}
{{- end}}
