package extract

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

func TestFirstRunReadsAllThenWhatChanged(t *testing.T) {
	t.Parallel()
	x := newWorld(t, newFake(3))
	r := x.run(Options{})
	diff(t, ObjectReport{Object: contacts, Full: true, Returned: 3, New: 3}, r)
	diff(t, []string{"account", "people", "columns contacts", "all contacts email,num_notes"}, x.crm.calls)
	diff(t, []string{"1|ann1@example.com|0", "2|ann2@example.com|1", "3|ann3@example.com|2"}, x.mirror("id, email, num_notes::int"))
	diff(t, []string{"41|owner@example.com|false"}, texts(t, x.w, `select id, email, archived from catalog.owners`))

	t.Log("the cursor is the newest stamp, and a record of that very stamp comes again without counting")
	r = x.run(Options{})
	diff(t, []string{"changes contacts email,num_notes since 09:02"}, x.reads())
	diff(t, ObjectReport{Object: contacts, Returned: 1}, r)

	x.crm.edit("2", 70, "email", "new@example.com")
	r = x.run(Options{})
	diff(t, ObjectReport{Object: contacts, Returned: 2, Changed: 1}, r)
	diff(t, []string{"ann1@example.com", "new@example.com", "ann3@example.com"}, x.mirror("email"))
	x.run(Options{})
	diff(t, []string{"changes contacts email,num_notes since 10:10"}, x.reads())
}

func TestCursorAdvancesOnlyByWhatWasReturned(t *testing.T) {
	t.Parallel()
	x := newWorld(t, newFake(1))
	for range 3 {
		x.run(Options{})
	}
	diff(t, []string{"09:00"}, texts(t, x.w, `select high_water from catalog.cursor`))
}

func TestFullReadDoesNotMoveTheCursorPastItsBeginning(t *testing.T) {
	t.Parallel()
	f := newFake(2)
	f.ahead = -30 * time.Minute // the CRM's clock says 09:30 when the run begins
	f.edit("2", 45, "email", "later@example.com")
	x := newWorld(t, f)
	x.run(Options{})
	diff(t, []string{"09:30"}, texts(t, x.w, `select high_water from catalog.cursor`))
	diff(t, []string{"-1800000"}, texts(t, x.w, `select skew_ms from catalog.clock`))
}

func TestColumnNamedForTheFirstTimeIsReadForAllRecords(t *testing.T) {
	t.Parallel()
	x := newWorld(t, newFake(2))
	x.run(Options{})
	x.mentioned = append(x.mentioned, "phone")
	x.crm.failAt = x.crm.pages + 1
	if _, err := x.try(Options{}); err == nil {
		t.Fatal("want an error")
	}
	state := `select name, extracted, complete from catalog.column order by name`
	diff(t, []string{"email|true|true", "num_notes|true|true", "phone|true|false"}, texts(t, x.w, state))
	x.run(Options{})
	diff(t, []string{"all contacts email,num_notes,phone"}, slices.DeleteFunc(x.reads(), func(c string) bool { return strings.HasPrefix(c, "changes") }))
	diff(t, []string{"email|true|true", "num_notes|true|true", "phone|true|true"}, texts(t, x.w, state))
	diff(t, []string{"+1 555 010", "+1 555 011"}, x.mirror("phone"))
}

func TestNewAndVanishedColumnsAreReported(t *testing.T) {
	t.Parallel()
	x := newWorld(t, newFake(1))
	x.run(Options{})
	x.crm.columns = append(x.crm.columns[:1:1], crm.Column{Name: "fax", Type: "string"})
	r := x.run(Options{})
	diff(t, ObjectReport{Object: contacts, Returned: 1, NewColumns: []string{"fax"}, VanishedColumns: []string{"num_notes"}}, r)
	diff(t, []string{"email|live|true", "fax|live|false", "num_notes|vanished|false", "phone|vanished|false"}, texts(t, x.w, `select name, state, complete from catalog.column order by name`))
	diff(t, []string{"0"}, x.mirror("num_notes::int"))

	t.Log("a column that comes back is read for all records")
	x.crm.columns = append(x.crm.columns, crm.Column{Name: "num_notes", Type: "number"})
	r = x.run(Options{})
	if !r.Full {
		t.Error("want a full read")
	}
}

func TestColumnMissingFromAnswersIsNotNull(t *testing.T) {
	t.Parallel()
	x := newWorld(t, newFake(2))
	x.run(Options{})
	x.crm.hidden = "num_notes"
	x.crm.edit("1", 70, "email", "new@example.com")
	r := x.run(Options{})
	diff(t, ObjectReport{Object: contacts, Returned: 2, Changed: 1, VanishedColumns: []string{"num_notes"}}, r)
	diff(t, []string{"new@example.com|0", "ann2@example.com|1"}, x.mirror("email, num_notes::int"))
	diff(t, []string{"absent|false"}, texts(t, x.w, `select state, complete from catalog.column where name = 'num_notes'`))

	t.Log("it is asked for again, without reading everything each time; a full read that has it completes it")
	if r = x.run(Options{}); r.Full {
		t.Error("a column that answers lack must not cause a full read in every run")
	}
	x.crm.hidden = ""
	x.run(Options{Full: true})
	diff(t, []string{"live|true"}, texts(t, x.w, `select state, complete from catalog.column where name = 'num_notes'`))
}

func TestRestartAfterAFailedPageGoesOnThere(t *testing.T) {
	t.Parallel()
	x := newWorld(t, newFake(7))
	x.crm.failAt = 3
	r, err := x.try(Options{})
	if err == nil || !strings.Contains(err.Error(), "the CRM is down") {
		t.Fatalf("got %v", err)
	}
	diff(t, ObjectReport{Object: contacts}, r)
	diff(t, []string{}, x.mirror("id"))

	x.crm.edit("2", 70, "email", "meanwhile@example.com")
	r = x.run(Options{})
	diff(t, []string{"all contacts email,num_notes 4", "changes contacts email,num_notes since 09:06"}, x.reads())
	diff(t, ObjectReport{Object: contacts, Full: true, Resumed: true, Returned: 9, New: 7, Changed: 1}, r)
	diff(t, []string{"1", "2", "3", "4", "5", "6", "7"}, x.mirror("id"))
	diff(t, []string{"meanwhile@example.com"}, texts(t, x.w, `select email from hubspot.contacts where id = '2'`))
}

func TestChangesKeepWhatArrivedBeforeAFailure(t *testing.T) {
	t.Parallel()
	x := newWorld(t, newFake(4))
	x.run(Options{})
	for i, id := range []string{"1", "2", "3", "4"} {
		x.crm.edit(id, 70+i, "email", "new"+id+"@example.com")
	}
	x.crm.failAt = x.crm.pages + 2
	r, err := x.try(Options{})
	if err == nil {
		t.Fatal("want an error")
	}
	diff(t, ObjectReport{Object: contacts, Returned: 2, Changed: 2}, r)
	r = x.run(Options{})
	diff(t, []string{"changes contacts email,num_notes since 10:11"}, x.reads())
	diff(t, int64(2), r.Changed)
	diff(t, []string{"new1@example.com", "new2@example.com", "new3@example.com", "new4@example.com"}, x.mirror("email"))
}

func TestAFullReadOfNothingDeletesNothing(t *testing.T) {
	t.Parallel()
	f := newFake(2)
	x := newWorld(t, f)
	x.run(Options{})
	records := f.records
	f.records = nil
	_, err := x.try(Options{Full: true})
	var hinted *crm.Hinted
	if !errors.Is(err, warehouse.ErrNothing) || !errors.As(err, &hinted) {
		t.Fatalf("got %v", err)
	}
	diff(t, []string{"1", "2"}, x.mirror("id"))

	f.records = records[:1]
	r := x.run(Options{Full: true})
	diff(t, ObjectReport{Object: contacts, Full: true, Returned: 1, Deleted: 1}, r)
	diff(t, []string{"1"}, x.mirror("id"))
}

func TestAnEmptyFullReadThatAPersonBelieves(t *testing.T) {
	t.Parallel()
	f := newFake(2)
	x := newWorld(t, f)
	x.run(Options{})
	f.records = nil
	diff(t, ObjectReport{Object: contacts, Full: true, Deleted: 2}, x.run(Options{Full: true, Believe: true}))
}

// Records that come back as deleted are gone, and no riddle.
func TestAFullReadOfNothingButTheDeleted(t *testing.T) {
	t.Parallel()
	f := newFake(2)
	x := newWorld(t, f)
	x.run(Options{})
	f.records[0]["archived"], f.records[1]["archived"] = "true", "true"
	diff(t, ObjectReport{Object: contacts, Full: true, Returned: 2, Deleted: 2}, x.run(Options{Full: true}))
}

func TestMetadataWithoutMostColumnsIsNotBelieved(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		left      []string // in the metadata
		mentioned []string // in the SQL from now on; nil: as before
		believe   bool
		refused   bool
	}{
		{"one of four is left", []string{"email"}, nil, false, true},
		{"two of four are left", []string{"email", "fax"}, nil, false, false},
		{"a person believes it", []string{"email"}, nil, true, false},
		{"the SQL does not name them any more", []string{"email"}, []string{"email"}, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(2)
			f.columns = append(f.columns, crm.Column{Name: "fax", Type: "string"})
			x := newWorld(t, f)
			x.mentioned = []string{"email", "num_notes", "phone", "fax"}
			x.run(Options{})
			f.columns = slices.DeleteFunc(slices.Clone(f.columns), func(m crm.Column) bool { return !slices.Contains(c.left, m.Name) })
			if c.mentioned != nil {
				x.mentioned = c.mentioned
			}
			_, err := x.try(Options{Believe: c.believe})
			if errors.Is(err, ErrColumns) != c.refused || !c.refused && err != nil {
				t.Fatalf("got %v", err)
			}
			if c.refused {
				diff(t, []string{"4"}, texts(t, x.w, `select count(*) from catalog.column where state = 'live'`))
			}
		})
	}
}

// A read that would go on with other people's calls stops after the page that told, and goes on from there.
func TestAReadStopsAtTheReserve(t *testing.T) {
	t.Parallel()
	x := newWorld(t, newFake(5)) // three pages
	none := errors.New("the reserve")
	asked := 0
	spare := func(crm.System) error {
		if asked++; asked > 2 { // who we are, and a page
			return none
		}
		return nil
	}
	if _, err := x.try(Options{Spare: spare}); !errors.Is(err, none) {
		t.Fatalf("got %v", err)
	}
	diff(t, 2, x.crm.pages)
	diff(t, 0, len(x.mirror("id")))
	r := x.run(Options{})
	diff(t, []string{"1", "2", "3", "4", "5"}, x.mirror("id"))
	if !r.Resumed {
		t.Error("it began anew")
	}
	asked = 2
	if _, err := x.try(Options{Spare: spare}); !errors.Is(err, none) {
		t.Fatalf("got %v", err)
	}
}

func TestAnotherAccountIsRefused(t *testing.T) {
	t.Parallel()
	x := newWorld(t, newFake(1))
	x.run(Options{})
	x.crm.portal = "2"
	x.crm.edit("1", 70, "email", "foreign@example.com")
	_, err := x.try(Options{})
	var hinted *crm.Hinted
	if !errors.Is(err, warehouse.ErrOtherAccount) || !errors.As(err, &hinted) {
		t.Fatalf("got %v", err)
	}
	diff(t, []string{"account"}, x.crm.calls)
	diff(t, []string{"ann1@example.com"}, x.mirror("email"))
}

func TestMisfitsAreReported(t *testing.T) {
	t.Parallel()
	x := newWorld(t, newFake(1))
	x.run(Options{})
	x.crm.edit("1", 70, "num_notes", "many")
	r := x.run(Options{})
	diff(t, ObjectReport{Object: contacts, Returned: 1, Misfits: 1}, r)
	diff(t, []string{"contacts|1|num_notes|number|4"}, texts(t, x.w, `select object, id, "column", type, length from catalog.misfit`))
	diff(t, []string{"0"}, x.mirror("num_notes::int"))
}

func TestNoConnection(t *testing.T) {
	t.Parallel()
	x := newWorld(t, newFake(0))
	_, err := extract(t.Context(), x.w, map[crm.Object][]string{{System: crm.Salesforce, Name: "Lead"}: nil}, map[crm.System]Source{crm.HubSpot: x.crm}, Options{})
	var hinted *crm.Hinted
	if !errors.As(err, &hinted) {
		t.Errorf("got %v", err)
	}
}
