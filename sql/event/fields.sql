-- one row per field: where it may flow, who wins a conflict, and what a blank does
-- field, direction, rule, blank, refers_to, together
select * from (values
    -- Only the copy says what it is a copy of. So Salesforce's record is never written to.
    ('salesforce_id', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('salesforce_object', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),

    -- What stands in Salesforce's calendar is changed there.
    ('subject', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('body', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('location', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('starts_at', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('ends_at', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('owner_email', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),

    -- Whom and what it is about.
    ('contact', 'salesforce_to_hubspot', 'salesforce', 'keep', 'contact', null),
    ('company', 'salesforce_to_hubspot', 'salesforce', 'keep', 'company', null),
    ('deal', 'salesforce_to_hubspot', 'salesforce', 'keep', 'deal', null),

    -- Salesforce's alone: create.sql asks it.
    ('private', 'off', 'salesforce', 'keep', null, null)
) as fields (field, direction, rule, blank, refers_to, together)
