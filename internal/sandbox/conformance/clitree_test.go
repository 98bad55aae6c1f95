//go:build conformance_cli

package conformance_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCLITree(t *testing.T) {
	t.Parallel()
	c := startCLI(t)
	file := c.file("tree.json", `{"records":[
		{"attributes":{"type":"Account","referenceId":"a1"},"Name":"Tree","Contacts":{"records":[
			{"attributes":{"type":"Contact","referenceId":"c1"},"LastName":"Leaf"},
			{"attributes":{"type":"Contact","referenceId":"c2"},"LastName":"Bud"}]}},
		{"attributes":{"type":"Account","referenceId":"a2"},"Name":"Bush"}]}`)
	var saved []struct{ RefID, Type, ID string }
	c.json(&saved, "data", "import", "tree", "--files", file)
	ids := map[string]string{}
	for _, s := range saved {
		ids[s.RefID] = s.ID
	}
	leaf, _ := c.box.Salesforce.Get("Contact", ids["c1"])
	if len(ids) != 4 || leaf["AccountId"] != ids["a1"] || leaf["LastName"] != "Leaf" {
		t.Fatalf("imported %v, leaf %v", ids, leaf)
	}
	c.sf("data", "export", "tree", "--query", "SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName) FROM Account ORDER BY Name", "--target-org", user)
	var out struct {
		Records []struct {
			Name     string
			Contacts struct{ Records []struct{ LastName string } }
		}
	}
	if err := json.Unmarshal([]byte(c.read("Account-Contact.json")), &out); err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, a := range out.Records {
		got[a.Name] = []string{}
		for _, contact := range a.Contacts.Records {
			got[a.Name] = append(got[a.Name], contact.LastName)
		}
	}
	if diff := cmp.Diff(map[string][]string{"Tree": {"Bud", "Leaf"}, "Bush": {}}, got); diff != "" {
		t.Error(diff)
	}
}
