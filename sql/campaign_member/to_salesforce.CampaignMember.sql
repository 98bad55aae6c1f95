-- one row per pair: the columns of a Salesforce CampaignMember
-- key: CampaignId, LeadId, ContactId
select
    campaign_member.pair_id,
    campaign_member.campaign as CampaignId,
    if(campaign_member.contact_object = 'Lead', campaign_member.contact, null) as LeadId,
    if(campaign_member.contact_object = 'Contact', campaign_member.contact, null) as ContactId,
    coalesce(campaign_member.status, campaign_member.begins_as) as Status
from campaign_member
