-- one row per field: where it may flow, who wins a conflict, and what a blank does
-- field, direction, rule, blank, refers_to, together
select * from (values
    -- What ties the two records is a fact of each side and is only ever told to the other.
    ('hubspot_id', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('salesforce_id', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('salesforce_object', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),

    -- Sales works in Salesforce, and marketing reads in HubSpot. `two_way` makes a field writable from both;
    -- create.sql says whether HubSpot's own deals become opportunities. An amount and its currency are one thing.
    ('dealname', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('amount', 'salesforce_to_hubspot', 'salesforce', 'clear', null, 'amount'),
    ('deal_currency_code', 'salesforce_to_hubspot', 'salesforce', 'clear', null, 'amount'),
    ('closedate', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('dealstage', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('dealtype', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('description', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('hs_next_step', 'salesforce_to_hubspot', 'salesforce', 'clear', null, null),
    ('company', 'salesforce_to_hubspot', 'salesforce', 'keep', 'company', null),
    ('owner_email', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),

    -- Salesforce's alone, for to_salesforce to keep.
    ('record_type', 'off', 'salesforce', 'keep', null, null)
) as fields (field, direction, rule, blank, refers_to, together)
