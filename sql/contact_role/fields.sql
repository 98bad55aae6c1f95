-- one row per field: where it may flow, who wins a conflict, and what a blank does
-- field, direction, rule, blank, refers_to, together
select * from (values
    -- A role is one contact at one deal, with labels. It flows as deals do; `two_way` (and create.sql) brings what is
    -- associated in HubSpot to Salesforce. What is taken away on a side that flows is taken away on the other.
    ('deal', 'salesforce_to_hubspot', 'salesforce', 'keep', 'deal', null),
    ('contact', 'salesforce_to_hubspot', 'salesforce', 'keep', 'contact', null),
    ('labels', 'salesforce_to_hubspot', 'salesforce', 'clear', null, null),

    -- Labels without a counterpart stay as they are, in either CRM, and a name is for reading a plan.
    ('other_labels', 'off', 'hubspot', 'keep', null, null),
    ('labels_there', 'off', 'salesforce', 'keep', null, null),
    ('name', 'off', 'hubspot', 'keep', null, null)
) as fields (field, direction, rule, blank, refers_to, together)
