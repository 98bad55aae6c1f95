package transform

import (
	"context"
	"fmt"
	"testing"

	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
	defaults "lockstep/sql"
)

// BenchmarkTransform plans the default contact entity over n people who are in both CRMs: the first link of
// all of them, and then a tick in which a thousand changed on one side.
func BenchmarkTransform(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprintf("people=%d", n), func(b *testing.B) {
			ctx := context.Background()
			w, err := warehouse.Open(ctx, warehouse.Options{Path: b.TempDir() + "/w.duckdb", RunAt: runAt, Memory: "4GB"})
			if err != nil {
				b.Fatal(err)
			}
			defer w.Close()
			p, err := entity.Load(defaults.FS)
			if err != nil {
				b.Fatal(err)
			}
			for _, q := range []string{
				fmt.Sprintf(`create table hubspot.contacts as select i::varchar as id, null::varchar as salesforce_id, null::varchar as salesforce_object, 'p' || i || '@example.com' as email,
					'First' || i %% 1000 as firstname, 'Last' || i %% 7919 as lastname, '+1 555 ' || i as phone, null::varchar as mobilephone, 'Engineer' as jobtitle, 'Company ' || i %% 5000 as company,
					i || ' Main Street' as address, 'Springfield' as city, 'IL' as state, (10000 + i %% 9000)::varchar as zip, 'US' as country, 'lead' as lifecyclestage, 'DIRECT_TRAFFIC' as hs_analytics_source,
					'11' as hubspot_owner_id, timestamptz '2026-02-01' as lastmodifieddate, timestamptz '2026-02-01' as _modified_at, false as _deleted, null::timestamptz as _deleted_at, timestamptz '2026-02-01' as _landed_at from range(%d) t(i)`, n),
				`create table salesforce."Contact" as select lpad(id, 18, '0') as Id, null::varchar as HubSpot_Id__c, null::varchar as MasterRecordId, email as Email, firstname as FirstName, lastname as LastName, phone as Phone,
					mobilephone as MobilePhone, jobtitle as Title, address as MailingStreet, city as MailingCity, state as MailingState, zip as MailingPostalCode, country as MailingCountry, 'Web' as LeadSource, '005' as OwnerId,
					lastmodifieddate as LastModifiedDate, '005' as LastModifiedById, _modified_at, _deleted, _deleted_at, _landed_at from hubspot.contacts`,
				`create table salesforce."Lead" as select Id, HubSpot_Id__c, MasterRecordId, null::varchar as ConvertedContactId, Email, FirstName, LastName, null::varchar as Company, Phone, MobilePhone, Title, MailingStreet as Street,
					MailingCity as City, MailingState as State, MailingPostalCode as PostalCode, MailingCountry as Country, LeadSource, null::varchar as Status, OwnerId, LastModifiedDate, LastModifiedById, _modified_at, _deleted, _deleted_at, _landed_at from salesforce."Contact" limit 0`,
				`insert into catalog.users (id, email, active) values ('005', 'owner@example.com', true)`,
				`insert into catalog.owners (id, email, archived) values ('11', 'owner@example.com', false)`,
			} {
				if _, err := w.DB.Exec(q); err != nil {
					b.Fatalf("%s: %v", q, err)
				}
			}
			run := func(b *testing.B) {
				for b.Loop() {
					if _, err := Run(ctx, w, p, Options{PlanID: "bench"}); err != nil {
						b.Fatal(err)
					}
				}
				var changes int
				if err := w.DB.QueryRow(`select count(*) from plan.change`).Scan(&changes); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(changes), "changes")
			}
			b.Run("first", run)
			for _, q := range []string{
				`insert into link.contact select pair_id, state, hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule, reason, getvariable('run_at'), 'r' from plan.link`,
				`update hubspot.contacts set salesforce_id = lpad(id, 18, '0'), salesforce_object = 'Contact'`,
				`update salesforce."Contact" set HubSpot_Id__c = ltrim(Id, '0')`,
				`insert into base.contact (pair_id, system, object, id, hubspot_id, salesforce_id, salesforce_object, email, firstname, lastname, phone, mobilephone, jobtitle, company, address, city, state, zip, country, original_source, owner_email)
					select pair_id, side.system, if(side.system = 'hubspot', 'contacts', 'Contact'), if(side.system = 'hubspot', link.hubspot_id, link.salesforce_id), link.hubspot_id, link.salesforce_id, 'Contact', email, firstname, lastname, phone, coalesce(mobilephone, ''), jobtitle,
					if(side.system = 'hubspot', company, null), address, city, c.state, zip, country, 'DIRECT_TRAFFIC', 'owner@example.com' from link.contact as link join hubspot.contacts as c on c.id = link.hubspot_id, (values ('hubspot'), ('salesforce')) as side (system)`,
				`update hubspot.contacts set phone = phone || '1', lastmodifieddate = timestamptz '2026-02-02' where id::bigint % 1000 = 7`,
			} {
				if _, err := w.DB.Exec(q); err != nil {
					b.Fatalf("%s: %v", q, err)
				}
			}
			b.Run("tick", run)
		})
	}
}
