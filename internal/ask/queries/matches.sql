-- one row per pair of records that somebody should look at: named by a rule and linked by none, or held apart
with
newest as (
    select entity, plan_id
    from plan.newest
),

-- What may have been made a moment ago is settled by the next run.
proposed as (
    select
        proposal.entity,
        proposal.hubspot_object,
        proposal.hubspot_id,
        proposal.hubspot_pair is not null as hubspot_taken,
        proposal.salesforce_object,
        proposal.salesforce_id,
        proposal.salesforce_pair is not null as salesforce_taken,
        false as held,
        coalesce(proposal.rule, '') as why,
        proposal.rank
    from plan.proposal as proposal
    join newest using (entity, plan_id)
    where not proposal.unsettled
),

held as (
    select '' as entity, '' as hubspot_object, '' as hubspot_id, '' as salesforce_object, '' as salesforce_id, '' as why
    where false
    {{- range .Linked}}
    union all
    select {{str .}}, hubspot_object, hubspot_id, salesforce_object, salesforce_id, coalesce(reason, rule, '')
    from link.{{id .}}
    where state = 'held' and hubspot_id is not null and salesforce_id is not null
    {{- end}}
)

from proposed
union all
select entity, hubspot_object, hubspot_id, false, salesforce_object, salesforce_id, false, true, why, 0
from held
order by entity, hubspot_object, hubspot_id, rank nulls last, salesforce_object, salesforce_id
