-- one row per pair: the membership of a HubSpot list
select
    campaign_member.pair_id,
    campaign_member.list as from_id,
    campaign_member.contact as to_id
from campaign_member
