-- one row per Salesforce Lead and Contact that are one person: the Lead was not converted into the Contact, but made beside it
with
person as (
    select
        object,
        id,
        pair_id,
        modified_at,
        nullif(concat_ws(' ', firstname, lastname), '') as label,
        email,
        name_key(firstname, lastname) as name,
        [phone_key(phone), phone_key(mobilephone)] as phones,
        hs_lead_status
    from mapped.contact
    where system = 'salesforce' and not deleted and superseded_by is null
),

twin as (
    select lead.id as lead_id, contact.id as contact_id, 'same e-mail' as rule
    from person as lead
    join person as contact using (email)
    where lead.object = 'Lead' and contact.object = 'Contact'
    union all
    select lead.id, contact.id, 'same name and phone'
    from (select *, unnest(phones) as phone from person where object = 'Lead') as lead
    join (select *, unnest(phones) as phone from person where object = 'Contact') as contact using (name, phone)
)

select
    lead.id as lead_id,
    lead.label as lead,
    contact.id as contact_id,
    contact.label as contact,
    string_agg(distinct twin.rule, ', ' order by twin.rule) as rules,
    coalesce(lead.email, contact.email) as email,
    lead.hs_lead_status as lead_status,
    case
        when lead.pair_id is not null and contact.pair_id is not null then 'both'
        when contact.pair_id is not null then 'the Contact'
        when lead.pair_id is not null then 'the Lead'
        else 'neither'
    end as linked,
    case
        when lead.pair_id is not null and contact.pair_id is not null
            then 'merge their two records in HubSpot, and convert the Lead into the Contact: the older pair goes on, the other one is held'
        when lead.pair_id is not null then 'convert the Lead into the Contact: its pair goes on as the Contact''s'
        else 'convert the Lead into the Contact'
    end as remedy,
    greatest(lead.modified_at, contact.modified_at) as last_edited_at
from twin
join person as lead on lead.object = 'Lead' and lead.id = twin.lead_id
join person as contact on contact.object = 'Contact' and contact.id = twin.contact_id
group by all
order by lead, lead_id, contact_id
