-- Where a superseded record leads in the end, through chains.
create or replace temp table survivor as
with recursive
step as (
    {{- range $i, $s := systems}}
    {{if $i}}union all {{end}}select '{{$s}}' as system, object, id, superseded_by_object as next_object, superseded_by as next_id
    from row_{{$s}}
    where superseded_by is not null
    {{- end}}
),

walk as (
    select system, object, id, next_object, next_id, 1 as hops
    from step
    union all
    select walk.system, walk.object, walk.id, step.next_object, step.next_id, walk.hops + 1
    from walk
    join step on step.system = walk.system and step.object = walk.next_object and step.id = walk.next_id
    where walk.hops < 50
),

arrived as (
    select *
    from walk
    qualify row_number() over (partition by system, object, id order by hops desc) = 1
)

select
    arrived.system,
    arrived.object,
    arrived.id,
    next_object,
    next_id,
    coalesce(hubspot.id, salesforce.id) is not null as known
from arrived
left join row_hubspot as hubspot
    on arrived.system = 'hubspot' and hubspot.object = next_object and hubspot.id = next_id and hubspot.superseded_by is null
left join row_salesforce as salesforce
    on arrived.system = 'salesforce' and salesforce.object = next_object and salesforce.id = next_id and salesforce.superseded_by is null;

-- Every link with the records it stands for today and what is known of them.
create or replace temp table followed as
select
    link.pair_id,
    link.state as old_state,
    link.rule,
    link.reason as old_reason,
    link.linked_at,
    {{- range systems}}
    coalesce({{.}}_next.next_object, link.{{.}}_object) as {{.}}_object,
    coalesce({{.}}_next.next_id, link.{{.}}_id) as {{.}}_id,
    {{.}}_next.next_id is not null as {{.}}_replaced,
    coalesce(not {{.}}_next.known, false) as {{.}}_waits,
    coalesce({{.}}_row.deleted, false) as {{.}}_deleted,
    {{.}}_row.in_scope as {{.}}_merges,
    {{- end}}
from link.{{id .Entity}} as link
{{- range systems}}
left join survivor as {{.}}_next
    on {{.}}_next.system = '{{.}}' and {{.}}_next.object = link.{{.}}_object and {{.}}_next.id = link.{{.}}_id
left join row_{{.}} as {{.}}_row
    on {{.}}_row.object = coalesce({{.}}_next.next_object, link.{{.}}_object)
    and {{.}}_row.id = coalesce({{.}}_next.next_id, link.{{.}}_id)
{{- end}}
-- a person who says that the two are not one opens what was held
where not (
    link.state = 'held'
    and (link.hubspot_object, link.hubspot_id, link.salesforce_object, link.salesforce_id) in (
        select (hubspot_object, hubspot_id, salesforce_object, salesforce_id) from answer where not same
    )
);

-- The links as they are now. The older pair of a record stays, the other is held.
create or replace temp table pair as
with
standing as (
    select
        *,
        old_state <> 'held' and not hubspot_waits and not salesforce_waits and not hubspot_deleted and not salesforce_deleted as stands
    from followed
),

placed as (
    select
        *,
        row_number() over (partition by stands, hubspot_object, hubspot_id order by old_state <> 'linked', linked_at, pair_id) as hubspot_place,
        row_number() over (partition by stands, salesforce_object, salesforce_id order by old_state <> 'linked', linked_at, pair_id) as salesforce_place
    from standing
),

judged as (
    select
        *,
        case
            when old_state = 'held' then 'held'
            when hubspot_waits or salesforce_waits then 'superseded'
            when hubspot_deleted or salesforce_deleted then 'half'
            when hubspot_place > 1 or salesforce_place > 1 then 'held'
            else 'linked'
        end as state
    from placed
)

select
    pair_id,
    state,
    old_state,
    hubspot_object,
    hubspot_id,
    salesforce_object,
    salesforce_id,
    rule,
    case
        when state = old_state then old_reason
        when state = 'superseded' then 'goes on as a record that has not been read yet'
        when state = 'half' and hubspot_deleted and salesforce_deleted then 'both records are deleted'
        when state = 'half' then 'the ' || if(hubspot_deleted, 'hubspot', 'salesforce') || ' record is deleted, or hidden from us'
        when state = 'held' then 'its record has an older pair'
    end as reason,
    hubspot_replaced,
    salesforce_replaced,
    state = 'linked' and hubspot_merges and salesforce_merges as merges,
    false as is_new
from judged;

insert into plan.link (plan_id, entity, pair_id, state, hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule, reason, replaced)
select
    {{str .PlanID}},
    {{str .Entity}},
    pair_id,
    pair.state,
    -- a pair that waits keeps the records it was linked by
    if(pair.state = 'superseded', link.hubspot_object, pair.hubspot_object),
    if(pair.state = 'superseded', link.hubspot_id, pair.hubspot_id),
    if(pair.state = 'superseded', link.salesforce_object, pair.salesforce_object),
    if(pair.state = 'superseded', link.salesforce_id, pair.salesforce_id),
    pair.rule,
    pair.reason,
    case
        when pair.state = 'superseded' then null
        when hubspot_replaced and salesforce_replaced then 'both'
        when hubspot_replaced then 'hubspot'
        when salesforce_replaced then 'salesforce'
    end
from pair
join link.{{id .Entity}} as link using (pair_id)
where pair.state <> old_state or ((hubspot_replaced or salesforce_replaced) and pair.state <> 'superseded');

insert into plan.notice (plan_id, entity, kind, system, object, record_id, text)
select
    {{str .PlanID}},
    {{str .Entity}},
    state,
    'hubspot',
    hubspot_object,
    hubspot_id,
    'pair with salesforce.' || salesforce_object || ' ' || salesforce_id || ': ' || coalesce(reason, state)
from pair
where state in ('held', 'superseded', 'half') and state <> old_state;

-- What match.sql, create.sql and winner.sql see: live records, blanks and unknowns as null, pair_id where linked.
{{- range $s := systems}}
create or replace temp view seen_{{$s}} as
select
    record.object,
    record.id,
    record.modified_at,
    record.modified_by,
    record.in_scope,
    {{- range $.Fields}}
    case when not starts_with(record.{{id .Name}}, chr(57344)) then record.{{id .Name}} end as {{id .Name}},
    {{- end}}
    taken.pair_id
from row_{{$s}} as record
left join (
    select {{$s}}_object as object, {{$s}}_id as id, arg_min(pair_id, if(state = 'linked', 0, 1)) as pair_id -- a held pair may share a record with a linked one
    from pair
    where state <> 'half'
    group by all
) as taken using (object, id)
where not record.deleted and record.superseded_by is null;
{{- end}}
