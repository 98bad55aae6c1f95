-- The pairs that the merge has to look at: of which a side may not be what its base says. A side and its base are each made one
-- number and those are compared, so that of the million pairs in which nothing has moved nothing wide is joined or kept.
-- Two texts have the same number once in 2^64, and then the edit is seen with the next one.
create or replace temp table unsaid as
-- Which fields a side does not say, a bit for each{{if .Edited}}, and which have no base{{end}}.
select
    pair.pair_id
    {{- range $s := systems}},
    pair.{{$s}}_object,
    pair.{{$s}}_id
    {{- range $w, $fields := $.Words}},
    {{$s}}.unsaid_{{$w}} as {{$s}}_unsaid_{{$w}}
    {{- if $.Edited}},
    coalesce({{$s}}_base.unbased_{{$w}}, -1) as {{$s}}_unbased_{{$w}}
    {{- end}}
    {{- end}}
    {{- end}}
from pair
{{- range $s := systems}}
join (
    select
        object,
        id
        {{- range $w, $fields := $.Words}},
        0::bigint
        {{- range $fields}}
        | if(starts_with({{id .Name}}, chr(57344)), {{.Bit}}::bigint, 0)
        {{- end}} as unsaid_{{$w}}
        {{- end}}
    from row_{{$s}}
) as {{$s}} on {{$s}}.object = pair.{{$s}}_object and {{$s}}.id = pair.{{$s}}_id
{{- if $.Edited}}
left join (
    select
        pair_id
        {{- range $w, $fields := $.Words}},
        0::bigint
        {{- range $fields}}
        | if({{id .Name}} is null, {{.Bit}}::bigint, 0)
        {{- end}} as unbased_{{$w}}
        {{- end}}
    from base.{{id $.Entity}}
    where system = '{{$s}}'
) as {{$s}}_base using (pair_id)
{{- end}}
{{- end}}
where {{if .Edited}}pair.state = 'linked'{{else}}pair.merges{{end}};

create or replace temp table suspect as
with
{{- range $i, $s := systems}}
{{- $o := other $s}}
{{- if $i}}
{{end}}
{{$s}}_side as (
    select
        unsaid.pair_id
        {{- range $fields := $.Words}}
        {{- range $fields}},
        coalesce(record.{{id .Name}}, '') as {{id .Name}}
        {{- end}}
        {{- end}}
    from unsaid
    join row_{{$s}} as record on record.object = unsaid.{{$s}}_object and record.id = unsaid.{{$s}}_id
    union all
    select pair_id{{range $fields := $.Words}}{{range $fields}}, {{id .Name}}{{end}}{{end}}
    from base.{{id $.Entity}}
    where system = '{{$s}}'
),

-- What the other side cannot say does not count; of a field that flows there only, a blank that was never told of is none.
-- Where the mapping was edited each base that differs from what its side says counts as well: it may have to follow.
{{$s}}_number as (
    select
        pair_id,
        hash(
            ''
            {{- range $w, $fields := $.Words}}
            {{- range $fields}},
            {{- if $.Edited}}
            case when ({{$s}}_unsaid_{{$w}} | {{$s}}_unbased_{{$w}}) & {{.Bit}} = 0 then side.{{id .Name}} end,
            {{- end}}
            {{- if eq .Source $s}}
            case when {{$s}}_unsaid_{{$w}} & {{.Bit}} = 0 then if({{$o}}_unsaid_{{$w}} & {{.Bit}} = 0, side.{{id .Name}}, nullif(side.{{id .Name}}, '')) end
            {{- else}}
            case when ({{$s}}_unsaid_{{$w}} | {{$o}}_unsaid_{{$w}}) & {{.Bit}} = 0 then side.{{id .Name}} end
            {{- end}}
            {{- end}}
            {{- end}}
        ) as number
    from {{$s}}_side as side
    join unsaid using (pair_id)
),
{{- end}}

number as (
    {{- range $i, $s := systems}}
    {{- if $i}}
    union all{{end}}
    select '{{$s}}' as system, pair_id, number
    from {{$s}}_number
    {{- end}}
)

select pair_id
from number
group by system, pair_id
having count(*) = 1 or min(number) <> max(number)
union
select pair_id
from pair
where state = 'linked'{{if not .Resynced}} and (hubspot_replaced or salesforce_replaced){{end}};

-- Their records, and those that a record is to be created for, by pair: nothing that follows looks at the others.
{{- range $s := systems}}
create or replace temp table suspect_{{$s}} as
select pair.pair_id, record.*
from row_{{$s}} as record
join (
    from pair
    where state = 'create' or pair_id in (from suspect)
) as pair on pair.{{$s}}_object = record.object and pair.{{$s}}_id = record.id;
{{- end}}
