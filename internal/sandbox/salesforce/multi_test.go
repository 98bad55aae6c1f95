package salesforce_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"lockstep/internal/sandbox/salesforce"
)

func TestBatch(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{DailyRequests: 1000})
	lead := x.insert("Lead", "LastName", "Lee", "Company", "Acme")
	used := func(r response) string { return r.header.Get("Sforce-Limit-Info") }
	r := x.must(200, http.MethodPost, "/composite/batch", `{"batchRequests":[
		{"method":"PATCH","url":"v60.0/sobjects/Lead/`+lead+`","richInput":{"Title":"CEO"}},
		{"method":"GET","url":"v59.0/sobjects/Lead/`+lead+`?fields=Title"},
		{"method":"GET","url":"/services/data/v60.0/sobjects/Nope/describe"},
		{"method":"GET","url":"v60.0/jobs/query"}]}`)
	if get(r.json, "hasErrors") != true || fmt.Sprint(get(r.json, "results", 0, "statusCode"), get(r.json, "results", 0, "result")) != "204<nil>" ||
		get(r.json, "results", 1, "result", "Title") != "CEO" || fmt.Sprint(get(r.json, "results", 2, "statusCode")) != "404" || get(r.json, "results", 3, "result", 0, "errorCode") != "INVALID_BATCH_REQUEST" {
		t.Errorf("batch: %s", r.text)
	}
	if got := used(r); got != "api-usage=3/1000" { // the one that could not be sent is not counted, the first is the batch's own
		t.Errorf("a batch of three: %s", got)
	}
	r = x.must(200, http.MethodPost, "/composite/batch", `{"haltOnError":true,"batchRequests":[{"method":"GET","url":"v60.0/nope"},{"method":"DELETE","url":"v60.0/sobjects/Lead/`+lead+`"}]}`)
	if fmt.Sprint(get(r.json, "results", 1, "statusCode")) != "412" || get(r.json, "results", 1, "result", 0, "errorCode") != "BATCH_PROCESSING_HALTED" {
		t.Errorf("halted: %s", r.text)
	}
	if _, there := x.Get("Lead", lead); !there {
		t.Error("a halted request was run")
	}
	many := strings.Repeat(`{"method":"GET","url":"v60.0/limits"},`, 26)
	if r := x.must(400, http.MethodPost, "/composite/batch", `{"batchRequests":[`+strings.TrimSuffix(many, ",")+`]}`); get(r.json, 0, "errorCode") != "LIMIT_EXCEEDED" {
		t.Errorf("26 requests: %s", r.text)
	}
}

func TestTree(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	body := func(email string) string {
		return `{"records":[{"attributes":{"type":"Account","referenceId":"a"},"Name":"Acme",
			"Contacts":{"records":[{"attributes":{"type":"Contact","referenceId":"c1"},"LastName":"Lee"},{"attributes":{"type":"Contact","referenceId":"c2"},"LastName":"Moe","Email":"` + email + `"}]}},
			{"attributes":{"type":"Account","referenceId":"b"},"Name":"Bolt"}]}`
	}
	r := x.must(400, http.MethodPost, "/composite/tree/Account", body("nope"))
	if get(r.json, "hasErrors") != true || len(get(r.json, "results").([]any)) != 1 || get(r.json, "results", 0, "referenceId") != "c2" || get(r.json, "results", 0, "errors", 0, "statusCode") != "INVALID_EMAIL_ADDRESS" {
		t.Errorf("one bad record: %s", r.text)
	}
	if n := len(x.All("Account")) + len(x.All("Contact")); n != 0 {
		t.Errorf("%d records of a refused tree", n)
	}
	r = x.must(201, http.MethodPost, "/composite/tree/Account", body("moe@example.com"))
	if get(r.json, "hasErrors") != false || len(get(r.json, "results").([]any)) != 4 || get(r.json, "results", 1, "referenceId") != "c1" {
		t.Errorf("tree: %s", r.text)
	}
	if got := x.names("LastName", "SELECT LastName FROM Contact WHERE Account.Name = 'Acme' ORDER BY LastName"); got != "Lee Moe" {
		t.Errorf("children: %q", got)
	}
	flat := strings.Repeat(`{"attributes":{"type":"Account","referenceId":"REF"},"Name":"x"},`, 201)
	for n := range 201 {
		flat = strings.Replace(flat, "REF", fmt.Sprint("r", n), 1)
	}
	for name, c := range map[string]struct{ body, words string }{
		"201 records":     {`{"records":[` + strings.TrimSuffix(flat, ",") + `]}`, "more than 200 records"},
		"same reference":  {`{"records":[{"attributes":{"type":"Account","referenceId":"a"},"Name":"x"},{"attributes":{"type":"Account","referenceId":"a"},"Name":"y"}]}`, "referenceId of its own"},
		"no reference":    {`{"records":[{"attributes":{"type":"Account"},"Name":"x"}]}`, "referenceId of its own"},
		"other type":      {`{"records":[{"attributes":{"type":"Contact","referenceId":"a"},"LastName":"x"}]}`, "need the type Account"},
		"no records":      {`{"records":[]}`, "records must be a list"},
		"unknown column":  {`{"records":[{"attributes":{"type":"Account","referenceId":"a"},"Nope":"x"}]}`, "No such column 'Nope'"},
		"unknown members": {`{"records":[],"x":1}`, "Unrecognized field"},
	} {
		if r := x.must(400, http.MethodPost, "/composite/tree/Account", c.body); !strings.Contains(r.text, c.words) {
			t.Errorf("%s: %s", name, r.text)
		}
	}
	x.must(404, http.MethodPost, "/composite/tree/Nope", `{"records":[]}`)
}

func TestGraph(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	graph := func(id, last string) string {
		return `{"graphId":"` + id + `","compositeRequest":[
			{"method":"POST","referenceId":"a","url":"/services/data/v60.0/sobjects/Account","body":{"Name":"` + id + `"}},
			{"method":"POST","referenceId":"c","url":"/services/data/v60.0/sobjects/Contact","body":{"LastName":"` + last + `","AccountId":"@{a.id}"}}]}`
	}
	r := x.must(200, http.MethodPost, "/composite/graph", `{"graphs":[`+graph("one", "Lee")+`,`+graph("two", "")+`]}`)
	if get(r.json, "graphs", 0, "isSuccessful") != true || get(r.json, "graphs", 1, "isSuccessful") != false || get(r.json, "graphs", 0, "graphId") != "one" ||
		get(r.json, "graphs", 1, "graphResponse", "compositeResponse", 0, "body", 0, "errorCode") != "PROCESSING_HALTED" ||
		get(r.json, "graphs", 1, "graphResponse", "compositeResponse", 1, "body", 0, "errorCode") != "REQUIRED_FIELD_MISSING" {
		t.Errorf("graphs: %s", r.text)
	}
	if got := x.names("Name", "SELECT Name FROM Account"); got != "one" {
		t.Errorf("accounts: %q", got)
	}
	for name, c := range map[string]struct{ body, code string }{
		"same id": {`{"graphs":[` + graph("one", "x") + `,` + graph("one", "y") + `]}`, "INVALID_INPUT"}, "none": {`{"graphs":[]}`, "JSON_PARSER_ERROR"},
		"no requests": {`{"graphs":[{"graphId":"x"}]}`, "INVALID_INPUT"},
		"76 graphs":   {`{"graphs":[` + strings.TrimSuffix(strings.Repeat(`{},`, 76), ",") + `]}`, "LIMIT_EXCEEDED"},
		"501 nodes":   {`{"graphs":[{"graphId":"x","compositeRequest":[` + strings.TrimSuffix(strings.Repeat(`{},`, 501), ",") + `]}]}`, "LIMIT_EXCEEDED"},
	} {
		if r := x.must(400, http.MethodPost, "/composite/graph", c.body); get(r.json, 0, "errorCode") != c.code {
			t.Errorf("%s: %s", name, r.text)
		}
	}
}

func TestCompositeReferencesReachIntoRecords(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{DailyRequests: 100})
	x.insert("Account", "Name", "Acme")
	r := x.must(200, http.MethodPost, "/composite", `{"compositeRequest":[
		{"method":"GET","referenceId":"q","url":"/services/data/v60.0/query?q=SELECT+Id+FROM+Account"},
		{"method":"POST","referenceId":"c","url":"/services/data/v60.0/sobjects/Contact","body":{"LastName":"Lee","AccountId":"@{q.records[0].Id}"}},
		{"method":"GET","referenceId":"n","url":"/services/data/v60.0/sobjects/Contact/@{nobody.id}"}]}`)
	if fmt.Sprint(get(r.json, "compositeResponse", 1, "httpStatusCode")) != "201" || get(r.json, "compositeResponse", 2, "body", 0, "errorCode") != "PROCESSING_HALTED" {
		t.Errorf("composite: %s", r.text)
	}
	if r.header.Get("Sforce-Limit-Info") != "api-usage=1/100" {
		t.Errorf("a composite request is one call: %s", r.header.Get("Sforce-Limit-Info"))
	}
	if got := x.names("LastName", "SELECT LastName FROM Contact WHERE Account.Name = 'Acme'"); got != "Lee" {
		t.Errorf("the contact: %q", got)
	}
}
