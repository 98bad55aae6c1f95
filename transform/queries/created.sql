-- The source of a create, as planned: every field it has becomes its base.
insert into plan.field (plan_id, entity, pair_id, field, outcome, conflict, first_link, hubspot, salesforce, rule, reason)
select {{str .PlanID}}, {{str .Entity}}, birth.pair_id, field, 'created', false, true, hubspot, salesforce, 'created', birth.reason
from birth
join change on change.change_id = birth.change_id
join (
    {{- range $i, $s := systems}}
    {{- range $j, $f := $.Fields}}
    {{if or $i $j}}union all by name{{end}}
    select pair_id, {{str .Name}} as field, if(starts_with(record.{{id .Name}}, chr(57344)), null, coalesce(record.{{id .Name}}, '')) as {{$s}}, null::varchar as {{other $s}}
    from birth
    join row_{{$s}} as record on record.object = birth.source_object and record.id = birth.source_id
    where birth.source_system = '{{$s}}'
    {{- end}}
    {{- end}}
) as planned on planned.pair_id = birth.pair_id
where coalesce(planned.hubspot, planned.salesforce) is not null
    -- a field that is stamped in this run has its own row
    and not exists (from plan.field as stamped where stamped.plan_id = {{str .PlanID}} and stamped.pair_id = birth.pair_id and stamped.field = planned.field);
