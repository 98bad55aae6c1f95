-- Bases that stand elsewhere than base.{{.Entity}} has them: the mapping was edited, a record replaced, a field resynced.
{{- range $s := systems}}
insert into plan.settle (plan_id, entity, pair_id, system, field, value, event)
with both_ways as (
    {{- range $i, $f := $.Fields}}
    {{if $i}}union all{{end}}
    select pair_id, {{str .Name}} as field, base.{{id .Name}} as was, basis.{{id .Name}} as is_now, {{if .Resynced}}true{{else}}false{{end}} as resynced
    from basis_{{$s}} as basis
    join base.{{id $.Entity}} as base using (pair_id)
    where base.system = '{{$s}}' and base.{{id .Name}} is distinct from basis.{{id .Name}}
    {{- end}}
)

select
    {{str $.PlanID}},
    {{str $.Entity}},
    pair_id,
    '{{$s}}',
    field,
    is_now,
    case when resynced then 'resync' when {{$s}}_replaced and is_now is null then 'record replaced' else 'mapping edited' end
from both_ways
join pair using (pair_id);
{{- end}}
