-- state_codes(of_object, of_column): one row per country's code, null for any, and spelling of a state of it, as plain() has it: the state's code in a picklist of Salesforce's states
create or replace macro state_codes(of_object, of_column) as table
    with listed as (
        select value, label
        from catalog.option
        where system = 'salesforce' and object = of_object and "column" = of_column and active
    ),
    -- Several countries have a state WA: which one is meant stands before it.
    spelt as (
        select
            split_part(state.hubspot, '/', 1) as country,
            plain(split_part(state.hubspot, '/', 2)) as spelling,
            split_part(written.salesforce, '/', 2) as code
        from crosswalk.state
        join crosswalk.state as written on written.value = state.value and written.use in ('both', 'out') and written.salesforce is not null
        where state.use in ('both', 'in') and state.hubspot is not null
    ),
    labelled as (
        select plain(label) as spelling, min(value) as code
        from listed
        group by all
        having count(distinct value) = 1
    )
    select country, spelling, code
    from spelt
    where code in (select value from listed)
    union all
    select null, spelling, code
    from labelled
    where spelling not in (select spelling from spelt);
