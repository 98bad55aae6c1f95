-- owners(): one row per owner of HubSpot and user of Salesforce: which of the two has the id, and our word for the person
create or replace macro owners() as table
    select 'hubspot' as system, id, lower(email) as owner
    from catalog.owners

    union all

    select 'salesforce', id, owner_email(email)
    from catalog.users;
