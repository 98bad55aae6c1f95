-- one row per pair: the properties of a HubSpot contact
-- optional: salesforce_lead_status, salesforce_email_optout, do_not_call
with
owners as (
    select lower(email) as email, min(id) as id
    from catalog.owners
    where not archived
    group by all
),

lifecycle_stage as (
    select value, hubspot
    from crosswalk.lifecycle_stage
    where use in ('both', 'out') and hubspot is not null
),

lead_status as (
    select value, hubspot
    from crosswalk.lead_status
    where use in ('both', 'out') and hubspot is not null
),

lead_source as (
    select value, hubspot
    from crosswalk.lead_source
    where use in ('both', 'out') and hubspot is not null
)

select
    contact.pair_id,
    contact.salesforce_id,
    contact.salesforce_object,
    contact.salesforce_lead_status,
    contact.email,
    contact.firstname,
    contact.lastname,
    contact.phone,
    contact.mobilephone,
    contact.jobtitle,
    contact.company,
    contact.associatedcompanyid,
    contact.address,
    contact.city,
    contact.state,
    contact.zip,
    contact.country,
    -- never cleared here: the fields are true or blank
    contact.salesforce_email_optout,
    contact.do_not_call,
    -- an opportunity takes a contact forward only; a Lead.Status that goes back is told, and fields.sql may let it
    case
        when contact.salesforce_object = 'Contact' then further_stage('contacts', mapped(lifecycle_stage.hubspot, contact.lifecyclestage), contact.present_stage)
        else mapped(lifecycle_stage.hubspot, contact.lifecyclestage)
    end as lifecyclestage,
    mapped(lead_status.hubspot, contact.hs_lead_status) as hs_lead_status,
    mapped(lead_source.hubspot, contact.original_source) as hs_analytics_source,
    owner_id(owners.id, contact.owner_email, 'hubspot', 'contacts') as hubspot_owner_id
from contact
left join lifecycle_stage on lifecycle_stage.value = contact.lifecyclestage
left join lead_status on lead_status.value = contact.hs_lead_status
left join lead_source on lead_source.value = contact.original_source
left join owners on owners.email = contact.owner_email
