-- one row per pair that is linked and has one of these records
select hubspot_object, hubspot_id, salesforce_object, salesforce_id, coalesce(run_id, '')
from link.{{id .Entity}}
where state = 'linked'
    and ((hubspot_object = $1 and hubspot_id = $2) or (salesforce_object = $3 and salesforce_id = $4))
