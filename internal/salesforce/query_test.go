package salesforce

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/internal/wire"
)

const (
	page1 = `{"totalSize":3,"done":false,"nextRecordsUrl":"/services/data/v60.0/query/01gxx0000000001AAA-2000","records":[{"attributes":{"type":"Contact","url":"/services/data/v60.0/sobjects/Contact/003xx0000000001AAA"},"Id":"003xx0000000001AAA","AnnualRevenue":1.0E7,"Account":null}]}`
	page2 = `{"totalSize":3,"done":false,"nextRecordsUrl":"/services/data/v60.0/query/01gxx0000000001AAA-4000","records":[{"Id":"003xx0000000002AAA"}]}`
	page3 = "{\n  \"totalSize\" : 3,\n  \"done\" : true,\n  \"records\" : [ {\"Id\":\"003xx0000000003AAA\"} ]\n}"
)

func TestQueryPages(t *testing.T) {
	t.Parallel()
	soql := "SELECT Id FROM Contact WHERE LastName = " + Quote("O'Hara & Söhne +1") + " AND SystemModstamp >= 2026-01-02T03:04:05.000+00:00"
	for _, resource := range []string{"query", "queryAll", "tooling/query"} {
		t.Run(resource, func(t *testing.T) {
			t.Parallel()
			o := newOrg(t, map[string][]http.HandlerFunc{
				"GET /services/data/v60.0/" + resource:                   one(says(200, page1)),
				"GET /services/data/v60.0/query/01gxx0000000001AAA-2000": one(says(200, page2)),
				"GET /services/data/v60.0/query/01gxx0000000001AAA-4000": one(says(200, page3)),
			})
			c := o.client(t)
			run := map[string]func() []string{
				"query":    func() []string { return bodies(t, c, false, soql) },
				"queryAll": func() []string { return bodies(t, c, true, soql) },
				"tooling/query": func() []string {
					var got []string
					for p, err := range c.ToolingQuery(t.Context(), soql) {
						if err != nil {
							t.Fatal(err)
						}
						got = append(got, string(p.Body))
					}
					return got
				},
			}
			// Byte for byte as they came.
			if diff := cmp.Diff([]string{page1, page2, page3}, run[resource]()); diff != "" {
				t.Error(diff)
			}
			asked, err := url.ParseQuery(o.seen()[0].Query)
			if err != nil || asked.Get("q") != soql {
				t.Errorf("asked %q", asked.Get("q"))
			}
		})
	}
}

func bodies(t *testing.T, c *Client, all bool, soql string) (got []string) {
	t.Helper()
	pages := c.Query(t.Context(), soql)
	if all {
		pages = c.QueryAll(t.Context(), soql)
	}
	for p, err := range pages {
		if err != nil {
			t.Fatal(err)
		}
		if p.Total != 3 || p.Done != (string(p.Body) == page3) {
			t.Errorf("page %+v", p)
		}
		got = append(got, string(p.Body))
	}
	return got
}

func TestQueryStopsWhenTheCallerDoes(t *testing.T) {
	t.Parallel()
	o := newOrg(t, map[string][]http.HandlerFunc{"GET /services/data/v60.0/query": one(says(200, page1))})
	for _, err := range o.client(t).Query(t.Context(), "SELECT Id FROM Contact") {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if n := len(o.seen()); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
}

func TestQueryAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	soql := "SELECT Foo__c FROM Contact WHERE Email = " + Quote(theEmail)
	html := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html>"+theEmail)
	}
	frame := "\\n" + strings.ReplaceAll(soql, `"`, `\"`) + "\\n       ^\\nERROR at Row:1:Column:8\\n"
	const hint = " If you are attempting to use a custom field, be sure to append the '__c' after the custom field name."
	for _, test := range []struct {
		name    string
		answers []http.HandlerFunc
		want    string // "": the query succeeds in the end
		kind    wire.Kind
		calls   int
	}{
		{"half a JSON, then all of it", []http.HandlerFunc{says(200, page3[:30]), says(200, page3)}, "", "", 2},
		{"HTML, then an answer", []http.HandlerFunc{html, says(200, page3)}, "", "", 2},
		{"420 from the edge, then an answer", []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(420) }, says(200, page3)}, "", "", 2},
		{"406 empty, then an answer", []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(406) }, says(200, page3)}, "", "", 2},
		{"a lock on the session, then an answer", []http.HandlerFunc{says(503, `[{"errorCode":"SERVER_UNAVAILABLE","message":"Server Unavailable"}]`), says(200, page3)}, "", "", 2},
		{"half a JSON for ever", one(says(200, page3[:30])), "salesforce: GET query: 200: half a JSON, 3 attempts", wire.Retry, 3},
		{"an unknown column", one(says(400, `[{"message":"`+frame+`No such column 'Foo__c' on entity 'Contact'.`+hint+`","errorCode":"INVALID_FIELD"}]`)),
			"salesforce: GET query: 400 INVALID_FIELD: No such column 'Foo__c' on entity 'Contact'", wire.Mapping, 1},
		{"an unknown object", one(says(400, `[{"message":"`+frame+`sObject type 'XYZZY' is not supported.`+hint+`","errorCode":"INVALID_TYPE"}]`)),
			"salesforce: GET query: 400 INVALID_TYPE: sObject type 'XYZZY' is not supported", wire.Mapping, 1},
		{"a malformed query", one(says(400, `[{"message":"`+frame+`unexpected token: '`+theEmail+`'","errorCode":"MALFORMED_QUERY"}]`)),
			"salesforce: GET query: 400 MALFORMED_QUERY: ERROR at Row:1:Column:8", wire.Mapping, 1},
		{"a cursor that has ended", one(says(400, `[{"message":"invalid query locator","errorCode":"INVALID_QUERY_LOCATOR"}]`)),
			"salesforce: GET query: 400 INVALID_QUERY_LOCATOR", wire.Stop, 1},
		{"the day's calls used up", one(says(403, `[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`)),
			"salesforce: GET query: 403 REQUEST_LIMIT_EXCEEDED", wire.Quota, 1},
		{"too many at once", []http.HandlerFunc{says(403, `[{"message":"ConcurrentPerOrgLongTxn Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`), says(200, page3)}, "", "", 2},
		{"another JSON", one(says(200, `{"records":[]}`)), "salesforce: GET query: 200: the answer is no page of a query", wire.Stop, 1},
		{"more pages, and no way to them", one(says(200, `{"totalSize":3,"done":false,"records":[]}`)), "salesforce: GET query: 200: the answer is no page of a query", wire.Stop, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := newOrg(t, map[string][]http.HandlerFunc{"GET /services/data/v60.0/query": test.answers})
			var err error
			for _, e := range o.client(t).Query(t.Context(), soql) {
				err = e
			}
			var e *wire.Error
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (err == nil || err.Error() != test.want || !errors.As(err, &e) || e.Kind != test.kind):
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			if n := len(o.seen()); n != test.calls {
				t.Errorf("%d calls, want %d", n, test.calls)
			}
			noLeak(t, o, err)
		})
	}
}

func TestAnEmptyAnswerIsAPage(t *testing.T) {
	t.Parallel()
	o := newOrg(t, map[string][]http.HandlerFunc{"GET /services/data/v60.0/query": one(says(200, `{"totalSize":0,"done":true,"records":[]}`))})
	pages := 0
	for p, err := range o.client(t).Query(t.Context(), "SELECT Id FROM Contact") {
		if err != nil || p.Total != 0 || !p.Done {
			t.Errorf("page %+v, error %v", p, err)
		}
		pages++
	}
	if pages != 1 {
		t.Errorf("%d pages", pages)
	}
}

func TestALongQueryIsNotSent(t *testing.T) {
	t.Parallel()
	o := newOrg(t, nil)
	soql := "SELECT Id FROM Contact WHERE Id IN ('" + strings.Repeat("003xx0000000001AAA','", 700) + "')"
	if Fits(soql) || !Fits(soql[:8000]) {
		t.Error("Fits misjudges")
	}
	var err error
	for _, e := range o.client(t).Query(t.Context(), soql) {
		err = e
	}
	if err == nil || !strings.Contains(err.Error(), "does not fit a URL") || len(o.calls) != 0 {
		t.Errorf("got %v after %d calls", err, len(o.calls))
	}
}

func TestTheLongestQueryFitsTheServer(t *testing.T) {
	t.Parallel()
	// A server with Salesforce's own limit, and a token as long as they come.
	token := strings.Repeat("t", 2000)
	o := newOrg(t, map[string][]http.HandlerFunc{"GET /services/data/v60.0/query": one(func(w http.ResponseWriter, r *http.Request) {
		size := len(r.RequestURI)
		for name, values := range r.Header {
			size += len(name) + len(strings.Join(values, "")) + 4
		}
		if size > 16_384 {
			w.WriteHeader(431)
			return
		}
		says(200, page3)(w, r)
	})})
	o.routes["POST /services/oauth2/token"] = one(o.session(token))
	soql := "SELECT Id FROM Contact WHERE Name = '"
	for Fits(soql + "''") {
		soql += "'"
	}
	for _, err := range o.client(t).Query(t.Context(), soql) {
		if err != nil {
			t.Error(err)
		}
	}
}
