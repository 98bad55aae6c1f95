-- one row per record without a partner: where its person is created, and why; a null object creates nothing
with
-- HubSpot's people become Contacts where their company is an account, and Leads else. A customer is never a Lead: without
-- an account he waits for one.
people as (
    select
        'salesforce' as system,
        if(associatedcompanyid is not null, 'Contact', 'Lead') as object,
        object as source_object,
        id as source_id,
        email,
        1 as preference,
        case
            when lifecyclestage in ('customer', 'evangelist') and associatedcompanyid is null then 'a customer waits for an account of his company'
            when email_bounced and associatedcompanyid is null then 'no lead is made of an address that bounces'
        end as wait
    from hubspot

    union all

    select
        'hubspot',
        'contacts',
        salesforce.object,
        salesforce.id,
        salesforce.email,
        if(salesforce.object = 'Contact', 1, 2),
        null
    from salesforce
),

-- One person may stand in a CRM several times: only one of those records is created on the other side.
counted as (
    select
        *,
        row_number() over (partition by system, email order by preference, source_id) as place
    from people
)

select
    system,
    case when email is not null and place = 1 and wait is null then object end as object,
    source_object,
    source_id,
    case
        when email is null then 'a record without an e-mail address stays where it is'
        when place > 1 then 'another record with this e-mail address is created; merge the two'
        when wait is not null then wait
        else 'not in ' || if(system = 'salesforce', 'Salesforce', 'HubSpot') || ' yet'
    end as reason
from counted
