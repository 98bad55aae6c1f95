package salesforce_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/salesforce"
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	r := x.must(200, http.MethodGet, "/sobjects/lead/describe", "")
	fields := map[string]map[string]any{}
	var required []string
	for _, f := range get(r.json, "fields").([]any) {
		m := f.(map[string]any)
		fields[m["name"].(string)] = m
		if m["createable"] == true && m["nillable"] == false && m["defaultedOnCreate"] == false {
			required = append(required, m["name"].(string))
		}
	}
	if diff := cmp.Diff([]string{"LastName", "Company"}, required); diff != "" {
		t.Errorf("required on create: %s", diff)
	}
	// The recorded field of the reference, picklist values apart.
	status := fields["Status"]
	first := fmt.Sprint(get(status, "picklistValues", 0))
	delete(status, "picklistValues")
	for k, v := range status {
		status[k] = fmt.Sprint(v)
	}
	want := map[string]any{
		"aggregatable": "true", "aiPredictionField": "false", "autoNumber": "false", "byteLength": "765", "calculated": "false", "calculatedFormula": "<nil>",
		"cascadeDelete": "false", "caseSensitive": "false", "compoundFieldName": "<nil>", "controllerName": "<nil>", "createable": "true", "custom": "false",
		"defaultValue": "Open - Not Contacted", "defaultValueFormula": "<nil>", "defaultedOnCreate": "true", "dependentPicklist": "false", "deprecatedAndHidden": "false",
		"digits": "0", "displayLocationInDecimal": "false", "encrypted": "false", "externalId": "false", "extraTypeInfo": "<nil>", "filterable": "true",
		"filteredLookupInfo": "<nil>", "formulaTreatNullNumberAsZero": "false", "groupable": "true", "highScaleNumber": "false", "htmlFormatted": "false",
		"idLookup": "false", "inlineHelpText": "<nil>", "label": "Status", "length": "255", "mask": "<nil>", "maskType": "<nil>", "name": "Status", "nameField": "false",
		"namePointing": "false", "nillable": "false", "permissionable": "false", "polymorphicForeignKey": "false", "precision": "0", "queryByDistance": "false",
		"referenceTargetField": "<nil>", "referenceTo": "[]", "relationshipName": "<nil>", "relationshipOrder": "<nil>", "restrictedDelete": "false",
		"restrictedPicklist": "false", "scale": "0", "searchPrefilterable": "false", "soapType": "xsd:string", "sortable": "true", "type": "picklist", "unique": "false",
		"updateable": "true", "writeRequiresMasterRead": "false",
	}
	if diff := cmp.Diff(want, status); diff != "" {
		t.Error(diff)
	}
	if first != "map[active:true defaultValue:true label:Open - Not Contacted validFor:<nil> value:Open - Not Contacted]" {
		t.Errorf("first picklist value: %s", first)
	}
	for name, want := range map[string]string{
		"Id": "id 18 18 tns:ID true [] <nil>", "OwnerId": "reference 18 18 tns:ID true [Group User] Owner", "Email": "email 80 240 xsd:string true [] <nil>",
		"AnnualRevenue": "currency 0 0 xsd:double true [] <nil>", "Description": "textarea 32000 96000 xsd:string false [] <nil>",
		"CreatedDate": "datetime 0 0 xsd:dateTime true [] <nil>", "Address": "address 0 0 urn:address true [] <nil>",
	} {
		f := fields[name]
		got := fmt.Sprint(f["type"], " ", f["length"], " ", f["byteLength"], " ", f["soapType"], " ", f["filterable"], " ", f["referenceTo"], " ", f["relationshipName"])
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if got := get(r.json, "recordTypeInfos", 0, "recordTypeId"); got != "012000000000000AAA" {
		t.Errorf("record type %v", got)
	}

	last := r.header.Get("Last-Modified")
	if r := x.must(304, http.MethodGet, "/sobjects/Lead/describe", "", "If-Modified-Since", last); r.text != "" || r.header.Get("ETag") == "" {
		t.Errorf("304 with %q", r.text)
	}
	x.must(304, http.MethodGet, "/sobjects", "", "If-Modified-Since", last)
	x.move(time.Minute)
	x.insert("Lead", "LastName", "Lee", "Shoe_Size__c", "44")
	x.must(200, http.MethodGet, "/sobjects/Lead/describe", "", "If-Modified-Since", last)

	r = x.must(200, http.MethodGet, "/sobjects", "")
	var names []string
	for _, o := range get(r.json, "sobjects").([]any) {
		names = append(names, get(o, "name").(string)+" "+get(o, "keyPrefix").(string))
	}
	for _, want := range []string{"Lead 00Q", "Contact 003", "Account 001", "User 005", "Organization 00D", "LeadStatus 01J"} {
		if !strings.Contains(strings.Join(names, ","), want) {
			t.Errorf("%s is not among %v", want, names)
		}
	}
	x.must(404, http.MethodGet, "/sobjects/Nope/describe", "")
}

func TestCustomFieldIsHiddenUntilGranted(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	create := `{"FullName":"Contact.HubSpot_Id__c","Metadata":` + external + `}`
	r := x.must(201, http.MethodPost, "/tooling/sobjects/CustomField", create)
	if !strings.HasPrefix(get(r.json, "id").(string), "00N") {
		t.Errorf("id %s", r.text)
	}
	if r := x.must(400, http.MethodPost, "/tooling/sobjects/CustomField", create); get(r.json, 0, "errorCode") != "DUPLICATE_DEVELOPER_NAME" || get(r.json, 0, "message") != "There is already a field named HubSpot_Id on Contact." {
		t.Errorf("twice: %s", r.text)
	}
	visible := func() bool {
		return strings.Contains(x.must(200, http.MethodGet, "/sobjects/Contact/describe", "").text, `"HubSpot_Id__c"`)
	}
	check := func(step string, want bool) {
		t.Helper()
		status := map[bool]int{true: 200, false: 400}[want]
		if visible() != want || x.soql("SELECT HubSpot_Id__c FROM Contact").status != status {
			t.Errorf("%s: visible %t, want %t", step, visible(), want)
		}
	}
	check("new", false)
	x.must(400, http.MethodPost, "/sobjects/Contact", `{"LastName":"Lee","HubSpot_Id__c":"1"}`)
	x.must(404, http.MethodPatch, "/sobjects/Contact/HubSpot_Id__c/1", `{"LastName":"Lee"}`)

	set := get(x.must(201, http.MethodPost, "/sobjects/PermissionSet", `{"Name":"HubSpot_Sync","Label":"HubSpot Sync"}`).json, "id").(string)
	if r := x.must(400, http.MethodPost, "/sobjects/PermissionSet", `{"Name":"hubspot_sync","Label":"HubSpot Sync"}`); get(r.json, 0, "errorCode") != "DUPLICATE_VALUE" {
		t.Errorf("a second set of the name: %s", r.text)
	}
	assign := `{"AssigneeId":"` + x.IntegrationUser() + `","PermissionSetId":"` + set + `"}`
	x.must(201, http.MethodPost, "/sobjects/PermissionSetAssignment", assign)
	if r := x.must(400, http.MethodPost, "/sobjects/PermissionSetAssignment", assign); get(r.json, 0, "errorCode") != "DUPLICATE_VALUE" {
		t.Errorf("assigned twice: %s", r.text)
	}
	check("assigned, not granted", false)
	permission := func(field, read, edit string) string {
		return `{"ParentId":"` + set + `","SobjectType":"Contact","Field":"Contact.` + field + `","PermissionsRead":` + read + `,"PermissionsEdit":` + edit + `}`
	}
	x.must(400, http.MethodPost, "/sobjects/FieldPermissions", permission("HubSpot_Id__c", "false", "true"))
	x.must(400, http.MethodPost, "/sobjects/FieldPermissions", permission("LastName", "true", "true"))
	x.must(400, http.MethodPost, "/sobjects/FieldPermissions", permission("Nope__c", "true", "true"))
	grant := get(x.must(201, http.MethodPost, "/sobjects/FieldPermissions", permission("HubSpot_Id__c", "true", "false")).json, "id").(string)
	check("granted", true)
	if r := x.must(400, http.MethodPost, "/sobjects/Contact", `{"LastName":"Lee","HubSpot_Id__c":"1"}`); get(r.json, 0, "errorCode") != "INVALID_FIELD_FOR_INSERT_UPDATE" {
		t.Errorf("read-only: %s", r.text)
	}
	x.must(204, http.MethodPatch, "/sobjects/FieldPermissions/"+grant, `{"PermissionsEdit":true}`)
	x.must(201, http.MethodPatch, "/sobjects/Contact/HubSpot_Id__c/1", `{"LastName":"Lee"}`)
	x.must(204, http.MethodPatch, "/sobjects/FieldPermissions/"+grant, `{"PermissionsRead":false,"PermissionsEdit":false}`)
	check("taken away", false)

	r = x.do(http.MethodGet, "/tooling/query?q=SELECT+Id,DeveloperName,TableEnumOrId+FROM+CustomField+WHERE+TableEnumOrId='Contact'", "")
	if get(r.json, "records", 0, "DeveloperName") != "HubSpot_Id" {
		t.Errorf("tooling query: %s", r.text)
	}
	if err := x.RemoveField("Contact", "HubSpot_Id__c"); err != nil {
		t.Fatal(err)
	}
	x.must(201, http.MethodPost, "/tooling/sobjects/CustomField", create)
	if err := x.RemoveField("Contact", "LastName"); err == nil {
		t.Error("a standard field was removed")
	}
}

func TestCustomFieldRefusals(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for name, c := range map[string]struct{ body, code string }{
		"object":   {`{"FullName":"Nope.A__c","Metadata":{"label":"A","type":"Date"}}`, "INVALID_FIELD"},
		"name":     {`{"FullName":"Lead.A","Metadata":{"label":"A","type":"Date"}}`, "FIELD_INTEGRITY_EXCEPTION"},
		"type":     {`{"FullName":"Lead.A__c","Metadata":{"label":"A","type":"Blob"}}`, "FIELD_INTEGRITY_EXCEPTION"},
		"label":    {`{"FullName":"Lead.A__c","Metadata":{"type":"Date"}}`, "FIELD_INTEGRITY_EXCEPTION"},
		"length":   {`{"FullName":"Lead.A__c","Metadata":{"label":"A","type":"Text"}}`, "FIELD_INTEGRITY_EXCEPTION"},
		"external": {`{"FullName":"Lead.A__c","Metadata":{"label":"A","type":"Date","externalId":true}}`, "FIELD_INTEGRITY_EXCEPTION"},
		"metadata": {`{"FullName":"Lead.A__c","Metadata":{"label":"A","type":"Date","colour":"red"}}`, "FIELD_INTEGRITY_EXCEPTION"},
		"member":   {`{"FullName":"Lead.A__c","Meta":{}}`, "JSON_PARSER_ERROR"},
		"nothing":  {`{"FullName":"Lead.A__c"}`, "REQUIRED_FIELD_MISSING"},
		"lookup":   {`{"FullName":"Lead.A__c","Metadata":{"label":"A","type":"Lookup","referenceTo":"Nope","relationshipName":"As"}}`, "FIELD_INTEGRITY_EXCEPTION"},
	} {
		if r := x.must(400, http.MethodPost, "/tooling/sobjects/CustomField", c.body); get(r.json, 0, "errorCode") != c.code {
			t.Errorf("%s: %s", name, r.text)
		}
	}
}

func TestCustomTypes(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for field, m := range map[string]string{
		"When__c": `{"label":"When","type":"DateTime"}`, "Box__c": `{"label":"Box","type":"Checkbox","defaultValue":true}`,
		"Many__c":   `{"label":"Many","type":"MultiselectPicklist","visibleLines":3,"valueSet":{"restricted":true,"valueSetDefinition":{"value":[{"fullName":"a","label":"A"},{"fullName":"b","label":"B"}]}}}`,
		"Long__c":   `{"label":"Long","type":"LongTextArea","length":32768,"visibleLines":3}`,
		"Friend__c": `{"label":"Friend","type":"Lookup","referenceTo":"Contact","relationshipName":"Friends"}`,
	} {
		x.grant("Lead", field, m)
	}
	friend := x.insert("Contact", "LastName", "Chen", "Email", "bo@example.com")
	r := x.must(201, http.MethodPost, "/sobjects/Lead", `{"LastName":"Lee","Company":"Acme","When__c":"2026-01-01T01:00:00+01:00","Many__c":"a;b","Long__c":"x","Friend__r":{"Email":"bo@example.com"}}`)
	id := get(r.json, "id").(string)
	r = x.soql("SELECT When__c, Box__c, Friend__r.Email, Friend__c FROM Lead WHERE Many__c INCLUDES ('c','b') AND Id = '" + id + "'")
	want := `"When__c":"2026-01-01T00:00:00.000+0000","Box__c":true,"Friend__r":{"attributes":{"type":"Contact","url":"/services/data/v60.0/sobjects/Contact/` + friend + `"},"Email":"bo@example.com"},"Friend__c":"` + friend + `"`
	if !strings.Contains(r.text, want) {
		t.Errorf("%s", r.text)
	}
	if r := x.soql("SELECT Id FROM Lead WHERE Many__c EXCLUDES ('a')"); fmt.Sprint(get(r.json, "totalSize")) != "0" {
		t.Errorf("EXCLUDES: %s", r.text)
	}
	x.must(400, http.MethodPatch, "/sobjects/Lead/"+id, `{"Many__c":"a;z"}`)
}

func TestLimits(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{DailyRequests: 3})
	r := x.must(200, http.MethodGet, "/limits", "")
	if fmt.Sprintf("%v %v", get(r.json, "DailyApiRequests", "Max"), get(r.json, "DailyApiRequests", "Remaining")) != "3 2" || r.header.Get("Sforce-Limit-Info") != "api-usage=1/3" {
		t.Errorf("limits: %s", r.text)
	}
	x.insert("Lead", "LastName", "Lee")
	if r := x.must(200, http.MethodGet, "/limits/recordCount?sObjects=Lead,Contact", ""); r.text != `{"sObjects":[{"count":1,"name":"Lead"}]}` {
		t.Errorf("recordCount: %s", r.text)
	}
	x.move(12 * time.Hour)
	x.login()
	x.must(200, http.MethodGet, "/limits", "")
	r = x.must(403, http.MethodGet, "/limits", "")
	if r.text != `[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]` || r.header.Get("Sforce-Limit-Info") != "api-usage=3/3" {
		t.Errorf("exhausted: %s %s", r.text, r.header.Get("Sforce-Limit-Info"))
	}
	x.move(12 * time.Hour)
	x.login()
	if r := x.must(200, http.MethodGet, "/limits", ""); r.header.Get("Sforce-Limit-Info") != "api-usage=2/3" {
		t.Errorf("a day after the first two: %s", r.header.Get("Sforce-Limit-Info"))
	}
	x.LimitRequests(100)
	x.must(200, http.MethodGet, "/limits", "")
}

func TestPaths(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	r := x.send(http.MethodGet, "/services/data", "", "Authorization", "")
	for _, want := range []string{`{"label":"Spring '26","url":"/services/data/v66.0","version":"66.0"}`, `{"label":"Winter '26","url":"/services/data/v65.0","version":"65.0"}`, `{"label":"Summer '25",`} {
		if !strings.Contains(r.text, want) {
			t.Errorf("versions lack %s: %s", want, r.text)
		}
	}
	if r := x.must(200, http.MethodGet, "/", ""); get(r.json, "query") != "/services/data/v60.0/query" {
		t.Errorf("resources: %s", r.text)
	}
	if r := x.send(http.MethodGet, "//services//data/v60.0//limits/", ""); r.status != 200 {
		t.Errorf("doubled slashes: %d", r.status)
	}
	if r := x.must(405, http.MethodDelete, "/query", ""); r.text != `[{"message":"HTTP Method 'DELETE' not allowed. Allowed are HEAD,GET","errorCode":"METHOD_NOT_ALLOWED"}]` {
		t.Errorf("method: %s", r.text)
	}
	for _, path := range []string{"/nope", "/sobjects/Lead/describe/x/y", "/jobs", "/query/a/b"} {
		x.must(404, http.MethodGet, path, "")
	}
	for _, path := range []string{"/services/data/v99.0/limits", "/services/data/v60/x", "/services/apexrest/x", "/", "/services/data/60.0/limits"} {
		if r := x.send(http.MethodGet, path, ""); r.status != 404 || get(r.json, 0, "errorCode") != "NOT_FOUND" {
			t.Errorf("%s: %d %s", path, r.status, r.text)
		}
	}
	x.must(400, http.MethodGet, "/limits?nope=1", "")
	x.must(400, http.MethodGet, "/query", "")
	r = x.must(200, http.MethodGet, "/limits", "")
	if r.header.Get("Date") != "Wed, 04 Mar 2026 05:06:07 GMT" || r.header.Get("Content-Type") != "application/json;charset=UTF-8" {
		t.Errorf("headers: %v", r.header)
	}
}
