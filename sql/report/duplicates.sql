-- one row per two live records that may be one person or one company, and rule that says so
-- kind: exact (the same value), normalized (the same but for case, accents, punctuation, legal form), close (names, addresses or e-mails
-- a few typing errors apart, with the same company, phone, address or name). scope: hubspot or salesforce of two records of one CRM, across of one of each that
-- are not linked to each other. score: how much the rule says, 0 to 1; rules' weights, no probability. keep is the record to keep when
-- the two are merged, keep_reason why. Merging is done in the CRM.
-- All records that are one by some chain of evidence are a group: group_number counts them, the strongest evidence first and then the
-- most records (group_records), anew in every report; group_keep is the record to keep of them all.
-- A source that scores pairs on its own joins as one more part of `evidence` (kind, rule, score, evidence, a and b: numbers of record, the
-- smaller one first), and its pairs are grouped with the rest.
-- A value that more than 50 records of a CRM share (a switchboard, info@) says nothing of any two of them.
with recursive
account as (
    select system, id, name
    from mapped.company
),

person as (
    select
        'contact' as entity,
        person.system,
        person.object,
        person.id,
        person.pair_id,
        person.modified_at,
        nullif(concat_ws(' ', person.firstname, person.lastname), '') as label,
        len(list_filter([person.email, person.firstname, person.lastname, person.phone, person.mobilephone, person.jobtitle, person.address, person.city, person.zip,
            coalesce(account.name, person.company), person.original_source], lambda value: value is not null)) as filled,
        person.email,
        regexp_replace(person.email, '\+[^@]*@', '@') as mailbox,
        split_part(person.email, '@', 1) as mailbox_name,
        list_filter([left(plain(person.firstname), 1), left(plain(person.lastname), 1)], lambda letter: letter is not null) as initials,
        name_key(person.firstname, person.lastname) as name,
        plain(person.firstname) as first,
        plain(person.lastname) as last,
        list_distinct(list_filter([phone_key(person.phone), phone_key(person.mobilephone)], lambda phone: phone is not null)) as phones,
        plain(person.address) as street,
        digits(person.address) as house,
        zip_key(person.zip) as zip,
        plain(person.city) as city,
        company_key(coalesce(account.name, person.company)) as company,
        case when split_part(person.email, '@', 2) not in (select domain from list.free_mail_domains) then split_part(person.email, '@', 2) end as domain
    from mapped.contact as person
    left join account on account.system = person.system and account.id = person.associatedcompanyid
    where not person.deleted and person.superseded_by is null
),

company as (
    select
        'company' as entity,
        system,
        object,
        id,
        pair_id,
        modified_at,
        name as label,
        len(list_filter([name, domain, phone, industry, numberofemployees, annualrevenue, description, address, city, zip, country, owner_email],
            lambda value: value is not null)) as filled,
        lower(trim(name)) as plain_name,
        company_key(name) as name,
        domain as host,
        case when root_domain(domain) not in (select domain from list.free_mail_domains) then root_domain(domain) end as domain,
        phone_key(phone) as phone,
        plain(address) as street,
        digits(address) as house,
        zip_key(zip) as zip,
        plain(city) as city
    from mapped.company
    where not deleted and superseded_by is null
),

-- The record to keep comes first: one that is linked, a Contact rather than a Lead, the fuller one, the newer one, the older id.
record as (
    select
        *,
        row_number() over (order by pair_id is null, object = 'Lead', filled desc, modified_at desc, system, length(id), id, object) as n
    from (
        select entity, system, object, id, pair_id, modified_at, label, filled from person
        union all
        select entity, system, object, id, pair_id, modified_at, label, filled from company
    )
),

people as (
    select person.*, record.n, case when person.pair_id is not null then hash(person.pair_id) end as pair
    from person
    join record using (entity, system, object, id)
),

companies as (
    select company.*, record.n, case when company.pair_id is not null then hash(company.pair_id) end as pair
    from company
    join record using (entity, system, object, id)
),

-- What two records have to have in common to the letter once it is written in one way, by rule; null: the record does not say it.
said as (
    select
        n,
        system,
        pair,
        unnest(list_concat(
            [
                {rule: 'same e-mail', value: email},
                -- ann+news@ is ann@, and at gmail a.nn@ too
                {rule: 'same e-mail without its tag', value: if(split_part(mailbox, '@', 2) in ('gmail.com', 'googlemail.com'),
                    replace(split_part(mailbox, '@', 1), '.', '') || '@gmail.com', mailbox)},
                {rule: 'same name and address', value: name || ', ' || street || ', ' || coalesce(zip, city)},
                {rule: 'same name and company', value: name || ', ' || company},
                {rule: 'same name and e-mail domain', value: name || ', ' || domain}
            ],
            list_transform(phones, lambda phone: {rule: 'same name and phone', value: name || ', ' || phone})
        )) as key
    from people
    union all
    select
        n,
        system,
        pair,
        unnest([
            {rule: 'same name and web site', value: plain_name || ', ' || host},
            {rule: 'same company name and web domain', value: name || ', ' || domain},
            {rule: 'same company name and phone', value: name || ', ' || phone},
            {rule: 'same company name and address', value: name || ', ' || street || ', ' || coalesce(zip, city)},
            {rule: 'same company name and place', value: name || ', ' || coalesce(zip, city)}
        ])
    from companies
),

key as (
    select n, system, pair, key.rule, key.value, hash(key.rule, key.value) as h
    from said
    where key.value is not null
),

hashed as (
    select n, system, pair, h
    from key
),

-- Of all that share a value in one CRM the one to keep stands for them: a row per other record, however many they are. An
-- e-mail address of very many names is nobody's.
shared as (
    select hashed.h, hashed.system, count(*) as records, min(hashed.n) as n, arg_min(hashed.pair, hashed.n) as pair
    from hashed
    left join people on people.n = hashed.n
    group by hashed.h, hashed.system
    having count(distinct people.name) <= 50
),

met as (
    select hashed.h, shared.n as a, hashed.n as b
    from hashed
    join (from shared where records > 1) as shared using (h, system)
    where hashed.n <> shared.n
    union all
    select h, least(hubspot.n, salesforce.n), greatest(hubspot.n, salesforce.n)
    from (from shared where system = 'hubspot') as hubspot
    join (from shared where system = 'salesforce') as salesforce using (h)
    where hubspot.pair is null or salesforce.pair is null or hubspot.pair <> salesforce.pair
),

equal as (
    select rules.kind, rules.rule, rules.score, key.value as evidence, met.a, met.b
    from met
    join key on key.n = met.b and key.h = met.h
    join (values
        ('same e-mail', 'exact', 1.0),
        ('same e-mail without its tag', 'normalized', 0.95),
        ('same name and phone', 'normalized', 0.95),
        ('same name and address', 'normalized', 0.9),
        ('same name and company', 'normalized', 0.85),
        ('same name and e-mail domain', 'normalized', 0.85),
        ('same name and web site', 'exact', 1.0),
        ('same company name and web domain', 'normalized', 0.95),
        ('same company name and phone', 'normalized', 0.9),
        ('same company name and address', 'normalized', 0.9),
        ('same company name and place', 'normalized', 0.8)
    ) as rules (rule, kind, score) on rules.rule = key.rule
),

-- Names that differ are only compared where a block is equal: something the two have in common, and one part of the name or its outline.
place as (
    select
        n,
        system,
        pair,
        list_filter(['f' || first, 'l' || last, 'o' || name_outline(name)], lambda part: part is not null) as parts,
        unnest(list_concat(['c' || company, 'd' || domain, 'a' || house || ',' || coalesce(zip, city)], list_transform(phones, lambda phone: 'p' || phone))) as place
    from people
    where name is not null
    union all
    select n, system, pair, ['o' || name_outline(name)], 'z' || zip
    from people
    where name is not null and zip is not null and street is not null
    union all
    -- ann@exmaple.com and an@example.com, of ann@example.com
    select n, system, pair, ['m'], unnest([mailbox_name, left(mailbox_name, 3) || split_part(email, '@', 2)])
    from people
    where length(mailbox_name) > 3
    union all
    select n, system, pair, ['n' || left(name, 1)], unnest(['D' || domain, 'P' || phone, 'A' || house || ',' || zip, 'A' || street || ',' || city])
    from companies
    where length(name) > 4
),

-- a phone or an address of very many is nobody's; of a company with many people those with a part of the name in common are compared
own as (
    select place
    from place
    where place is not null
    group by place
    having count(*) > 1 and (count(*) <= 100 or left(place, 1) in ('c', 'd', 'z'))
),

block as (
    select n, system, pair, hash(unnest(parts), place) as block
    from place
    semi join own using (place)
),

busy as (
    select block
    from block
    group by block
    having count(*) between 2 and 50 and (count(*) > 2 or count(pair) < 2 or min(pair) <> max(pair))
),

candidate as (
    select distinct least(x.n, y.n) as a, greatest(x.n, y.n) as b
    from (from block semi join busy using (block)) as x
    join (from block semi join busy using (block)) as y using (block)
    -- what is linked is compared within its own CRM
    where x.n < y.n and (x.system = y.system or x.pair is null and y.pair is null)
),

close as (
    select
        'close' as kind,
        'nearly the same name, same ' || case
            when list_has_any(x.phones, y.phones) then 'phone'
            when x.house = y.house and (x.zip = y.zip or x.city = y.city) then 'address'
            when x.company = y.company then 'company'
            when x.domain = y.domain then 'e-mail domain'
            else 'address'
        end as rule,
        round(jaro_winkler_similarity(x.name, y.name) * 0.85, 2) as score,
        x.name || ' / ' || y.name as evidence,
        candidate.a,
        candidate.b
    from candidate
    join people as x on x.n = candidate.a
    join people as y on y.n = candidate.b
    where x.name <> y.name and damerau_levenshtein(x.name, y.name) <= 2
        and (list_has_any(x.phones, y.phones) or x.house = y.house and (x.zip = y.zip or x.city = y.city) or x.company = y.company or x.domain = y.domain
            or x.zip = y.zip and jaro_winkler_similarity(x.street, y.street) >= 0.9)
    union all
    -- of the same name what differs in the address
    select
        'close',
        'same name, nearly the same address',
        0.8,
        concat_ws(' / ', x.street, y.street),
        candidate.a,
        candidate.b
    from candidate
    join people as x on x.n = candidate.a
    join people as y on y.n = candidate.b
    where x.name = y.name and x.street <> y.street
        and (x.house = y.house and (x.zip = y.zip or x.city = y.city) or x.zip = y.zip and jaro_winkler_similarity(x.street, y.street) >= 0.9)
    union all
    -- another number in it is another person
    select
        'close',
        'nearly the same e-mail',
        round(jaro_winkler_similarity(x.email, y.email) * 0.75, 2),
        x.email || ' / ' || y.email,
        candidate.a,
        candidate.b
    from candidate
    join people as x on x.n = candidate.a
    join people as y on y.n = candidate.b
    where x.email <> y.email and damerau_levenshtein(x.email, y.email) <= 2 and digits(x.mailbox_name) is not distinct from digits(y.mailbox_name)
        and (list_has_any(x.initials, y.initials) or len(x.initials) = 0 or len(y.initials) = 0)
    union all
    select
        'close',
        'nearly the same name, same ' || case when x.domain = y.domain then 'web domain' when x.phone = y.phone then 'phone' else 'address' end,
        round(jaro_winkler_similarity(x.name, y.name) * 0.85, 2),
        x.name || ' / ' || y.name,
        candidate.a,
        candidate.b
    from candidate
    join companies as x on x.n = candidate.a
    join companies as y on y.n = candidate.b
    where x.name <> y.name and damerau_levenshtein(x.name, y.name) <= 2
        and (x.domain = y.domain or x.phone = y.phone or x.house = y.house and x.zip = y.zip or x.street = y.street and x.city = y.city)
),

evidence as (
    select kind, rule, score, evidence, a, b from equal
    union all
    select kind, rule, score, evidence, a, b from close
),

-- What is a duplicate of a linked record of its own CRM is listed there, and not once more across.
twice as (
    select distinct evidence.b as n
    from evidence
    join record as a on a.n = evidence.a
    join record as b on b.n = evidence.b
    where a.system = b.system and a.pair_id is not null and b.pair_id is null
),

-- What the e-mail says exactly need not be said again without its tag.
told as (
    select evidence.*, a.system <> b.system as across
    from evidence
    join record as a on a.n = evidence.a
    join record as b on b.n = evidence.b
    where a.system = b.system or (a.n not in (select n from twice) and b.n not in (select n from twice))
    qualify not (rule = 'same e-mail without its tag' and bool_or(rule = 'same e-mail') over (partition by evidence.a, evidence.b))
),

tied as (
    select across, a as n, b as other
    from told
    union
    select across, b, a
    from told
),

-- Records of one scope that any chain of evidence leads to are a group. Each begins with the first record that it has evidence with, and is told by
-- them of an earlier one until that is news to none: twice or three times, since the one to keep stands for all that share a value.
grouped (across, n, keep) using key (across, n) as (
    select across, n, min(least(n, other))
    from tied
    group by across, n
    union
    select tied.across, tied.other, min(grouped.keep)
    from grouped
    join tied using (across, n)
    join recurring.grouped as so_far on so_far.across = tied.across and so_far.n = tied.other
    where grouped.keep < so_far.keep
    group by tied.across, tied.other
),

ranked as (
    select
        grouped.across,
        grouped.keep,
        count(distinct grouped.n) as records,
        row_number() over (order by max(told.score) desc, count(distinct grouped.n) desc, record.entity, grouped.across, record.system, grouped.keep) as group_number
    from grouped
    join record on record.n = grouped.keep
    left join told on told.across = grouped.across and told.a = grouped.n
    group by grouped.across, grouped.keep, record.entity, record.system
)

select
    ranked.group_number,
    ranked.records as group_records,
    first.object || ' ' || first.id as group_keep,
    a.entity,
    told.kind,
    told.rule,
    told.score::double as score,
    told.evidence,
    if(a.system = b.system, a.system, 'across') as scope,
    a.system as a_system,
    a.object as a_object,
    a.id as a_id,
    a.label as a_label,
    b.system as b_system,
    b.object as b_object,
    b.id as b_id,
    b.label as b_label,
    a.object || ' ' || a.id as keep,
    case
        when a.system <> b.system then 'one of each CRM: they would be linked, not merged'
        when (a.pair_id is null) <> (b.pair_id is null) then 'it is linked to the other CRM, the other one is not'
        when a.object <> b.object and b.object = 'Lead' then 'a Contact goes on when a Lead is converted into it'
        when a.filled > b.filled then 'it says more: ' || a.filled || ' fields are filled, ' || b.filled || ' of the other'
        when a.modified_at > b.modified_at then 'it was edited last'
        else 'nothing tells them apart: the older id'
    end as keep_reason
from told
join record as a on a.n = told.a
join record as b on b.n = told.b
join grouped on grouped.across = told.across and grouped.n = told.a
join ranked on ranked.across = told.across and ranked.keep = grouped.keep
join record as first on first.n = grouped.keep
order by ranked.group_number, told.a, told.score desc, told.b, told.rule
