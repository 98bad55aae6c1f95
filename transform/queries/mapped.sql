-- The records of one entity in the project's own words, for reports. What a from file said is in said_hubspot and
-- said_salesforce: chr(57344) alone is absent, with a text behind it a value without a translation.
insert into mapped._field
select {{str .Entity}}, *
from (values {{.Known}});

create or replace temp table said_pair as
select pair_id, state, hubspot_object, hubspot_id, salesforce_object, salesforce_id
from link.{{id .Entity}};
{{range $s := systems}}
insert into mapped._record
select
    {{str $.Entity}},
    '{{$s}}',
    record.object,
    record.id,
    pair.pair_id,
    pair.state,
    nullif(trim(replace({{$.Label}}, chr(57344), '')), ''),
    record.modified_at,
    record.in_scope,
    record.deleted,
    record.superseded_by is not null
from said_{{$s}} as record
left join (
    select {{$s}}_object as object, {{$s}}_id as id, arg_min(pair_id, state <> 'linked') as pair_id, arg_min(state, state <> 'linked') as state
    from said_pair
    group by all
) as pair using (object, id);

insert into mapped._coverage
with
counted as (
    select
        object,
        count(*) as records
        {{- range $.Fields}},
        count(*) filter (where not starts_with({{id .Name}}, chr(57344))) as {{id (print "filled " .Name)}},
        count(*) filter (where starts_with({{id .Name}}, chr(57344)) and length({{id .Name}}) > 1) as {{id (print "unknown " .Name)}},
        count(*) filter (where {{id .Name}} = chr(57344)) as {{id (print "absent " .Name)}}
        {{- end}}
    from said_{{$s}}
    where not deleted and superseded_by is null
    group by object
)

select {{str $.Entity}}, '{{$s}}', object, field, records, filled, unknown, absent
from counted
unpivot ((filled, unknown, absent) for field in (
    {{- range $i, $f := $.Fields}}
    {{- if $i}},{{end}}
    ({{id (print "filled " .Name)}}, {{id (print "unknown " .Name)}}, {{id (print "absent " .Name)}}) as {{id .Name}}
    {{- end}}
));
{{end}}
{{- if .Wide}}
create table mapped.{{id .Entity}} as
{{- range $i, $s := systems}}
{{if $i}}union all{{end}}
select
    '{{$s}}' as system,
    record.object,
    record.id,
    pair.pair_id,
    record.modified_at,
    record.in_scope,
    record.deleted,
    record.superseded_by
    {{- range $.Fields}},
    case when not starts_with(record.{{id .Name}}, chr(57344)) then record.{{id .Name}} end as {{id .Name}}
    {{- end}}
from said_{{$s}} as record
left join (from said_pair where state = 'linked') as pair on pair.{{$s}}_object = record.object and pair.{{$s}}_id = record.id
{{- end}};
{{- end}}

insert into mapped._difference
with
wide as (
    select
        pair.pair_id
        {{- range $i, $f := .Fields}}
        {{- range $s := systems}},
        {{- if $f.RefersTo}}
        case
            when {{$s}}.{{id $f.Name}} is null then ''
            when starts_with({{$s}}.{{id $f.Name}}, chr(57344)) then {{$s}}.{{id $f.Name}}
            else coalesce({{id (print "tie " $i $s)}}.pair_id, chr(57344) || {{str (print $f.RefersTo " ")}} || {{$s}}.{{id $f.Name}})
        end as {{id (print $s " " $f.Name)}}
        {{- else}}
        coalesce({{$s}}.{{id $f.Name}}, '') as {{id (print $s " " $f.Name)}}
        {{- end}}
        {{- end}}
        {{- end}}
    from said_pair as pair
    join said_hubspot as hubspot on hubspot.object = pair.hubspot_object and hubspot.id = pair.hubspot_id
    join said_salesforce as salesforce on salesforce.object = pair.salesforce_object and salesforce.id = pair.salesforce_id
    {{- range $i, $f := .Fields}}
    {{- if $f.RefersTo}}
    {{- range $s := systems}}
    left join {{id (print "tie_" $f.RefersTo)}} as {{id (print "tie " $i $s)}} on {{id (print "tie " $i $s)}}.{{$s}}_id = {{$s}}.{{id $f.Name}}
    {{- end}}
    {{- end}}
    {{- end}}
    where pair.state = 'linked' and not hubspot.deleted and not salesforce.deleted and hubspot.superseded_by is null and salesforce.superseded_by is null
),

-- what a side's file does not say at all is no difference
differing as (
    select *
    from wide
    where false
        {{- range .Fields}}
        or ({{id (print "hubspot " .Name)}} <> {{id (print "salesforce " .Name)}} and {{id (print "hubspot " .Name)}} <> chr(57344) and {{id (print "salesforce " .Name)}} <> chr(57344))
        {{- end}}
),

based as (
    select
        differing.*
        {{- range .Fields}},
        hubspot_base.{{id .Name}} as {{id (print "hubspot base " .Name)}},
        salesforce_base.{{id .Name}} as {{id (print "salesforce base " .Name)}}
        {{- end}}
    from differing
    left join (from base.{{id .Entity}} where system = 'hubspot') as hubspot_base using (pair_id)
    left join (from base.{{id .Entity}} where system = 'salesforce') as salesforce_base using (pair_id)
),

long as (
    from based
    unpivot include nulls (
        (hubspot, salesforce, hubspot_base, salesforce_base)
        for field in (
            {{- range $i, $f := .Fields}}
            {{- if $i}},{{end}}
            ({{id (print "hubspot " .Name)}}, {{id (print "salesforce " .Name)}}, {{id (print "hubspot base " .Name)}}, {{id (print "salesforce base " .Name)}}) as {{id .Name}}
            {{- end}}
        )
    )
)

select
    {{str .Entity}},
    pair_id,
    field,
    case when not starts_with(hubspot, chr(57344)) then hubspot end,
    case when not starts_with(salesforce, chr(57344)) then salesforce end,
    case when starts_with(hubspot, chr(57344)) then replace(hubspot, chr(57344), '') end,
    case when starts_with(salesforce, chr(57344)) then replace(salesforce, chr(57344), '') end,
    hubspot_base,
    salesforce_base
from long
where hubspot <> salesforce and hubspot <> chr(57344) and salesforce <> chr(57344);

drop table said_pair;
