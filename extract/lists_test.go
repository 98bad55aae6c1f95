package extract_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"lockstep/extract"
	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/sandbox/hubspot"
	"lockstep/sql"
)

// A list is read in a tick only if it has moved, and in every full read; one that is not there is told.
func TestLists(t *testing.T) {
	t.Parallel()
	b := newBoth(t, 20)
	var people []string
	for _, r := range b.box.HubSpot.All("contacts") {
		people = append(people, r["hs_object_id"])
	}
	list, err := b.box.HubSpot.CreateList(hubspot.ListDefinition{Name: "Sales ready", Object: "contacts"})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.box.HubSpot.AddToList(list, people[:3]...); err != nil {
		t.Fatal(err)
	}
	reads := func() int { return b.box.Count(crm.HubSpot, "/memberships") }
	named := func(names ...string) {
		l := entity.List{Name: "hubspot_lists", Path: "sql/list/hubspot_lists.csv", Columns: []string{"list"}}
		for i, n := range names {
			l.Rows, l.Lines = append(l.Rows, []string{n}), append(l.Lines, i+2)
		}
		b.project.Lists = []entity.List{l}
	}
	steps := []struct {
		what     string
		do       func() error
		names    []string
		full     bool
		members  int
		read     int
		problems string
	}{
		{what: "none is named", do: nil, members: 0, read: 0},
		{what: "one is named", names: []string{"Sales ready"}, members: 3, read: 1},
		{what: "nothing moved", names: []string{"Sales ready"}, members: 3, read: 0},
		{what: "one left", names: []string{"Sales ready"}, do: func() error { return b.box.HubSpot.RemoveFromList(list, people[0]) }, members: 2, read: 1},
		{what: "by its id", names: []string{list}, members: 2, read: 0},
		{what: "a full read", names: []string{list}, full: true, members: 2, read: 1},
		{what: "one is not there", names: []string{"Nobody's", "Sales ready"}, members: 2, read: 0, problems: `[sql/list/hubspot_lists.csv:2: HubSpot has no list "Nobody's"]`},
		{what: "no longer named", members: 0, read: 0},
	}
	for _, s := range steps {
		if s.do != nil {
			if err := s.do(); err != nil {
				t.Fatal(err)
			}
		}
		named(s.names...)
		r, err := b.run(extract.Options{Full: s.full})
		if err != nil {
			t.Fatalf("%s: %v", s.what, err)
		}
		var members int
		if err := b.w.DB.QueryRow(`select count(*) from hubspot.list_memberships where object = 'contacts' and list_name = 'Sales ready'`).Scan(&members); err != nil {
			t.Fatal(err)
		}
		problems := ""
		if r.Problems != nil {
			problems = fmt.Sprint(r.Problems)
		}
		if members != s.members || reads() != s.read || problems != s.problems {
			t.Errorf("%s: %d members, %d read, %s", s.what, members, reads(), problems)
		}
	}
}

// A run that ends after it has read a list and before it takes the list's members leaves them to the next one, although the
// list has not moved since.
func TestListReadAndNotTaken(t *testing.T) {
	t.Parallel()
	b := newBoth(t, 20)
	var people []string
	for _, r := range b.box.HubSpot.All("contacts")[:3] {
		people = append(people, r["hs_object_id"])
	}
	list, err := b.box.HubSpot.CreateList(hubspot.ListDefinition{Name: "Fair", Object: "contacts"})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.box.HubSpot.AddToList(list, people[:2]...); err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	if err := fs.WalkDir(sql.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(sql.FS, path)
		files[path] = &fstest.MapFile{Data: text}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	files["list/campaign_lists.csv"] = &fstest.MapFile{Data: []byte("hubspot_list,salesforce_campaign,direction,status\n" + list + ",Fair,hubspot_to_salesforce,\n")}
	if b.project, err = entity.Load(files); err != nil {
		t.Fatal(err)
	}
	stand := func() (in string) {
		t.Helper()
		if err := b.w.DB.QueryRow(`select string_agg(to_id, ' ' order by to_id::bigint) from hubspot.lists_to_contacts where not _deleted`).Scan(&in); err != nil {
			t.Fatal(err)
		}
		return in
	}
	if _, err := b.run(extract.Options{}); err != nil {
		t.Fatal(err)
	}
	if want := people[0] + " " + people[1]; stand() != want {
		t.Fatalf("%s are members, want %s", stand(), want)
	}
	if err := b.box.HubSpot.AddToList(list, people[2]); err != nil {
		t.Fatal(err)
	}
	ends := errors.New("no more calls")
	spare := func(crm.System) error {
		if b.box.Count(crm.HubSpot, "/memberships") > 0 {
			return ends
		}
		return nil
	}
	if _, err := b.run(extract.Options{Spare: spare}); !errors.Is(err, ends) || b.box.Count(crm.HubSpot, "/memberships") != 1 {
		t.Fatalf("the run ended with %v, after %d reads of the list", err, b.box.Count(crm.HubSpot, "/memberships"))
	}
	if _, err := b.run(extract.Options{Now: func() time.Time { return time.Now().Add(time.Hour) }}); err != nil {
		t.Fatal(err)
	}
	if want := strings.Join(people, " "); stand() != want || b.box.Count(crm.HubSpot, "/memberships") != 0 {
		t.Errorf("%s are members, want %s; the list was read again %d times", stand(), want, b.box.Count(crm.HubSpot, "/memberships"))
	}
}
