-- one row per HubSpot contact: what HubSpot says of a person
-- optional: salesforce_lead_status, hs_email_optout, hs_email_hard_bounce_reason_enum, salesforce_email_optout, do_not_call
with
owners as (
    select id, lower(email) as email
    from catalog.owners
),

lifecycle_stage as (
    select hubspot, value
    from crosswalk.lifecycle_stage
    where use in ('both', 'in') and hubspot is not null
),

lead_status as (
    select hubspot, value
    from crosswalk.lead_status
    where use in ('both', 'in') and hubspot is not null
),

lead_source as (
    select hubspot, value
    from crosswalk.lead_source
    where use in ('both', 'in') and hubspot is not null
),

-- A merge takes the other record away without a word; the one that is left names it, and whatever it had taken in.
merged as (
    select gone_id, max_by(id, lastmodifieddate) as survivor_id
    from (select id, lastmodifieddate, unnest(string_split(hs_merged_object_ids, ';')) as gone_id from hubspot.contacts)
    where gone_id <> id
    group by all
)

select
    -- the record
    contact.id as id,
    contact.lastmodifieddate as modified_at,
    contact._deleted as deleted,
    merged.survivor_id as superseded_by,
    case when merged.survivor_id is not null then 'contacts' end as superseded_by_object,
    not never_touched('hubspot', 'contacts', contact.id, contact.email) as in_scope,

    -- what ties the two records
    contact.id as hubspot_id,
    contact.salesforce_id as salesforce_id,
    contact.salesforce_object as salesforce_object,
    contact.salesforce_lead_status as salesforce_lead_status,

    -- the person
    clean_email(contact.email) as email,
    clean_text(contact.firstname) as firstname,
    not_provided(contact.lastname) as lastname,
    clean_text(contact.phone) as phone,
    clean_text(contact.mobilephone) as mobilephone,
    clean_text(contact.jobtitle) as jobtitle,
    not_provided(contact.company) as company,
    contact.associatedcompanyid as associatedcompanyid,

    -- the address
    clean_text(contact.address) as address,
    clean_text(contact.city) as city,
    clean_text(contact.state) as state,
    clean_text(contact.zip) as zip,
    clean_text(contact.country) as country,

    -- what the person does not want: true or blank
    if(contact.hs_email_optout, true, null) as email_optout,
    -- one that HubSpot has of its own need not be told to it
    if(contact.salesforce_email_optout or contact.hs_email_optout, true, null) as salesforce_email_optout,
    if(contact.do_not_call, true, null) as do_not_call,
    if(contact.hs_email_hard_bounce_reason_enum <> '', true, null) as email_bounced,

    -- where the person stands
    mapped(lifecycle_stage.value, contact.lifecyclestage) as lifecyclestage,
    contact.lifecyclestage as present_stage,
    mapped(lead_status.value, contact.hs_lead_status) as hs_lead_status,
    mapped(lead_source.value, contact.hs_analytics_source) as original_source,
    mapped(owners.email, contact.hubspot_owner_id) as owner_email
from hubspot.contacts as contact
left join lifecycle_stage on lifecycle_stage.hubspot = contact.lifecyclestage
left join lead_status on lead_status.hubspot = contact.hs_lead_status
left join lead_source on lead_source.hubspot = contact.hs_analytics_source
left join owners on owners.id = contact.hubspot_owner_id
left join merged on merged.gone_id = contact.id
