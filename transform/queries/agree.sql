-- One side's value, put into the other's columns, moves nothing there, or nothing that does not stand there
-- already: the sides agree. That says nothing where the to file does not know the unit, hence the probe.
update unit
set state = 'agreed', side = null
from (
    select probe.system, probe.pair_id, probe.unit
    from probe
    left join sent using (probe_id)
    group by probe.probe_id, probe.system, probe.pair_id, probe.unit
    having bool_and(sent.value is not distinct from sent.mirror)
) as alike
where unit.state in ('hubspot', 'salesforce', 'conflict')
    -- several opt-outs may be one column of the other side: each is told by itself
    and unit.rule <> 'opt_out_wins'
    and unit.pair_id = alike.pair_id and unit.unit = alike.unit
    -- a blank that moves nothing is no value that the other side holds
    and not if(alike.system = 'salesforce', unit.hubspot_blank, unit.salesforce_blank);

-- What a person has said of just these two values decides them, whatever stood against it.
create or replace temp table verdict as
select cell.pair_id, cell.unit, any_value(answer.winner) as winner
from cell
left join (
    select pair_id, field, hubspot, salesforce, arg_max(winner, answered_at) as winner
    from history.answer
    where entity = {{str .Entity}}
    group by all
) as answer
    on answer.pair_id = cell.pair_id and answer.field = cell.field
    and answer.hubspot is not distinct from cell.hubspot and answer.salesforce is not distinct from cell.salesforce
where cell.hubspot is distinct from cell.salesforce
group by cell.pair_id, cell.unit
having bool_and(answer.winner is not null) and count(distinct answer.winner) = 1;

update unit
set state = 'conflict', side = null
from verdict
where unit.pair_id = verdict.pair_id and unit.unit = verdict.unit and unit.state in ('fill', 'hubspot', 'salesforce');

-- A conflict as winner.sql sees it: blanks are null, times are on our clock.
create or replace temp table conflict as
select
    cell.pair_id,
    cell.field,
    nullif(cell.hubspot, '') as hubspot,
    nullif(cell.salesforce, '') as salesforce,
    nullif(cell.hubspot_base, '') as hubspot_base,
    nullif(cell.salesforce_base, '') as salesforce_base,
    coalesce(edited."at", hubspot_seen."at", hubspot.modified_at) - to_milliseconds(coalesce((select any_value(skew_ms) from catalog.clock where system = 'hubspot'), 0)) as hubspot_at,
    coalesce(salesforce_seen."at", salesforce.modified_at) - to_milliseconds(coalesce((select any_value(skew_ms) from catalog.clock where system = 'salesforce'), 0)) as salesforce_at,
    unit.first_link
from unit
join cell using (pair_id, unit)
join pair using (pair_id)
join suspect_hubspot as hubspot using (pair_id)
join suspect_salesforce as salesforce using (pair_id)
left join plan.seen as hubspot_seen
    on hubspot_seen.entity = {{str .Entity}} and hubspot_seen.pair_id = cell.pair_id and hubspot_seen.system = 'hubspot' and hubspot_seen.field = cell.field
left join plan.seen as salesforce_seen
    on salesforce_seen.entity = {{str .Entity}} and salesforce_seen.pair_id = cell.pair_id and salesforce_seen.system = 'salesforce' and salesforce_seen.field = cell.field
left join (
    select made_of.object, history.id, made_of.field, max(history."at") as "at"
    from made_of
    join hubspot.history as history on history.object = made_of.object and lower(history.property) = made_of."column"
    group by all
) as edited on edited.object = pair.hubspot_object and edited.id = pair.hubspot_id and edited.field = cell.field
where unit.state = 'conflict';
