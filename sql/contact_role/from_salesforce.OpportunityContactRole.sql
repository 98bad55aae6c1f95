-- one row per Salesforce OpportunityContactRole: what Salesforce says of a contact at an opportunity
with
association_label as (
    select salesforce, value
    from crosswalk.association_label
    where use in ('both', 'in') and salesforce is not null
),

-- One contact may have several roles at an opportunity. They are one: the oldest, with the labels of all.
person_at_deal as (
    select
        role.OpportunityId as deal,
        role.ContactId as contact,
        min(role.Id) as first_id,
        string_agg(distinct association_label.value, ';') as roles,
        any_value(unknown(role.Role)) filter (role.Role <> '' and association_label.value is null) as unknown_role,
        bool_or(role.IsPrimary) as is_primary
    from salesforce.OpportunityContactRole as role
    left join association_label on association_label.salesforce = role.Role
    where not role._deleted
    group by all
),

primary_label as (
    select any_value(value) as value
    from association_label
    where salesforce = 'primary'
)

select
    -- the record; one that went with its opportunity or its contact was not taken away
    role.Id as id,
    role.LastModifiedDate as modified_at,
    role.LastModifiedById as modified_by,
    role._deleted as deleted,
    not coalesce(opportunity._deleted or contact._deleted, false) as told_on,
    case when person_at_deal.first_id <> role.Id then person_at_deal.first_id end as superseded_by,
    case when person_at_deal.first_id <> role.Id then 'OpportunityContactRole' end as superseded_by_object,

    -- who, where, as what
    role.OpportunityId as deal,
    role.ContactId as contact,
    coalesce(person_at_deal.unknown_role, set_text(concat_ws(';', person_at_deal.roles, if(person_at_deal.is_primary, primary_label.value, null)))) as labels,
    set_text(concat_ws(';', person_at_deal.roles, if(person_at_deal.is_primary, primary_label.value, null))) as labels_there,
    concat_ws(' at ', concat_ws(' ', contact.FirstName, contact.LastName), opportunity.Name) as name
from salesforce.OpportunityContactRole as role
cross join primary_label
left join person_at_deal
    on person_at_deal.deal = role.OpportunityId and person_at_deal.contact = role.ContactId and not role._deleted
left join salesforce.Opportunity as opportunity on opportunity.Id = role.OpportunityId
left join salesforce.Contact as contact on contact.Id = role.ContactId
