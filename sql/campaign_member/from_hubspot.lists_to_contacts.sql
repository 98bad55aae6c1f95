-- one row per contact in a HubSpot list: what HubSpot says of it
with
campaign_list as (
    select
        segment.id as list_id,
        any_value(segment.name) as list_name,
        any_value(campaign.Id) as campaign_id,
        any_value(campaign_lists.salesforce_campaign) as campaign_name,
        any_value(campaign_lists.direction) as direction,
        any_value(campaign_lists.status) as status
    from list.campaign_lists as campaign_lists
    join hubspot.lists as segment on campaign_lists.hubspot_list in (segment.id, segment.name)
    left join salesforce.Campaign as campaign
        on campaign_lists.salesforce_campaign in (campaign.Id, left(campaign.Id, 15), campaign.Name) and not campaign._deleted
    group by segment.id
),

-- A merge moves a contact's memberships to the one that is left.
merged as (
    select gone_id, max_by(id, lastmodifieddate) as survivor_id
    from (select id, lastmodifieddate, unnest(string_split(hs_merged_object_ids, ';')) as gone_id from hubspot.contacts)
    where gone_id <> id
    group by all
)

select
    -- the record; one that went with its contact was not taken out
    member.id as id,
    member._landed_at as modified_at,
    member._deleted as deleted,
    campaign_list.list_id is not null as in_scope,
    coalesce(campaign_list.direction in ('hubspot_to_salesforce', 'two_way') and not contact._deleted, false) as told_on,
    case when merged.survivor_id is not null then member.from_id || ':' || merged.survivor_id end as superseded_by,
    case when merged.survivor_id is not null then 'lists_to_contacts' end as superseded_by_object,

    -- who and where
    campaign_list.campaign_id as campaign,
    member.from_id as list,
    member.to_id as contact,
    campaign_list.status as begins_as,
    case
        when campaign_list.direction = 'salesforce_to_hubspot' then 'the list follows the campaign ' || campaign_list.campaign_name
        when campaign_list.campaign_id is null then 'Salesforce has no campaign ' || campaign_list.campaign_name
    end as wait,
    concat_ws(' in ', concat_ws(' ', contact.firstname, contact.lastname), campaign_list.list_name) as name
from hubspot.lists_to_contacts as member
left join campaign_list on campaign_list.list_id = member.from_id
left join merged on merged.gone_id = member.to_id
left join hubspot.contacts as contact on contact.id = member.to_id
