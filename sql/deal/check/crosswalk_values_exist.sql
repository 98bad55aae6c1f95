-- one row per Opportunity.StageName of the crosswalk that this org does not have: Salesforce would take it without a word
with
stage as (
    select value
    from catalog.option
    where system = 'salesforce' and object = 'Opportunity' and "column" = 'StageName'
),

known as (
    select value from stage
    union all
    select record_type.developer_name || '/' || stage.value
    from stage
    join catalog.record_types as record_type on record_type.object = 'Opportunity'
)

select crosswalk.value, crosswalk.salesforce
from crosswalk.deal_stage as crosswalk
where crosswalk.salesforce is not null
    and crosswalk.salesforce not in (from known)
    and exists (from stage)
