-- What the new record will say of itself and only it may say (its id, its object) is told to its source in the
-- same run. The id is not known yet: chr(57345) marks the place, and load puts it in once the record is there.
insert into cell (pair_id, field, unit, hubspot, salesforce, hubspot_base, salesforce_base)
select
    birth.pair_id,
    born.field,
    rule.unit,
    if(birth.system = 'hubspot', born.value, coalesce(born.source_value, '')),
    if(birth.system = 'salesforce', born.value, coalesce(born.source_value, '')),
    null,
    null
from born
join birth using (change_id)
join rule using (field)
where rule.direction = birth.system || '_to_' || birth.source_system
    and coalesce(born.value, '') <> ''
    and not starts_with(born.value, chr(57344))
    and not starts_with(coalesce(born.source_value, ''), chr(57344));

insert into unit (pair_id, unit, direction, rule, blank, hubspot_absent, salesforce_absent, same, hubspot_blank, salesforce_blank, state, side, first_link)
select cell.pair_id, cell.unit, any_value(rule.direction), any_value(rule.rule), any_value(rule.blank), false, false, false, false, false,
    any_value(birth.system), any_value(birth.system), true
from cell
join birth using (pair_id)
join rule using (field)
group by cell.pair_id, cell.unit
having bool_or(cell.hubspot is distinct from cell.salesforce);
