package transform

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A from file may make several rows of a record, or none: each is created on its own, and what is gone from the record by the
// next run leaves its pair alone.
func TestEventsOfRecords(t *testing.T) {
	t.Parallel()
	v := newWorld(t)
	from := v.sql["person/from_hubspot.contacts.sql"]
	events := strings.NewReplacer("-- one row per contact", "-- one row per event\n-- several rows per record, or none",
		"    h.id, h.last", "    h.id || '-' || event.name as id, h.last", "h.id as hubspot_id", "h.id || '-' || event.name as hubspot_id",
		"\nleft join", "\njoin (values ('red', '1'), ('red', '2'), ('blue', '2')) as event (name, of_phone) on event.of_phone = h.phone\nleft join").Replace(from)
	v.sql["person/from_hubspot.contacts.sql"] = events
	if _, err := v.plan(Options{}); err == nil || !strings.HasPrefix(err.Error(), "sql/person/to_hubspot.contacts.sql: sql/person/from_hubspot.contacts.sql makes several rows") {
		t.Errorf("with a to file: %v", err)
	}
	delete(v.sql, "person/to_hubspot.contacts.sql")
	v.put("hubspot.contacts", "1", "email=ann@example.com phone=1 lastname=Lee")
	v.put("hubspot.contacts", "2", "email=bo@example.com phone=2 lastname=Chen")
	v.put("hubspot.contacts", "3", "email=cy@example.com phone=3 lastname=Diaz")
	v.mustPlan(Options{})
	want := []string{"1-red", "2-blue", "2-red"}
	if d := cmp.Diff(want, v.rows(`select source_id from plan.change where action = 'create' and object = 'Contact' order by all`)); d != "" {
		t.Error(d)
	}

	v.sql["person/from_hubspot.contacts.sql"] = strings.Replace(events, "h.id || '-' || event.name as id", "h.id || event.name as id", 1)
	if _, err := v.plan(Options{}); err == nil || !strings.HasPrefix(err.Error(), "sql/person/from_hubspot.contacts.sql: the id ") {
		t.Errorf("without a dash: %v", err)
	}
	v.sql["person/from_hubspot.contacts.sql"] = strings.Replace(events, "h.id || '-' || event.name as id", "'9' || h.id || '-' || event.name as id", 1)
	if _, err := v.plan(Options{}); err == nil || !strings.Contains(err.Error(), "is not that of a record of hubspot.contacts") {
		t.Errorf("with another record's id: %v", err)
	}
}
