-- fields.sql, for joining.
create or replace temp table rule as
select *
from (values
    {{- range $i, $f := .Fields}}
    {{if $i}}, {{end}}({{str .Name}}, {{str .Unit}}, {{str .Direction}}, {{str .Rule}}, {{str .Blank}}, {{.Backwards}})
    {{- end}}
) as fields (field, unit, direction, rule, blank, backwards);

-- One row per pair and field, for every pair where a side differs from its base; what agrees and has not moved has
-- nothing to say, unless it is together with what has.
-- hubspot, salesforce: '' is a blank, null is absent. Their bases: '' is a blank, null is none.
create or replace temp table cell (pair_id varchar, field varchar, unit varchar, hubspot varchar, salesforce varchar, hubspot_base varchar, salesforce_base varchar);
{{range .Parts}}
insert into cell
with
-- the fields of a pair side by side, so many pairs at a time
wide as (
    select
        pair.pair_id
        {{- range $.Fields}},
        if(starts_with(hubspot.{{id .Name}}, chr(57344)), null, coalesce(hubspot.{{id .Name}}, '')) as {{id (print "h " .Name)}},
        if(starts_with(salesforce.{{id .Name}}, chr(57344)), null, coalesce(salesforce.{{id .Name}}, '')) as {{id (print "s " .Name)}},
        hubspot_basis.{{id .Name}} as {{id (print "hb " .Name)}},
        salesforce_basis.{{id .Name}} as {{id (print "sb " .Name)}}
        {{- end}}
    from (from pair {{.}}) as pair
    semi join suspect using (pair_id)
    join (from suspect_hubspot {{.}}) as hubspot using (pair_id)
    join (from suspect_salesforce {{.}}) as salesforce using (pair_id)
    left join (from basis_hubspot {{.}}) as hubspot_basis using (pair_id)
    left join (from basis_salesforce {{.}}) as salesforce_basis using (pair_id)
    where pair.merges
)

select pair_id, field, rule.unit, hubspot, salesforce, hubspot_base, salesforce_base
from wide
unpivot include nulls (
    (hubspot, salesforce, hubspot_base, salesforce_base)
    for field in (
        {{- range $i, $f := $.Fields}}
        {{- if $i}},{{end}}
        ({{id (print "h " .Name)}}, {{id (print "s " .Name)}}, {{id (print "hb " .Name)}}, {{id (print "sb " .Name)}}) as {{id .Name}}
        {{- end}}
    )
)
join rule using (field)
where rule.unit <> field
    or hubspot is distinct from hubspot_base or salesforce is distinct from salesforce_base or hubspot is distinct from salesforce;
{{end -}}
