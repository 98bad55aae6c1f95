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

moved as (
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

select
    pair_id,
    unnest([
        {{- range $i, $f := .Fields}}
        {{if $i}}, {{end}}{
            field: {{str .Name}}, unit: {{str .Unit}}, direction: {{str .Direction}}, rule: {{str .Rule}}, blank: {{str .Blank}},
            hubspot: {{id (print "h " .Name)}}, salesforce: {{id (print "s " .Name)}},
            hubspot_base: {{id (print "hb " .Name)}}, salesforce_base: {{id (print "sb " .Name)}}
        }
        {{- end}}
    ], recursive := true)
from moved;

-- An unknown value is reported: it decides nothing until the crosswalk knows it.
{{- range $s := systems}}
insert into plan.notice (plan_id, entity, kind, system, object, record_id, field, text)
with said as (
    select
        record.object,
        record.id,
        unnest([
            {{- range $i, $f := $.Fields}}
            {{if $i}}, {{end}}{field: {{str .Name}}, value: record.{{id .Name}}}
            {{- end}}
        ], recursive := true)
    from row_{{$s}} as record
    where not record.deleted and record.superseded_by is null and (false
        {{- range $.Fields}}
        or (starts_with(record.{{id .Name}}, chr(57344)) and length(record.{{id .Name}}) > 1)
        {{- end}})
)

select {{str $.PlanID}}, {{str $.Entity}}, 'unmapped', '{{$s}}', object, id, field, 'no translation for ' || substr(value, 2)
from said
where starts_with(value, chr(57344)) and length(value) > 1;
{{- end}}
