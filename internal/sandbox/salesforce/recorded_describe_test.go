package salesforce_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/salesforce"
)

// recordedFlags are the letters of testdata/recorded: what a field's describe said was true.
var recordedFlags = []struct{ letter, key string }{
	{"c", "createable"}, {"u", "updateable"}, {"n", "nillable"}, {"d", "defaultedOnCreate"}, {"k", "idLookup"},
	{"r", "restrictedPicklist"}, {"S", "sortable"}, {"F", "filterable"}, {"G", "groupable"}, {"A", "aggregatable"},
	{"P", "permissionable"}, {"N", "namePointing"}, {"Y", "polymorphicForeignKey"}, {"M", "nameField"},
	{"X", "searchPrefilterable"}, {"q", "unique"}, {"E", "externalId"}, {"C", "caseSensitive"}, {"K", "calculated"},
	{"D", "cascadeDelete"}, {"R", "restrictedDelete"}, {"Q", "queryByDistance"}, {"a", "autoNumber"},
	{"p", "dependentPicklist"}, {"H", "htmlFormatted"}, {"I", "aiPredictionField"}, {"h", "highScaleNumber"},
	{"e", "encrypted"}, {"w", "writeRequiresMasterRead"}, {"z", "formulaTreatNullNumberAsZero"},
	{"l", "displayLocationInDecimal"}, {"x", "deprecatedAndHidden"},
}

// asRecorded writes a field of a describe in the notation of testdata/recorded: name, type, size, flags, label and
// soapType; what else is not null; and on a second line the picklist, "*" before the default, "value : label" where
// they differ.
func asRecorded(f map[string]any) string {
	text := func(key string) string { s, _ := f[key].(string); return s }
	num := func(key string) string { return fmt.Sprint(f[key]) }
	size := "-"
	switch {
	case num("length") != "0":
		size = num("length")
	case num("digits") != "0":
		size = num("digits")
	case num("precision") != "0":
		size = num("precision") + "," + num("scale")
	}
	flags := ""
	for _, x := range recordedFlags {
		if f[x.key] == true {
			flags += x.letter
		}
	}
	if flags == "" {
		flags = "-"
	}
	out := fmt.Sprintf("%s %s %s %s %q %s", text("name"), text("type"), size, flags, text("label"), text("soapType"))
	length, _ := f["length"].(json.Number).Int64()
	bytes, _ := f["byteLength"].(json.Number).Int64()
	if text("type") != "id" && text("type") != "reference" {
		length *= 3
	}
	if bytes != length {
		out += fmt.Sprintf(" bytes=%d", bytes)
	}
	for _, x := range [][2]string{{"in", "compoundFieldName"}, {"extra", "extraTypeInfo"}, {"rel", "relationshipName"}, {"controller", "controllerName"}, {"mask", "maskType"}, {"order", "relationshipOrder"}} {
		if f[x[1]] != nil {
			out += fmt.Sprintf(" %s=%v", x[0], f[x[1]])
		}
	}
	var to []string
	for _, t := range f["referenceTo"].([]any) {
		to = append(to, t.(string))
	}
	if slices.Sort(to); to != nil {
		out += " to=" + strings.Join(to, ",")
	}
	if f["defaultValue"] != nil {
		out += fmt.Sprintf(" default=\"%v\"", f["defaultValue"])
	}
	var options []string
	for _, p := range f["picklistValues"].([]any) {
		value, label := get(p, "value").(string), get(p, "label").(string)
		if get(p, "defaultValue") == true {
			value = "*" + value
		}
		if label != get(p, "value") {
			value += " : " + label
		}
		options = append(options, value)
	}
	if options != nil && text("name") != "RecurrenceTimeZoneSidKey" {
		out += "\n  = " + strings.Join(options, " | ")
	}
	return out
}

// recordedFields reads testdata/recorded/<object>.txt: the object's own line and a line per field.
func recordedFields(t *testing.T, object string) (head string, fields []string) {
	t.Helper()
	f, err := os.Open("testdata/recorded/" + object + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		switch line := s.Text(); {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "object "):
			head = line
		case strings.HasPrefix(line, "  "):
			fields[len(fields)-1] += "\n" + line
		default:
			fields = append(fields, line)
		}
	}
	return head, fields
}

// notSimulated are recorded fields that come with a feature which the simulated org has not: partner and customer portals,
// field service.
var notSimulated = []string{
	"Account.IsPartner", "Account.IsCustomerPortal", "Account.ChannelProgramName", "Account.ChannelProgramLevelName",
	"Account.OperatingHoursId",
	"Case.Comments", "Case.ContactEmail", "Case.ContactFax", "Case.ContactMobile", "Case.ContactPhone", // copies of another record's
	"Campaign.NumberOfLeads", "Campaign.NumberOfConvertedLeads", "Campaign.NumberOfContacts", "Campaign.NumberOfResponses", "Campaign.NumberOfOpportunities",
	"Campaign.NumberOfWonOpportunities", "Campaign.AmountAllOpportunities", "Campaign.AmountWonOpportunities", "Campaign.CampaignMemberRecordTypeId", // sums over others
}

// TestRecordedDescribe holds every field of the simulated describes against a recorded one, key by key.
func TestRecordedDescribe(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for _, object := range []string{"Account", "Campaign", "Case", "Contact", "Event", "Lead", "Opportunity", "OpportunityContactRole"} {
		d := x.must(200, "GET", "/sobjects/"+object+"/describe", "").json.(map[string]any)
		head, fields := recordedFields(t, object)
		var is []string
		for key, v := range d {
			if v == true {
				is = append(is, key)
			}
		}
		slices.Sort(is)
		got := fmt.Sprintf("object %v %q %q %s", d["keyPrefix"], d["label"], d["labelPlural"], strings.Join(is, " "))
		if diff := cmp.Diff(head, got); diff != "" {
			t.Errorf("%s (-recorded +simulated):\n%s", object, diff)
		}
		simulated := map[string]string{}
		for _, f := range d["fields"].([]any) {
			simulated[get(f, "name").(string)] = asRecorded(f.(map[string]any))
		}
		for _, want := range fields {
			name, _, _ := strings.Cut(want, " ")
			if got := simulated[name]; got != want && !slices.Contains(notSimulated, object+"."+name) {
				t.Errorf("%s.%s\nrecorded  %s\nsimulated %s", object, name, want, got)
			}
		}
	}
}
