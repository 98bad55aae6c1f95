package entity

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/crm"
)

// TestNote: an answer takes the place of the earlier one about the same two records, and nothing else in the file moves.
func TestNote(t *testing.T) {
	t.Parallel()
	const head = "hubspot_object,hubspot_id,salesforce_object,salesforce_id,same\n"
	answer := Answer{"contacts", "1", "Contact", "003", true}
	tests := []struct{ name, before, after string }{
		{"no file", "", head + "contacts,1,Contact,003,yes\n"},
		{"other answers and comments stay", head + "# Ann's\ncontacts,1,Lead,003,no\n", head + "# Ann's\ncontacts,1,Lead,003,no\ncontacts,1,Contact,003,yes\n"},
		{"no end of the last line", head + "contacts,2,Contact,004,no", head + "contacts,2,Contact,004,no\ncontacts,1,Contact,003,yes\n"},
		{"an earlier answer, written with spaces, twice", head + "contacts, 1 ,Contact,003,no\ncontacts,2,Contact,004,no\ncontacts,1,Contact,003,no\n",
			head + "contacts,1,Contact,003,yes\ncontacts,2,Contact,004,no\n"},
		{"a comment about it is no answer", head + "#contacts,1,Contact,003,no\n", head + "#contacts,1,Contact,003,no\ncontacts,1,Contact,003,yes\n"},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			dir, fsys := t.TempDir(), fstest.MapFS{}
			if x.before != "" {
				fsys["contact/same_as.csv"] = &fstest.MapFile{Data: []byte(x.before)}
			}
			if _, err := Note(dir, fsys, "contact", answer); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(filepath.Join(dir, "contact", "same_as.csv"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(x.after, string(got)); diff != "" {
				t.Error(diff)
			}
			left, err := filepath.Glob(filepath.Join(dir, ".*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
			all, err := readSameAs(os.DirFS(dir), "contact/same_as.csv")
			if e := (&Entity{SameAs: all}); err != nil {
				t.Error(err)
			} else if same, said := e.Said(hs("contacts", "1"), sf("Contact", "003")); !same || !said {
				t.Errorf("said %v, same %v", said, same)
			}
		})
	}
}

func hs(object, id string) crm.Record {
	return crm.Record{Object: crm.Object{System: crm.HubSpot, Name: object}, ID: id}
}

func sf(object, id string) crm.Record {
	return crm.Record{Object: crm.Object{System: crm.Salesforce, Name: object}, ID: id}
}
