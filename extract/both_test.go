package extract_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/extract"
	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/sandbox"
	"lockstep/internal/warehouse"
	"lockstep/sql"
)

// both is a warehouse, and both CRMs with people in them, read by what the default SQL mentions.
type both struct {
	t       *testing.T
	box     *sandbox.Sandbox
	w       *warehouse.Warehouse
	project *entity.Project
	sources map[crm.System]extract.Source
}

func newBoth(t *testing.T, people int) *both {
	t.Helper()
	box, err := sandbox.Start(t.Context(), sandbox.Options{People: people, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	w, err := warehouse.Open(t.Context(), warehouse.Options{RunAt: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	p, err := entity.Load(sql.FS)
	if err != nil {
		t.Fatal(err)
	}
	return &both{t, box, w, p, map[crm.System]extract.Source{
		crm.HubSpot: hubspotConformance.source(t, box), crm.Salesforce: salesforceSource(0)(t, box),
	}}
}

func (b *both) run(o extract.Options) (extract.Report, error) {
	b.t.Helper()
	b.box.ResetCalls()
	return extract.Run(b.t.Context(), b.w, b.project, b.sources, o)
}

// live counts the live rows of a mirror and the records of the simulator.
func (b *both) live() map[string][2]int {
	b.t.Helper()
	out := map[string][2]int{}
	for name, records := range map[string]int{
		`hubspot.contacts`:     len(b.box.HubSpot.All("contacts")),
		`salesforce."Lead"`:    len(b.box.Salesforce.All("Lead")),
		`salesforce."Contact"`: len(b.box.Salesforce.All("Contact")),
	} {
		var n int
		if err := b.w.DB.QueryRowContext(b.t.Context(), `select count(*) from `+name+` where not _deleted`).Scan(&n); err != nil {
			b.t.Fatal(err)
		}
		out[name] = [2]int{n, records}
	}
	return out
}

func (b *both) same() {
	b.t.Helper()
	for name, n := range b.live() {
		if n[0] != n[1] || n[0] == 0 {
			b.t.Errorf("%s: %d rows, %d records", name, n[0], n[1])
		}
	}
}

func TestBothCRMs(t *testing.T) {
	t.Parallel()
	b := newBoth(t, 150)
	r, err := b.run(extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b.same()
	var misfits int64
	for _, o := range r.Objects {
		misfits += o.Misfits
		if !o.Full || o.New != o.Returned {
			t.Errorf("%+v", o)
		}
	}
	if misfits != 0 {
		t.Errorf("%d misfits", misfits)
	}

	t.Log("an idle tick costs a handful of calls")
	if r, err = b.run(extract.Options{}); err != nil || r.Changed() != 0 {
		t.Errorf("changed %d, %v", r.Changed(), err)
	}
	// who it is, owners twice, properties and a search per object; who it is, users, the describes of five objects in a call and all queries in one
	for system, most := range map[crm.System]int{crm.HubSpot: 3 + 2*8, crm.Salesforce: 5} {
		if n := b.box.Count(system, ""); n == 0 || n > most {
			t.Errorf("%s: %d calls, want up to %d: %+v", system, n, most, b.box.Calls())
		}
	}

	t.Log("edits, creations and deletions arrive")
	lead, contact := b.box.Salesforce.All("Lead")[0]["Id"], b.box.HubSpot.All("contacts")[0]["hs_object_id"]
	for _, err := range []error{
		b.box.Salesforce.Edit("Lead", lead, map[string]string{"Phone": "+1 555 0100"}),
		b.box.Salesforce.Delete("Contact", b.box.Salesforce.All("Contact")[0]["Id"]),
		b.box.HubSpot.Edit("contacts", contact, map[string]string{"phone": "+1 555 0199"}),
		b.box.HubSpot.Delete("contacts", b.box.HubSpot.All("contacts")[1]["hs_object_id"]),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err = b.run(extract.Options{}); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := b.w.DB.QueryRowContext(t.Context(), `select (select "Phone" from salesforce."Lead" where "Id" = $1) || ', ' || (select phone from hubspot.contacts where id = $2)`, lead, contact).Scan(&got); err != nil || got != "+1 555 0100, +1 555 0199" {
		t.Errorf("got %q, %v", got, err)
	}
	if n := b.live()["hubspot.contacts"]; n[0] != n[1]+1 {
		t.Errorf("HubSpot's deletion is found by a full read: %v", n)
	}
	if _, err = b.run(extract.Options{Full: true}); err != nil {
		t.Fatal(err)
	}
	b.same()
}

// TestOneCRMDown: whatever one CRM answers, the other is read, the mirrors stay, and the next run goes on.
func TestOneCRMDown(t *testing.T) {
	t.Parallel()
	for _, kind := range []sandbox.Kind{sandbox.Unauthorized, sandbox.Forbidden, sandbox.ServerError, sandbox.HTML, sandbox.Truncated, sandbox.Reset} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			b := newBoth(t, 60)
			if err := b.box.Faults.Add(sandbox.Fault{System: crm.Salesforce, Path: "FROM Lead", Kind: kind, Count: -1}); err != nil {
				t.Fatal(err)
			}
			r, err := b.run(extract.Options{})
			if err == nil {
				t.Fatal("no error")
			}
			n := map[string]int64{}
			for _, o := range r.Objects {
				n[o.Object.String()] = o.Returned
			}
			if n["hubspot.contacts"] == 0 || n["salesforce.Contact"] == 0 || n["salesforce.Lead"] != 0 {
				t.Errorf("read %v", n)
			}
			b.box.Faults.Clear()
			if _, err := b.run(extract.Options{}); err != nil {
				t.Fatal(err)
			}
			b.same()
		})
	}
}

// TestRestartReadsTheRest: a full read that broke off at its third page does not read the first two again.
func TestRestartReadsTheRest(t *testing.T) {
	t.Parallel()
	b := newBoth(t, 0)
	for i := range 450 {
		if _, err := b.box.HubSpot.Insert("contacts", map[string]string{"lastname": fmt.Sprintf("Lee%d", i)}); err != nil {
			t.Fatal(err)
		}
	}
	list := "/crm/objects/2026-03/contacts"
	if err := b.box.Faults.Add(sandbox.Fault{System: crm.HubSpot, Method: "GET", Path: list, Nth: 3, Count: -1, Kind: sandbox.ServerError}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.run(extract.Options{}); err == nil {
		t.Fatal("no error")
	}
	b.box.Faults.Clear()
	r, err := b.run(extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	// What changed since the read began is read after it: here, all of them once more.
	want := extract.ObjectReport{Object: crm.Object{System: crm.HubSpot, Name: "contacts"}, Full: true, Resumed: true, Returned: 900, New: 450}
	got := slices.DeleteFunc(r.Objects, func(o extract.ObjectReport) bool { return o.Object != want.Object })
	if d := cmp.Diff([]extract.ObjectReport{want}, got); d != "" {
		t.Error(d)
	}
	if n := b.box.Count(crm.HubSpot, "GET /crm/objects/{version}/contacts"); n != 4 {
		t.Errorf("%d lists, want the third page to the fifth, and the archived ones: %+v", n, b.box.Calls())
	}
}
