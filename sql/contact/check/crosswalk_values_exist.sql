-- one row per Lead.Status that a crosswalk writes and this org does not have: Salesforce would take it without a word
select lead_status.value, lead_status.salesforce
from crosswalk.lead_status
where lead_status.use in ('both', 'out')
    and lead_status.salesforce is not null
    and lead_status.salesforce not in (
        select value from catalog.option where system = 'salesforce' and object = 'Lead' and "column" = 'Status'
    )
    and exists (from catalog.option where system = 'salesforce' and object = 'Lead' and "column" = 'Status')
