-- one row per list or campaign that stands on two lines of list/campaign_lists.csv, or direction that is none
select 'list' as what, hubspot_list as name, min(_line) as first_line, max(_line) as last_line
from list.campaign_lists
group by hubspot_list
having count(*) > 1
union all
select 'campaign', salesforce_campaign, min(_line), max(_line)
from list.campaign_lists
group by salesforce_campaign
having count(*) > 1
union all
select 'direction', direction, _line, _line
from list.campaign_lists
where coalesce(direction, '') not in ('hubspot_to_salesforce', 'salesforce_to_hubspot', 'two_way')
