package salesforce

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// recordedLine is a field in the notation of the sandbox's testdata/recorded: name, type, size, flags and label of a
// field of a recorded describe, and what it refers to.
var recordedLine = regexp.MustCompile(`^(\w+) (\w+) (\S+) (\S+) "([^"]*)"`)

// recordedDescribe rebuilds the describe that a file of recorded facts was taken from, as far as this client reads it,
// among members that it does not.
func recordedDescribe(t *testing.T, object string) string {
	t.Helper()
	f, err := os.Open("../sandbox/salesforce/testdata/recorded/" + object + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var fields []map[string]any
	for s := bufio.NewScanner(f); s.Scan(); {
		m := recordedLine.FindStringSubmatch(s.Text())
		if m == nil {
			continue
		}
		field := map[string]any{"name": m[1], "type": m[2], "label": m[5], "length": 0, "precision": 0, "scale": 0, "digits": 0, "byteLength": 0,
			"defaultValue": nil, "picklistValues": []any{}, "compoundFieldName": nil, "relationshipName": nil, "extraTypeInfo": nil, "soapType": "xsd:string", "referenceTo": []string{}}
		precision, scale, isNumber := strings.Cut(m[3], ",")
		size, _ := strconv.Atoi(precision)
		switch {
		case isNumber:
			field["precision"] = size
			field["scale"], _ = strconv.Atoi(scale)
		case m[2] == "int":
			field["digits"] = size
		default:
			field["length"] = size
		}
		for letter, key := range map[string]string{"c": "createable", "u": "updateable", "n": "nillable", "d": "defaultedOnCreate", "k": "idLookup",
			"r": "restrictedPicklist", "F": "filterable", "S": "sortable", "P": "permissionable", "Y": "polymorphicForeignKey", "a": "autoNumber"} {
			field[key] = strings.Contains(m[4], letter)
		}
		if _, to, ok := strings.Cut(s.Text(), " to="); ok {
			to, _, _ = strings.Cut(to, " ")
			field["referenceTo"] = strings.Split(to, ",")
		}
		fields = append(fields, field)
	}
	b, err := json.Marshal(map[string]any{"name": object, "label": object, "labelPlural": object, "keyPrefix": "000", "createable": true, "queryable": true, "custom": false,
		"associateEntityType": nil, "implementsInterfaces": nil, "sobjectDescribeOption": "FULL", "fields": fields, "childRelationships": []any{}, "supportedScopes": []any{},
		"recordTypeInfos": []any{map[string]any{"active": true, "available": true, "defaultRecordTypeMapping": true, "developerName": "Master", "master": true, "name": "Master", "recordTypeId": "012000000000000AAA", "urls": map[string]any{}}}})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestRecordedDescribes: what the describes of six objects, recorded by CumulusCI, mean to a sync.
func TestRecordedDescribes(t *testing.T) {
	t.Parallel()
	for object, want := range map[string]struct{ required, keys, restricted []string }{
		"Lead":                   {[]string{"LastName", "Company"}, []string{"Id", "Email"}, []string{"GeocodeAccuracy", "CleanStatus"}},
		"Contact":                {[]string{"LastName"}, []string{"Id", "Email"}, []string{"OtherGeocodeAccuracy", "MailingGeocodeAccuracy", "CleanStatus"}},
		"Account":                {[]string{"Name"}, []string{"Id"}, []string{"BillingGeocodeAccuracy", "ShippingGeocodeAccuracy", "CleanStatus"}},
		"Opportunity":            {[]string{"Name", "StageName", "CloseDate"}, []string{"Id", "Name"}, []string{"ForecastCategory", "ForecastCategoryName"}},
		"OpportunityContactRole": {[]string{"OpportunityId", "ContactId"}, []string{"Id"}, nil},
		"Event": {nil, []string{"Id"}, []string{"ShowAs", "GroupEventType", "RecurrenceTimeZoneSidKey", "RecurrenceType", "RecurrenceInstance",
			"RecurrenceMonthOfYear", "EventSubtype", "Recurrence2PatternVersion"}},
		"Case": {nil, []string{"Id", "CaseNumber"}, nil},
	} {
		o := newOrg(t, map[string][]http.HandlerFunc{"GET /services/data/v60.0/sobjects/" + object + "/describe": one(says(200, recordedDescribe(t, object)))})
		d, err := o.client(t).Describe(t.Context(), object)
		if err != nil {
			t.Fatal(err)
		}
		var required, keys, restricted []string
		for _, f := range d.Fields {
			c := f.Column()
			if c.Required {
				required = append(required, c.Name)
			}
			if c.ExternalID {
				keys = append(keys, c.Name)
			}
			if c.Restricted {
				restricted = append(restricted, c.Name)
			}
			if strings.HasSuffix(f.Name, "Address") && f.Type == "address" && (c.Createable || c.Updateable) {
				t.Errorf("%s.%s is a compound and nobody's to write", object, f.Name)
			}
			if f.Name == "Name" && slices.Contains([]string{"Lead", "Contact"}, object) && c.Createable {
				t.Errorf("%s.Name is made of its parts", object)
			}
		}
		for what, lists := range map[string][2][]string{"required": {want.required, required}, "keys": {want.keys, keys}, "restricted": {want.restricted, restricted}} {
			if diff := cmp.Diff(lists[0], lists[1]); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", object, what, diff)
			}
		}
	}
}
