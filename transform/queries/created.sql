-- The source of a create, as planned: every field it has becomes its base.
{{- range $s := systems}}
insert into plan.field (plan_id, entity, pair_id, field, outcome, conflict, first_link, {{$s}}, rule, reason)
with planned as (
    select birth.pair_id, birth.change_id, birth.reason
        {{- range $.Fields}},
        if(starts_with(record.{{id .Name}}, chr(57344)), null, coalesce(record.{{id .Name}}, '')) as {{id .Name}}
        {{- end}}
    from birth
    join row_{{$s}} as record on record.object = birth.source_object and record.id = birth.source_id
    where birth.source_system = '{{$s}}' and birth.change_id in (select change_id from change)
),

cells as (
    from planned
    unpivot (value for field in ({{range $i, $f := $.Fields}}{{if $i}}, {{end}}{{id .Name}}{{end}}))
)

select {{str $.PlanID}}, {{str $.Entity}}, pair_id, field, 'created', false, true, value, 'created', reason
from cells
-- a field that is stamped in this run has its own row
where not exists (from plan.field as stamped where stamped.plan_id = {{str $.PlanID}} and stamped.pair_id = cells.pair_id and stamped.field = cells.field);
{{- end}}
