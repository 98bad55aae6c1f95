-- one row per linked pair and field whose values are not the same in both CRMs now, with why
-- hubspot and salesforce are the values in our words: '' is blank, null what waits; of a reference the id of the pair it points to
with
-- the newest plan of each entity
newest as (
    select entity, plan_id
    from plan.newest
),

planned as (
    select entity, pair_id, field, any_value(outcome) as outcome, any_value(reason) as reason
    from plan.field
    join newest using (entity, plan_id)
    group by all
),

frozen as (
    select entity, pair_id, field, any_value(reason) as reason, min(since) as since
    from history.frozen
    where released_at is null
    group by all
),

-- A refusal is of a column; history knows which fields moved that column.
refused as (
    select sent.entity, sent.pair_id, sent.field, min(refusal.first_at) as since, any_value(refusal.category || ': ' || coalesce(refusal.remedy, refusal.words)) as reason
    from history.refusal as refusal
    join (
        select distinct run_id, entity, pair_id, system, "column", unnest(fields) as field
        from history.change
        where outcome in ('refused', 'not_taken')
    ) as sent
        on sent.run_id = refusal.run_id and sent.entity = refusal.entity and sent.pair_id = refusal.pair_id and sent.system = refusal.system
        and (refusal."column" is null or refusal."column" = sent."column")
    group by all
),

stopped as (
    select entity, pair_id, field, any_value(reason) as reason
    from (
        select entity, pair_id, unnest(fields) as field, category || ': ' || coalesce(remedy, words) as reason
        from plan.refusal
        join newest using (entity, plan_id)
        where not lifted
    )
    group by all
),

told as (
    select
        record.entity,
        record.pair_id,
        any_value(record.label) filter (where record.label is not null) as label,
        any_value(record.object || ' ' || record.id) filter (where record.system = 'hubspot') as hubspot_record,
        any_value(record.object || ' ' || record.id) filter (where record.system = 'salesforce') as salesforce_record,
        bool_and(record.in_scope) as in_scope
    from mapped._record as record
    where record.state = 'linked' and record.pair_id in (select pair_id from mapped._difference)
    group by all
),

judged as (
    select
        difference.*,
        told.* exclude (entity, pair_id),
        field.direction,
        field.rule,
        coalesce(frozen.since, refused.since) as since,
        case
            when not told.in_scope then 'out of scope'
            when frozen.pair_id is not null or planned.outcome = 'frozen' then 'frozen'
            when planned.outcome = 'ask' then 'asks'
            when coalesce(hubspot_waits, salesforce_waits) is not null and field.refers_to is not null then 'waits for a link'
            when coalesce(hubspot_waits, salesforce_waits) is not null then 'no translation'
            when refused.pair_id is not null or stopped.pair_id is not null then 'refused'
            when planned.outcome = 'waiting' then 'waiting'
            when field.direction = 'off' then 'off'
            when planned.outcome in ('hubspot', 'salesforce') then 'due'
            when hubspot is distinct from hubspot_base and salesforce is distinct from salesforce_base
                and hubspot_base is not null and salesforce_base is not null then 'edited since the plan'
            when field.direction <> 'two_way' and if(field.direction = 'hubspot_to_salesforce', hubspot, salesforce) = '' then 'source is blank'
            when field.direction <> 'two_way' then 'one way'
            when field.blank = 'keep' and (hubspot = '' or salesforce = '') then 'blank kept'
            when hubspot_base is null or salesforce_base is null then 'not decided yet'
            when hubspot = hubspot_base and salesforce = salesforce_base then 'same in translation'
            else 'edited since the plan'
        end as why,
        coalesce(frozen.reason, refused.reason, stopped.reason, planned.reason) as reason
    from mapped._difference as difference
    join told using (entity, pair_id)
    join mapped._field as field using (entity, field)
    left join planned using (entity, pair_id, field)
    left join frozen using (entity, pair_id, field)
    left join refused using (entity, pair_id, field)
    left join stopped using (entity, pair_id, field)
)

select
    entity,
    field,
    why,
    coalesce(reason, case why
        when 'out of scope' then 'in_scope is false of one of the two records: nothing is sent'
        when 'waits for a link' then 'waits for ' || coalesce(hubspot_waits, salesforce_waits) || ' to be linked'
        when 'no translation' then 'no translation for ' || coalesce(hubspot_waits, salesforce_waits) || ': add it to the crosswalk'
        when 'off' then 'fields.sql says off'
        when 'source is blank' then 'the field is ' || direction || ', and a blank source clears nothing'
        when 'one way' then 'the field is ' || direction || ', and only what its source changes is sent'
        when 'blank kept' then 'a blank overwrites nothing (keep), and the other side has not changed'
        when 'not decided yet' then 'one side has no base yet: the next run decides it'
        when 'same in translation' then 'neither has changed since the two were in step: one is the other in translation, or what differs was left alone'
        when 'edited since the plan' then 'somebody edited it since the last plan: the next run sees it'
    end) as reason,
    since,
    label,
    hubspot_record,
    salesforce_record,
    hubspot,
    salesforce,
    hubspot_base,
    salesforce_base,
    pair_id
from judged
order by entity, field, why, label, pair_id
