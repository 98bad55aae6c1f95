-- one row per pair of records that may be the same person and rule that says so; the smallest rank wins
with
-- What is compared, as it is compared: once per record, so that each rule is a join on equal keys.
hubspot_person as (
    select
        object,
        id,
        pair_id,
        email,
        name_key(firstname, lastname) as name,
        name_outline(name_key(firstname, lastname)) as outline,
        plain(firstname) as first,
        [left(plain(firstname), 1), left(plain(lastname), 1)] as initials,
        [phone_key(phone), phone_key(mobilephone)] as phones,
        plain(address) as street,
        digits(address) as house,
        plain(city) as city,
        zip_key(zip) as zip
    from hubspot
),

salesforce_person as (
    select
        object,
        id,
        pair_id,
        email,
        name_key(firstname, lastname) as name,
        name_outline(name_key(firstname, lastname)) as outline,
        plain(firstname) as first,
        [left(plain(firstname), 1), left(plain(lastname), 1)] as initials,
        [phone_key(phone), phone_key(mobilephone)] as phones,
        plain(address) as street,
        digits(address) as house,
        plain(city) as city,
        zip_key(zip) as zip
    from salesforce
),

-- Only what is not linked on both sides already can say anything new, hence pair_id is null in each rule.
stamped as (
    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id
    from hubspot
    join salesforce on salesforce.hubspot_id = hubspot.id
    where hubspot.pair_id is null or salesforce.pair_id is null

    union

    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id
    from hubspot
    join salesforce on hubspot.salesforce_id = salesforce.id
    where hubspot.pair_id is null or salesforce.pair_id is null
),

-- Of several records with one e-mail address, one person's or a shared one, the one with the same name comes first, then
-- the one in the same place. Names that differ decide nothing.
same_email as (
    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id,
        case
            when hubspot.name = salesforce.name and (hubspot.zip = salesforce.zip or hubspot.city = salesforce.city) then 0
            when hubspot.name = salesforce.name then 1
            when hubspot.first = salesforce.first and (hubspot.zip = salesforce.zip or hubspot.city = salesforce.city) then 2
            when hubspot.first = salesforce.first then 3
            else 4
        end as less
    from hubspot_person as hubspot
    join salesforce_person as salesforce using (email)
    where hubspot.pair_id is null or salesforce.pair_id is null
),

-- One number ends with the other: +44 20 7946 0102 is (020) 7946-0102, and a mobile number may stand as the phone.
same_name_and_phone as (
    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id
    from (select *, unnest(phones) as phone, right(phone, 7) as line from hubspot_person) as hubspot
    join (select *, unnest(phones) as phone, right(phone, 7) as line from salesforce_person) as salesforce using (name, line)
    where (hubspot.pair_id is null or salesforce.pair_id is null)
        and (ends_with(hubspot.phone, salesforce.phone) or ends_with(salesforce.phone, hubspot.phone))
        -- two addresses on record that differ are two people until somebody says otherwise
        and (hubspot.email is null or salesforce.email is null)
),

-- Two errors of the fingers inside long words of the name, and of zip code, house number and street one may be wrong.
same_address as (
    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id,
        hubspot.name = salesforce.name as same_name
    from (select *, unnest([zip, city || ' ' || house]) as place from hubspot_person) as hubspot
    join (select *, unnest([zip, city || ' ' || house]) as place from salesforce_person) as salesforce using (outline, place)
    where (hubspot.pair_id is null or salesforce.pair_id is null)
        and (hubspot.email is null or salesforce.email is null)
        and damerau_levenshtein(hubspot.name, salesforce.name) <= 2
        and case when hubspot.zip = salesforce.zip then 1 else 0 end
            + case when hubspot.house = salesforce.house then 1 else 0 end
            + case when jaro_winkler_similarity(hubspot.street, salesforce.street) >= 0.9 then 1 else 0 end >= 2
),

-- ann@exmaple.com may be ann@example.com mistyped, or another Ann: below it has no rank, so it links nothing, is
-- reported, and keeps both from being created until same_as.csv says what they are.
nearly_same_email as (
    select
        hubspot.object as hubspot_object,
        hubspot.id as hubspot_id,
        salesforce.object as salesforce_object,
        salesforce.id as salesforce_id
    from (select *, regexp_extract(email, '^[^@]+@.{1,2}') as mailbox from hubspot_person) as hubspot
    join (select *, regexp_extract(email, '^[^@]+@.{1,2}') as mailbox from salesforce_person) as salesforce using (mailbox)
    where (hubspot.pair_id is null or salesforce.pair_id is null)
        and hubspot.email <> salesforce.email
        and damerau_levenshtein(hubspot.email, salesforce.email) <= 2
        and list_has_any(hubspot.initials, salesforce.initials)
),

-- A rank's tens are its rule, its units what the two have less in common. A person who is both a Lead and a Contact
-- is the Contact; the Lead is reported.
proposed as (
    select *, 'stamped id' as rule, 1 as rank
    from stamped
    union all by name
    select * exclude (less), 'same e-mail, contact' as rule, 10 + less as rank
    from same_email
    where salesforce_object = 'Contact'
    union all by name
    select * exclude (less), 'same e-mail, lead' as rule, 20 + less as rank
    from same_email
    where salesforce_object = 'Lead'
    union all by name
    select *, 'same name and phone' as rule, if(salesforce_object = 'Contact', 30, 31) as rank
    from same_name_and_phone
    union all by name
    select * exclude (same_name), 'same name and address' as rule, if(salesforce_object = 'Contact', 40, 41) as rank
    from same_address
    where same_name
    union all by name
    select * exclude (same_name), 'nearly the same name, same address' as rule, if(salesforce_object = 'Contact', 50, 51) as rank
    from same_address
    where not same_name
    union all by name
    select *, 'nearly the same e-mail' as rule, null as rank
    from nearly_same_email
)

select hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule, rank
from proposed
