-- state_names(of_object, of_column): one row per country's code, null for any, and code in a picklist of Salesforce's states: the state's name
create or replace macro state_names(of_object, of_column) as table
    with listed as (
        select value as code, min(label) as name, count(distinct label) as names
        from catalog.option
        where system = 'salesforce' and object = of_object and "column" = of_column
        group by all
    ),
    -- Several countries have a state WA: which one is meant stands before it.
    spelt as (
        select split_part(salesforce, '/', 1) as country, split_part(salesforce, '/', 2) as code, split_part(hubspot, '/', 2) as name
        from crosswalk.state
        where use = 'both' and salesforce is not null and hubspot is not null
    )
    select country, code, name
    from spelt
    where code in (select code from listed)
    union all
    select null, code, name
    from listed
    where names = 1 and code not in (select code from spelt);
