package explain

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

var runAt = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

var small = map[string]string{
	"lib/unknown.sql": "-- unknown(value)\ncreate or replace macro unknown(value) as chr(57344) || value::varchar",
	"contact/from_hubspot.contacts.sql": `-- one row per contact
select h.id, h.lastmodifieddate as modified_at, h._deleted as deleted, h.id <> '8' as in_scope, lower(trim(h.email)) as email, h.phone, h.title,
    if(h.status = 'zz', unknown(h.status), h.status) as status, h.firstname, h.lastname, h.company as company from hubspot.contacts as h`,
	"contact/from_salesforce.Contact.sql": `-- one row per Contact
select c.Id as id, c.LastModifiedDate as modified_at, c._deleted as deleted, lower(c.Email) as email, c.Phone as phone, c.Title as title,
    c.Status__c as status, c.FirstName as firstname, c.LastName as lastname, c.AccountId as company from salesforce.Contact as c`,
	"contact/fields.sql": `-- one row per field
select * from (values ('email', 'two_way', 'hubspot', 'keep', null, null), ('phone', 'two_way', 'most_recent', 'keep', null, null), ('title', 'hubspot_to_salesforce', 'hubspot', 'keep', null, null),
    ('status', 'two_way', 'hubspot', 'clear', null, null), ('firstname', 'two_way', 'ask', 'keep', null, 'name'), ('lastname', 'two_way', 'ask', 'keep', null, 'name'),
    ('company', 'two_way', 'salesforce', 'clear', 'company', null)) as f (field, direction, rule, blank, refers_to, together)`,
	"company/from_hubspot.companies.sql":  "-- one row per company\nselect id, lastmodifieddate as modified_at, _deleted as deleted, name from hubspot.companies",
	"company/from_salesforce.Account.sql": "-- one row per Account\nselect Id as id, LastModifiedDate as modified_at, _deleted as deleted, Name as name from salesforce.Account",
	"company/fields.sql":                  "-- one row per field\nselect 'name' as field, 'two_way' as direction, 'hubspot' as rule, null as blank, null as refers_to, null as together",
}

// house is a warehouse with Ann, a contact of both CRMs in pair p, and her company in pair c.
type house struct {
	t *testing.T
	w *warehouse.Warehouse
	p *entity.Project
}

func newHouse(t *testing.T) *house {
	t.Helper()
	w, err := warehouse.Open(context.Background(), warehouse.Options{RunAt: runAt})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	fsys := fstest.MapFS{}
	for k, s := range small {
		fsys[k] = &fstest.MapFile{Data: []byte(s)}
	}
	p, err := entity.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Install(context.Background(), w.DB); err != nil {
		t.Fatal(err)
	}
	h := &house{t, w, p}
	if err := warehouse.EnsureEntities(context.Background(), w.DB, map[string][]string{"contact": {"email", "phone", "title", "status", "firstname", "lastname", "company"}, "company": {"name"}}); err != nil {
		t.Fatal(err)
	}
	h.exec(`create table hubspot.contacts (id varchar, email varchar, phone varchar, title varchar, status varchar, firstname varchar, lastname varchar, company varchar, lastmodifieddate timestamptz, _deleted boolean);
		create table salesforce."Contact" ("Id" varchar, "Email" varchar, "Phone" varchar, "Title" varchar, "Status__c" varchar, "FirstName" varchar, "LastName" varchar, "AccountId" varchar, "LastModifiedDate" timestamptz, _deleted boolean);
		create table hubspot.companies (id varchar, name varchar, lastmodifieddate timestamptz, _deleted boolean);
		create table salesforce."Account" ("Id" varchar, "Name" varchar, "LastModifiedDate" timestamptz, _deleted boolean);
		insert into hubspot.contacts values ('1', 'Ann@Example.com', '11', 'CEO', 'a', 'Ann', 'Lee', '7', timestamptz '2026-03-01 08:00:00+00', false);
		insert into salesforce."Contact" values ('003000000000001AAA', 'ann@example.com', '11', 'CEO', 'a', 'Ann', 'Lee', '001000000000001AAA', timestamptz '2026-03-01 08:00:00+00', false);
		insert into hubspot.companies values ('7', 'Tern Point', timestamptz '2026-03-01', false), ('1', 'Elm Works', timestamptz '2026-03-01', false);
		insert into salesforce."Account" values ('001000000000001AAA', 'Tern Point', timestamptz '2026-03-01', false);
		insert into link.contact values ('p', 'linked', 'contacts', '1', 'Contact', '003000000000001AAA', 'same e-mail', null, timestamptz '2026-02-01', 'r0');
		insert into link.company values ('c', 'linked', 'companies', '7', 'Account', '001000000000001AAA', 'same name', null, timestamptz '2026-02-01', 'r0');
		insert into base.contact (pair_id, system, object, id, email, phone, title, status, firstname, lastname, company)
			select 'p', system, '', '', 'ann@example.com', '11', 'CEO', 'a', 'Ann', 'Lee', 'c' from (values ('hubspot'), ('salesforce')) as sides (system);
		insert into plan.plan (plan_id, made_at, state) values ('old', timestamptz '2026-02-01', 'applied'), ('new', timestamptz '2026-03-02', 'applied');
		insert into plan.newest values ('contact', 'new'), ('company', 'old')`)
	return h
}

func (h *house) exec(q string) {
	h.t.Helper()
	if _, err := h.w.DB.Exec(q); err != nil {
		h.t.Fatalf("%s: %v", q, err)
	}
}

func (h *house) story(name, what string) *Story {
	h.t.Helper()
	s, err := Person(context.Background(), h.w.DB, h.p, name, what)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

func shortly(s *Story) (out []string) {
	show := func(v *string) string {
		if v == nil {
			return "∅"
		}
		return *v
	}
	for _, f := range s.Fields {
		since := ""
		if f.Since != nil {
			since = f.Since.Format("01-02")
		}
		out = append(out, fmt.Sprintf("%s %s/%s %s/%s: %s, %s %s", f.Field, show(f.HubSpot), show(f.HubSpotBase), show(f.Salesforce), show(f.SalesforceBase), f.State, f.Reason, since))
	}
	return out
}

// A record is found by its id in either CRM, the short one of Salesforce too, and by its e-mail address in any case.
func TestFind(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, what := range []string{"1", "003000000000001AAA", "003000000000001", "ANN@example.COM", " ann@example.com "} {
		s := h.story("", what)
		if s.Entity != "contact" || s.Label != "Ann Lee" || len(s.Records) != 2 || s.Pair == nil || s.Pair.Rule != "same e-mail" {
			t.Errorf("%q: %+v", what, s)
		}
	}
	if d := cmp.Diff([]Match{{"company", "hubspot", "companies", "1"}}, h.story("", "1").Also); d != "" {
		t.Error(d)
	}
	if s := h.story("company", "7"); s.Label != "Tern Point" || len(s.Also) != 0 || s.Pair.ID != "c" {
		t.Errorf("%+v", s)
	}
	for _, what := range []string{"2", "bo@example.com", "003000000000002", "' or true --", "%"} {
		if _, err := Person(context.Background(), h.w.DB, h.p, "", what); !errors.Is(err, ErrNobody) || strings.Contains(err.Error(), what) {
			t.Errorf("%q: %v", what, err)
		}
	}
	if _, err := Person(context.Background(), h.w.DB, h.p, "nothing", "1"); err == nil {
		t.Error("an entity that is none passed")
	}
}

// What both sides say, what it was decided by, and since when; a reference is shown as the id that each side has.
func TestFields(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, do string
		want     string // the field's line
		blocked  []Blocked
	}{
		{name: "agreed since the link", want: "email ann@example.com/ann@example.com ann@example.com/ann@example.com: agreed, both say the same 02-01"},
		{name: "agreed by a change", do: `insert into history.change (run_id, "at", entity, pair_id, system, object, record_id, action, "column", before, after, fields, rules, outcome) values
			('r1', timestamptz '2026-02-03', 'contact', 'p', 'hubspot', 'contacts', '1', 'update', 'phone', '10', '11', ['phone'], ['salesforce changed it'], 'taken'),
			('r2', timestamptz '2026-02-04', 'contact', 'p', 'hubspot', 'contacts', '1', 'update', 'phone', '11', '12', ['phone'], ['x'], 'stale')`,
			want: "phone 11/11 11/11: agreed, salesforce changed it 02-03"},
		{name: "agreed by a conflict", do: `insert into history.conflict values ('r3', timestamptz '2026-02-05', 'contact', 'p', 'phone', '1', '2', '3', '3', 'hubspot', 'most_recent', 'edited later', false)`,
			want: "phone 11/11 11/11: agreed, both changed it: hubspot won (edited later) 02-05"},
		{name: "reference", want: "company 7/7 001000000000001AAA/001000000000001AAA: agreed, both say the same 02-01"},
		{name: "reference not linked", do: `update hubspot.contacts set company = '1'`, want: "company ∅/7 001000000000001AAA/001000000000001AAA: waits for a link, waits for company 1 to be linked ",
			blocked: []Blocked{{"company", "waits for company 1 to be linked", "lockstep explain company 1 says why it is not"}}},
		{name: "no translation", do: `update hubspot.contacts set status = 'zz'`, want: "status ∅/a a/a: no translation, no translation for zz ",
			blocked: []Blocked{{"status", "no translation for zz", "add the value to its crosswalk in sql/crosswalk/, or say in the pipeline's `unmapped` what becomes of it"}}},
		{name: "edited", do: `update hubspot.contacts set phone = '12'`, want: "phone 12/11 11/11: edited since the plan, somebody edited it since the last plan: the next run decides it "},
		{name: "blank kept", do: `update hubspot.contacts set phone = null; update base.contact set phone = '' where system = 'hubspot'; update salesforce."Contact" set "Phone" = '12'`,
			want: "phone / 12/11: blank kept, a blank overwrites nothing, and the other side has not changed "},
		{name: "the target was edited", do: `update salesforce."Contact" set "Title" = 'Boss'`, want: "title CEO/CEO Boss/CEO: one way, it is hubspot_to_salesforce: the target was edited, and only what its source changes is sent 02-01"},
		{name: "blank source", do: `update hubspot.contacts set title = null; update base.contact set title = '' where system = 'hubspot'`,
			want: "title / CEO/CEO: source is blank, it is hubspot_to_salesforce, and a blank source clears nothing "},
		{name: "no base", do: `update salesforce."Contact" set "Phone" = '12'; update base.contact set phone = null`, want: "phone 11/∅ 12/∅: not decided yet, one side has no base yet: the next run decides it "},
		{name: "lossy", do: `update salesforce."Contact" set "Phone" = '12'; update base.contact set phone = '12' where system = 'salesforce'`,
			want: "phone 11/11 12/12: same in translation, neither has changed since the two were in step: one is the other in translation, or what differs was left alone 02-01"},
		{name: "asks", do: `update hubspot.contacts set firstname = 'Anna'; insert into plan.field (plan_id, entity, pair_id, field, outcome, conflict, first_link, rule, reason) values
			('new', 'contact', 'p', 'firstname', 'ask', true, false, 'ask', 'both changed it'), ('old', 'contact', 'p', 'lastname', 'ask', true, false, 'ask', 'long ago')`,
			want: "firstname Anna/Ann Ann/Ann: asks, both changed it ", blocked: []Blocked{{"firstname", "both changed it", "lockstep resolve contact 1 firstname --take hubspot, or salesforce"}}},
		{name: "waits for a translation", do: `update hubspot.contacts set firstname = 'Anna'; insert into plan.field (plan_id, entity, pair_id, field, outcome, conflict, first_link, rule, reason) values
			('new', 'contact', 'p', 'firstname', 'waiting', false, false, 'hubspot', 'hubspot changed it, but it waits: no translation for Anna')`,
			want:    "firstname Anna/Ann Ann/Ann: waiting, hubspot changed it, but it waits: no translation for Anna ",
			blocked: []Blocked{{"firstname", "hubspot changed it, but it waits: no translation for Anna", translation("firstname")}}},
		{name: "frozen", do: `update hubspot.contacts set phone = '12'; insert into history.frozen values ('contact', 'p', 'phone', 'fight', timestamptz '2026-02-06', 'r', 'went back and forth', null), ('contact', 'p', 'title', 'fight', timestamptz '2026-02-06', 'r', 'over', timestamptz '2026-02-07')`,
			want:    "phone 12/11 11/11: frozen, went back and forth 02-06",
			blocked: []Blocked{{"phone", "went back and forth", "end the fight between the two automations, then lockstep release contact 1 phone --take hubspot, or salesforce"}}},
		{name: "refused", do: `update hubspot.contacts set phone = '12';
			insert into history.refusal (entity, pair_id, system, object, record_id, "column", value, category, words, remedy, first_at, last_at, run_id) values
			('contact', 'p', 'salesforce', 'Contact', '003', 'Phone', '12', 'invalid value', 'Nope', 'mend it', timestamptz '2026-02-08', timestamptz '2026-02-09', 'r');
			insert into history.change (run_id, "at", entity, pair_id, system, object, action, "column", fields, outcome) values ('r', timestamptz '2026-02-08', 'contact', 'p', 'salesforce', 'Contact', 'update', 'Phone', ['phone'], 'refused')`,
			want: "phone 12/11 11/11: refused, invalid value: Nope 02-08", blocked: []Blocked{{"salesforce Contact.Phone", "invalid value: Nope", "mend it"}}},
		{name: "due", do: `update hubspot.contacts set phone = '12'; insert into plan.field (plan_id, entity, pair_id, field, outcome, conflict, first_link, rule, reason) values ('new', 'contact', 'p', 'phone', 'hubspot', false, false, 'x', 'hubspot changed it')`,
			want: "phone 12/11 11/11: due, hubspot changed it "},
		{name: "held", do: `update hubspot.contacts set phone = '12'; update link.contact set state = 'held', reason = 'undone'`, want: "phone 12/11 11/11: not linked, the pair is held: nothing of it is compared ",
			blocked: []Blocked{{"the pair", "it is held: undone", "say in same_as.csv whether the two are one"}}},
		{name: "deleted", do: `update hubspot.contacts set _deleted = true, phone = '12'`, want: "phone 12/11 11/11: out of scope, one of the two records is out of scope, deleted or cannot be seen: nothing is sent ",
			blocked: []Blocked{{"contacts 1", "it is deleted in hubspot", "restore it there, or leave it"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			if tt.do != "" {
				h.exec(tt.do)
			}
			s := h.story("contact", "1")
			field, _, _ := strings.Cut(tt.want, " ")
			var got string
			for _, line := range shortly(s) {
				if strings.HasPrefix(line, field+" ") {
					got = line
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if tt.blocked == nil {
				tt.blocked = []Blocked{}
			}
			if d := cmp.Diff(tt.blocked, s.Blocked); d != "" {
				t.Error(d)
			}
		})
	}
}

// A record without a partner has its values and what the plan says of it; one that is in no mirror any more has its link.
func TestAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.exec(`insert into hubspot.contacts values ('2', 'bo@example.com', null, null, null, 'Bo', null, null, timestamptz '2026-03-01', false);
		insert into plan.notice values ('new', 'contact', 'ambiguous', 'hubspot', 'contacts', '2', null, 'not linked: two of them'), ('old', 'contact', 'not created', 'hubspot', 'contacts', '2', null, 'long ago')`)
	s := h.story("", "bo@example.com")
	if s.Label != "Bo" || s.Pair != nil || len(s.Records) != 1 || *s.Fields[0].HubSpot != "bo@example.com" || s.Fields[0].State != "not linked" {
		t.Errorf("%+v", s)
	}
	if d := cmp.Diff([]Blocked{{"contacts 2", "not linked: two of them", "merge the duplicates in the CRM, or say in same_as.csv which of them are one"}}, s.Blocked); d != "" {
		t.Error(d)
	}
	h.exec(`delete from salesforce."Contact"`)
	s = h.story("", "1")
	if len(s.Records) != 2 || !s.Records[1].Missing || s.Fields[0].State != "absent" {
		t.Errorf("%+v", s)
	}
}
