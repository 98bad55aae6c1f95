-- The pairs that the merge has to look at: of which a side may not be what its base says. A side and its base are each made one
-- number and those are compared, so that of the million pairs in which nothing has moved nothing wide is joined or kept.
-- Two texts have the same number once in 2^64, and then the edit is seen with the next one.
create or replace temp table unsaid as
-- Which fields a side does not say, a bit for each.
select
    pair.pair_id
    {{- range $s := systems}},
    pair.{{$s}}_object,
    pair.{{$s}}_id
    {{- range $w, $fields := $.Words}},
    {{$s}}.unsaid_{{$w}} as {{$s}}_unsaid_{{$w}}
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
{{- end}}
where pair.merges;

create or replace temp table suspect as
with
{{- range $i, $s := systems}}
{{- $o := other $s}}
{{- if $i}},
{{end}}
{{$s}}_now as (
    select
        unsaid.pair_id,
        hash(
            ''
            {{- range $w, $fields := $.Words}}
            {{- range $fields}},
            {{- if eq .Source $s}}
            case when {{$s}}_unsaid_{{$w}} & {{.Bit}} = 0 then if({{$o}}_unsaid_{{$w}} & {{.Bit}} = 0, coalesce(record.{{id .Name}}, ''), nullif(record.{{id .Name}}, '')) end
            {{- else}}
            case when ({{$s}}_unsaid_{{$w}} | {{$o}}_unsaid_{{$w}}) & {{.Bit}} = 0 then coalesce(record.{{id .Name}}, '') end
            {{- end}}
            {{- end}}
            {{- end}}
        ) as says
    from unsaid
    join row_{{$s}} as record on record.object = unsaid.{{$s}}_object and record.id = unsaid.{{$s}}_id
),

{{$s}}_base as (
    select
        unsaid.pair_id,
        hash(
            ''
            {{- range $w, $fields := $.Words}}
            {{- range $fields}},
            {{- if eq .Source $s}}
            case when {{$s}}_unsaid_{{$w}} & {{.Bit}} = 0 then if({{$o}}_unsaid_{{$w}} & {{.Bit}} = 0, base.{{id .Name}}, nullif(base.{{id .Name}}, '')) end
            {{- else}}
            case when ({{$s}}_unsaid_{{$w}} | {{$o}}_unsaid_{{$w}}) & {{.Bit}} = 0 then base.{{id .Name}} end
            {{- end}}
            {{- end}}
            {{- end}}
        ) as says
    from unsaid
    {{- if $.Rebased}}
    join basis_{{$s}} as base using (pair_id)
    {{- else}}
    join (from base.{{id $.Entity}} where system = '{{$s}}') as base using (pair_id)
    {{- end}}
)
{{- end}}

{{range $i, $s := systems}}
{{- if $i}}
union
{{end -}}
select pair_id
from {{$s}}_now
anti join {{$s}}_base using (pair_id, says)
{{- end}}
union
select pair_id
from pair
where state = 'linked' and (hubspot_replaced or salesforce_replaced);

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
