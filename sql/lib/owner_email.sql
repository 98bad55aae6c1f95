-- owner_email(address): our word for a Salesforce user: the address he has in HubSpot, by sql/list/owner_override.csv, or else his own
create or replace macro owner_email(address) as
    coalesce(
        (select min(lower(hubspot_email)) from list.owner_override where lower(salesforce_email) = lower(address)),
        case when lower(address) not in (select lower(hubspot_email) from list.owner_override where hubspot_email is not null) then lower(address) end
    );
