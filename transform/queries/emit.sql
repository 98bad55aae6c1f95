-- Columns that go: those that no waiting unit moves.
create or replace temp table going as
select moving.*
from moving
anti join (
    select moved_by.system, moved_by.pair_id, moved_by."column"
    from moved_by
    join waiting using (system, pair_id, unit)
) as held_back using (system, pair_id, "column");

create or replace temp table change as
select
    birth.change_id,
    birth.pair_id,
    'create' as action,
    birth.system,
    birth.object,
    null::varchar as record_id,
    birth.source_object,
    birth.source_id,
    birth.reason as rule
from birth
where birth.probe_id in (select probe_id from filled)
union all
select distinct
    left(md5(concat_ws('/', {{str .Entity}}, 'update', going.system, going.pair_id)), 16),
    going.pair_id,
    'update',
    going.system,
    if(going.system = 'hubspot', pair.hubspot_object, pair.salesforce_object),
    if(going.system = 'hubspot', pair.hubspot_id, pair.salesforce_id),
    if(going.system = 'hubspot', pair.salesforce_object, pair.hubspot_object),
    if(going.system = 'hubspot', pair.salesforce_id, pair.hubspot_id),
    null
from going
join pair using (pair_id);

-- A record that needs another one of this plan to be there first comes after it.
create or replace temp table generation as
with recursive
needs as (
    select birth.change_id, parent.change_id as parent_id
    from filled
    join birth using (probe_id)
    join birth as parent on filled.value = chr(57345) || 'id:' || parent.change_id
),

walk as (
    select change_id, 0 as depth
    from birth
    where change_id not in (select change_id from needs)
    union
    select needs.change_id, walk.depth + 1
    from walk
    join needs on needs.parent_id = walk.change_id
    where walk.depth < 50
)

select change_id, max(depth) as depth
from walk
group by change_id;

insert into plan.change (plan_id, change_id, position, entity, pair_id, action, system, object, record_id, source_object, source_id, label, rule)
with
named as (
    select change.*, coalesce(hubspot.{{.Label}}, salesforce.{{.Label}}) as label, coalesce(generation.depth, 50) as depth
    from change
    join pair using (pair_id)
    left join generation using (change_id)
    left join label_hubspot as hubspot on hubspot.object = pair.hubspot_object and hubspot.id = pair.hubspot_id
    left join label_salesforce as salesforce on salesforce.object = pair.salesforce_object and salesforce.id = pair.salesforce_id
)

select
    {{str .PlanID}},
    change_id,
    (select count(*) from plan.change where plan_id = {{str .PlanID}})
        + row_number() over (order by action, system desc, object, depth, coalesce(record_id, source_id), change_id),
    {{str .Entity}},
    pair_id, action, system, object, record_id, source_object, source_id, label, rule
from named;

insert into plan.value (plan_id, change_id, "column", before, after, fields, rules)
with
reasons as (
    select
        moved_by.system,
        moved_by.pair_id,
        moved_by."column",
        cell.field,
        decision.reason
    from moved_by
    join decision on decision.pair_id = moved_by.pair_id and decision.unit = moved_by.unit
    join cell on cell.pair_id = moved_by.pair_id and cell.unit = moved_by.unit
    join pair on pair.pair_id = moved_by.pair_id
    join column_fields
        on column_fields.system = moved_by.system
        and column_fields.object = if(moved_by.system = 'hubspot', pair.hubspot_object, pair.salesforce_object)
        and column_fields."column" = moved_by."column"
    -- of an address only the part that differs and that this column is made of is named
    where cell.hubspot is distinct from cell.salesforce and list_contains(column_fields.fields, cell.field)
)

select
    {{str .PlanID}},
    change.change_id,
    going."column",
    any_value(going.before),
    nullif(any_value(going.after), ''),
    list(distinct reasons.field order by reasons.field),
    list(distinct reasons.reason order by reasons.reason)
from going
join change on change.pair_id = going.pair_id and change.system = going.system and change.action = 'update'
join reasons on reasons.system = going.system and reasons.pair_id = going.pair_id and reasons."column" = going."column"
group by change.change_id, going."column"
union all
select
    {{str .PlanID}},
    change.change_id,
    filled."column",
    null,
    filled.value,
    coalesce(column_fields.fields, []),
    ['created']
from change
join birth using (change_id)
join filled on filled.probe_id = birth.probe_id
left join column_fields on column_fields.system = change.system and column_fields.object = change.object and column_fields."column" = filled."column"
where not contains(filled.value, chr(57344));

-- Decided fields that a change carries, that wait, or that were a conflict.
insert into plan.field (plan_id, entity, pair_id, field, outcome, conflict, first_link, hubspot, salesforce, hubspot_base, salesforce_base, rule, reason)
with
sends as (
    select distinct moved_by.pair_id, moved_by.unit
    from moved_by
    join going using (system, pair_id, "column")
),

waits as (
    select waiting.pair_id, waiting.unit, coalesce(min(stopped.text), 'a field it shares a column with waits') as text
    from waiting
    left join moved_by using (system, pair_id, unit)
    left join stopped using (system, pair_id, "column")
    group by waiting.pair_id, waiting.unit
)

select
    {{str .PlanID}},
    {{str .Entity}},
    decision.pair_id,
    cell.field,
    case when frozen.asks then 'ask' when frozen.unit is not null then 'frozen' when waits.unit is not null then 'waiting' else decision.winner end,
    decision.conflict,
    decision.first_link,
    cell.hubspot,
    cell.salesforce,
    cell.hubspot_base,
    cell.salesforce_base,
    decision.rule,
    coalesce(frozen.reason, decision.reason || ', but it waits: ' || waits.text, decision.reason)
from decision
join cell on cell.pair_id = decision.pair_id and cell.unit = decision.unit
left join sends on sends.pair_id = decision.pair_id and sends.unit = decision.unit
left join waits on waits.pair_id = decision.pair_id and waits.unit = decision.unit
left join frozen on frozen.pair_id = decision.pair_id and frozen.unit = decision.unit
where (sends.unit is not null or waits.unit is not null or decision.conflict)
    -- of fields that are together only those that differ
    and cell.hubspot is distinct from cell.salesforce;

insert into plan.notice (plan_id, entity, kind, system, object, record_id, field, text)
select
    {{str .PlanID}},
    {{str .Entity}},
    stopped.kind,
    stopped.system,
    if(stopped.system = 'hubspot', pair.hubspot_object, pair.salesforce_object),
    if(stopped.system = 'hubspot', pair.hubspot_id, pair.salesforce_id),
    stopped."column",
    stopped.text
from stopped
join pair using (pair_id)
where stopped.kind <> 'foreseen'
union all
select
    {{str .PlanID}},
    {{str .Entity}},
    'unmapped',
    birth.source_system,
    birth.source_object,
    birth.source_id,
    filled."column",
    'left out of the new ' || birth.system || '.' || birth.object || ': no translation for ' || replace(filled.value, chr(57344), '')
from birth
join filled using (probe_id)
where contains(filled.value, chr(57344))
union all
select
    {{str .PlanID}},
    {{str .Entity}},
    'ask',
    'hubspot',
    pair.hubspot_object,
    pair.hubspot_id,
    decision.unit,
    'waits for a person: it differs from salesforce.' || pair.salesforce_object || ' ' || pair.salesforce_id || ' and the rule is to ask'
from decision
join pair using (pair_id)
where decision.winner = 'ask';
