-- one row per field: where it may flow, who wins a conflict, and what a blank does
-- field, direction, rule, blank, refers_to, together
select * from (values
    -- What ties the two records is a fact of each side and is only ever told to the other.
    ('hubspot_id', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('salesforce_id', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('salesforce_object', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),

    -- Salesforce has the customer file.
    ('name', 'two_way', 'salesforce', 'keep', null, null),
    ('domain', 'two_way', 'most_recent', 'keep', null, null),
    ('phone', 'two_way', 'most_recent', 'keep', null, null),
    ('industry', 'two_way', 'salesforce', 'keep', null, null),
    ('numberofemployees', 'two_way', 'most_recent', 'keep', null, null),
    ('annualrevenue', 'two_way', 'salesforce', 'keep', null, null),
    ('description', 'two_way', 'most_recent', 'keep', null, null),
    ('parent', 'two_way', 'salesforce', 'keep', 'company', null),
    ('owner_email', 'two_way', 'salesforce', 'keep', null, null),

    -- An address is one thing: half of it from each side would be a place that does not exist.
    ('address', 'two_way', 'salesforce', 'keep', null, 'address'),
    ('city', 'two_way', 'salesforce', 'keep', null, 'address'),
    ('state', 'two_way', 'salesforce', 'keep', null, 'address'),
    ('zip', 'two_way', 'salesforce', 'keep', null, 'address'),
    ('country', 'two_way', 'salesforce', 'keep', null, 'address'),

    -- An open opportunity makes an opportunity of a company and a won one a customer; to_hubspot goes forward only.
    ('lifecyclestage', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('present_stage', 'off', 'hubspot', 'keep', null, null)
) as fields (field, direction, rule, blank, refers_to, together)
