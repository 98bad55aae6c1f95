package salesforce_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"lockstep/internal/sandbox/salesforce"
)

// code is the errorCode of an answer, "-" when it has none.
func (r response) code() string {
	list, _ := r.json.([]any)
	if len(list) == 0 {
		return "-"
	}
	s, _ := get(list[0], "errorCode").(string)
	return s
}

func TestVersionsThatAreNotThere(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for version, want := range map[string]string{"v30.0": "410 UNSUPPORTED_API_VERSION", "v31.0": "200 -", "v68.0": "200 -", "v69.0": "404 NOT_FOUND", "v60.5": "404 NOT_FOUND", "x": "404 NOT_FOUND"} {
		r := x.send(http.MethodGet, "/services/data/"+version+"/limits", "")
		if got := fmt.Sprint(r.status, " ", r.code()); got != want {
			t.Errorf("%s: %s, want %s", version, got, want)
		}
	}
	y := start(t, salesforce.Options{RetiredStatus: 404})
	if r := y.send(http.MethodGet, "/services/data/v20.0/limits", ""); r.status != 404 || get(r.json, 0, "errorCode") != "UNSUPPORTED_API_VERSION" {
		t.Errorf("switched: %d %s", r.status, r.text)
	}
}

func TestRequestsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	for name, c := range map[string]struct {
		method, path, body string
		header             []string
		want               string
	}{
		"missing type":   {http.MethodPost, "/sobjects/Lead", `{}`, []string{"Content-Type", ""}, "415 UNSUPPORTED_MEDIA_TYPE"},
		"other type":     {http.MethodPost, "/sobjects/Lead", `{}`, []string{"Content-Type", "text/plain"}, "415 UNSUPPORTED_MEDIA_TYPE"},
		"xml wanted":     {http.MethodGet, "/limits", "", []string{"Accept", "application/xml"}, "406 -"},
		"json among all": {http.MethodGet, "/limits", "", []string{"Accept", "text/html, application/json;q=0.5"}, "200 -"},
		"method":         {http.MethodDelete, "/sobjects", "", nil, "405 METHOD_NOT_ALLOWED"},
		"head too long":  {http.MethodGet, "/query?q=" + strings.Repeat("x", 16_384), "", nil, "431 -"},
		"session":        {http.MethodGet, "/limits", "", []string{"Authorization", "Bearer nobody"}, "401 INVALID_SESSION_ID"},
		"scheme":         {http.MethodGet, "/limits", "", []string{"Authorization", "Digest x"}, "401 INVALID_AUTH_HEADER"},
		"no header":      {http.MethodGet, "/limits", "", []string{"Authorization", ""}, "401 INVALID_SESSION_ID"},
	} {
		r := x.do(c.method, c.path, c.body, c.header...)
		if got := fmt.Sprint(r.status, " ", r.code()); got != c.want {
			t.Errorf("%s: %s, want %s: %s", name, got, c.want, r.text)
		}
	}
}

func TestPrettyPrint(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	plain := x.must(200, http.MethodGet, "/query?q=SELECT+COUNT()+FROM+Lead", "")
	pretty := x.must(200, http.MethodGet, "/query?q=SELECT+COUNT()+FROM+Lead", "", "X-PrettyPrint", "1")
	if plain.text != `{"totalSize":0,"done":true,"records":[]}` || pretty.text != "{\n  \"totalSize\": 0,\n  \"done\": true,\n  \"records\": []\n}" {
		t.Errorf("plain %q, pretty %q", plain.text, pretty.text)
	}
}

func TestLongStatements(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	q := "SELECT Id FROM Lead WHERE " + strings.Repeat("Company = 'é' OR ", 5882) // 100,020 characters with what follows
	part := func(q string) response {
		return x.must(200, http.MethodPost, "/composite", fmt.Sprintf(`{"compositeRequest":[{"method":"GET","referenceId":"a","url":"/services/data/v60.0/query?q=%s"}]}`, url.QueryEscape(q)))
	}
	if r := part(q + "Company = 'x'"); get(r.json, "compositeResponse", 0, "body", 0, "message") != "SOQL statements cannot be longer than 100000 characters." {
		t.Errorf("too long: %.300s", r.text)
	}
	if r := part(strings.Replace(q, strings.Repeat("Company = 'é' OR ", 10), "", 1) + "Company = 'x'"); fmt.Sprint(get(r.json, "compositeResponse", 0, "httpStatusCode")) != "200" {
		t.Errorf("not too long: %.300s", r.text)
	}
}

func TestTooManyLongCalls(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{LongRequests: 1})
	began, body := io.Pipe()
	sent := make(chan struct{})
	done := make(chan int)
	go func() {
		req, _ := http.NewRequest(http.MethodPost, x.url+"/services/data/v60.0/sobjects/Lead", began)
		req.Header.Set("Authorization", "Bearer "+x.token)
		req.Header.Set("Content-Type", "application/json")
		close(sent)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			done <- 0
			return
		}
		res.Body.Close()
		done <- res.StatusCode
	}()
	<-sent
	io.WriteString(body, `{"LastName":`) // the transport has begun to send: the server has the head, or will
	x.must(200, http.MethodGet, "/limits", "")
	refused := false
	for range 1000 { // until the server has noticed the slow call
		x.move(time.Second)
		r := x.do(http.MethodGet, "/limits", "")
		if refused = r.status == 403; refused {
			if r.text != `[{"message":"ConcurrentPerOrgLongTxn Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]` {
				t.Errorf("crowded: %s", r.text)
			}
			break
		}
	}
	if !refused {
		t.Error("a second call was taken beside a long one")
	}
	io.WriteString(body, `"Lee","Company":"Acme"}`)
	body.Close()
	if status := <-done; status != 201 {
		t.Errorf("the long call: %d", status)
	}
	x.must(200, http.MethodGet, "/limits", "")
}

func TestConditionsOfRows(t *testing.T) {
	t.Parallel()
	x := start(t, salesforce.Options{})
	account := x.insert("Account", "Name", "Acme", "LastModifiedDate", "2026-03-01T00:00:00Z")
	lead := x.insert("Lead", "LastName", "Lee", "Company", "Acme", "LastModifiedDate", "2026-03-01T00:00:00Z")
	first := x.must(200, http.MethodGet, "/sobjects/Account/"+account, "")
	tag := first.header.Get("ETag")
	if first.header.Get("Last-Modified") != "Sun, 01 Mar 2026 00:00:00 GMT" || len(tag) < 10 {
		t.Fatalf("headers: %v", first.header)
	}
	if r := x.must(200, http.MethodGet, "/sobjects/Lead/"+lead, ""); r.header.Get("ETag") != "" {
		t.Error("leads have no tags")
	}
	const before, at = "Sat, 28 Feb 2026 00:00:00 GMT", "Sun, 01 Mar 2026 00:00:00 GMT"
	for _, c := range []struct {
		method, path, name, value string
		want                      int
	}{
		{"GET", "Lead/" + lead, "If-Modified-Since", at, 304}, {"GET", "Lead/" + lead, "If-Modified-Since", before, 200},
		{"GET", "Lead/" + lead, "If-Unmodified-Since", at, 200}, {"GET", "Lead/" + lead, "If-Unmodified-Since", before, 412},
		{"GET", "Lead/" + lead, "If-Modified-Since", "yesterday", 400}, {"PATCH", "Lead/" + lead, "If-Unmodified-Since", "2026-03-01", 400},
		{"GET", "Lead/" + lead, "If-Match", `"00000000"`, 200}, {"PATCH", "Lead/" + lead, "If-Modified-Since", at, 412},
		{"GET", "Account/" + account, "If-None-Match", tag, 304}, {"GET", "Account/" + account, "If-None-Match", "W/" + tag + `, "x"`, 304},
		{"GET", "Account/" + account, "If-None-Match", `"00000000"`, 200}, {"GET", "Account/" + account, "If-Match", tag, 200},
		{"GET", "Account/" + account, "If-Match", `"00000000"`, 412}, {"PATCH", "Account/" + account, "If-Match", `"00000000"`, 412},
		{"PATCH", "Account/" + account, "If-None-Match", tag, 412}, {"PATCH", "Lead/" + lead, "If-Unmodified-Since", before, 412},
		{"PATCH", "Account/" + account, "If-Match", tag, 204}, {"PATCH", "Account/" + account, "If-Match", tag, 412},
		{"PATCH", "Lead/" + lead, "If-Unmodified-Since", at, 204}, {"PATCH", "Lead/" + lead, "If-Unmodified-Since", at, 412},
	} {
		body := ""
		if c.method == "PATCH" {
			body = `{"Phone":"+1 555 0100"}`
		}
		r := x.do(c.method, "/sobjects/"+c.path, body, c.name, c.value)
		if r.status != c.want || r.status == 304 && r.text != "" {
			t.Errorf("%s %s %s: %s: %d, want %d: %s", c.method, c.path, c.name, c.value, r.status, c.want, r.text)
		}
	}
}

func TestRelationshipTraversal(t *testing.T) {
	t.Parallel()
	x, acme, bolt, _ := firm(t)
	contact := x.names("Id", "SELECT Id FROM Contact WHERE LastName = 'Lee'")
	lone := x.names("Id", "SELECT Id FROM Contact WHERE LastName = 'Noe'")
	if r := x.must(200, http.MethodGet, "/sobjects/Contact/"+contact+"/Account?fields=Name", ""); r.text != `{"attributes":{"type":"Account","url":"/services/data/v60.0/sobjects/Account/`+acme+`"},"Name":"Acme","Id":"`+acme+`"}` {
		t.Errorf("parent: %s", r.text)
	}
	r := x.must(200, http.MethodGet, "/sobjects/Account/"+acme+"/contacts?fields=LastName,Owner.Name", "")
	if fmt.Sprint(get(r.json, "totalSize")) != "2" || get(r.json, "records", 0, "LastName") != "Lee" || get(r.json, "records", 0, "Owner", "Name") != "Admin User" {
		t.Errorf("children: %s", r.text)
	}
	if r := x.must(200, http.MethodGet, "/sobjects/Account/"+bolt+"/Contacts", ""); r.text != `{"totalSize":0,"done":true,"records":[]}` {
		t.Errorf("no children: %s", r.text)
	}
	x.must(404, http.MethodGet, "/sobjects/Contact/"+lone+"/Account", "")
	x.must(404, http.MethodGet, "/sobjects/Account/"+acme+"/Nobody", "")
	if r := x.must(400, http.MethodGet, "/sobjects/Account/"+acme+"/Contacts?fields=Nope", ""); get(r.json, 0, "errorCode") != "INVALID_FIELD" {
		t.Errorf("an unknown column: %s", r.text)
	}
}

func TestObjectPages(t *testing.T) {
	t.Parallel()
	x, acme, _, _ := firm(t)
	x.must(204, http.MethodPatch, "/sobjects/Account/"+acme, `{"Phone":"+1 555 0100"}`)
	r := x.must(200, http.MethodGet, "/sobjects/Account", "")
	recent := get(r.json, "recentItems").([]any)
	if get(r.json, "objectDescribe", "name") != "Account" || len(recent) != 1 || get(recent[0], "Name") != "Acme" {
		t.Errorf("basic information: %s", r.text)
	}
	if r := x.must(200, http.MethodGet, "/sobjects/Account/describe/layouts", ""); get(r.json, "recordTypeMappings", 0, "recordTypeId") != "012000000000000AAA" {
		t.Errorf("layouts: %s", r.text)
	}
	r = x.must(200, http.MethodGet, "/sobjects/Account/describe", "")
	found := false
	for _, c := range get(r.json, "childRelationships").([]any) {
		found = found || get(c, "relationshipName") == "Contacts" && get(c, "childSObject") == "Contact" && get(c, "field") == "AccountId"
	}
	if !found {
		t.Errorf("childRelationships lack Contacts")
	}
}
