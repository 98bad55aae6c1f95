-- The probes of one unit alone are kept: they say which unit moves which column.
create or replace temp table crossed as
from probe;

-- Each side's row as decided, and the same row as the deciding side's editor sees it.
create or replace temp table probe as
with written as (
    select distinct if(winner = 'hubspot', 'salesforce', 'hubspot') as system, pair_id
    from decision
    where winner in ('hubspot', 'salesforce')
)

select
    (select max(probe_id) from crossed) + row_number() over () as probe_id,
    system,
    kind,
    pair_id,
    null::varchar as unit
from written, (values ('merged'), ('value')) as kinds (kind);

create or replace temp table overlay as
-- decided fields carry the decision
select probe.probe_id, cell.field, if(decision.winner = 'hubspot', cell.hubspot, cell.salesforce) as value
from probe
join decision on decision.pair_id = probe.pair_id and decision.winner <> 'ask'
join cell on cell.pair_id = decision.pair_id and cell.unit = decision.unit
-- with `keep`, and at a first link, a blank overwrites nothing, also among fields that are together
where if(decision.winner = 'hubspot', cell.hubspot, cell.salesforce) <> '' or (decision.blank = 'clear' and not decision.first_link)

union all

-- fields left alone stand at the deciding side's value, unless blank or absent there
select probe.probe_id, cell.field, if(probe.system = 'salesforce', cell.hubspot, cell.salesforce)
from probe
join unit on unit.pair_id = probe.pair_id and unit.state = 'leave'
    and unit.direction in ('two_way', if(probe.system = 'salesforce', 'hubspot_to_salesforce', 'salesforce_to_hubspot'))
join cell on cell.pair_id = unit.pair_id and cell.unit = unit.unit
where probe.kind = 'value' and if(probe.system = 'salesforce', cell.hubspot, cell.salesforce) <> '';
