-- The result table of the merge, per pair and unit (a field, or the fields of one `together`).
-- state: absent | agreed | leave | fill | hubspot | salesforce | conflict; `side` is where the value comes from.
create or replace temp table unit as
with
-- what each field says by itself
field as (
    select
        cell.pair_id,
        cell.unit,
        rule.direction,
        rule.rule,
        rule.blank,
        hubspot is null as hubspot_absent,
        salesforce is null as salesforce_absent,
        hubspot is not distinct from salesforce as same,
        hubspot in ('', salesforce) as hubspot_within,
        salesforce in ('', hubspot) as salesforce_within,
        hubspot = '' as hubspot_blank,
        salesforce = '' as salesforce_blank,
        hubspot_base is null as hubspot_new,
        salesforce_base is null as salesforce_new,
        hubspot <> hubspot_base as hubspot_moved,
        salesforce <> salesforce_base as salesforce_moved
    from cell
    join rule using (field)
    where rule.direction <> 'off'
),

-- A field alone is its unit as it stands: in a first run there are tens of millions of them.
grouped as (
    select *
    from field
    {{- if .Together}}
    where unit not in ({{range $i, $u := .Together}}{{if $i}}, {{end}}{{str $u}}{{end}})
    union all
    select
        pair_id,
        unit,
        any_value(direction),
        any_value(rule),
        any_value(blank),
        bool_or(hubspot_absent),
        bool_or(salesforce_absent),
        bool_and(same),
        -- one says nothing that the other does not say too: of fields that are together, the fuller set
        bool_and(hubspot_within),
        bool_and(salesforce_within),
        bool_and(hubspot_blank),
        bool_and(salesforce_blank),
        bool_or(hubspot_new),
        bool_or(salesforce_new),
        bool_or(hubspot_moved),
        bool_or(salesforce_moved)
    from field
    where unit in ({{range $i, $u := .Together}}{{if $i}}, {{end}}{{str $u}}{{end}})
    group by pair_id, unit
    {{- end}}
),

-- With `keep` a blank side counts as unchanged and never wins.
changed as (
    select
        *,
        hubspot_moved and not (blank = 'keep' and hubspot_blank) as hubspot_changed,
        salesforce_moved and not (blank = 'keep' and salesforce_blank) as salesforce_changed,
        case direction when 'hubspot_to_salesforce' then 'hubspot' when 'salesforce_to_hubspot' then 'salesforce' end as only_source,
        if(direction = 'hubspot_to_salesforce', hubspot_blank, salesforce_blank) as source_blank
    from grouped
),

judged as (
    select
        *,
        case
            when hubspot_absent or salesforce_absent then
                case
                    when only_source = 'hubspot' and not hubspot_absent and (hubspot_changed or (hubspot_new and not hubspot_blank)) then 'hubspot'
                    when only_source = 'salesforce' and not salesforce_absent and (salesforce_changed or (salesforce_new and not salesforce_blank)) then 'salesforce'
                    else 'absent'
                end
            when same then 'agreed'
            -- consent: whoever has the opt-out, also against a base and a direction
            when rule = 'opt_out_wins' and salesforce_blank then 'hubspot'
            when rule = 'opt_out_wins' and hubspot_blank then 'salesforce'
            when hubspot_new or salesforce_new then
                case
                    when hubspot_within or salesforce_within then
                        case
                            when only_source is not null and source_blank then 'leave'
                            when only_source is not null and not hubspot_blank and not salesforce_blank then only_source
                            else 'fill'
                        end
                    when only_source is not null then only_source
                    else 'conflict'
                end
            when not hubspot_changed and not salesforce_changed then 'leave'
            when only_source is not null and source_blank and blank = 'keep' then 'leave'
            when only_source is not null then only_source
            when hubspot_changed and salesforce_changed then 'conflict'
            when hubspot_changed then 'hubspot'
            else 'salesforce'
        end as state
    from changed
)

select
    *,
    case
        when state in ('hubspot', 'salesforce') then state
        when state = 'fill' then if(hubspot_within, 'salesforce', 'hubspot')
    end as side,
    hubspot_new or salesforce_new as first_link
from judged;

-- With `keep` the base of a side that became blank becomes blank, whatever else is decided. An opt-out that was taken back
-- is put back, and until it is there its base stays.
insert into plan.settle (plan_id, entity, pair_id, system, field, value, event)
{{- range $i, $s := systems}}
{{if $i}}union all{{end}}
select {{str $.PlanID}}, {{str $.Entity}}, cell.pair_id, '{{$s}}', cell.field, '', 'kept blank'
from cell
join unit using (pair_id, unit)
where unit.blank = 'keep' and unit.rule <> 'opt_out_wins' and unit.{{$s}}_blank and unit.state <> 'agreed'
    and not unit.{{$s}}_absent and cell.{{$s}}_base <> ''
{{- end}};

-- When a change was first seen, for most_recent: the stamp of the version in which it came.
delete from plan.seen
where entity = {{str .Entity}} and (pair_id, system, field) not in (
    select (pair_id, 'hubspot', field) from cell where hubspot <> hubspot_base
    union all
    select (pair_id, 'salesforce', field) from cell where salesforce <> salesforce_base
);
{{- range $s := systems}}
delete from plan.seen
using cell
where plan.seen.entity = {{str $.Entity}} and plan.seen.system = '{{$s}}'
    and cell.pair_id = plan.seen.pair_id and cell.field = plan.seen.field and cell.{{$s}} is distinct from plan.seen.value;

insert into plan.seen
select {{str $.Entity}}, cell.pair_id, '{{$s}}', cell.field, cell.{{$s}}, record.modified_at
from cell
join suspect_{{$s}} as record using (pair_id)
where cell.{{$s}} <> cell.{{$s}}_base
    and (cell.pair_id, '{{$s}}', cell.field) not in (select (pair_id, system, field) from plan.seen where entity = {{str $.Entity}});
{{- end}}
