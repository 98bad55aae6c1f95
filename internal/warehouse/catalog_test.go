package warehouse

import (
	"testing"
	"time"

	"lockstep/internal/crm"
)

func TestWriteColumns(t *testing.T) {
	t.Parallel()
	w := memory(t)
	write := func(minute int, columns ...crm.Column) Difference {
		t.Helper()
		d, err := WriteColumns(t.Context(), w.DB, lead, columns, runAt.Add(time.Duration(minute)*time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	status := crm.Column{Name: "Status", Type: "picklist", Label: "Status", Length: 255, Createable: true, RefersTo: []string{"Group", "User"},
		Options: []crm.Option{{Value: "New", Label: "new", Active: true}, {Value: "Old", Label: "old"}}}
	name := crm.Column{Name: "LastName", Type: "string", Length: 80, Required: true}
	columns := `select name, type, length, required, refers_to, state, first_seen, changed_at from catalog.column order by name`
	options := `select "column", value, label, active, position from catalog.option order by all`

	diff(t, Difference{}, write(0, status, name))
	want := []string{
		"LastName|string|80|true|-|live|2026-11-21T10:00:00Z|2026-11-21T10:00:00Z",
		"Status|picklist|255|false|[Group User]|live|2026-11-21T10:00:00Z|2026-11-21T10:00:00Z",
	}
	diff(t, want, rows(t, w.DB, columns))
	diff(t, []string{"Status|New|new|true|1", "Status|Old|old|false|2"}, rows(t, w.DB, options))

	t.Log("the same again touches nothing")
	diff(t, Difference{Same: true}, write(1, status, name))
	diff(t, want, rows(t, w.DB, columns))

	t.Log("changed, vanished and new")
	status.Options = status.Options[:1]
	name.Length = 100
	diff(t, Difference{New: []string{"Title"}}, write(2, status, name, crm.Column{Name: "Title", Type: "string"}))
	diff(t, Difference{Vanished: []string{"LastName"}}, write(3, status, crm.Column{Name: "Title", Type: "string"}))
	diff(t, []string{
		"LastName|string|100|true|-|vanished|2026-11-21T10:00:00Z|2026-11-21T10:03:00Z",
		"Status|picklist|255|false|[Group User]|live|2026-11-21T10:00:00Z|2026-11-21T10:02:00Z", // its options
		"Title|string|0|false|-|live|2026-11-21T10:02:00Z|2026-11-21T10:02:00Z",
	}, rows(t, w.DB, columns))
	diff(t, []string{"Status|New|new|true|1"}, rows(t, w.DB, options))

	t.Log("and back")
	diff(t, Difference{New: []string{"LastName"}}, write(4, status, name, crm.Column{Name: "Title", Type: "string"}))
	diff(t, []string{"LastName|live|false"}, rows(t, w.DB, `select name, state, complete from catalog.column where name = 'LastName'`))
}

func TestTypeChangeIsReadAnew(t *testing.T) {
	t.Parallel()
	w := memory(t)
	m := hubspotMirror(t, w)
	read(t, w, m, Full, 0, results(contact("1", "2026-11-04T12:00:00Z", `"email":"12","num_notes":"7","hs_email_optout":null,"date_of_birth":null,"closedate":null`)))
	if err := Complete(t.Context(), w.DB, m, nil); err != nil {
		t.Fatal(err)
	}
	changed := []crm.Column{{Name: "email", Type: "number"}, {Name: "num_notes", Type: "string"}}
	if _, err := WriteColumns(t.Context(), w.DB, contacts, changed, runAt); err != nil {
		t.Fatal(err)
	}
	if _, err := EnsureMirror(t.Context(), w.DB, contacts, changed); err != nil {
		t.Fatal(err)
	}
	diff(t, []string{"12|DECIMAL(38,12)|7.000000000000|VARCHAR"}, rows(t, w.DB, `select cast(email as int), typeof(email), num_notes, typeof(num_notes) from hubspot.contacts`))
	diff(t, []string{"email|false", "num_notes|false"}, rows(t, w.DB, `select name, complete from catalog.column where state = 'live' order by name`))
}

func TestWritePeople(t *testing.T) {
	t.Parallel()
	w := memory(t)
	write := func(s crm.System, people ...Person) {
		t.Helper()
		if err := WritePeople(t.Context(), w.DB, s, people); err != nil {
			t.Fatal(err)
		}
	}
	ann := Person{ID: "005000000000001AAA", Email: "ann@example.com", Username: "ann@example.org", Name: "Ann Lee", Type: "Standard", Active: true}
	bo := Person{ID: "005000000000002AAA", Name: "Bo Chen"}
	write(crm.Salesforce, ann, bo)
	write(crm.Salesforce, ann, bo)
	diff(t, []string{"005000000000001AAA|ann@example.com|ann@example.org|Ann Lee|true|Standard", "005000000000002AAA|-|-|Bo Chen|false|-"},
		rows(t, w.DB, `select id, email, username, name, active, user_type from catalog.users order by id`))
	ann.Active = false
	write(crm.Salesforce, ann)
	diff(t, []string{"005000000000001AAA|false"}, rows(t, w.DB, `select id, active from catalog.users`))

	write(crm.HubSpot, Person{ID: "41", UserID: "9", Type: "PERSON", Active: true}, Person{ID: "42", Type: "QUEUE"})
	diff(t, []string{"41|9|PERSON|false", "42|-|QUEUE|true"}, rows(t, w.DB, `select id, user_id, type, archived from catalog.owners order by id`))
	write(crm.HubSpot)
	diff(t, []string{"0"}, rows(t, w.DB, `select count(*) from catalog.owners`))
}

func TestClock(t *testing.T) {
	t.Parallel()
	w := memory(t)
	for _, d := range []time.Duration{time.Second, -1500 * time.Millisecond} {
		if err := WriteClock(t.Context(), w.DB, crm.HubSpot, d, runAt); err != nil {
			t.Fatal(err)
		}
	}
	diff(t, []string{"hubspot|-1500"}, rows(t, w.DB, `select system, skew_ms from catalog.clock`))
}
