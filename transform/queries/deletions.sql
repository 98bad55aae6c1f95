-- Live records in {{.System}} whose partner is deleted, long enough ago. One that no longer says what it said when the two
-- were last in step was edited since: it stays, and is told of.
{{- $s := .System}}
{{- $o := other .System}}
create or replace temp table leaving as
select
    pair.pair_id,
    pair.{{$s}}_object as object,
    pair.{{$s}}_id as id,
    pair.{{$o}}_object as source_object,
    pair.{{$o}}_id as source_id,
    left(md5(concat_ws('/', {{str .Entity}}, 'delete', '{{$s}}', pair.pair_id)), 16) as change_id,
    false
    {{- range .Fields}}
    or coalesce(base.{{id .Name}} is not null and not starts_with(coalesce(here.{{id .Name}}, ''), chr(57344)) and coalesce(here.{{id .Name}}, '') <> base.{{id .Name}}, false)
    {{- end}} as edited
from pair
join row_{{$s}} as here on here.object = pair.{{$s}}_object and here.id = pair.{{$s}}_id
join row_{{$o}} as there on there.object = pair.{{$o}}_object and there.id = pair.{{$o}}_id
join ({{.Gone}}) as gone on gone.object = there.object and gone.id = there.id
left join (from base.{{id .Entity}} where system = '{{$s}}') as base on base.pair_id = pair.pair_id
where pair.state = 'half'
    and there.deleted and there.told_on and there.superseded_by is null
    and not here.deleted and here.superseded_by is null and here.in_scope
    -- what is only no longer returned has no time: no permission, or deleted for good
    and gone._deleted_at is not null
    {{- if .Grace}}
    and gone._deleted_at <= getvariable('run_at') - to_seconds({{.Grace}})
    {{- end}}
    -- the live record may have found another partner
    and not exists (from pair as other where other.pair_id <> pair.pair_id and other.state = 'linked' and other.{{$s}}_object = here.object and other.{{$s}}_id = here.id);

insert into plan.notice (plan_id, entity, kind, system, object, record_id, text)
select {{str .PlanID}}, {{str .Entity}}, 'not deleted', '{{$s}}', pair.{{$s}}_object, pair.{{$s}}_id,
    'stays although {{$o}}.' || gone.object || ' ' || gone.id || ' is no longer returned: that may be a permission, and proves no deletion'
from pair
join ({{.Gone}}) as gone on gone.object = pair.{{$o}}_object and gone.id = pair.{{$o}}_id
join row_{{$s}} as here on here.object = pair.{{$s}}_object and here.id = pair.{{$s}}_id
join row_{{$o}} as there on there.object = gone.object and there.id = gone.id
where pair.state = 'half' and gone._deleted_at is null
    and there.superseded_by is null and not here.deleted and here.superseded_by is null and here.in_scope
union all
select {{str .PlanID}}, {{str .Entity}}, 'not deleted', '{{$s}}', object, id,
    'stays although {{$o}}.' || source_object || ' ' || source_id || ' was deleted: it was edited since'
from leaving
where edited
union all
select {{str .PlanID}}, {{str .Entity}}, 'refused', '{{$s}}', leaving.object, leaving.id, 'not deleted, refused before: ' || refusal.words
from leaving
join history.refusal as refusal
    on refusal.entity = {{str .Entity}} and refusal.pair_id = leaving.pair_id and refusal.system = '{{$s}}' and refusal."column" = '_deleted'
where not edited and not {{.RetryRefused}};

delete from leaving
where edited
    or (not {{.RetryRefused}} and pair_id in (
        select pair_id from history.refusal where entity = {{str .Entity}} and system = '{{$s}}' and "column" = '_deleted'));

insert into plan.change (plan_id, change_id, position, entity, pair_id, action, system, object, record_id, source_object, source_id, label, rule)
select
    {{str .PlanID}},
    change_id,
    (select count(*) from plan.change where plan_id = {{str .PlanID}}) + row_number() over (order by leaving.object, leaving.id),
    {{str .Entity}}, pair_id, 'delete', '{{$s}}', leaving.object, leaving.id, source_object, source_id, label.label,
    'its {{$o}} record was deleted'
from leaving
left join label_{{$s}} as label on label.object = leaving.object and label.id = leaving.id;

insert into plan.value (plan_id, change_id, "column", before, after, fields, rules)
select {{str .PlanID}}, change_id, '_deleted', 'false', 'true', [], ['its {{$o}} record was deleted']
from leaving;
