-- one row per Lead.Status of a crosswalk that this org does not have: Salesforce would take it without a word
select crosswalk.value, crosswalk.salesforce
from (from crosswalk.lifecycle_stage union all from crosswalk.lead_status) as crosswalk
where crosswalk.salesforce is not null
    and crosswalk.salesforce not in (
        select value from catalog.option where system = 'salesforce' and object = 'Lead' and "column" = 'Status'
    )
    and exists (from catalog.option where system = 'salesforce' and object = 'Lead' and "column" = 'Status')
