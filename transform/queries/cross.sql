-- Each undecided unit at the other side's value, and each side as it is.
create or replace temp table probe as
select 'salesforce' as system, 'one' as kind, pair_id, unit, concat_ws('|', 'salesforce', 'one', pair_id, unit) as probe_id
from unit
where state in ('hubspot', 'salesforce', 'conflict') or (state = 'fill' and side = 'hubspot')
union all
select 'hubspot', 'one', pair_id, unit, concat_ws('|', 'hubspot', 'one', pair_id, unit)
from unit
where state in ('hubspot', 'salesforce', 'conflict') or (state = 'fill' and side = 'salesforce');

insert into probe
select distinct system, 'current', pair_id, null, concat_ws('|', system, 'current', pair_id)
from probe;

create or replace temp table overlay as
select probe.probe_id, cell.field, if(probe.system = 'salesforce', cell.hubspot, cell.salesforce) as value
from probe
join cell using (pair_id, unit)
where if(probe.system = 'salesforce', cell.hubspot, cell.salesforce) is not null;
