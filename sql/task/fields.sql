-- one row per field: where it may flow, who wins a conflict, and what a blank does
-- field, direction, rule, blank, refers_to, together
select * from (values
    -- What ties the two records is a fact of each side and is only ever told to the other.
    ('hubspot_id', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('salesforce_id', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('salesforce_object', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),

    -- A task is done wherever its owner works: the newer edit stands.
    ('subject', 'two_way', 'most_recent', 'keep', null, null),
    ('body', 'two_way', 'most_recent', 'keep', null, null),
    ('status', 'two_way', 'most_recent', 'keep', null, null),
    ('priority', 'two_way', 'most_recent', 'keep', null, null),
    ('due', 'two_way', 'most_recent', 'keep', null, null),
    ('owner_email', 'two_way', 'salesforce', 'keep', null, null),

    -- Whom and what it is about. Salesforce relates a task to one deal or one company, HubSpot to both.
    ('contact', 'two_way', 'salesforce', 'keep', 'contact', null),
    ('company', 'two_way', 'salesforce', 'keep', 'company', null),
    ('deal', 'two_way', 'salesforce', 'keep', 'deal', null)
) as fields (field, direction, rule, blank, refers_to, together)
