-- one row per Salesforce CampaignMember: what Salesforce says of it
with
campaign_list as (
    select
        campaign.Id as campaign_id,
        any_value(campaign.Name) as campaign_name,
        any_value(segment.id) as list_id,
        any_value(segment.processing) as processing,
        any_value(campaign_lists.hubspot_list) as list_name,
        any_value(campaign_lists.direction) as direction
    from list.campaign_lists as campaign_lists
    join salesforce.Campaign as campaign
        on campaign_lists.salesforce_campaign in (campaign.Id, left(campaign.Id, 15), campaign.Name) and not campaign._deleted
    left join hubspot.lists as segment on campaign_lists.hubspot_list in (segment.id, segment.name)
    group by campaign.Id
)

select
    -- the record; one that went with its person was not taken out
    member.Id as id,
    member.LastModifiedDate as modified_at,
    member.LastModifiedById as modified_by,
    member._deleted as deleted,
    campaign_list.campaign_id is not null as in_scope,
    coalesce(
        campaign_list.direction in ('salesforce_to_hubspot', 'two_way') and campaign_list.processing <> 'DYNAMIC'
        and not coalesce(contact._deleted or lead._deleted, false), false
    ) as told_on,

    -- who and where
    member.CampaignId as campaign,
    campaign_list.list_id as list,
    coalesce(member.ContactId, member.LeadId) as contact,
    member.Status as status,
    case
        when campaign_list.direction = 'hubspot_to_salesforce' then 'the campaign follows the list ' || campaign_list.list_name
        when campaign_list.list_id is null then 'HubSpot has no list ' || campaign_list.list_name
        when campaign_list.processing = 'DYNAMIC' then 'the list ' || campaign_list.list_name || ' is DYNAMIC: HubSpot chooses its members; name a static list'
    end as wait,
    concat_ws(' in ', concat_ws(' ', coalesce(contact.FirstName, lead.FirstName), coalesce(contact.LastName, lead.LastName)), campaign_list.campaign_name) as name
from salesforce.CampaignMember as member
left join campaign_list on campaign_list.campaign_id = member.CampaignId
left join salesforce.Contact as contact on contact.Id = member.ContactId
left join salesforce.Lead as lead on lead.Id = member.LeadId
