-- one row per association of a HubSpot deal with a contact: what HubSpot says of it
with
association_label as (
    select hubspot, value
    from crosswalk.association_label
    where use in ('both', 'in') and hubspot is not null
),

labelled as (
    select
        said.id,
        string_agg(association_label.value, ';') as labels,
        string_agg(if(association_label.value is null, said.label, null), ';') as other_labels
    from (select id, unnest(string_split(labels, ';')) as label from hubspot.deals_to_contacts) as said
    left join association_label on association_label.hubspot = said.label
    group by said.id
),

-- A merge moves a contact's associations to the one that is left.
merged as (
    select gone_id, max_by(id, lastmodifieddate) as survivor_id
    from (select id, lastmodifieddate, unnest(string_split(hs_merged_object_ids, ';')) as gone_id from hubspot.contacts)
    where gone_id <> id
    group by all
)

select
    -- the record; one that went with its deal or its contact was not taken away
    role.id as id,
    role._landed_at as modified_at,
    role._deleted as deleted,
    not coalesce(deal._deleted or contact._deleted, false) as told_on,
    case when merged.survivor_id is not null then role.from_id || ':' || merged.survivor_id end as superseded_by,
    case when merged.survivor_id is not null then 'deals_to_contacts' end as superseded_by_object,

    -- who, where, as what
    role.from_id as deal,
    role.to_id as contact,
    set_text(labelled.labels) as labels,
    set_text(labelled.other_labels) as other_labels,
    concat_ws(' at ', concat_ws(' ', contact.firstname, contact.lastname), deal.dealname) as name
from hubspot.deals_to_contacts as role
left join labelled on labelled.id = role.id
left join merged on merged.gone_id = role.to_id
left join hubspot.deals as deal on deal.id = role.from_id
left join hubspot.contacts as contact on contact.id = role.to_id
