-- Records that were refused as they would be created again: every column as it was then. They are told of and not
-- planned, until a value moves, the mapping sends other columns, or the pipeline says to try again.
create or replace temp table rejected as
select birth.probe_id, birth.pair_id, any_value(concat_ws('; ', refusal.words, refusal.remedy)) as words
from birth
join filled using (probe_id)
left join history.refusal as refusal
    on refusal.entity = {{str .Entity}} and refusal.pair_id = birth.pair_id
    and refusal.system = birth.system and refusal.object = birth.object
    and (refusal."column" is null or refusal."column" = filled."column" and coalesce(refusal.value, '') = filled.value)
    and not coalesce(refusal.predicted, false)
    and refusal.last_at >= all (select changed_at from catalog.column as said where said.system = refusal.system and said.object = refusal.object)
where not {{.RetryRefused}} and not contains(filled.value, chr(57344))
group by birth.probe_id, birth.pair_id
having bool_and(refusal.pair_id is not null);

insert into plan.notice (plan_id, entity, kind, system, object, record_id, text)
select
    {{str .PlanID}},
    {{str .Entity}},
    'refused',
    birth.source_system,
    birth.source_object,
    birth.source_id,
    'refused before as a new ' || birth.system || '.' || birth.object || ', nothing has moved since: ' || rejected.words
from birth
join rejected using (probe_id);

delete from filled where probe_id in (select probe_id from rejected);

delete from pair where pair_id in (select pair_id from rejected);

delete from birth where probe_id in (select probe_id from rejected);
