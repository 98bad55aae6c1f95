-- What is not sent because the target would refuse it. A column that waits for a person anyway is not told of.
insert into plan.refusal (plan_id, entity, pair_id, change_id, action, system, object, record_id, source_object, source_id, label, "column", before, value,
    fields, rules, category, words, remedy)
select
    {{str .PlanID}},
    {{str .Entity}},
    foreseen.pair_id,
    foreseen.change_id,
    foreseen.action,
    foreseen.system,
    foreseen.object,
    foreseen.record_id,
    foreseen.source_object,
    foreseen.source_id,
    coalesce(label_hubspot.label, label_salesforce.label),
    foreseen."column",
    foreseen.before,
    foreseen.value,
    coalesce(column_fields.fields, []),
    ['would be refused'],
    foreseen.category,
    foreseen.words,
    remedy.text
from foreseen
join (
    values
    {{- range $i, $c := .Categories}}
    {{if $i}}, {{end}}({{str (print $c)}}, {{str $c.Remedy}})
    {{- end}}
) as remedy (category, text) using (category)
left join column_fields
    on column_fields.system = foreseen.system and column_fields.object = foreseen.object and column_fields."column" = foreseen."column"
left join label_hubspot
    on label_hubspot.object = if(foreseen.system = 'hubspot', foreseen.object, foreseen.source_object)
    and label_hubspot.id = if(foreseen.system = 'hubspot', foreseen.record_id, foreseen.source_id)
left join label_salesforce
    on label_salesforce.object = if(foreseen.system = 'salesforce', foreseen.object, foreseen.source_object)
    and label_salesforce.id = if(foreseen.system = 'salesforce', foreseen.record_id, foreseen.source_id)
where not exists (
    from stopped
    where stopped.system = foreseen.system and stopped.pair_id = foreseen.pair_id and stopped."column" = foreseen."column"
        and stopped.kind in ('frozen', 'ask')
);
