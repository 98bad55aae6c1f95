-- Each undecided unit at the other side's value, where the to file knows the unit at all; and each side as it is.
create or replace temp table probe as
with
crossing as (
    select 'salesforce' as system, pair_id, unit
    from unit
    where state in ('hubspot', 'salesforce', 'conflict') or (state = 'fill' and side = 'hubspot')
    union all
    select 'hubspot', pair_id, unit
    from unit
    where state in ('hubspot', 'salesforce', 'conflict') or (state = 'fill' and side = 'salesforce')
),

told as (
    select crossing.*
    from crossing
    join pair using (pair_id)
    join expressible
        on expressible.system = crossing.system
        and expressible.unit = crossing.unit
        and expressible.object = if(crossing.system = 'hubspot', pair.hubspot_object, pair.salesforce_object)
),

asked as (
    select system, 'one' as kind, pair_id, unit
    from told
    union all
    select distinct system, 'current', pair_id, null
    from crossing
)

select row_number() over () as probe_id, *
from asked;

create or replace temp table overlay as
select probe.probe_id, cell.field, if(probe.system = 'salesforce', cell.hubspot, cell.salesforce) as value
from probe
join cell using (pair_id, unit)
where if(probe.system = 'salesforce', cell.hubspot, cell.salesforce) is not null;
