-- one row per field: where it may flow, who wins a conflict, and what a blank does
-- field, direction, rule, blank, refers_to, together
select * from (values
    -- What ties the two records is a fact of each side and is only ever told to the other.
    ('hubspot_id', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('salesforce_id', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('salesforce_object', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('salesforce_lead_status', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),

    -- Basic contact data is corrected by whoever speaks to the person: the newer edit stands.
    ('email', 'two_way', 'most_recent', 'keep', null, null),
    ('firstname', 'two_way', 'most_recent', 'keep', null, null),
    ('lastname', 'two_way', 'most_recent', 'keep', null, null),
    ('phone', 'two_way', 'most_recent', 'keep', null, null),
    ('mobilephone', 'two_way', 'most_recent', 'keep', null, null),
    ('jobtitle', 'two_way', 'most_recent', 'keep', null, null),
    ('company', 'two_way', 'prefer_salesforce_unless_blank', 'keep', null, null),

    -- A contact's company: Salesforce's account, HubSpot's primary company. A Lead has only its name, as text.
    ('associatedcompanyid', 'two_way', 'salesforce', 'keep', 'company', null),

    -- An address is one thing: half of it from each side would be a place that does not exist.
    ('address', 'two_way', 'salesforce', 'keep', null, 'address'),
    ('city', 'two_way', 'salesforce', 'keep', null, 'address'),
    ('state', 'two_way', 'salesforce', 'keep', null, 'address'),
    ('zip', 'two_way', 'salesforce', 'keep', null, 'address'),
    ('country', 'two_way', 'salesforce', 'keep', null, 'address'),

    -- Marketing's field: HubSpot saw the person first. winner.sql has the exception.
    ('original_source', 'two_way', 'hubspot', 'keep', null, null),

    -- Consent only ever gets tighter: these are true or blank, and whoever has an opt-out has it in both CRMs, whatever the
    -- direction says. One that is taken back in one CRM is put back; a person who agrees again is set free in both between
    -- two runs. HubSpot's own opt-out is its subscriptions' and cannot be written, so Salesforce's is told to properties
    -- that a portal may have: salesforce_email_optout and do_not_call.
    ('email_optout', 'hubspot_to_salesforce', 'opt_out_wins', 'keep', null, null),
    ('salesforce_email_optout', 'two_way', 'opt_out_wins', 'keep', null, null),
    ('do_not_call', 'two_way', 'opt_out_wins', 'keep', null, null),
    ('email_bounced', 'hubspot_to_salesforce', 'opt_out_wins', 'keep', null, null),

    -- Sales' fields: Salesforce knows who works on a person and how far they are.
    -- A Lead's stage is its status; an open opportunity makes one of a Contact with a role in it, and a won one a customer.
    ('lifecyclestage', 'two_way', 'salesforce', 'keep', null, null),
    ('present_stage', 'off', 'hubspot', 'keep', null, null),
    ('owner_email', 'two_way', 'salesforce', 'keep', null, null),

    -- HubSpot's lead status is Lead.Status in its own words, and goes on showing a converted Lead's. to_salesforce.Lead asks
    -- for the status as it stands.
    ('hs_lead_status', 'two_way', 'salesforce', 'keep', null, null),
    ('status', 'off', 'salesforce', 'keep', null, null)
) as fields (field, direction, rule, blank, refers_to, together)
