-- country_names(of_object, of_column): one row per code in a picklist of Salesforce's countries: the country's name; none where the org has no such picklist
create or replace macro country_names(of_object, of_column) as table
    select value as code, min(label) as name
    from catalog.option
    where system = 'salesforce' and object = of_object and "column" = of_column
    group by all;
