-- one row per field: where it may flow, who wins a conflict, and what a blank does
-- needs: list.campaign_lists
-- field, direction, rule, blank, refers_to, together
select * from (values
    -- A member is one person in one campaign and its list; which way it flows is a column of list/campaign_lists.csv.
    ('campaign', 'two_way', 'salesforce', 'keep', null, null),
    ('list', 'two_way', 'hubspot', 'keep', null, null),
    ('contact', 'two_way', 'salesforce', 'keep', 'contact', null),

    -- A member begins with the list's status; what becomes of it is the campaign's.
    ('begins_as', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('status', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),

    -- Why it is not created on the other side, and a name for reading a plan.
    ('wait', 'off', 'hubspot', 'keep', null, null),
    ('name', 'off', 'hubspot', 'keep', null, null)
) as fields (field, direction, rule, blank, refers_to, together)
