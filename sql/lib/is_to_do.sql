-- is_to_do(subtype, type, hubspot_id): whether a Salesforce Task is something to be done; calls, e-mails and notes are tasks too, and so
-- are marketing's events, whose HubSpot ids have a kind in them (101-form-1772442000)
create or replace macro is_to_do(subtype, type, hubspot_id) as
    coalesce(subtype, 'Task') = 'Task' and coalesce(type, '') <> 'Note' and not coalesce(contains(hubspot_id, '-'), false);
