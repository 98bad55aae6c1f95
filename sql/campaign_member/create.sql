-- one row per record without a partner: where it is created, and why; a null object creates nothing
with
waiting as (
    select 'salesforce' as system, 'CampaignMember' as object, object as source_object, id as source_id, coalesce(wait, if(contact is null, 'waits for its person to be linked', null)) as wait
    from hubspot

    union all

    select 'hubspot', 'lists_to_contacts', object, id, coalesce(wait, if(contact is null, 'waits for its person to be linked', null))
    from salesforce
)

select
    system,
    if(wait is null, object, null) as object,
    source_object,
    source_id,
    coalesce(wait, if(system = 'salesforce', 'in the list, not in the campaign yet', 'in the campaign, not in the list yet')) as reason
from waiting
