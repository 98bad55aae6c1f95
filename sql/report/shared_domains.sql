-- one row per CRM and web domain that several of its live companies bear: branches of one company, or duplicates
-- a free-mail domain is nobody's and is not listed
with
company as (
    select
        system,
        object,
        id,
        pair_id,
        name,
        company_key(name) as key,
        root_domain(domain) as domain
    from mapped.company
    where not deleted and superseded_by is null
)

select
    domain,
    system,
    object,
    count(*) as records,
    count(distinct key) as names, -- 1: the same name every time
    count(pair_id) as linked,
    list(id order by id)[:20] as ids, -- the first twenty
    list(name order by id)[:20] as labels
from company
where domain is not null and domain not in (select domain from list.free_mail_domains)
group by all
having count(*) > 1
order by records desc, domain, system
