-- one row per field: where it may flow, who wins a conflict, and what a blank does
-- field, direction, rule, blank, refers_to, together
select * from (values
    -- Only the copy says what it is a copy of. So HubSpot's record is never written to.
    ('hubspot_id', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),

    -- What was logged in HubSpot is corrected there.
    ('kind', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('subject', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('body', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('direction', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('seconds', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('day', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('starts_at', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('ends_at', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('location', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('owner_email', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),

    -- Whom and what it is about.
    ('contact', 'hubspot_to_salesforce', 'hubspot', 'keep', 'contact', null),
    ('company', 'hubspot_to_salesforce', 'hubspot', 'keep', 'company', null),
    ('deal', 'hubspot_to_salesforce', 'hubspot', 'keep', 'deal', null),

    -- HubSpot's alone: create.sql asks it.
    ('status', 'off', 'hubspot', 'keep', null, null),
    ('score', 'off', 'hubspot', 'keep', null, null)
) as fields (field, direction, rule, blank, refers_to, together)
