-- one row per Task.Status of the crosswalk that this org does not have: Salesforce would take it without a word
select crosswalk.value, crosswalk.salesforce
from crosswalk.task_status as crosswalk
where crosswalk.salesforce is not null
    and crosswalk.salesforce not in (
        select value from catalog.option where system = 'salesforce' and object = 'Task' and "column" = 'Status'
    )
    and exists (from catalog.option where system = 'salesforce' and object = 'Task' and "column" = 'Status')
