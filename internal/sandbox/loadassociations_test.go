package sandbox

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
	"lockstep/internal/sandbox/hubspot"
)

func TestLoadsAssociations(t *testing.T) {
	t.Parallel()
	records := map[string]string{
		"contacts.csv":     "hs_object_id,email,lastmodifieddate\n1,ann@example.com,2026-01-02T03:04:05Z\n2,bo@example.com,\n",
		"companies.csv":    "hs_object_id,name\n11,Works\n12,Mills\n",
		"associations.csv": "from_object,from_id,to_object,to_id,label\ncontacts,1,companies,11,\ncontacts,1,companies,12,primary\ncompanies,11,companies,12,parent_to_child_company\n",
	}
	both := map[string]string{}
	for name, text := range records {
		both["hubspot."+name] = text
	}
	for name, load := range map[string]func(dir string, sims map[crm.System]simulator) error{
		"a folder of one CRM": func(dir string, sims map[crm.System]simulator) error {
			return loadSystem(t.Context(), dir, crm.HubSpot, sims)
		},
		"a folder for both CRMs": func(dir string, sims map[crm.System]simulator) error { return loadBoth(t.Context(), dir, sims) },
	} {
		h := hubspot.New(hubspot.Options{})
		files := records
		if strings.Contains(name, "both") {
			files = both
		}
		if err := load(folder(t, files), map[crm.System]simulator{crm.HubSpot: h}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := []hubspot.Association{{ID: "11", Labels: []string{}}, {ID: "12", Labels: []string{"Primary"}}}
		if diff := cmp.Diff(want, h.Associations("contacts", "1", "companies")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if c, _ := h.Get("contacts", "1"); c["associatedcompanyid"] != "12" || c["lastmodifieddate"] != "2026-01-02T03:04:05Z" {
			t.Errorf("%s: a record that is loaded keeps its stamp: %v", name, c)
		}
		if got := h.Associations("companies", "12", "companies"); len(got) != 1 || got[0].ID != "11" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestLoadRefusesAssociations(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ rows, want, hint string }{
		{"from_object,from_id,to_object,to_id\ncontacts,1,companies,404\n", "associations.csv:2: COMPANY=404 is not valid", "two records"},
		{"from_object,from_id,to_object,to_id,label\ncontacts,1,contacts,2,nope\n", `no association label "nope"`, "a label they can have"},
		{"from_object,from_id,to_object,to_id\ncontacts,x,contacts,2\n", `contacts id "x" is not a number`, "object and id"},
		{"from_object,from_id,to_object,to_id\nmoons,1,contacts,2\n", `no object "moons"`, "object and id"},
		{"from,to\n1,2\n", "associations have no column", "object and id"},
	} {
		dir := folder(t, map[string]string{"contacts.csv": "hs_object_id\n1\n2\n", "associations.csv": tt.rows})
		checkHinted(t, loadSystem(t.Context(), dir, crm.HubSpot, map[crm.System]simulator{crm.HubSpot: hubspot.New(hubspot.Options{})}), tt.want, tt.hint)
	}
	// A CRM without associations has no such file.
	checkHinted(t, loadSystem(t.Context(), folder(t, map[string]string{"associations.csv": "from_object\n"}), crm.HubSpot, fakes()), "the sandbox has no hubspot.associations", "contacts, owners")
}
