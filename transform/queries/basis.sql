-- The bases this plan decides by, wide, one table per side: null is no base, '' is a blank.
-- base.{{.Entity}} itself is not touched: what differs goes into plan.settle.
{{- range $s := systems}}
create or replace temp table basis_{{$s}} as
select
    pair.pair_id,
    {{- range $.Fields}}
    case
        {{- if .Resynced}}
        when true then null
        {{- end}}
        when base.{{id .Name}} is null then null
        -- another record took the place of the one the base was read from: the base stands where it says the same
        when pair.{{$s}}_replaced and base.{{id .Name}} is distinct from coalesce(record.{{id .Name}}, '') then null
        {{- if .WasRead}}
        -- the mapping was edited: what had not moved under the old text has not moved under the new one
        when coalesce(old.{{id .Name}}, '') = base.{{id .Name}} and not starts_with(coalesce(record.{{id .Name}}, ''), chr(57344))
            then coalesce(record.{{id .Name}}, '')
        {{- end}}
        else base.{{id .Name}}
    end as {{id .Name}},
    {{- end}}
from pair
semi join suspect using (pair_id)
left join (from base.{{id $.Entity}} semi join suspect using (pair_id) where system = '{{$s}}') as base using (pair_id)
left join suspect_{{$s}} as record using (pair_id)
{{- if $.Edited}}
left join (
    select old.*
    from old_{{$.Entity}}_{{$s}} as old
    semi join (from base.{{id $.Entity}} semi join suspect using (pair_id) where system = '{{$s}}') as based using (object, id)
) as old on old.object = base.object and old.id = base.id
{{- end}}
where pair.state = 'linked';
{{- end}}
