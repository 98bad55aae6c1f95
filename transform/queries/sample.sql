-- A sample of people and of what they are connected with, cut out of a plan that knows all pairs: so a record outside
-- of it is never taken for one without a partner. Above are the entities that a person refers to, below all others.
create or replace temp table sample_up as
-- one row per pair and pair that it refers to, itself or through others
with recursive walk as (
    select distinct entity, pair_id, to_entity, to_pair_id
    from sample_tie
    where (entity, pair_id) <> (to_entity, to_pair_id)
    union
    select walk.entity, walk.pair_id, tie.to_entity, tie.to_pair_id
    from walk
    join sample_tie as tie on tie.entity = walk.to_entity and tie.pair_id = walk.to_pair_id
)

select * from walk;

-- People who are new, or with whom something new is connected. N of them: of each kind in turn, what is richest first.
create or replace temp table sample_person as
with
below as (
    select *
    from sample_pair
    where entity <> {{str .People}} and entity not in (''{{range .Above}}, {{str .}}{{end}})
),

news as (
    select entity, pair_id
    from sample_pair
    where is_new and entity <> {{str .People}}
    union
    select up.to_entity, up.to_pair_id
    from below
    join sample_up as up using (entity, pair_id)
    where below.is_new
),

busy as (
    select distinct up.to_entity as entity, up.to_pair_id as pair_id
    from below
    join sample_up as up using (entity, pair_id)
),

people as (
    select
        person.pair_id,
        person.is_new,
        any_value(person.rule) as rule,
        any_value(person.hubspot_id) is null or any_value(person.salesforce_id) is null as alone,
        any_value(if(person.hubspot_id is null, 'salesforce', 'hubspot')) as comes_from,
        any_value(person.salesforce_object) as kind,
        count(up.to_pair_id) > 0 as tied,
        bool_or(busy.pair_id is not null) as has_more,
        person.is_new or bool_or(news.pair_id is not null) as wanted
    from sample_pair as person
    left join (
        select pair_id, to_entity, to_pair_id from sample_up where entity = {{str .People}}
        union all
        select pair_id, entity, pair_id from sample_pair where entity = {{str .People}}
    ) as place on place.pair_id = person.pair_id
    left join sample_up as up
        on up.entity = {{str .People}} and up.pair_id = person.pair_id and up.to_entity = place.to_entity and up.to_pair_id = place.to_pair_id
    left join news on news.entity = place.to_entity and news.pair_id = place.to_pair_id
    left join busy on busy.entity = place.to_entity and busy.pair_id = place.to_pair_id
    where person.entity = {{str .People}}
    group by person.pair_id, person.is_new
),

turns as (
    select *, row_number() over (partition by is_new, rule, comes_from, kind, tied, has_more order by pair_id) as turn
    from people
    where wanted
)

select pair_id
from turns
order by turn, alone, not has_more, not tied, not is_new, kind, rule, comes_from, pair_id
limit {{.N}};

-- With them what they refer to, what refers to any of it, and what that refers to. Pairs linked before go on as always,
-- and take what they refer to.
create or replace temp table sample_member as
with recursive
above as (
    select {{str .People}} as entity, pair_id
    from sample_person
    union
    select up.to_entity, up.to_pair_id
    from sample_person as person
    join sample_up as up on up.entity = {{str .People}} and up.pair_id = person.pair_id
),

connected as (
    select entity, pair_id
    from above
    union
    select tie.entity, tie.pair_id
    from connected
    join sample_tie as tie on tie.to_entity = connected.entity and tie.to_pair_id = connected.pair_id
    where tie.entity <> {{str .People}} and tie.entity not in (''{{range .Above}}, {{str .}}{{end}})
),

standing as (
    select entity, pair_id
    from connected
    union
    select entity, pair_id
    from sample_pair
    where not is_new
)

select entity, pair_id
from standing
union
select up.to_entity, up.to_pair_id
from standing
join sample_up as up using (entity, pair_id);

create or replace temp table sample_rest as
select *
from sample_pair
anti join sample_member using (entity, pair_id)
where is_new;

-- The rest is left to the next plan, as though it had never been seen.
delete from plan.value
where plan_id = {{str .PlanID}}
    and change_id in (select change.change_id from plan.change as change join sample_rest using (entity, pair_id) where change.plan_id = {{str .PlanID}});
{{- range $t := .Tables}}

delete from plan.{{$t}}
where plan_id = {{str $.PlanID}} and (entity, pair_id) in (select (entity, pair_id) from sample_rest);
{{- end}}

delete from plan.notice
where plan_id = {{str .PlanID}} and (entity, system, object, record_id) in (
    {{- range $i, $s := systems}}
    {{if $i}}union all {{end}}select (entity, '{{$s}}', {{$s}}_object, {{$s}}_id) from sample_rest where {{$s}}_id is not null
    {{- end}}
);

insert into plan.notice (plan_id, entity, kind, text)
select {{str .PlanID}}, sample_pair.entity, 'sample', count(*) - count(sample_rest.pair_id) || ' of ' || count(*)
from sample_pair
left join sample_rest using (entity, pair_id)
where sample_pair.is_new
group by sample_pair.entity;
