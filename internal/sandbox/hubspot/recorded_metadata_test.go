package hubspot_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"lockstep/internal/sandbox/hubspot"
)

// asRecorded writes a property in the notation of testdata/recorded.
func asRecorded(p m) string {
	change := p["modificationMetadata"].(m)
	flags := ""
	for _, x := range []struct {
		letter string
		set    any
	}{
		{"a", change["archivable"]}, {"D", change["readOnlyDefinition"]}, {"O", change["readOnlyOptions"]}, {"V", change["readOnlyValue"]},
		{"C", p["calculated"]}, {"X", p["externalOptions"]}, {"H", p["hidden"]}, {"F", p["formField"]}, {"U", p["hasUniqueValue"]},
	} {
		if x.set == true {
			flags += x.letter
		}
	}
	if flags == "" {
		flags = "-"
	}
	out := fmt.Sprintf("%s %s %s %s %s %v %q", p["name"], p["type"], p["fieldType"], p["groupName"], flags, p["displayOrder"], p["label"])
	if to := p["referencedObjectType"]; to != nil {
		out += fmt.Sprintf(" to=%s", to)
	}
	var options []string
	for _, o := range p["options"].(list) {
		value, label := o.(m)["value"].(string), o.(m)["label"].(string)
		if label != value {
			value += " : " + label
		}
		options = append(options, value)
	}
	switch {
	case len(options) > 30:
		out += fmt.Sprintf("\n  = %d options", len(options))
	case options != nil:
		out += "\n  = " + strings.Join(options, " | ")
	}
	return out
}

// apart are definitions that differ from the recorded ones, and why.
var apart = map[string]string{
	"hs_last_sales_activity_type": "the recorded one stands in no group",
	"hs_unique_creation_key":      "unique, but nothing here is found by it",
}

// TestRecordedMetadata holds the definitions of HubSpot's own contact properties against those of a recorded portal.
func TestRecordedMetadata(t *testing.T) {
	t.Parallel()
	w := start(t, hubspot.Options{})
	simulated := map[string]string{}
	for _, p := range w.call("GET", "/crm/v3/properties/contacts", nil).body["results"].([]any) {
		simulated[p.(m)["name"].(string)] = asRecorded(p.(m))
	}
	f, err := os.Open("testdata/recorded/contacts.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var recorded []string
	for s := bufio.NewScanner(f); s.Scan(); {
		switch line := s.Text(); {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "  "):
			recorded[len(recorded)-1] += "\n" + line
		default:
			recorded = append(recorded, line)
		}
	}
	absent := 0
	for _, want := range recorded {
		name, _, _ := strings.Cut(want, " ")
		switch got := simulated[name]; got {
		case "":
			absent++
		case want:
			if apart[name] != "" {
				t.Errorf("%s is as recorded after all", name)
			}
		default:
			if apart[name] != "" {
				continue
			}
			t.Errorf("recorded  %s\nsimulated %s", want, got)
		}
	}
	if simulated := len(recorded) - absent; simulated < 315 {
		t.Errorf("only %d of %d recorded properties are simulated", simulated, len(recorded))
	}
}
