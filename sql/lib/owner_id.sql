-- owner_id(found, owner, in_crm, of_object): the owner's id in a CRM; one it lacks or has no longer falls back by sql/list/owner_fallback.csv
create or replace macro owner_id(found, owner, in_crm, of_object) as
    case when clean_text(owner) is null then null else coalesce(
        found,
        (
            select max(case when fallback.rule = 'queue' then fallback.who when fallback.rule = 'owner' then person.id end)
            from list.owner_fallback as fallback
            left join (
                select 'salesforce' as crm, lower(users.email) as address, min(users.id) as id from catalog.users where users.active group by all
                union all
                select 'hubspot', lower(owners.email), min(owners.id) from catalog.owners where not owners.archived group by all
            ) as person on person.crm = fallback.crm and person.address = lower(fallback.who)
            where fallback.crm = in_crm and fallback.object = of_object
        ),
        unknown(owner)
    ) end;
