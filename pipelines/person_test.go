package pipelines_test

// personSQL is an entity made for finding faults: fields that lose, join, translate many-to-one or not at all,
// flow one way, keep or clear blanks, and are decided together.
var personSQL = map[string]string{
	"lib/unknown.sql": "-- unknown(value)\ncreate or replace macro unknown(value) as chr(57344) || value::varchar",
	"lib/mapped.sql":  "-- mapped(found, original)\ncreate or replace macro mapped(found, original) as case when original is null then null else coalesce(found, unknown(original)) end",
	"crosswalk/status.csv": `value,hubspot,salesforce,use
a1,a1,A,both
a2,a2,,both
a2,,A,out
b1,b1,B,both
b2,b2,,both
b2,,B,out
c1,c1,C,both
`,
	"person/from_hubspot.contacts.sql": `-- one row per contact; full_name is two fields in one
with status as (select hubspot, value from crosswalk.status where use in ('both', 'in') and hubspot is not null)
select
    c.id,
    c.lastmodifieddate as modified_at,
    c._deleted as deleted,
    c.id as hubspot_id,
    c.salesforce_id,
    lower(c.email) as email,
    c.phone,
    mapped(status.value, c.person_status) as status,
    c.jobtitle as title,
    c.memo,
    nullif(array_to_string(string_split(c.full_name, ' ')[:-2], ' '), '') as firstname,
    string_split(c.full_name, ' ')[-1] as lastname,
    c.country_code as cc,
    c.city,
    c.zip
from hubspot.contacts as c
left join status on status.hubspot = c.person_status`,
	"person/from_salesforce.Contact.sql": `-- one row per Contact
with status as (select salesforce, value from crosswalk.status where use in ('both', 'in') and salesforce is not null)
select
    c.Id as id,
    c.LastModifiedDate as modified_at,
    c.LastModifiedById as modified_by,
    c._deleted as deleted,
    c.HubSpot_Id__c as hubspot_id,
    c.Id as salesforce_id,
    lower(c.Email) as email,
    c.Phone as phone,
    mapped(status.value, c.Status__c) as status,
    c.Title as title,
    c.Memo__c as memo,
    c.FirstName as firstname,
    c.LastName as lastname,
    left(c.Phone, 1) as cc,
    c.MailingCity as city,
    c.MailingPostalCode as zip
from salesforce.Contact as c
left join status on status.salesforce = c.Status__c`,
	"person/to_hubspot.contacts.sql": `-- one row per pair
with status as (select value, hubspot from crosswalk.status where use in ('both', 'out') and hubspot is not null)
select
    p.pair_id,
    p.salesforce_id,
    p.email,
    p.phone,
    mapped(status.hubspot, p.status) as person_status,
    p.title as jobtitle,
    nullif(concat_ws(' ', p.firstname, p.lastname), '') as full_name,
    p.cc as country_code,
    p.city,
    p.zip
from person as p
left join status on status.value = p.status`,
	"person/to_salesforce.Contact.sql": `-- one row per pair; a memo is cut to four characters
with status as (select value, salesforce from crosswalk.status where use in ('both', 'out') and salesforce is not null)
select
    p.pair_id,
    p.hubspot_id as HubSpot_Id__c,
    p.email as Email,
    p.phone as Phone,
    mapped(status.salesforce, p.status) as Status__c,
    p.title as Title,
    left(p.memo, 4) as Memo__c,
    p.firstname as FirstName,
    coalesce(p.lastname, '[not provided]') as LastName,
    p.city as MailingCity,
    p.zip as MailingPostalCode
from person as p
left join status on status.value = p.status`,
	"person/match.sql": `-- one row per possible pair
select hubspot.object as hubspot_object, hubspot.id as hubspot_id, salesforce.object as salesforce_object, salesforce.id as salesforce_id, 'stamped id' as rule, 1 as rank
from hubspot
join salesforce on salesforce.hubspot_id = hubspot.id
where hubspot.pair_id is null or salesforce.pair_id is null
union all
select hubspot.object, hubspot.id, salesforce.object, salesforce.id, 'same e-mail', 2
from hubspot
join salesforce using (email)
where hubspot.pair_id is null or salesforce.pair_id is null`,
	"person/create.sql": `-- one row per record without a partner
select 'salesforce' as system, 'Contact' as object, object as source_object, id as source_id, 'new' as reason from hubspot
union all
select 'hubspot', 'contacts', object, id, 'new' from salesforce`,
	"person/fields.sql": `-- one row per field
select * from (values
    ('hubspot_id', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('salesforce_id', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('email', 'two_way', 'hubspot', 'keep', null, null),
    ('phone', 'two_way', 'salesforce', 'clear', null, null),
    ('status', 'two_way', 'hubspot', 'clear', null, null),
    ('title', 'two_way', 'most_recent', 'keep', null, null),
    ('memo', 'hubspot_to_salesforce', 'hubspot', 'clear', null, null),
    ('firstname', 'two_way', 'salesforce', 'clear', null, null),
    ('lastname', 'two_way', 'salesforce', 'clear', null, null),
    ('cc', 'salesforce_to_hubspot', 'salesforce', 'clear', null, null),
    ('city', 'two_way', 'hubspot', 'keep', null, 'place'),
    ('zip', 'two_way', 'hubspot', 'keep', null, 'place')
) as fields (field, direction, rule, blank, refers_to, together)`,
}
