package forget_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/forget"
	"lockstep/internal/warehouse"
)

// known is a warehouse that knows of Ann (101 and 003A), of Bo who has her number, and of a company of the id 101.
const known = `
create table hubspot.contacts (id varchar, email varchar, hs_additional_emails varchar, phone varchar, firstname varchar, lastname varchar, _modified_at timestamptz, _deleted boolean, _deleted_at timestamptz, _landed_at timestamptz);
insert into hubspot.contacts by name (select unnest(['101', '102']) as id, unnest(['ann@example.com', 'bo@example.org']) as email, unnest(['old@example.com;older@example.com', null]) as hs_additional_emails,
	'+1 555 0100' as phone, unnest(['Ann', 'Bo']) as firstname, unnest(['Lee', 'Chen']) as lastname, false as _deleted, now() as _landed_at);
create table hubspot.companies (id varchar, name varchar, _deleted boolean, _landed_at timestamptz);
insert into hubspot.companies values ('101', 'Example', false, now());
create table salesforce."Contact" ("Id" varchar, "Email" varchar, "ReportsToId" varchar, _deleted boolean, _landed_at timestamptz);
insert into salesforce."Contact" values ('003A00000000001AAA', 'ann@example.com', null, false, now()), ('003A00000000002AAA', 'bo@example.org', '003A00000000001AAA', false, now());
create table staging."hubspot.contacts" (id varchar, email varchar);
insert into staging."hubspot.contacts" values ('101', 'ann@example.com'), ('102', 'bo@example.org');
insert into hubspot.history values ('contacts', '101', 'email', 'before@example.com', now(), null, null), ('contacts', '102', 'email', 'x', now(), null, null);
insert into hubspot.list_memberships values ('1', 'All', 'contacts', '101'), ('1', 'All', 'contacts', '102'), ('2', 'Firms', 'companies', '101');
insert into catalog.misfit values ('hubspot', 'contacts', '101', 'phone', 'x', 3, now());
create table link.contact (pair_id varchar, state varchar, hubspot_object varchar, hubspot_id varchar, salesforce_object varchar, salesforce_id varchar);
insert into link.contact values ('p1', 'linked', 'contacts', '101', 'Contact', '003A00000000001AAA'), ('p2', 'linked', 'contacts', '102', 'Contact', '003A00000000002AAA');
create table link.company (pair_id varchar, state varchar, hubspot_object varchar, hubspot_id varchar, salesforce_object varchar, salesforce_id varchar);
insert into link.company values ('p1', 'linked', 'companies', '101', 'Account', '001A00000000001AAA');
create table base.contact (pair_id varchar, system varchar, object varchar, id varchar, email varchar);
insert into base.contact values ('p1', 'hubspot', 'contacts', '101', 'ann@example.com'), ('p2', 'hubspot', 'contacts', '102', 'bo@example.org');
insert into plan.change by name (select 'r1' as plan_id, unnest(['c1', 'c2', 'c3']) as change_id, 1 as position, unnest(['contact', 'contact', 'company']) as entity, unnest(['p1', 'p2', 'p1']) as pair_id,
	'update' as action, 'hubspot' as system, unnest(['contacts', 'contacts', 'companies']) as object, unnest(['101', '102', '101']) as record_id);
insert into plan.value by name (select 'r1' as plan_id, unnest(['c1', 'c2', 'c3']) as change_id, 'x' as "column", 'after' as after, ['f'] as fields, ['r'] as rules);
insert into plan.notice by name (select 'r1' as plan_id, 'contact' as entity, 'ambiguous' as kind, unnest(['contacts 101 and contacts 103 may be one', 'contacts 1011 waits', 'has ANN@example.com']) as text);
insert into history.change by name (select 'r1' as run_id, now() as "at", unnest(['contact', 'contact', 'company']) as entity, unnest(['p1', 'p2', 'p1']) as pair_id, 'hubspot' as system,
	unnest(['contacts', 'contacts', 'companies']) as object, unnest(['101', '102', '101']) as record_id, 'update' as action, 'phone' as "column",
	unnest(['+1 555 0100', 'ann@example.com', 'kept']) as after, ['phone'] as fields, ['hubspot changed it'] as rules, 'taken' as outcome);
insert into history.refusal by name (select 'contact' as entity, 'p1' as pair_id, 'hubspot' as system, 'contacts' as object, '101' as record_id, 'x' as category, 'x' as words, now() as first_at, now() as last_at, 'r1' as run_id);
create table report.duplicates (name varchar, hubspot_id varchar, n integer);
insert into report.duplicates values ('Ann Lee', '101', 1), ('Bo Chen', '102', 2), ('Di Evans', '1011', 3);
`

// mapping is a project of people and companies.
var mapping = fstest.MapFS{
	"contact/from_hubspot.contacts.sql":   {Data: []byte("-- one row per contact\nselect id, email as email from hubspot.contacts")},
	"contact/from_salesforce.Contact.sql": {Data: []byte("-- one row per Contact\nselect Id as id, Email as email from salesforce.Contact")},
	"company/from_hubspot.companies.sql":  {Data: []byte("-- one row per company\nselect id, name from hubspot.companies")},
	"company/from_salesforce.Account.sql": {Data: []byte("-- one row per Account\nselect Id as id, Name as name from salesforce.Account")},
	"contact/fields.sql":                  {Data: []byte("-- one row per field\nselect * from (values ('email', 'two_way', 'hubspot', 'keep', null, null)) as t(field, direction, rule, blank, refers_to, \"together\")")},
	"company/fields.sql":                  {Data: []byte("-- one row per field\nselect * from (values ('name', 'two_way', 'hubspot', 'keep', null, null)) as t(field, direction, rule, blank, refers_to, \"together\")")},
}

func open(t *testing.T) (*warehouse.Warehouse, *entity.Project) {
	t.Helper()
	w, err := warehouse.Open(t.Context(), warehouse.Options{RunAt: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if _, err := w.DB.ExecContext(t.Context(), known); err != nil {
		t.Fatal(err)
	}
	p, err := entity.Load(mapping)
	if err != nil {
		t.Fatal(err)
	}
	return w, p
}

func found(t *testing.T, w *warehouse.Warehouse, p *entity.Project, what, object string) (names []string) {
	t.Helper()
	all, err := forget.Find(t.Context(), w.DB, p, what, object)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		names = append(names, r.Record.String()+", "+r.Why)
	}
	return names
}

// A person is found by any address in any spelling, and by an id that is the person's alone.
func TestFind(t *testing.T) {
	t.Parallel()
	w, p := open(t)
	for what, want := range map[string][]string{
		"ANN@example.com":    {"hubspot.contacts 101, e-mail", "salesforce.Contact 003A00000000001AAA, e-mail"},
		"older@example.com":  {"hubspot.contacts 101, e-mail", "salesforce.Contact 003A00000000001AAA, linked"},
		"003A00000000001":    {"salesforce.Contact 003A00000000001AAA, id", "hubspot.contacts 101, linked"},
		"nobody@example.com": nil, "n@example.com": nil, "10": nil,
	} {
		if d := cmp.Diff(want, found(t, w, p, what, "")); d != "" {
			t.Errorf("%s: %s", what, d)
		}
	}
	if _, err := forget.Find(t.Context(), w.DB, p, "101", ""); err == nil || !strings.HasPrefix(err.Error(), "101 is the id of several records") {
		t.Errorf("a contact and a company of one id: %v", err)
	}
	if d := cmp.Diff([]string{"hubspot.contacts 101, id", "salesforce.Contact 003A00000000001AAA, linked"}, found(t, w, p, "101", "hubspot.contacts")); d != "" {
		t.Error(d)
	}
}

// Of the person nothing is left but that something was sent; of others nothing is lost.
func TestErase(t *testing.T) {
	t.Parallel()
	w, p := open(t)
	records, err := forget.Find(t.Context(), w.DB, p, "ann@example.com", "")
	if err != nil {
		t.Fatal(err)
	}
	var e forget.Erased
	if err := w.InTx(t.Context(), func(tx *warehouse.Tx) (err error) {
		e, err = forget.Erase(t.Context(), w, tx, records, w.RunAt)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if e.Pairs != 1 || e.Emptied != 2 || !cmp.Equal(e.Mentions, map[string]int64{"salesforce.Contact": 1}) {
		t.Errorf("%+v", e)
	}
	for query, want := range map[string]string{
		`select id from hubspot.contacts`:                                     "102",
		`select "Id" from salesforce."Contact"`:                               "003A00000000002AAA",
		`select id from hubspot.companies`:                                    "101",
		`select id from staging."hubspot.contacts"`:                           "102",
		`select id from hubspot.history`:                                      "102",
		`select object || record_id from hubspot.list_memberships order by 1`: "companies101 contacts102",
		`select id from catalog.misfit`:                                       "",
		`select pair_id from link.contact`:                                    "p2",
		`select pair_id from link.company`:                                    "p1",
		`select pair_id from base.contact`:                                    "p2",
		`select change_id from plan.change order by 1`:                        "c2 c3",
		`select change_id from plan.value order by 1`:                         "c2 c3",
		`select text from plan.notice`:                                        "contacts 1011 waits",
		`select pair_id from history.refusal`:                                 "",
		`select name from report.duplicates order by n`:                       "Bo Chen Di Evans",
		`select concat_ws('|', entity, pair_id, record_id, "column", coalesce(after, '-'), coalesce(rules::varchar, '-'), fields::varchar) from history.change order by 1`: "company|p1|101|phone|kept|[hubspot changed it]|[phone] contact|forgotten|forgotten|phone|-|-|[phone] contact|p2|102|phone|-|[hubspot changed it]|[phone]",
		`select count(*)::varchar from catalog.forgotten`: "2",
	} {
		if got := column(t, w, query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	for _, id := range []string{"101", "102"} {
		forgot, err := w.Forgot(t.Context(), crm.Object{System: crm.HubSpot, Name: "contacts"})
		if err != nil || forgot == nil || forgot(id) != (id == "101") {
			t.Errorf("whether %s was forgotten is answered wrong: %v", id, err)
		}
	}
	if n, err := w.Remember(t.Context(), "101"); n != 1 || err != nil {
		t.Errorf("taken off the list: %d, %v", n, err)
	}
}

// While a write is under way its answer would bring the person back.
func TestEraseWaitsForTheOutbox(t *testing.T) {
	t.Parallel()
	w, p := open(t)
	if _, err := w.DB.ExecContext(t.Context(), `insert into outbox by name (select 'c' as change_id, 'r' as plan_id, 'r' as run_id, 1 as batch, 'contact' as entity, 'p1' as pair_id, 'update' as action,
		'hubspot' as system, 'contacts' as object, '101' as record_id, now() as sent_at, '{}' as sent)`); err != nil {
		t.Fatal(err)
	}
	records, err := forget.Find(t.Context(), w.DB, p, "ann@example.com", "")
	if err != nil {
		t.Fatal(err)
	}
	err = w.InTx(t.Context(), func(tx *warehouse.Tx) error {
		_, err := forget.Erase(t.Context(), w, tx, records, w.RunAt)
		return err
	})
	if hint := (*crm.Hinted)(nil); !errors.Is(err, forget.ErrUnderWay) || !errors.As(err, &hint) {
		t.Errorf("%v", err)
	}
	if got := column(t, w, `select id from hubspot.contacts order by id`); got != "101 102" {
		t.Errorf("contacts %s", got)
	}
}

func column(t *testing.T, w *warehouse.Warehouse, query string) string {
	t.Helper()
	rows, err := w.DB.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var v any
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprint(v))
	}
	return strings.Join(slices.Clone(all), " ")
}
