//go:build unix

package explain_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/explain"
	"lockstep/internal/publish"
	"lockstep/internal/warehouse"
	"lockstep/sql"
	"lockstep/transform"
)

// A million linked people of both CRMs with their bases, a hundred thousand Leads beside them, and a column sent to each of them.
var million = []string{
	`create table person as select i, (10000000 + i)::varchar as hubspot_id, '003' || lpad(i::varchar, 12, '0') || 'AAA' as salesforce_id, '00Q' || lpad(i::varchar, 12, '0') || 'AAA' as lead_id,
		'person' || i || '@example.org' as email, 'Lee ' || i % 40000 as lastname, '+1 555 ' || i as phone, i || ' Main Street' as street, (10000 + i % 89999)::varchar as zip, timestamptz '2026-02-01' + to_seconds(i) as edited
		from range(1000000) as t(i)`,
	`insert into hubspot.contacts by name select hubspot_id as id, email, 'Ann' as firstname, lastname, phone, street as address, zip, 'lead' as lifecyclestage, salesforce_id, 'Contact' as salesforce_object,
		edited as lastmodifieddate, edited as _modified_at, false as _deleted, edited as _landed_at from person`,
	`insert into salesforce."Contact" by name select salesforce_id as "Id", email as "Email", 'Ann' as "FirstName", lastname as "LastName", phone as "Phone", street as "MailingStreet", zip as "MailingPostalCode",
		hubspot_id as "HubSpot_Id__c", edited as "LastModifiedDate", edited as _modified_at, false as _deleted, edited as _landed_at from person`,
	`insert into salesforce."Lead" by name select lead_id as "Id", 'lead.' || email as "Email", lastname as "LastName", 'Open' as "Status", edited as "LastModifiedDate", edited as _modified_at, false as _deleted, edited as _landed_at
		from person where i % 10 = 0`,
	`insert into link.contact select 'pair-' || i, 'linked', 'contacts', hubspot_id, 'Contact', salesforce_id, 'same e-mail', null, timestamptz '2026-02-01', 'r0' from person`,
	`insert into base.contact by name select 'pair-' || i as pair_id, system, if(system = 'hubspot', 'contacts', 'Contact') as object, if(system = 'hubspot', hubspot_id, salesforce_id) as id,
		email, 'Ann' as firstname, lastname, phone, street as address, zip, salesforce_id, hubspot_id from person, (values ('hubspot'), ('salesforce')) as sides (system)`,
	`insert into history.run (run_id, pipeline, started_at, state) values ('r1', 'nightly', timestamptz '2026-03-01', 'done')`,
	`insert into history.change (run_id, "at", entity, pair_id, system, object, record_id, action, "column", before, after, fields, rules, outcome)
		select 'r1', timestamptz '2026-03-01', 'contact', 'pair-' || i, 'hubspot', 'contacts', hubspot_id, 'update', 'phone', '1', phone, ['phone'], ['salesforce changed it, hubspot did not'], 'taken' from person`,
	`insert into plan.plan (plan_id, made_at, state) values ('p1', timestamptz '2026-03-01', 'applied')`,
	`insert into plan.newest values ('contact', 'p1')`,
	`drop table person`,
}

// published is the publication of such a warehouse, with the embedded project's SQL.
func published(b *testing.B) (*publish.Reader, *entity.Project) {
	b.Helper()
	ctx, dir, at := b.Context(), b.TempDir(), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	w, err := warehouse.Open(ctx, warehouse.Options{Path: filepath.Join(dir, "w.duckdb"), RunAt: at})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	p, err := entity.Load(sql.FS)
	must(err)
	must(p.Install(ctx, w.DB))
	parsed, err := p.Parse(ctx, w.DB)
	must(err)
	rules, err := transform.Rules(ctx, w.DB, parsed, "contact")
	must(err)
	var fields []string
	for _, f := range rules {
		fields = append(fields, f.Name)
	}
	must(warehouse.EnsureEntity(ctx, w.DB, "contact", fields))
	for o, named := range mirrors {
		var columns []crm.Column
		for name := range strings.FieldsSeq(named) {
			name, word, _ := strings.Cut(name, ":")
			columns = append(columns, crm.Column{Name: name, Type: word})
		}
		_, err := warehouse.EnsureMirror(ctx, w.DB, o, columns)
		must(err)
	}
	for _, q := range million {
		if _, err := w.DB.Exec(q); err != nil {
			b.Fatalf("%s: %v", q, err)
		}
	}
	folder := filepath.Join(dir, "published")
	_, err = publish.Write(ctx, w, publish.Options{Folder: folder, Mode: 0o640, Run: "20260302T090000Z-000001", Project: p, Mapping: "m", Whole: true, Now: func() time.Time { return at }})
	must(err)
	r, err := publish.Open(ctx, folder)
	must(err)
	b.Cleanup(r.Close)
	return r, p
}

// mirrors are the columns that the from files of people name; a text but where a type stands behind it.
var mirrors = map[crm.Object]string{
	{System: crm.HubSpot, Name: "contacts"}: `email firstname lastname phone mobilephone jobtitle company associatedcompanyid address city state zip country lifecyclestage hs_lead_status hs_analytics_source hubspot_owner_id
		hs_merged_object_ids salesforce_id salesforce_object salesforce_lead_status hs_email_optout:bool salesforce_email_optout:bool do_not_call:bool hs_email_hard_bounce_reason_enum lastmodifieddate:datetime`,
	{System: crm.Salesforce, Name: "Contact"}: `Email FirstName LastName Phone MobilePhone Title AccountId MailingStreet MailingCity MailingState MailingStateCode MailingPostalCode MailingCountry MailingCountryCode LeadSource OwnerId
		HubSpot_Id__c MasterRecordId EmailBouncedReason HasOptedOutOfEmail:boolean DoNotCall:boolean IsPersonAccount:boolean LastModifiedById LastModifiedDate:datetime`,
	{System: crm.Salesforce, Name: "Lead"}: `Email FirstName LastName Phone MobilePhone Title Company Street City State StateCode PostalCode Country CountryCode LeadSource OwnerId Status
		HubSpot_Id__c MasterRecordId ConvertedContactId EmailBouncedReason HasOptedOutOfEmail:boolean DoNotCall:boolean LastModifiedById LastModifiedDate:datetime`,
	{System: crm.Salesforce, Name: "OpportunityContactRole"}: `ContactId OpportunityId`,
	{System: crm.Salesforce, Name: "Opportunity"}:            `IsWon:boolean IsClosed:boolean`,
}

// BenchmarkPerson tells one person's story out of a publication of a million.
func BenchmarkPerson(b *testing.B) {
	r, p := published(b)
	for _, tt := range []struct {
		name, who string
		nobody    bool
	}{
		{name: "HubSpot id", who: "10123456"},
		{name: "Salesforce id", who: "003000000123456AAA"},
		{name: "e-mail", who: "person123456@example.org"},
		{name: "e-mail of nobody", who: "nobody@example.org", nobody: true},
	} {
		b.Run(tt.name, func(b *testing.B) {
			db, release := r.DB()
			defer release()
			for b.Loop() {
				s, err := explain.Person(b.Context(), db, p, "", tt.who)
				if tt.nobody && !errors.Is(err, explain.ErrNobody) || !tt.nobody && (err != nil || len(s.Records) != 2 || len(s.Sent) != 1 || s.Label != "Ann Lee 3456") {
					b.Fatalf("%+v %v", s, err)
				}
			}
		})
	}
}
