-- fields.sql, for joining.
create or replace temp table rule as
select *
from (values
    {{- range $i, $f := .Fields}}
    {{if $i}}, {{end}}({{str .Name}}, {{str .Unit}}, {{str .Direction}}, {{str .Rule}}, {{str .Blank}})
    {{- end}}
) as fields (field, unit, direction, rule, blank);

-- One row per pair and field, for every pair where a side differs from its base.
-- hubspot, salesforce: '' is a blank, null is absent. Their bases: '' is a blank, null is none.
create or replace temp table cell as
with
wide as (
    select
        pair.pair_id
        {{- range .Fields}},
        nullif(if(starts_with(coalesce(hubspot.{{id .Name}}, ''), chr(57344)), chr(57344), coalesce(hubspot.{{id .Name}}, '')), chr(57344)) as {{id (print "h " .Name)}},
        nullif(if(starts_with(coalesce(salesforce.{{id .Name}}, ''), chr(57344)), chr(57344), coalesce(salesforce.{{id .Name}}, '')), chr(57344)) as {{id (print "s " .Name)}},
        hubspot_basis.{{id .Name}} as {{id (print "hb " .Name)}},
        salesforce_basis.{{id .Name}} as {{id (print "sb " .Name)}}
        {{- end}}
    from pair
    join row_hubspot as hubspot on hubspot.object = pair.hubspot_object and hubspot.id = pair.hubspot_id
    join row_salesforce as salesforce on salesforce.object = pair.salesforce_object and salesforce.id = pair.salesforce_id
    left join basis_hubspot as hubspot_basis using (pair_id)
    left join basis_salesforce as salesforce_basis using (pair_id)
    where pair.merges
),

-- read once, not once per field
moved as materialized (
    select *
    from wide
    where false
        {{- range .Fields}}
        {{- if eq .Direction "two_way"}}
        or ({{id (print "h " .Name)}} is not null and {{id (print "s " .Name)}} is not null
            and ({{id (print "h " .Name)}} is distinct from {{id (print "hb " .Name)}} or {{id (print "s " .Name)}} is distinct from {{id (print "sb " .Name)}}))
        {{- else if eq .Direction "hubspot_to_salesforce"}}
        or ({{id (print "h " .Name)}} is not null and {{id (print "h " .Name)}} is distinct from {{id (print "hb " .Name)}})
        or ({{id (print "h " .Name)}} is not null and {{id (print "s " .Name)}} is not null and {{id (print "s " .Name)}} is distinct from {{id (print "sb " .Name)}})
        {{- else if eq .Direction "salesforce_to_hubspot"}}
        or ({{id (print "s " .Name)}} is not null and {{id (print "s " .Name)}} is distinct from {{id (print "sb " .Name)}})
        or ({{id (print "h " .Name)}} is not null and {{id (print "s " .Name)}} is not null and {{id (print "h " .Name)}} is distinct from {{id (print "hb " .Name)}})
        {{- end}}
        {{- end}}
)

{{- range $i, $f := .Fields}}
{{if $i}}union all{{end}}
select pair_id, {{str .Name}} as field, {{str .Unit}} as unit, {{id (print "h " .Name)}} as hubspot, {{id (print "s " .Name)}} as salesforce,
    {{id (print "hb " .Name)}} as hubspot_base, {{id (print "sb " .Name)}} as salesforce_base
from moved
{{- if eq .Name .Unit}}
-- what agrees and has not moved has nothing to say
where ({{id (print "h " .Name)}} is distinct from {{id (print "hb " .Name)}} or {{id (print "s " .Name)}} is distinct from {{id (print "sb " .Name)}} or {{id (print "h " .Name)}} is distinct from {{id (print "s " .Name)}})
{{- end}}
{{- end}};

-- An unknown value is reported: it decides nothing until the crosswalk knows it.
{{- range $s := systems}}
insert into plan.notice (plan_id, entity, kind, system, object, record_id, field, text)
with said as (
    {{- range $i, $f := $.Fields}}
    {{if $i}}union all{{end}}
    select object, id, deleted, superseded_by, {{str .Name}} as field, {{id .Name}} as value
    from row_{{$s}}
    where starts_with({{id .Name}}, chr(57344)) and length({{id .Name}}) > 1
    {{- end}}
)

select {{str $.PlanID}}, {{str $.Entity}}, 'unmapped', '{{$s}}', object, id, field, 'no translation for ' || substr(value, 2)
from said
where not deleted and superseded_by is null;
{{- end}}
