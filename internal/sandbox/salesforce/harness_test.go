package salesforce_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"lockstep/internal/sandbox/salesforce"
)

// clock is the org's clock: it stands still until moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// org is a running simulator and a client that is logged in, on net/http alone.
type org struct {
	*testing.T
	*salesforce.Server
	*clock
	url, token string
}

// response is what came back, decoded when it was JSON.
type response struct {
	status int
	header http.Header
	text   string
	json   any
}

func start(t *testing.T, o salesforce.Options) *org {
	t.Helper()
	c := &clock{at: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
	o.Now = c.now
	s := salesforce.New(o)
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	x := &org{T: t, Server: s, clock: c, url: h.URL}
	x.login()
	return x
}

func (x *org) login() {
	x.Helper()
	r := x.form(url.Values{"grant_type": {"client_credentials"}, "client_id": {"sandbox"}, "client_secret": {"sandbox"}})
	if r.status != 200 {
		x.Fatalf("login: %d %s", r.status, r.text)
	}
	x.token = get(r.json, "access_token").(string)
}

func (x *org) form(v url.Values) response {
	x.Helper()
	return x.send(http.MethodPost, "/services/oauth2/token", v.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Authorization", "")
}

// do calls a resource below /services/data/v60.0. header is names and values in turn.
func (x *org) do(method, path, body string, header ...string) response {
	x.Helper()
	return x.send(method, "/services/data/v60.0"+path, body, header...)
}

func (x *org) send(method, path, body string, header ...string) response {
	x.Helper()
	req, err := http.NewRequest(method, x.url+path, strings.NewReader(body))
	if err != nil {
		x.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+x.token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
		if header[i+1] == "" {
			req.Header.Del(header[i])
		}
	}
	if host := req.Header.Get("Host"); host != "" {
		req.Host = host
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		x.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		x.Fatal(err)
	}
	r := response{status: res.StatusCode, header: res.Header, text: string(b)}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if strings.Contains(res.Header.Get("Content-Type"), "json") {
		if err := d.Decode(&r.json); err != nil {
			x.Fatalf("%s %s: not JSON: %v: %s", method, path, err, b)
		}
	}
	return r
}

// soql runs a query and returns its answer.
func (x *org) soql(q string) response {
	x.Helper()
	return x.do(http.MethodGet, "/query?q="+url.QueryEscape(q), "")
}

// names runs a query and lists one column of its records, joined by blanks.
func (x *org) names(column, q string) string {
	x.Helper()
	r := x.soql(q)
	if r.status != 200 {
		x.Fatalf("%s: %d %s", q, r.status, r.text)
	}
	var out []string
	for _, rec := range get(r.json, "records").([]any) {
		s, _ := get(rec, column).(string)
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

// insert stores a record and returns its id.
func (x *org) insert(object string, pairs ...string) string {
	x.Helper()
	values := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	id, err := x.Insert(object, values)
	if err != nil {
		x.Fatal(err)
	}
	return id
}

// grant makes a field through the Tooling API and gives it to the integration user.
func (x *org) grant(object, field, metadata string) {
	x.Helper()
	x.must(201, http.MethodPost, "/tooling/sobjects/CustomField", `{"FullName":"`+object+"."+field+`","Metadata":`+metadata+`}`)
	set := x.must(201, http.MethodPost, "/sobjects/PermissionSet", `{"Name":"P_`+object+field+`","Label":"P"}`)
	id := get(set.json, "id").(string)
	x.must(201, http.MethodPost, "/sobjects/FieldPermissions", `{"ParentId":"`+id+`","SobjectType":"`+object+`","Field":"`+object+"."+field+`","PermissionsRead":true,"PermissionsEdit":true}`)
	x.must(201, http.MethodPost, "/sobjects/PermissionSetAssignment", `{"AssigneeId":"`+x.IntegrationUser()+`","PermissionSetId":"`+id+`"}`)
}

func (x *org) must(status int, method, path, body string, header ...string) response {
	x.Helper()
	r := x.do(method, path, body, header...)
	if r.status != status {
		x.Fatalf("%s %s: status %d, want %d: %s", method, path, r.status, status, r.text)
	}
	return r
}

// get walks a decoded answer: keys for objects, numbers for arrays.
func get(v any, steps ...any) any {
	for _, s := range steps {
		switch x := v.(type) {
		case map[string]any:
			v = x[s.(string)]
		case []any:
			n, isNumber := s.(int)
			if !isNumber || n >= len(x) {
				return nil
			}
			v = x[n]
		default:
			return nil
		}
	}
	return v
}

const external = `{"label":"HubSpot Id","type":"Text","length":32,"externalId":true,"unique":true,"caseSensitive":false}`
