-- one row per two live records that may be one person or one company, and rule that says so
-- kind: exact (the same value), normalized (the same but for case, accents, punctuation, legal form), close (names, addresses or e-mails
-- a few typing errors apart, with the same company, phone, address or name). scope: hubspot or salesforce of two records of one CRM, across of one of each that
-- are not linked to each other. score: how much the rule says, 0 to 1; rules' weights, no probability. keep is the record to keep when
-- the two are merged, keep_reason why. Merging is done in the CRM.
-- All records that are one by some chain of evidence are a group: group_number counts them, the strongest evidence first and then the
-- most records (group_records), anew in every report; group_keep is the record to keep of them all.
-- A source that scores pairs on its own joins as one more part of `evidence` (kind, rule, score, evidence, a and b: numbers of record, the
-- smaller one first), and its pairs are grouped with the rest.
-- Left out, so that the report takes as long as there are records and no longer: an e-mail address that records of more than 50 names in
-- a CRM share (info@) says nothing. Records whose names differ are compared where something else (a company, a phone, an address) and a part
-- of the name are the same, if no more than 50 records share both and, of a phone or an address, no more than 100 share that alone; of
-- what many share first goes what the fewest do, until there are ten comparisons per person, and a million at least.
with recursive
account as (
    select system, id, name
    from mapped.company
),

-- Records are numbered, the one to keep first: one that is linked, a Contact rather than a Lead, the fuller one, the newer one, the older id.
-- The last bits of its number n say what a record is, so that no join is needed for it: 1 not linked, 2 of Salesforce, 4 a company.
person as (
    select
        *,
        (8 * row_number() over (order by pair_id is null, object = 'Lead', filled desc, modified_at desc, system, length(id), id, object)
            + if(system = 'salesforce', 2, 0) + if(pair_id is null, 1, 0))::integer as n
    from (
        select
            person.system,
            person.object,
            person.id,
            person.pair_id,
            person.modified_at,
            person.email,
            person.firstname,
            person.lastname,
            person.phone,
            person.mobilephone,
            person.address,
            person.city,
            person.zip,
            coalesce(account.name, person.company) as company,
            len(list_filter([person.email, person.firstname, person.lastname, person.phone, person.mobilephone, person.jobtitle, person.address, person.city, person.zip,
                coalesce(account.name, person.company), person.original_source], lambda value: value is not null)) as filled
        from mapped.contact as person
        left join account on account.system = person.system and account.id = person.associatedcompanyid
        where not person.deleted and person.superseded_by is null
    )
),

people as (
    select
        n,
        object,
        id,
        if(pair_id is null, n::ubigint, hash(pair_id)) as pair,
        modified_at,
        nullif(concat_ws(' ', firstname, lastname), '') as label,
        filled,
        email,
        name_key(firstname, lastname) as name,
        plain(firstname) as first,
        plain(lastname) as last,
        list_distinct(list_filter([phone_key(phone), phone_key(mobilephone)], lambda phone: phone is not null)) as phones,
        plain(address) as street,
        zip_key(zip) as zip,
        plain(city) as city,
        company_key(company) as company,
        case when split_part(email, '@', 2) not in (select domain from list.free_mail_domains) then split_part(email, '@', 2) end as domain
    from person
),

companies as (
    select
        (8 * row_number() over (order by pair_id is null, filled desc, modified_at desc, system, length(id), id, object)
            + 4 + if(system = 'salesforce', 2, 0) + if(pair_id is null, 1, 0))::integer as n,
        object,
        id,
        if(pair_id is null, n::ubigint, hash(pair_id)) as pair,
        modified_at,
        name as label,
        filled,
        lower(trim(name)) as plain_name,
        company_key(name) as name,
        domain as host,
        case when root_domain(domain) not in (select domain from list.free_mail_domains) then root_domain(domain) end as domain,
        phone_key(phone) as phone,
        plain(address) as street,
        digits(address) as house,
        zip_key(zip) as zip,
        plain(city) as city
    from (
        select
            *,
            len(list_filter([name, domain, phone, industry, numberofemployees, annualrevenue, description, address, city, zip, country, owner_email],
                lambda value: value is not null)) as filled
        from mapped.company
        where not deleted and superseded_by is null
    )
),

-- What two records have to have in common to the letter once it is written in one way, by rule; null: the record does not say it.
said as not materialized (
    select
        n,
        pair,
        list_concat(
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
        ) as keys
    from (select *, regexp_replace(email, '\+[^@]*@', '@') as mailbox from people)
    union all
    select
        n,
        pair,
        [
            {rule: 'same name and web site', value: plain_name || ', ' || host},
            {rule: 'same company name and web domain', value: name || ', ' || domain},
            {rule: 'same company name and phone', value: name || ', ' || phone},
            {rule: 'same company name and address', value: name || ', ' || street || ', ' || coalesce(zip, city)},
            {rule: 'same company name and place', value: name || ', ' || coalesce(zip, city)}
        ]
    from companies
),

hashed as (
    select n, pair, hash(key.rule, key.value) as h
    from (select n, pair, unnest(keys) as key from said)
    where key.value is not null
),

-- Of all that share a value in one CRM the one to keep stands for them: a row per other record, however many they are.
common as (
    select
        h,
        count(*) as records,
        min(n) filter (n & 2 = 0) as hubspot,
        min(n) filter (n & 2 = 2) as salesforce,
        arg_min(pair, n) filter (n & 2 = 0) <> arg_min(pair, n) filter (n & 2 = 2) as apart
    from hashed
    group by h
    having min(pair) <> max(pair)
),

-- An e-mail address of very many names is nobody's.
nobodys as (
    select h
    from (from hashed semi join (from common where records > 50) as common using (h)) as hashed
    join people using (n)
    group by h, n & 2
    having count(distinct people.name) > 50
),

shared as (
    from common anti join nobodys using (h)
),

met as (
    select hashed.h, if(hashed.n & 2 = 0, shared.hubspot, shared.salesforce) as a, hashed.n as b
    from hashed
    join shared using (h)
    where hashed.n <> if(hashed.n & 2 = 0, shared.hubspot, shared.salesforce)
    union all
    select h, least(hubspot, salesforce), greatest(hubspot, salesforce)
    from shared
    where apart
),

equal as (
    select rules.kind, rules.rule, rules.score, said.key.value as evidence, met.a, met.b
    from (select n, unnest(keys) as key from (from said semi join met on met.b = said.n)) as said
    join met on met.b = said.n and met.h = hash(said.key.rule, said.key.value)
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
    ) as rules (rule, kind, score) on rules.rule = said.key.rule
),

-- Names that differ are only compared where a block is equal: something the two have in common (a place), and one part of the name or its outline.
place as (
    select n, pair, place.large, hash(place.value) as place
    from (
        select
            n,
            pair,
            unnest(list_concat(
                [
                    {large: true, value: 'c' || company},
                    {large: true, value: 'd' || domain},
                    {large: false, value: 'a' || digits(street) || ',' || coalesce(zip, city)}
                ],
                list_transform(phones, lambda phone: {large: false, value: 'p' || phone})
            )) as place
        from people
        where name is not null
        union all
        select
            n,
            pair,
            unnest([
                {large: false, value: 'D' || domain},
                {large: false, value: 'P' || phone},
                {large: false, value: 'A' || house || ',' || zip},
                {large: false, value: 'A' || street || ',' || city}
            ])
        from companies
        where length(name) > 4
    )
    where place.value is not null
),

-- a phone or an address of very many is nobody's; of a company with many people those with a part of the name in common are compared
own as (
    select place
    from place
    group by place
    having min(pair) <> max(pair) and (count(*) <= 100 or bool_or(large))
),

part as (
    select n, unnest(list_filter(['f' || first, 'l' || last, 'o' || name_outline(name)], lambda part: part is not null)) as part
    from people
    where name is not null
    union all
    select n, left(name, 1)
    from companies
    where length(name) > 4
),

block as (
    select place.n, place.pair, hash(part.part, place.place) as block
    from (from place semi join own using (place)) as place
    join part using (n)
    union all
    select n, pair, hash(name_outline(name), 'z', zip)
    from people
    where name is not null and zip is not null and street is not null
    union all
    -- ann@exmaple.com and an@example.com, of ann@example.com
    select n, pair, hash('m', unnest([split_part(email, '@', 1), left(email, 3) || split_part(email, '@', 2)]))
    from people
    where strpos(email, '@') > 4
),

busy as (
    select block
    from block
    group by block
    having count(*) <= 50 and min(pair) <> max(pair)
    qualify sum(count(*) * (count(*) - 1) // 2) over (order by count(*), block) <= greatest(1000000, 10 * (select count(*) from people))
),

crowd as (
    from block semi join busy using (block)
),

candidate as (
    select distinct x.n as a, y.n as b
    from crowd as x
    join crowd as y using (block)
    -- what is linked is compared within its own CRM
    where x.n < y.n and (x.n & 2 = y.n & 2 or x.n & 1 = 1 and y.n & 1 = 1)
),

-- Counting typing errors is slow: texts of other lengths, or with other letters in them, need no count.
spelt as (
    select
        n,
        name,
        length(name) as name_length,
        letters(name) as name_letters,
        split_part(email, '@', 1) as mailbox,
        split_part(email, '@', 2) as host,
        length(email) as email_length,
        letters(split_part(email, '@', 1)) as mailbox_letters
    from people
    semi join crowd using (n)
),

near as (
    select candidate.a, candidate.b
    from candidate
    join spelt as x on x.n = candidate.a
    join spelt as y on y.n = candidate.b
    where case
            when abs(x.name_length - y.name_length) <= 2 and bit_count(xor(x.name_letters, y.name_letters)) <= 4
                then damerau_levenshtein(x.name, y.name) <= 2
        end
        or case
            when abs(x.email_length - y.email_length) <= 2 and bit_count(xor(x.mailbox_letters, y.mailbox_letters)) <= 4
                then if(x.host = y.host, 0, damerau_levenshtein(x.host, y.host)) + damerau_levenshtein(x.mailbox, y.mailbox) <= 2
        end
),

neighbour as (
    select
        *,
        digits(street) as house,
        split_part(email, '@', 1) as mailbox,
        list_filter([left(first, 1), left(last, 1)], lambda letter: letter is not null) as initials
    from people
    semi join (select unnest([a, b]) as n from near) as near using (n)
),

close as (
    select 'close' as kind, alike.rule, alike.score, alike.evidence, a, b
    from (
        select
            near.a,
            near.b,
            unnest([
                case
                    when x.name <> y.name and damerau_levenshtein(x.name, y.name) <= 2 and (
                        list_has_any(x.phones, y.phones) or x.house = y.house and (x.zip = y.zip or x.city = y.city) or x.company = y.company or x.domain = y.domain
                        or x.zip = y.zip and jaro_winkler_similarity(x.street, y.street) >= 0.9
                    )
                    then {
                        rule: 'nearly the same name, same ' || case
                            when list_has_any(x.phones, y.phones) then 'phone'
                            when x.house = y.house and (x.zip = y.zip or x.city = y.city) then 'address'
                            when x.company = y.company then 'company'
                            when x.domain = y.domain then 'e-mail domain'
                            else 'address'
                        end,
                        score: round(jaro_winkler_similarity(x.name, y.name) * 0.85, 2),
                        evidence: x.name || ' / ' || y.name
                    }
                    -- of the same name what differs in the address
                    when x.name = y.name and x.street <> y.street
                        and (x.house = y.house and (x.zip = y.zip or x.city = y.city) or x.zip = y.zip and jaro_winkler_similarity(x.street, y.street) >= 0.9)
                    then {rule: 'same name, nearly the same address', score: 0.8, evidence: concat_ws(' / ', x.street, y.street)}
                end,
                -- another number in it is another person
                case
                    when x.email <> y.email and damerau_levenshtein(x.email, y.email) <= 2 and digits(x.mailbox) is not distinct from digits(y.mailbox)
                        and case
                            -- a.lee@ and b.lee@ are two people where one is Ann and the other Bo
                            when len(x.initials) = 2 and len(y.initials) = 2
                                then x.initials[1] = y.initials[1] or x.initials = list_reverse(y.initials)
                                    or (x.initials[2] = y.initials[2] and damerau_levenshtein(x.first, y.first) <= 2)
                            else list_has_any(x.initials, y.initials) or len(x.initials) = 0 or len(y.initials) = 0
                        end
                    then {
                        rule: 'nearly the same e-mail',
                        score: round(jaro_winkler_similarity(x.email, y.email) * 0.75, 2),
                        evidence: x.email || ' / ' || y.email
                    }
                end
            ]) as alike
        from near
        join neighbour as x on x.n = near.a
        join neighbour as y on y.n = near.b
    )
    where alike is not null
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
    -- not x.name <> y.name, by which all companies would be joined
    where damerau_levenshtein(x.name, y.name) between 1 and 2
        and (x.domain = y.domain or x.phone = y.phone or x.house = y.house and x.zip = y.zip or x.street = y.street and x.city = y.city)
),

evidence as (
    select kind, rule, score, evidence, a, b from equal
    union all
    select kind, rule, score, evidence, a, b from close
),

-- What is a duplicate of a linked record of its own CRM is listed there, and not once more across.
twice as (
    select distinct b as n
    from evidence
    where a & 2 = b & 2 and a & 1 = 0 and b & 1 = 1
),

-- What the e-mail says exactly need not be said again without its tag.
told as (
    select *, 2 * a + (a & 2 <> b & 2)::integer as node_a, 2 * b + (a & 2 <> b & 2)::integer as node_b
    from evidence
    where a & 2 = b & 2 or (a not in (select n from twice) and b not in (select n from twice))
    qualify not (rule = 'same e-mail without its tag' and bool_or(rule = 'same e-mail') over (partition by a, b))
),

tied as (
    select node_a as node, node_b as other
    from told
    union
    select node_b, node_a
    from told
),

-- Records of one scope that any chain of evidence leads to are a group. Each begins with the first record that it has evidence with.
start as (
    select node, min(least(node, other)) as keep
    from tied
    group by node
),

-- Where that is not the same of both, the two firsts are one group. (A difference compared with 0, here and below, for what compares two
-- records with each other must be no condition to join by: the planner takes a join for cheap that compares everybody with everybody.)
bridge as (
    select distinct x.keep as node, y.keep as other
    from tied
    join start as x on x.node = tied.node
    join start as y on y.node = tied.other
    where abs(x.keep - y.keep) > 0
),

-- What a first and the one it keeps have heard of is told on, and what they keep is looked up, until that is news to none: a few times, however long the chain.
bridged (node, keep) using key (node) as (
    select node, min(least(node, other))
    from bridge
    group by node
    union
    select node, min(keep)
    from (
        select unnest([bridge.node, mine.keep]) as node, theirs.keep
        from bridge
        join recurring.bridged as mine on mine.node = bridge.node
        join recurring.bridged as theirs on theirs.node = bridge.other
        where theirs.keep - mine.keep < 0
        union all
        select mine.node, kept.keep
        from recurring.bridged as mine
        join recurring.bridged as kept on kept.node = mine.keep
        where kept.keep < mine.keep
    )
    group by node
),

grouped as (
    select start.node, coalesce(bridged.keep, start.keep) as keep
    from start
    left join bridged on bridged.node = start.keep
),

ranked as (
    select
        keep,
        count(*) as records,
        row_number() over (order by max(score) desc, count(*) desc, keep & 8 = 0, keep & 1, keep & 4, keep) as group_number
    from grouped
    left join (select node_a as node, max(score) as score from told group by node_a) as best using (node)
    group by keep
),

record as (
    select n, 'contact' as entity, object, id, modified_at, label, filled
    from people
    semi join (select unnest([a, b]) as n from told) as told using (n)
    union all
    select n, 'company', object, id, modified_at, label, filled
    from companies
    semi join (select unnest([a, b]) as n from told) as told using (n)
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
    case when told.node_a & 1 = 1 then 'across' when a.n & 2 = 0 then 'hubspot' else 'salesforce' end as scope,
    if(a.n & 2 = 0, 'hubspot', 'salesforce') as a_system,
    a.object as a_object,
    a.id as a_id,
    a.label as a_label,
    if(b.n & 2 = 0, 'hubspot', 'salesforce') as b_system,
    b.object as b_object,
    b.id as b_id,
    b.label as b_label,
    a.object || ' ' || a.id as keep,
    case
        when told.node_a & 1 = 1 then 'one of each CRM: they would be linked, not merged'
        when a.n & 1 <> b.n & 1 then 'it is linked to the other CRM, the other one is not'
        when a.object <> b.object and b.object = 'Lead' then 'a Contact goes on when a Lead is converted into it'
        when a.filled > b.filled then 'it says more: ' || a.filled || ' fields are filled, ' || b.filled || ' of the other'
        when a.modified_at > b.modified_at then 'it was edited last'
        else 'nothing tells them apart: the older id'
    end as keep_reason
from told
join record as a on a.n = told.a
join record as b on b.n = told.b
join grouped on grouped.node = told.node_a
join ranked on ranked.keep = grouped.keep
join record as first on first.n = grouped.keep // 2
order by ranked.group_number, told.a, told.score desc, told.b, told.rule
