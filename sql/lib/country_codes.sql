-- country_codes(of_object, of_column): one row per spelling of a country, as plain() has it: its code in a picklist of Salesforce's countries; none where the org has no such picklist
create or replace macro country_codes(of_object, of_column) as table
    with listed as (
        select value, label
        from catalog.option
        where system = 'salesforce' and object = of_object and "column" = of_column and active
    ),
    spelt as (
        select plain(label) as spelling, value as code, 1 as preference from listed
        union all
        select plain(value), value, 2 from listed
        union all
        select plain(country.hubspot), listed.value, 3
        from listed
        join crosswalk.country on country.salesforce = listed.value and country.use in ('both', 'out')
        union all
        select plain(alias.hubspot), listed.value, 4
        from listed
        join crosswalk.country on country.salesforce = listed.value and country.use in ('both', 'out')
        join crosswalk.country as alias on alias.value = country.value and alias.use in ('both', 'in')
    )
    select spelling, min_by(code, preference) as code
    from spelt
    where spelling is not null
    group by all;
