-- one row per value in use in a CRM that no crosswalk reads: how many live records wait with it
with
used as (
    select 'lifecycle_stage' as crosswalk, 'hubspot' as crm, 'contacts' as object, 'lifecyclestage' as "column", lifecyclestage as value
    from hubspot.contacts
    where not _deleted
    union all
    select 'lead_source', 'hubspot', 'contacts', 'hs_analytics_source', hs_analytics_source
    from hubspot.contacts
    where not _deleted
    union all
    select 'lead_status', 'hubspot', 'contacts', 'hs_lead_status', hs_lead_status
    from hubspot.contacts
    where not _deleted
    union all
    select 'lifecycle_stage', 'hubspot', 'companies', 'lifecyclestage', lifecyclestage
    from hubspot.companies
    where not _deleted
    union all
    select 'industry', 'hubspot', 'companies', 'industry', industry
    from hubspot.companies
    where not _deleted
    union all
    select 'deal_stage', 'hubspot', 'deals', 'dealstage', pipeline || '/' || dealstage
    from hubspot.deals
    where not _deleted
    union all
    select 'deal_type', 'hubspot', 'deals', 'dealtype', dealtype
    from hubspot.deals
    where not _deleted
    union all
    -- a status that both crosswalks lack is listed once
    select 'lifecycle_stage', 'salesforce', 'Lead', 'Status', Status
    from salesforce.Lead
    where not _deleted and Status in (select salesforce from crosswalk.lead_status where use in ('both', 'in'))
    union all
    select 'lead_status', 'salesforce', 'Lead', 'Status', Status
    from salesforce.Lead
    where not _deleted
    union all
    select 'lead_source', 'salesforce', 'Lead', 'LeadSource', LeadSource
    from salesforce.Lead
    where not _deleted
    union all
    select 'lead_source', 'salesforce', 'Contact', 'LeadSource', LeadSource
    from salesforce.Contact
    where not _deleted
    union all
    select 'industry', 'salesforce', 'Account', 'Industry', Industry
    from salesforce.Account
    where not _deleted
    union all
    select 'deal_stage', 'salesforce', 'Opportunity', 'StageName', StageName
    from salesforce.Opportunity
    where not _deleted
    union all
    select 'deal_type', 'salesforce', 'Opportunity', 'Type', Type
    from salesforce.Opportunity
    where not _deleted
    union all
    select 'task_status', 'hubspot', 'tasks', 'hs_task_status', hs_task_status
    from hubspot.tasks
    where not _deleted
    union all
    select 'task_priority', 'hubspot', 'tasks', 'hs_task_priority', hs_task_priority
    from hubspot.tasks
    where not _deleted
    union all
    select 'activity_direction', 'hubspot', 'calls', 'hs_call_direction', hs_call_direction
    from hubspot.calls
    where not _deleted
    union all
    select 'activity_direction', 'hubspot', 'emails', 'hs_email_direction', hs_email_direction
    from hubspot.emails
    where not _deleted
    union all
    select 'task_status', 'salesforce', 'Task', 'Status', Status
    from salesforce.Task
    where not _deleted
    union all
    select 'task_priority', 'salesforce', 'Task', 'Priority', Priority
    from salesforce.Task
    where not _deleted
),

known as (
    select 'lifecycle_stage' as crosswalk, * from crosswalk.lifecycle_stage
    union all
    select 'lead_status', * from crosswalk.lead_status
    union all
    select 'lead_source', * from crosswalk.lead_source
    union all
    select 'industry', * from crosswalk.industry
    union all
    select 'deal_stage', * from crosswalk.deal_stage
    union all
    select 'deal_type', * from crosswalk.deal_type
    union all
    select 'task_status', * from crosswalk.task_status
    union all
    select 'task_priority', * from crosswalk.task_priority
    union all
    select 'activity_direction', * from crosswalk.activity_direction
),

-- An owner is a translation too: here are those whom the other CRM does not have, or not any more.
owned as (
    select 'hubspot' as crm, 'contacts' as object, hubspot_owner_id as id
    from hubspot.contacts
    where not _deleted
    union all
    select 'hubspot', 'companies', hubspot_owner_id
    from hubspot.companies
    where not _deleted
    union all
    select 'hubspot', 'deals', hubspot_owner_id
    from hubspot.deals
    where not _deleted
    union all
    select 'salesforce', 'Lead', OwnerId
    from salesforce.Lead
    where not _deleted
    union all
    select 'salesforce', 'Contact', OwnerId
    from salesforce.Contact
    where not _deleted
    union all
    select 'salesforce', 'Account', OwnerId
    from salesforce.Account
    where not _deleted
    union all
    select 'salesforce', 'Opportunity', OwnerId
    from salesforce.Opportunity
    where not _deleted
),

-- Countries and states of HubSpot that are not on the list of a Salesforce whose addresses take nothing else.
placed as (
    select 'contacts' as object, state, country
    from hubspot.contacts
    where not _deleted
    union all
    select 'companies', state, country
    from hubspot.companies
    where not _deleted
),

countries as (
    select spelling, code
    from country_codes('Contact', 'MailingCountryCode')
),

states as (
    select country, spelling
    from state_codes('Contact', 'MailingStateCode')
),

unlisted as (
    select
        placed.object,
        unnest(['country', 'state']) as "column",
        unnest([placed.country, placed.state]) as value,
        unnest([countries.code is null, states.spelling is null]) as lacks
    from placed
    left join countries on countries.spelling = plain(placed.country)
    left join states on states.spelling = plain(placed.state) and coalesce(states.country, countries.code) = countries.code
    where exists(from countries)
),

active as (
    select 'hubspot' as system, id
    from catalog.owners
    where not archived
    union all
    select 'salesforce', id
    from catalog.users
    where active
),

unmapped as (
    select used.crosswalk, used.crm, used.object, used."column", used.value
    from used
    anti join known
        on known.crosswalk = used.crosswalk
        and known.use in ('both', 'in')
        -- a stage may be known by its record type, as Renewal/Closed Won
        and (if(used.crm = 'hubspot', known.hubspot, known.salesforce) = used.value
            or used.crosswalk = 'deal_stage' and used.crm = 'salesforce' and ends_with(known.salesforce, '/' || used.value))
    where clean_text(used.value) is not null
    union all
    select 'owner', owned.crm, owned.object, if(owned.crm = 'hubspot', 'hubspot_owner_id', 'OwnerId'), coalesce(owner.owner, owned.id)
    from owned
    left join owners() as owner on owner.system = owned.crm and owner.id = owned.id
    anti join (from owners() semi join active using (system, id)) as partner on partner.system <> owned.crm and partner.owner = owner.owner
    where clean_text(owned.id) is not null
    union all
    select "column", 'hubspot', object, "column", value
    from unlisted
    where lacks and clean_text(value) is not null
),

-- Whatever else the SQL translates (crosswalks and entities of your own), as the newest plan of each entity found it; the field is ours.
told as (
    select entity || '.' || field as crosswalk, system as crm, object, field as "column", substr(text, length('no translation for ') + 1) as value
    from plan.notice
    join plan.newest using (entity, plan_id)
    where kind = 'unmapped' and starts_with(text, 'no translation for ')
),

listed as (
    select crosswalk, crm, object, "column", value
    from unmapped
    union all
    select crosswalk, crm, object, "column", value
    from told
    anti join unmapped using (value)
)

select
    crosswalk,
    crm,
    object,
    "column",
    value,
    count(*) as records
from listed
group by all
order by crosswalk, records desc, crm, object, value
