package sandbox

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
)

// folder writes files into a temporary folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func fakes() map[crm.System]simulator {
	return map[crm.System]simulator{
		crm.HubSpot:    newFakeCRM("contacts", "owners"),
		crm.Salesforce: newFakeCRM("Contact", "Lead", "User"),
	}
}

func TestLoadsFoldersAsTheyStand(t *testing.T) {
	t.Parallel()
	sims := fakes()
	o := Options{
		HubSpotDir: folder(t, map[string]string{
			"contacts.csv": "\ufeffhs_object_id,email,shoe_size\n1,ann@example.com,\n2,\"Lee, \"\"A\"\"\nB\",42\n",
			"owners.csv":   "email\nann.field@example.com\n",
			"notes.txt":    "not a CSV",
		}),
		SalesforceDir: folder(t, map[string]string{"User.csv": "Email\r\nann.field@example.com\r\n"}),
		LoadDir: folder(t, map[string]string{
			"salesforce.Lead.csv": "LastName,Company\nLee,[not provided]\n",
			"hubspot.owners.csv":  "email\nbo@example.com\n",
			"truth.csv":           "anything,\"at all\n",
		}),
	}
	if err := fill(t.Context(), o, sims); err != nil {
		t.Fatal(err)
	}
	type rows = []map[string]string
	want := map[string]rows{
		"hubspot.contacts": {
			{"hs_object_id": "1", "email": "ann@example.com", "shoe_size": ""},
			{"hs_object_id": "2", "email": "Lee, \"A\"\nB", "shoe_size": "42"},
		},
		"hubspot.owners":  {{"email": "ann.field@example.com"}, {"email": "bo@example.com"}},
		"salesforce.User": {{"Email": "ann.field@example.com"}},
		"salesforce.Lead": {{"LastName": "Lee", "Company": "[not provided]"}},
	}
	got := map[string]rows{}
	for system, sim := range sims {
		for _, object := range sim.Objects() {
			if all := sim.All(object); all != nil {
				got[crm.Object{System: system, Name: object}.String()] = all
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("loaded (-want +got):\n%s", diff)
	}
}

func TestLoadNamesFileAndLine(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, text, want, hint string }{
		{"empty file", "contacts.csv", "", "contacts.csv:1: no header", "first line"},
		{"too few cells", "contacts.csv", "email,phone\na@example.com,1\nb@example.com\n", "contacts.csv:3: wrong number of fields", "names 2 columns"},
		{"after a quoted line break", "contacts.csv", "email,phone\n\"a\nb\",1\nc\n", "contacts.csv:4: ", "names 2 columns"},
		{"stray quote", "contacts.csv", "email\na \"quoted\" word\n", "contacts.csv:2: ", "double the quotes"},
		{"open quote", "contacts.csv", "email\n\"a\n", "contacts.csv:", "double the quotes"},
		{"stray quote in the header", "contacts.csv", "em\"ail\n", "contacts.csv:1: ", "double the quotes"},
		{"column without a name", "contacts.csv", "email,,phone\n", `contacts.csv:1: column 2 is named ""`, "CRM's spelling"},
		{"column with a space", "contacts.csv", "email, phone\n", `contacts.csv:1: column 2 is named " phone"`, "without spaces"},
		{"column twice", "contacts.csv", "email,Email\n", `contacts.csv:1: column "Email" stands twice`, "remove one"},
		{"not UTF-8", "contacts.csv", "email,city\na@example.com,K\xf6ln\n", "contacts.csv:2: column city is not UTF-8", "save the file as UTF-8"},
		{"unknown object", "contact.csv", "email\n", "contact.csv: the sandbox has no hubspot.contact", "contacts, owners"},
		{"no CSV", "contacts.txt", "email\n", "no *.csv in", "contacts.csv"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := loadSystem(t.Context(), folder(t, map[string]string{test.file: test.text}), crm.HubSpot, fakes())
			checkHinted(t, err, test.want, test.hint)
		})
	}
}

func TestLoadRefusesFolders(t *testing.T) {
	t.Parallel()
	err := loadBoth(t.Context(), filepath.Join(t.TempDir(), "absent"), fakes())
	checkHinted(t, err, "absent", "folder of CSV files")
	err = loadBoth(t.Context(), folder(t, map[string]string{"contacts.csv": "email\n"}), fakes())
	checkHinted(t, err, "no file is named <system>.<Object>.csv", "salesforce.Lead.csv")
	err = loadBoth(t.Context(), folder(t, map[string]string{"hubspot.contact.csv": "email\n"}), fakes())
	checkHinted(t, err, "no hubspot.contact", "contacts, owners")
}

// refusing refuses every record.
type refusing struct{ simulator }

func (refusing) Insert(string, map[string]string) (string, error) {
	return "", errors.New("the id is taken")
}

func TestLoadNamesTheRecordACRMCannotHold(t *testing.T) {
	t.Parallel()
	sims := fakes()
	sims[crm.HubSpot] = refusing{sims[crm.HubSpot]}
	dir := folder(t, map[string]string{"contacts.csv": "email\n\n\na@example.com\n"})
	checkHinted(t, loadSystem(t.Context(), dir, crm.HubSpot, sims), "contacts.csv:4: the id is taken", "as they stand")
}

func TestLoadStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := folder(t, map[string]string{"contacts.csv": "email\na@example.com\n"})
	if err := loadSystem(ctx, dir, crm.HubSpot, fakes()); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
