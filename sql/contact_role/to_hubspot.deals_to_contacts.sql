-- one row per pair: the association of a HubSpot deal with a contact
with
-- labels that the portal does not have, or that were not read yet, are left out
association_label as (
    select value, hubspot
    from crosswalk.association_label
    where use in ('both', 'out') and hubspot is not null
        and hubspot in (select value from catalog.option where system = 'hubspot' and object = 'deals_to_contacts' and "column" = 'labels')
),

labelled as (
    select said.pair_id, string_agg(association_label.hubspot, ';') as labels
    from (select pair_id, unnest(string_split(labels, ';')) as label from contact_role) as said
    join association_label on association_label.value = said.label
    group by said.pair_id
)

select
    contact_role.pair_id,
    contact_role.deal as from_id,
    contact_role.contact as to_id,
    set_text(concat_ws(';', labelled.labels, contact_role.other_labels)) as labels
from contact_role
left join labelled using (pair_id)
