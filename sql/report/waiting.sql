-- one row per record, field and thing that it waits for: what the program does not send or make until something else happens
with
newest as (
    select entity, plan_id
    from plan.newest
),

-- by the newest plan of each entity: fields that wait for a person, or for a column that waits
fields as (
    select
        entity,
        pair_id,
        field,
        case outcome when 'ask' then 'a person' when 'frozen' then 'a person' else 'another field' end as waits_for,
        coalesce(reason, outcome) as reason,
        case outcome when 'ask' then 'lockstep resolve' when 'frozen' then 'lockstep release' end as remedy
    from plan.field
    join newest using (entity, plan_id)
    where outcome in ('ask', 'frozen', 'waiting')
),

listed as (
    select
        fields.entity,
        record.system,
        record.object,
        record.id,
        record.label,
        fields.field,
        fields.waits_for,
        fields.reason,
        fields.remedy,
        frozen.since
    from fields
    join mapped._record as record on record.entity = fields.entity and record.pair_id = fields.pair_id and record.system = 'hubspot' and record.state = 'linked'
    left join history.frozen as frozen
        on frozen.entity = fields.entity and frozen.pair_id = fields.pair_id and frozen.field = fields.field and frozen.released_at is null

    union all

    select
        notice.entity,
        notice.system,
        notice.object,
        notice.record_id,
        record.label,
        notice.field,
        case notice.kind
            when 'waits' then 'a link'
            when 'unmapped' then 'a translation'
            when 'ambiguous' then 'a match'
            when 'not created' then 'create.sql'
            when 'held' then 'a person'
            when 'superseded' then 'the record it goes on as'
            when 'half' then 'its partner'
            when 'hidden' then 'permission to read it'
        end,
        notice.text,
        case notice.kind
            when 'waits' then 'link or create what it refers to'
            when 'unmapped' then
                if(
                    contains(lower(notice.field), 'owner'),
                    'let the other CRM have the owner, or say in list/owner_override.csv or list/owner_fallback.csv whose it becomes',
                    'add the value to its crosswalk'
                )
            when 'ambiguous' then 'merge the duplicates in the CRM, or say in same_as.csv which are the same'
            when 'held' then 'say in same_as.csv whether the two are the same'
            when 'hidden' then 'let the program''s user see the object again'
        end,
        null
    from plan.notice as notice
    join newest on newest.entity = notice.entity and newest.plan_id = notice.plan_id
    left join mapped._record as record
        on record.entity = notice.entity and record.system = notice.system and record.object = notice.object and record.id = notice.record_id
    where notice.kind in ('waits', 'unmapped', 'ambiguous', 'not created', 'held', 'superseded', 'half', 'hidden')
)

select
    entity,
    waits_for,
    system,
    object,
    id,
    label,
    field,
    reason,
    remedy,
    since
from listed
order by entity, waits_for, system, object, id, field
