package pipelines_test

import (
	"maps"
	"strings"
	"testing/fstest"
)

// personSQL is an entity made for finding faults: fields that lose, join, translate many-to-one or not at all,
// flow one way, keep or clear blanks, are decided together, and refer to a company. A person is a Lead or a Contact in
// Salesforce. Deals are made in Salesforce only, and go from HubSpot when they are deleted there.
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
with status as (select hubspot, value from crosswalk.status where use in ('both', 'in') and hubspot is not null),
merged as (
    select gone_id, max_by(id, lastmodifieddate) as survivor_id
    from (select id, lastmodifieddate, unnest(string_split(hs_merged_object_ids, ';')) as gone_id from hubspot.contacts)
    where gone_id <> id
    group by all
)
select
    c.id,
    merged.survivor_id as superseded_by,
    'contacts' as superseded_by_object,
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
    c.zip,
    c.associatedcompanyid as company
from hubspot.contacts as c
left join merged on merged.gone_id = c.id
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
    c.MailingPostalCode as zip,
    c.AccountId as company,
    c.MasterRecordId as superseded_by,
    'Contact' as superseded_by_object
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
    p.zip,
    p.company as associatedcompanyid
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
    p.zip as MailingPostalCode,
    p.company as AccountId
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
    ('zip', 'two_way', 'hubspot', 'keep', null, 'place'),
    ('company', 'two_way', 'salesforce', 'keep', 'company', null)
) as fields (field, direction, rule, blank, refers_to, together)`,
	"company/from_hubspot.companies.sql": `-- one row per company
select c.id, c.hs_lastmodifieddate as modified_at, c._deleted as deleted, c.id as hubspot_id, c.salesforce_id, lower(c.domain) as domain, c.name, c.phone
from hubspot.companies as c`,
	"company/from_salesforce.Account.sql": `-- one row per Account
select
    a.Id as id, a.LastModifiedDate as modified_at, a.LastModifiedById as modified_by, a._deleted as deleted,
    a.HubSpot_Id__c as hubspot_id, a.Id as salesforce_id, lower(a.Website) as domain, a.Name as name, a.Phone as phone
from salesforce.Account as a`,
	"company/to_hubspot.companies.sql": `-- one row per pair
select company.pair_id, company.salesforce_id, company.domain, company.name, company.phone from company`,
	"company/to_salesforce.Account.sql": `-- one row per pair
select company.pair_id, company.hubspot_id as HubSpot_Id__c, company.domain as Website, company.name as Name, company.phone as Phone from company`,
	"company/fields.sql": `-- one row per field
select * from (values
    ('hubspot_id', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('salesforce_id', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('domain', 'two_way', 'hubspot', 'keep', null, null),
    ('name', 'two_way', 'most_recent', 'keep', null, null),
    ('phone', 'two_way', 'hubspot', 'clear', null, null)
) as fields (field, direction, rule, blank, refers_to, together)`,
	"deal/from_hubspot.deals.sql": `-- one row per deal
select d.id, d.pipeline is not null and d.dealstage is not null as in_scope, d.hs_lastmodifieddate as modified_at, d._deleted as deleted, d.id as hubspot_id, d.salesforce_id, d.dealname as name, d.amount, d.description, d.associated_company_id as company
from hubspot.deals as d`,
	"deal/from_salesforce.Opportunity.sql": `-- one row per Opportunity
select
    o.Id as id, o.LastModifiedDate as modified_at, o.LastModifiedById as modified_by, o._deleted as deleted,
    o.HubSpot_Id__c as hubspot_id, o.Id as salesforce_id, o.Name as name, o.Amount as amount, o.Description as description, o.AccountId as company
from salesforce.Opportunity as o`,
	"deal/to_hubspot.deals.sql": `-- one row per pair
select deal.pair_id, deal.salesforce_id, deal.name as dealname, deal.amount, deal.description, deal.company as associated_company_id, 'default' as pipeline, 'appointmentscheduled' as dealstage from deal`,
	"deal/to_salesforce.Opportunity.sql": `-- one row per pair
select deal.pair_id, deal.hubspot_id as HubSpot_Id__c, deal.name as Name, deal.amount as Amount from deal`,
	"deal/match.sql": stamped,
	"deal/create.sql": `-- one row per record without a partner
select 'hubspot' as system, 'deals' as object, object as source_object, id as source_id, 'new' as reason from salesforce`,
	"deal/fields.sql": `-- one row per field
select * from (values
    ('hubspot_id', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('salesforce_id', 'salesforce_to_hubspot', 'salesforce', 'keep', null, null),
    ('name', 'two_way', 'salesforce', 'keep', null, null),
    ('amount', 'two_way', 'hubspot', 'clear', null, null),
    ('description', 'salesforce_to_hubspot', 'salesforce', 'clear', null, null),
    ('company', 'salesforce_to_hubspot', 'salesforce', 'keep', 'company', null)
) as fields (field, direction, rule, blank, refers_to, together)`,
}

const stamped = `-- one row per possible pair
select hubspot.object as hubspot_object, hubspot.id as hubspot_id, salesforce.object as salesforce_object, salesforce.id as salesforce_id, 'stamped id' as rule, 1 as rank
from hubspot
join salesforce on salesforce.hubspot_id = hubspot.id
where hubspot.pair_id is null or salesforce.pair_id is null`

// household is personSQL as files, with what is the same but for a name.
func household() fstest.MapFS {
	all := map[string]string{}
	maps.Copy(all, personSQL)
	all["company/match.sql"] = strings.Replace(all["person/match.sql"], "using (email)", "using (domain)", 1)
	all["company/create.sql"] = strings.NewReplacer("'Contact'", "'Account'", "'contacts'", "'companies'").Replace(all["person/create.sql"])
	lead := strings.NewReplacer("salesforce.Contact", "salesforce.Lead", "c.MailingCity", "c.City", "c.MailingPostalCode", "c.PostalCode",
		"    c.AccountId as company,\n    c.MasterRecordId", "    c.ConvertedContactId", "per Contact", "per Lead")
	all["person/from_salesforce.Lead.sql"] = lead.Replace(all["person/from_salesforce.Contact.sql"])
	lead = strings.NewReplacer("MailingCity", "City", "MailingPostalCode,\n    p.company as AccountId", "PostalCode")
	all["person/to_salesforce.Lead.sql"] = lead.Replace(all["person/to_salesforce.Contact.sql"])
	files := fstest.MapFS{}
	for name, text := range all {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}
