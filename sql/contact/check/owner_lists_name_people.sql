-- one row per line of the owner lists that names nobody, or somebody for the second time: listed, its records wait, the rest goes on
with
wrong as (
    select
        'owner_override.csv' as file,
        override._line,
        case
            when hubspot_email is null or salesforce_email is null then 'an empty cell'
            when lower(hubspot_email) not in (select lower(email) from catalog.owners where email is not null) then hubspot_email || ' is nobody in HubSpot'
            when lower(salesforce_email) not in (select lower(email) from catalog.users where email is not null) then salesforce_email || ' is nobody in Salesforce'
            when row_number() over (partition by lower(hubspot_email) order by override._line) > 1 then hubspot_email || ' stands twice'
            when row_number() over (partition by lower(salesforce_email) order by override._line) > 1 then salesforce_email || ' stands twice'
        end as problem
    from list.owner_override as override

    union all

    select
        'owner_fallback.csv',
        fallback._line,
        case
            when coalesce(fallback.crm, '') not in ('hubspot', 'salesforce') then 'crm is hubspot or salesforce'
            when coalesce(fallback.rule, '') not in ('keep', 'owner', 'queue') then 'rule is keep, owner or queue'
            when fallback.rule <> 'keep' and fallback.who is null then 'who is it?'
            when fallback.rule = 'queue' and fallback.crm = 'hubspot' and fallback.who not in (select id from catalog.owners where not archived) then fallback.who || ' is no owner in HubSpot'
            when fallback.rule = 'queue' and fallback.crm = 'salesforce' and not starts_with(fallback.who, '00G') then fallback.who || ' is no queue of Salesforce'
            when fallback.rule = 'owner' and fallback.crm = 'hubspot' and lower(fallback.who) not in (select lower(email) from catalog.owners where email is not null and not archived) then fallback.who || ' is nobody in HubSpot'
            when fallback.rule = 'owner' and fallback.crm = 'salesforce' and lower(fallback.who) not in (select lower(email) from catalog.users where email is not null and active) then fallback.who || ' is nobody who is active in Salesforce'
            when row_number() over (partition by fallback.crm, fallback.object order by fallback._line) > 1 then fallback.object || ' stands twice'
        end
    from list.owner_fallback as fallback
)

select null as system, null as object, null as record_id, null as field, 'sql/list/' || file || ':' || _line || ': ' || problem as notice
from wrong
where problem is not null
order by file, _line
