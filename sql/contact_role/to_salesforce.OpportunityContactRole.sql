-- one row per pair: the columns of a Salesforce OpportunityContactRole; only a Contact can have a role
-- key: OpportunityId, ContactId
with
association_label as (
    select value, salesforce
    from crosswalk.association_label
    where use in ('both', 'out') and salesforce is not null
),

-- what the portal has no label for is not its to take away
shown as (
    select value
    from crosswalk.association_label
    where use in ('both', 'in')
        and hubspot in (select value from catalog.option where system = 'hubspot' and object = 'deals_to_contacts' and "column" = 'labels')
),

said as (
    select pair_id, unnest(string_split(labels, ';')) as label, 1 as preference
    from contact_role

    union all

    select kept.pair_id, kept.label, 2
    from (select pair_id, unnest(string_split(labels_there, ';')) as label from contact_role) as kept
    anti join shown on shown.value = kept.label
),

labelled as (
    select
        said.pair_id,
        arg_min(association_label.salesforce, (said.preference, association_label.salesforce)) filter (association_label.salesforce <> 'primary') as role,
        bool_or(association_label.salesforce = 'primary') as is_primary
    from said
    join association_label on association_label.value = said.label
    group by said.pair_id
)

select
    contact_role.pair_id,
    contact_role.deal as OpportunityId,
    if(contact_role.contact_object = 'Contact', contact_role.contact, null) as ContactId,
    labelled.role as Role,
    coalesce(labelled.is_primary, false) as IsPrimary
from contact_role
left join labelled using (pair_id)
