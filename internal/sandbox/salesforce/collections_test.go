package salesforce_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/sandbox/salesforce"
)

func TestCollections(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.grant("Contact", "HubSpot_Id__c", external)
	const refused = `{"errors":[{"fields":["LastName"],"message":"Required fields are missing: [LastName]","statusCode":"REQUIRED_FIELD_MISSING"}],"success":false}`

	r := x.must(200, http.MethodPost, "/composite/sobjects", `{"records":[{"attributes":{"type":"Contact"},"LastName":"Lee"},{"attributes":{"type":"Contact"},"FirstName":"Bo"}]}`)
	id := get(r.json, 0, "id").(string)
	if want := `[{"errors":[],"id":"` + id + `","success":true},` + refused + `]`; r.text != want {
		t.Errorf("create: %s", r.text)
	}

	r = x.must(200, http.MethodPatch, "/composite/sobjects", `{"allOrNone":false,"records":[{"attributes":{"type":"Contact"},"id":"`+id+`","Title":"CEO"},{"attributes":{"type":"Contact"},"Id":"`+id+`","Email":"nope"}]}`)
	if get(r.json, 0, "success") != true || get(r.json, 1, "success") != false || get(r.json, 1, "id") != nil || get(r.json, 1, "errors", 0, "statusCode") != "INVALID_EMAIL_ADDRESS" {
		t.Errorf("update: %s", r.text)
	}

	path := "/composite/sobjects/Contact/HubSpot_Id__c"
	r = x.must(200, http.MethodPatch, path, `{"records":[{"attributes":{"type":"Contact"},"LastName":"Chen","HubSpot_Id__c":"1"},{"attributes":{"type":"Contact"},"HubSpot_Id__c":"2"},
		{"attributes":{"type":"Contact"},"LastName":"A","HubSpot_Id__c":"x"},{"attributes":{"type":"Contact"},"LastName":"B","HubSpot_Id__c":"X"},{"attributes":{"type":"Contact"},"LastName":"C"}]}`)
	var rows []string
	for _, row := range r.json.([]any) {
		rows = append(rows, fmt.Sprint(get(row, "success"), " ", get(row, "created"), " ", get(row, "errors", 0, "statusCode"), " ", get(row, "errors", 0, "message")))
	}
	want := []string{
		"true true <nil> <nil>", "false true REQUIRED_FIELD_MISSING Required fields are missing: [LastName]",
		"false false DUPLICATE_VALUE Duplicate external id specified: x", "false false DUPLICATE_VALUE Duplicate external id specified: X",
		"false false MISSING_ARGUMENT HubSpot_Id__c not specified",
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	r = x.must(200, http.MethodPatch, path, `{"records":[{"attributes":{"type":"Contact"},"Title":"CFO","HubSpot_Id__c":"1"}]}`)
	if get(r.json, 0, "created") != false || x.names("Title", "SELECT Title FROM Contact WHERE HubSpot_Id__c = '1'") != "CFO" {
		t.Errorf("upsert of a record that is there: %s", r.text)
	}
	r = x.must(200, http.MethodPatch, "/composite/sobjects/Contact/Id", `{"records":[{"attributes":{"type":"Contact"},"id":"`+id+`","Title":"COO"},{"attributes":{"type":"Contact"},"LastName":"New"}]}`)
	if get(r.json, 0, "created") != false || get(r.json, 1, "created") != true {
		t.Errorf("upsert by Id: %s", r.text)
	}

	missing := "003Sx0000000zzz"
	for _, r := range []response{
		x.must(200, http.MethodGet, "/composite/sobjects/Contact?ids="+id+","+missing+"&fields=Id,Title,Owner.Name", ""),
		x.must(200, http.MethodPost, "/composite/sobjects/Contact", `{"ids":["`+id+`","`+missing+`"],"fields":["Id","Title","Owner.Name"]}`),
	} {
		if get(r.json, 0, "Title") != "COO" || get(r.json, 0, "Owner", "Name") != "Integration User" || len(r.json.([]any)) != 2 || get(r.json, 1) != nil {
			t.Errorf("retrieve: %s", r.text)
		}
	}

	r = x.must(200, http.MethodDelete, "/composite/sobjects?ids="+id+","+missing+"&allOrNone=false", "")
	if get(r.json, 0, "success") != true || get(r.json, 1, "errors", 0, "statusCode") != "INVALID_CROSS_REFERENCE_KEY" {
		t.Errorf("delete: %s", r.text)
	}
	r = x.must(200, http.MethodPatch, "/composite/sobjects", `{"records":[{"attributes":{"type":"Contact"},"id":"`+id+`","Title":"x"}]}`)
	if get(r.json, 0, "errors", 0, "statusCode") != "ENTITY_IS_DELETED" {
		t.Errorf("update of a deleted record: %s", r.text)
	}
}

func TestAllOrNone(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	x.grant("Lead", "HubSpot_Id__c", external)
	id := x.insert("Lead", "LastName", "Lee", "Company", "Acme", "HubSpot_Id__c", "1", "SystemModstamp", "2026-01-01T00:00:00Z")
	before := x.All("Lead")
	r := x.must(200, http.MethodPatch, "/composite/sobjects/Lead/HubSpot_Id__c", `{"allOrNone":true,"records":[
		{"attributes":{"type":"Lead"},"LastName":"New","Company":"Acme","HubSpot_Id__c":"2"},
		{"attributes":{"type":"Lead"},"Title":"CEO","HubSpot_Id__c":"1"},{"attributes":{"type":"Lead"},"Email":"nope","HubSpot_Id__c":"1b","LastName":"x","Company":"y"}]}`)
	for i := range 2 {
		if get(r.json, i, "success") != false || get(r.json, i, "errors", 0, "statusCode") != "ALL_OR_NONE_OPERATION_ROLLED_BACK" || get(r.json, i, "id") != nil {
			t.Errorf("row %d: %s", i, r.text)
		}
	}
	if get(r.json, 2, "errors", 0, "statusCode") != "INVALID_EMAIL_ADDRESS" {
		t.Errorf("the culprit: %s", r.text)
	}
	if diff := cmp.Diff(before, x.All("Lead")); diff != "" {
		t.Errorf("not rolled back: %s", diff)
	}
	if got := x.names("Id", "SELECT Id FROM Lead WHERE SystemModstamp = 2026-01-01T00:00:00Z ORDER BY SystemModstamp"); got != id {
		t.Errorf("by stamp: %q", got)
	}
	if got := x.names("Id", "SELECT Id FROM Lead WHERE HubSpot_Id__c IN ('1','2')"); got != id {
		t.Errorf("by external id: %q", got)
	}
	r = x.must(200, http.MethodDelete, "/composite/sobjects?ids="+id+",00QSx0000000zzz&allOrNone=true", "")
	if get(r.json, 0, "success") != false || len(x.All("Lead")) != 1 {
		t.Errorf("delete: %s", r.text)
	}
}

func TestCollectionRequestsRefusedWhole(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	lead := `{"attributes":{"type":"Lead"},"LastName":"Lee","Company":"Acme"}`
	contact := `{"attributes":{"type":"Contact"},"LastName":"Lee"}`
	for name, c := range map[string]struct{ body, code, message string }{
		"too many":      {`{"records":[` + strings.Repeat(lead+",", 200) + lead + `]}`, "EXCEEDED_ID_LIMIT", "record limit reached. cannot submit more than 200 records into this call"},
		"chunks":        {`{"records":[` + strings.Repeat(lead+","+contact+",", 5) + lead + `]}`, "TOO_MANY_ENUM_VALUE", "Cannot have more than 10 chunks"},
		"unknown field": {`{"records":[` + lead + `,{"attributes":{"type":"Lead"},"foo":1}]}`, "INVALID_FIELD", "No such column 'foo' on sobject of type Lead"},
		"unknown type":  {`{"records":[{"attributes":{"type":"Nope"}}]}`, "INVALID_TYPE", "sObject type 'Nope' is not supported."},
		"no type":       {`{"records":[{"LastName":"Lee"}]}`, "INVALID_TYPE", "not specified"},
		"member":        {`{"records":[],"foo":1}`, "JSON_PARSER_ERROR", "Unrecognized field"},
		"no records":    {`{}`, "JSON_PARSER_ERROR", "Cannot deserialize instance of list"},
		"no JSON":       {`{"records":[}`, "JSON_PARSER_ERROR", "at [line:1"},
		"bad date":      {`{"records":[{"attributes":{"type":"Contact"},"LastName":"Lee","Birthdate":"soon"}]}`, "JSON_PARSER_ERROR", "instance of date from VALUE_STRING value soon"},
	} {
		t.Run(name, func(t *testing.T) {
			r := x.must(400, http.MethodPost, "/composite/sobjects", c.body)
			if get(r.json, 0, "errorCode") != c.code || !strings.Contains(r.text, c.message) {
				t.Errorf("%s", r.text)
			}
		})
	}
	if n := len(x.All("Lead")) + len(x.All("Contact")); n != 0 {
		t.Errorf("%d records were saved", n)
	}
	x.must(415, http.MethodPost, "/composite/sobjects", `{}`, "Content-Type", "text/plain")
}

func TestComposite(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	a := x.insert("Lead", "LastName", "Lee", "Company", "Acme")
	b := x.insert("Lead", "LastName", "Moe", "Company", "Acme")
	used := x.must(200, http.MethodGet, "/limits", "").header.Get("Sforce-Limit-Info")
	const base = "/services/data/v60.0"
	r := x.must(200, http.MethodPost, "/composite", `{"compositeRequest":[
		{"method":"PATCH","url":"`+base+`/composite/sobjects","referenceId":"write","body":{"records":[{"attributes":{"type":"Lead"},"id":"`+a+`","Title":"CEO"}]}},
		{"method":"GET","url":"`+base+`/composite/sobjects/Lead?ids=@{write[0].id}&fields=Id,Title,SystemModstamp","referenceId":"read"},
		{"method":"POST","url":"`+base+`/composite/sobjects/Lead","referenceId":"verify","body":{"ids":["`+b+`"],"fields":["LastName"]}},
		{"method":"GET","url":"`+base+`/sobjects/Nope/describe","referenceId":"r0"},
		{"method":"POST","url":"`+base+`/sobjects/Account","referenceId":"acc","body":{"Name":"Acme"}},
		{"method":"POST","url":"`+base+`/sobjects/Contact","referenceId":"con","body":{"LastName":"Lee","AccountId":"@{acc.id}"}},
		{"method":"GET","url":"`+base+`/query?q=SELECT+Account.Name+FROM+Contact","referenceId":"q"},
		{"method":"GET","url":"`+base+`/sobjects/Lead/@{nobody.id}","referenceId":"dangling"},
		{"method":"PATCH","url":"`+base+`/sobjects/Lead/`+b+`","referenceId":"none","body":{"Title":"x"}}]}`)
	list := get(r.json, "compositeResponse").([]any)
	var statuses []string
	for _, p := range list {
		statuses = append(statuses, fmt.Sprint(get(p, "httpStatusCode")))
	}
	if got := strings.Join(statuses, " "); got != "200 200 200 404 201 201 200 400 204" {
		t.Errorf("statuses %s: %s", got, r.text)
	}
	if get(list, 1, "body", 0, "Title") != "CEO" || get(list, 2, "body", 0, "LastName") != "Moe" || get(list, 6, "body", "records", 0, "Account", "Name") != "Acme" {
		t.Errorf("bodies: %s", r.text)
	}
	if get(list, 4, "httpHeaders", "Location") == nil || get(list, 8, "body") != nil || get(list, 7, "body", 0, "errorCode") != "PROCESSING_HALTED" {
		t.Errorf("details: %s", r.text)
	}
	want := `{"body":[{"message":"The requested resource does not exist","errorCode":"NOT_FOUND"}],"httpHeaders":{},"httpStatusCode":404,"referenceId":"r0"}`
	if !strings.Contains(r.text, want) {
		t.Errorf("the recorded failure: %s", r.text)
	}
	if used != "api-usage=1/100000" || r.header.Get("Sforce-Limit-Info") != "api-usage=2/100000" {
		t.Errorf("calls: %s, then %s", used, r.header.Get("Sforce-Limit-Info"))
	}
}

func TestCompositeLimitsAndRollback(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	const base = "/services/data/v60.0"
	many := func(n int, url string) string {
		var parts []string
		for i := range n {
			parts = append(parts, fmt.Sprintf(`{"method":"GET","url":"%s%s","referenceId":"r%d"}`, base, url, i))
		}
		return `{"compositeRequest":[` + strings.Join(parts, ",") + `]}`
	}
	x.must(200, http.MethodPost, "/composite", many(25, "/sobjects/Lead"))
	r := x.must(200, http.MethodPost, "/composite", many(26, "/sobjects/Lead"))
	if r.text != `{"compositeResponse":[{"body":[{"message":"The request can’t contain more than 25 operations.","errorCode":"LIMIT_EXCEEDED"}],"httpHeaders":{},"httpStatusCode":400,"referenceId":null}]}` {
		t.Errorf("26 parts: %s", r.text)
	}
	if r := x.must(200, http.MethodPost, "/composite", many(5, "/query?q=SELECT+Id+FROM+Lead")); get(r.json, "compositeResponse", 4, "body", "done") != true {
		t.Errorf("5 queries: %s", r.text)
	}
	if r := x.must(200, http.MethodPost, "/composite", many(6, "/query?q=SELECT+Id+FROM+Lead")); get(r.json, "compositeResponse", 0, "body", 0, "errorCode") != "LIMIT_EXCEEDED" {
		t.Errorf("6 queries: %s", r.text)
	}
	r = x.must(200, http.MethodPost, "/composite", `{"allOrNone":true,"compositeRequest":[
		{"method":"POST","url":"`+base+`/sobjects/Lead","referenceId":"a","body":{"LastName":"Lee","Company":"Acme"}},
		{"method":"POST","url":"`+base+`/sobjects/Lead","referenceId":"b","body":{"Company":"Acme"}},
		{"method":"POST","url":"`+base+`/sobjects/Lead","referenceId":"c","body":{"LastName":"Lee","Company":"Acme"}}]}`)
	var codes []string
	for _, p := range get(r.json, "compositeResponse").([]any) {
		codes = append(codes, fmt.Sprint(get(p, "referenceId"), " ", get(p, "body", 0, "errorCode")))
	}
	if diff := cmp.Diff([]string{"a PROCESSING_HALTED", "b REQUIRED_FIELD_MISSING", "c PROCESSING_HALTED"}, codes); diff != "" {
		t.Error(diff)
	}
	if n := len(x.All("Lead")); n != 0 {
		t.Errorf("%d leads outlived the rollback", n)
	}
	for name, part := range map[string]string{
		"no reference": `{"method":"GET","url":"` + base + `/limits"}`, "other version": `{"method":"GET","url":"/services/data/v59.0/limits","referenceId":"a"}`,
		"nested": `{"method":"POST","url":"` + base + `/composite","referenceId":"a","body":{}}`, "unknown member": `{"method":"GET","url":"` + base + `/limits","referenceId":"a","foo":1}`,
	} {
		r := x.must(200, http.MethodPost, "/composite", `{"compositeRequest":[`+part+`]}`)
		if get(r.json, "compositeResponse", 0, "body", 0, "errorCode") != "INVALID_INPUT" {
			t.Errorf("%s: %s", name, r.text)
		}
	}
}
