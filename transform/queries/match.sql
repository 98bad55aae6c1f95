{{- if .UnderWay}}
-- What is being made in the other CRM has no partner until it is known what became of that.
create or replace temp table under_way as
select outbox.system, making.source_object, making.source_id
from outbox
join plan.change as making using (plan_id, change_id)
where outbox.action = 'create' and outbox.entity = {{str .Entity}};

{{end -}}
-- What a person has said of two records stands in the place of what the rules say of them, before every other rule.
create or replace temp table proposal as
with
said as (
    select hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule, rank
    from proposed
    where (hubspot_object, hubspot_id, salesforce_object, salesforce_id) not in (
        select (hubspot_object, hubspot_id, salesforce_object, salesforce_id) from answer
    )
    union all
    select hubspot_object, hubspot_id, salesforce_object, salesforce_id, 'same_as.csv', -1
    from answer
    where same
),

strongest as (
    select *
    from said
    qualify row_number() over (partition by hubspot_object, hubspot_id, salesforce_object, salesforce_id order by rank, rule) = 1
)

select
    strongest.*,
    hubspot.pair_id as hubspot_pair,
    salesforce.pair_id as salesforce_pair,
    -- a person's word opens what was held
    (hubspot.pair_id is not null and (hubspot_tie.state <> 'held' or rank >= 0))
        or (salesforce.pair_id is not null and (salesforce_tie.state <> 'held' or rank >= 0)) as touches_link,
    {{- if .UnderWay}}
    ('salesforce', strongest.hubspot_object, strongest.hubspot_id) in (select (system, source_object, source_id) from under_way)
        or ('hubspot', strongest.salesforce_object, strongest.salesforce_id) in (select (system, source_object, source_id) from under_way) as unsettled
    {{- else}}
    false as unsettled
    {{- end}}
from strongest
join seen_hubspot as hubspot on hubspot.object = strongest.hubspot_object and hubspot.id = strongest.hubspot_id
join seen_salesforce as salesforce on salesforce.object = strongest.salesforce_object and salesforce.id = strongest.salesforce_id
left join pair as hubspot_tie on hubspot_tie.pair_id = hubspot.pair_id
left join pair as salesforce_tie on salesforce_tie.pair_id = salesforce.pair_id
where hubspot.pair_id is distinct from salesforce.pair_id
    or hubspot.pair_id is null
    or hubspot_tie.state = 'held';

-- A pair is linked when it is the only one of the smallest rank for both its records.
create or replace temp table fresh as
with ranked as (
    select
        *,
        min(rank) over hubspot_record as hubspot_best,
        min(rank) over salesforce_record as salesforce_best,
        count(*) over (partition by hubspot_object, hubspot_id, rank) as hubspot_rivals,
        count(*) over (partition by salesforce_object, salesforce_id, rank) as salesforce_rivals
    from proposal
    window
        hubspot_record as (partition by hubspot_object, hubspot_id),
        salesforce_record as (partition by salesforce_object, salesforce_id)
)

select
    left(md5(concat_ws('/', {{str .Entity}}, hubspot_object, hubspot_id, salesforce_object, salesforce_id)), 16) as pair_id,
    hubspot_object,
    hubspot_id,
    salesforce_object,
    salesforce_id,
    rule
from ranked
where not touches_link
    and not unsettled
    and rank = hubspot_best and rank = salesforce_best
    and hubspot_rivals = 1 and salesforce_rivals = 1;

insert into plan.link (plan_id, entity, pair_id, state, hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule)
select {{str .PlanID}}, {{str .Entity}}, pair_id, 'linked', hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule
from fresh;

delete from pair where pair_id in (select pair_id from fresh);

insert into pair
select
    fresh.pair_id,
    'linked' as state,
    'new' as old_state,
    fresh.hubspot_object,
    fresh.hubspot_id,
    fresh.salesforce_object,
    fresh.salesforce_id,
    fresh.rule,
    null as reason,
    false as hubspot_replaced,
    false as salesforce_replaced,
    hubspot.in_scope and salesforce.in_scope as merges,
    true as is_new
from fresh
join row_hubspot as hubspot on hubspot.object = fresh.hubspot_object and hubspot.id = fresh.hubspot_id
join row_salesforce as salesforce on salesforce.object = fresh.salesforce_object and salesforce.id = fresh.salesforce_id;

-- What a rule named and nothing links: a person may say whether the two are one.
insert into plan.proposal (plan_id, entity, hubspot_object, hubspot_id, hubspot_pair, salesforce_object, salesforce_id, salesforce_pair, rule, rank, unsettled)
select
    {{str .PlanID}},
    {{str .Entity}},
    proposal.hubspot_object,
    proposal.hubspot_id,
    coalesce(proposal.hubspot_pair, fresh_hubspot.pair_id),
    proposal.salesforce_object,
    proposal.salesforce_id,
    coalesce(proposal.salesforce_pair, fresh_salesforce.pair_id),
    proposal.rule,
    proposal.rank,
    proposal.unsettled
from proposal
left join fresh as fresh_hubspot on fresh_hubspot.hubspot_object = proposal.hubspot_object and fresh_hubspot.hubspot_id = proposal.hubspot_id
left join fresh as fresh_salesforce on fresh_salesforce.salesforce_object = proposal.salesforce_object and fresh_salesforce.salesforce_id = proposal.salesforce_id
where coalesce(proposal.hubspot_pair, fresh_hubspot.pair_id) is null
    or coalesce(proposal.salesforce_pair, fresh_salesforce.pair_id) is null;

-- Every record of which that is so.
insert into plan.notice (plan_id, entity, kind, system, object, record_id, text)
{{- range $i, $s := systems}}
{{if $i}}union all
{{end}}select
    {{str $.PlanID}},
    {{str $.Entity}},
    'ambiguous',
    '{{$s}}',
    {{$s}}_object,
    {{$s}}_id,
    'not linked: ' || string_agg(
        rule || ' as {{other $s}}.' || {{other $s}}_object || ' ' || {{other $s}}_id
            || if({{other $s}}_pair is not null, ', which has a pair', '')
            || if(unsettled, '; it may have been made a moment ago, which the next run settles', ''),
        '; ' order by rank, {{other $s}}_id
    )
from plan.proposal
where plan_id = {{str $.PlanID}} and entity = {{str $.Entity}} and {{$s}}_pair is null
group by {{$s}}_object, {{$s}}_id
{{- end}};
