package salesforce_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"lockstep/internal/sandbox/salesforce"
)

// unrelated are recorded relationships of features that the org has not: users of partner and customer portals.
var unrelated = map[string]bool{"Account User.AccountId": true, "Contact User.ContactId": true}

// TestRecordedChildren holds the child relationships of the describes against the recorded ones: their fields, names,
// and what becomes of the children when the parent is deleted.
func TestRecordedChildren(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	f, err := os.Open("testdata/recorded/children.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	simulated := map[string]string{}
	described := map[string]bool{}
	for s := bufio.NewScanner(f); s.Scan(); {
		words := strings.Fields(s.Text())
		if words[0] == "#" || unrelated[words[0]+" "+words[1]] {
			continue
		}
		if parent := words[0]; !described[parent] {
			described[parent] = true
			for _, c := range get(x.must(200, "GET", "/sobjects/"+parent+"/describe", "").json, "childRelationships").([]any) {
				name, _ := get(c, "relationshipName").(string)
				flags := ""
				if get(c, "cascadeDelete") == true {
					flags += "D"
				}
				if get(c, "restrictedDelete") == true {
					flags += "R"
				}
				or := func(s string) string {
					if s == "" {
						return "-"
					}
					return s
				}
				field := parent + " " + get(c, "childSObject").(string) + "." + get(c, "field").(string)
				simulated[field] = field + " " + or(name) + " " + or(flags)
			}
		}
		if got := simulated[words[0]+" "+words[1]]; got != s.Text() {
			t.Errorf("recorded %q, simulated %q", s.Text(), got)
		}
	}
}
