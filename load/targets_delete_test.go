package load_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
)

// TestTargetsDelete: what was deleted reads as gone, what was gone already is no refusal, the others stay.
func TestTargetsDelete(t *testing.T) {
	t.Parallel()
	c := startCRMs(t)
	objects := map[crm.System]string{crm.HubSpot: "contacts", crm.Salesforce: "Contact"}
	for system, object := range objects {
		insert := c.HubSpot.Insert
		remove, all := c.HubSpot.Delete, c.HubSpot.All
		if system == crm.Salesforce {
			insert, remove, all = c.Salesforce.Insert, c.Salesforce.Delete, c.Salesforce.All
		}
		var ids []string
		for _, name := range []string{"Lee", "Chen", "Diaz"} {
			id, err := insert(object, map[string]string{map[crm.System]string{crm.HubSpot: "lastname", crm.Salesforce: "LastName"}[system]: name})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
		if err := remove(object, ids[1]); err != nil {
			t.Fatal(err)
		}
		answer, err := c.targets[system].Delete(t.Context(), object, ids[:2])
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range answer.Outcomes {
			if o.ID != ids[i] || o.Record == nil || o.Record.Gone == "" || len(o.Refusals) > 0 {
				t.Errorf("%s: %s: %+v", system, ids[i], o)
			}
		}
		records, err := c.targets[system].Read(t.Context(), object, ids, nil)
		if err != nil {
			t.Fatal(err)
		}
		gone := map[string]bool{}
		for _, r := range records {
			gone[r.ID] = r.Gone != ""
		}
		if d := cmp.Diff(map[string]bool{ids[0]: true, ids[1]: true, ids[2]: false}, gone); d != "" {
			t.Errorf("%s (-want +got):\n%s", system, d)
		}
		if n := len(all(object)); n != 1 {
			t.Errorf("%s: %d records are left, want 1", system, n)
		}
	}
}
