-- one row per Opportunity.StageName of the crosswalk that this org does not have: Salesforce would take it without a word
select crosswalk.value, crosswalk.salesforce
from crosswalk.deal_stage as crosswalk
where crosswalk.salesforce is not null
    and crosswalk.salesforce not in (
        select value from catalog.option where system = 'salesforce' and object = 'Opportunity' and "column" = 'StageName'
    )
    and exists (from catalog.option where system = 'salesforce' and object = 'Opportunity' and "column" = 'StageName')
