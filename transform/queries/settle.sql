-- Bases that move without a write.
insert into plan.settle (plan_id, entity, pair_id, system, field, value, event)
with
agreed as (
    select cell.*, 'agreed' as event
    from unit
    join cell using (pair_id, unit)
    where unit.state = 'agreed'
),

silent as (
    select cell.*, 'nothing to send' as event
    from decision
    join cell on cell.pair_id = decision.pair_id and cell.unit = decision.unit
    anti join moved_by on moved_by.pair_id = decision.pair_id and moved_by.unit = decision.unit
    where decision.winner <> 'ask'
),

-- of fields that are together: a part that is blank on the deciding side overwrites nothing, and both keep theirs;
-- a part that is the same on both sides agrees
kept as (
    select cell.*, if(cell.hubspot = cell.salesforce, 'agreed', 'kept blank') as event
    from decision
    join cell on cell.pair_id = decision.pair_id and cell.unit = decision.unit
    semi join moved_by on moved_by.pair_id = decision.pair_id and moved_by.unit = decision.unit
    where decision.winner <> 'ask'
        and (
            cell.hubspot = cell.salesforce
            or (
                (decision.blank = 'keep' or decision.first_link)
                and if(decision.winner = 'hubspot', cell.hubspot, cell.salesforce) = ''
            )
        )
),

settled as (
    select * from agreed
    union all
    select * from silent
    union all
    select * from kept
)

{{- range $i, $s := systems}}
{{if $i}}union all{{end}}
select {{str $.PlanID}}, {{str $.Entity}}, settled.pair_id, '{{$s}}', field, {{$s}}, event
from settled
join pair using (pair_id)
where {{$s}} is not null and {{$s}} is distinct from {{$s}}_base and pair.state <> 'create'
{{- end}};
