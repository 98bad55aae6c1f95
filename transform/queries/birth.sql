-- One row per record to be created, and a pair for it and its source.
create or replace temp table birth as
select
    row_number() over () as probe_id,
    left(md5(concat_ws('/', {{str .Entity}}, 'create', wanted.source_object, wanted.source_id)), 16) as pair_id,
    left(md5(concat_ws('/', {{str .Entity}}, 'create', wanted.source_object, wanted.source_id, wanted.object)), 16) as change_id,
    wanted.*,
    if(wanted.system = 'hubspot', 'salesforce', 'hubspot') as source_system
from wanted
where wanted.object is not null;

insert into pair (pair_id, state, old_state, hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule, hubspot_replaced, salesforce_replaced, merges, is_new)
select
    pair_id,
    'create',
    'new',
    if(source_system = 'hubspot', source_object, object),
    if(source_system = 'hubspot', source_id, null),
    if(source_system = 'salesforce', source_object, object),
    if(source_system = 'salesforce', source_id, null),
    'created',
    false,
    false,
    false,
    true
from birth;
