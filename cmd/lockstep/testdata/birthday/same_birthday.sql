-- Born on the same day, and of first name, last name, zip code, city and house number two agree or more. That outweighs
-- a second e-mail address. (Twins agree in four: where they are in one CRM alone, hubspot.first = salesforce.first keeps them apart.)
same_birthday as (
    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id,
        count(*) as agree
    from (select *, unnest([first, last, zip, city, house]) as fact from hubspot_person) as hubspot
    join (select *, unnest([first, last, zip, city, house]) as fact from salesforce_person) as salesforce using (date_of_birth, fact)
    where hubspot.pair_id is null or salesforce.pair_id is null
    group by all
    having count(*) >= 2
),

