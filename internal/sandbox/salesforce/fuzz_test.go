package salesforce

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"lockstep/internal/sandbox/salesforce/soql"
	"lockstep/internal/sandbox/twist"
)

// FuzzRequest sends any request, changed by seed, to any route of the table and wants a well-formed answer and an org that is whole.
// A route that is added is covered as it is: seeds of its own, in seeds_test.go, only lead further into it.
func FuzzRequest(f *testing.F) {
	for _, r := range routes {
		name := r.method + " " + r.pattern
		for i, s := range seedsOf(r) {
			f.Add(name, s.args, s.query, s.kind, []byte(s.body), uint64(0))
			if i < len(seedsFor[name]) {
				f.Add(name, s.args, s.query, s.kind, []byte(s.body), uint64(i+1))
			}
		}
	}
	f.Fuzz(func(t *testing.T, name, args, query, kind string, body []byte, seed uint64) {
		defer twist.Watch(t.Name())()
		body, query = twist.JSON(body, seed), twist.Query(query, seed)
		s := small(t)
		r := routeNamed(name)
		for range 2 { // the second meets what the first did
			req := request(r, args, query, kind, body)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, req)
			wellFormed(t, r, req, w)
			if err := s.Check(); err != nil {
				t.Fatalf("after %s %s: %v", req.Method, req.URL, err)
			}
		}
	})
}

// routeNamed finds a route; a name that is none picks one.
func routeNamed(name string) route {
	return routes[twist.Pick(name, len(routes), func(i int) bool { return routes[i].method+" "+routes[i].pattern == name })]
}

// request fills a route's pattern: args are what stands for its stars, separated by "|"; what is left out is Lead,
// then the id of a lead.
func request(r route, args, query, kind string, body []byte) *http.Request {
	given := strings.Split(args, "|")
	segments := strings.Split(r.pattern, "/")
	stars := 0
	for i, segment := range segments {
		if segment != "*" {
			continue
		}
		arg := []string{"Lead", aLead}[min(stars, 1)]
		if stars < len(given) && given[stars] != "" {
			arg = given[stars]
		}
		segments[i] = url.PathEscape(arg)
		stars++
	}
	return newRequest(r.method, "/services/data/v60.0/"+strings.Join(segments, "/"), query, kind, body)
}

func newRequest(method, path, query, kind string, body []byte) *http.Request {
	plain, err := url.PathUnescape(path)
	u := &url.URL{Scheme: "http", Host: "org.example", Path: plain, RawPath: path, RawQuery: query}
	if err != nil {
		u.Path, u.RawPath = path, ""
	}
	req := &http.Request{Method: method, URL: u, Host: u.Host, Proto: "HTTP/1.1", Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body))}
	req.Header.Set("Authorization", "Bearer token")
	if kind != "" {
		req.Header["Content-Type"] = []string{kind}
	}
	return req
}

// The records of a small org.
const (
	aLead, goneLead, convertedLead = "00QSx0000000001", "00QSx0000000002", "00QSx0000000003"
	aContact, anAccount            = "003Sx0000000001", "001Sx0000000001"
	aLocator, aField               = "01gSx0000000000AAA", "00NSx0000000001"
	endedIngest, startedQuery      = "750Sx0000000003", "750Sx0000000004"
)

// small is an org with a few records, a column to upsert by, a cursor and two jobs, the ones that the seeds name.
func small(t testing.TB) *Server {
	t.Helper()
	at := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	s := New(Options{Now: func() time.Time { return at }})
	s.sessions["token"] = &session{user: s.org.Integration, app: "sandbox", used: at}
	for _, r := range []struct {
		object string
		values map[string]string
	}{
		{"Account", map[string]string{"Id": anAccount, "Name": "Example Mills"}},
		{"Contact", map[string]string{"Id": aContact, "LastName": "Lee", "Email": "ann@example.com", "AccountId": anAccount}},
		{"Lead", map[string]string{"Id": aLead, "LastName": "Lee", "FirstName": "Ann", "Company": "Example Mills", "Status": "Open - Not Contacted", "Email": "ann@example.com"}},
		{"Lead", map[string]string{"Id": goneLead, "LastName": "Gone", "Company": "Example Mills", "IsDeleted": "true"}},
		{"Lead", map[string]string{"Id": convertedLead, "LastName": "Kim", "Company": "Example Mills", "IsConverted": "true", "ConvertedContactId": aContact}},
	} {
		if _, err := s.Insert(r.object, r.values); err != nil {
			t.Fatal(err)
		}
	}
	key := s.org.Object("Lead").Field("HubSpot_Id__c")
	if key == nil {
		f, problem := customField("HubSpot_Id__c", map[string]any{"type": "Text", "label": "HubSpot id", "length": 20.0, "externalId": true, "unique": true, "required": true})
		if problem != "" {
			t.Fatal(problem)
		}
		f.Nillable, f.Governed = true, false // seen by all, without the permission sets that the protocol's own tests make
		if _, err := s.org.AddField(s.org.Object("Lead"), f); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Edit("Lead", aLead, map[string]string{"HubSpot_Id__c": "1"}); err != nil {
		t.Fatal(err)
	}
	do := func(method, path, kind, body string) {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, newRequest(method, "/services/data/v60.0/"+path, "", kind, []byte(body)))
		if w.Code >= 300 {
			t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
	}
	do("POST", "jobs/ingest", asJSON, `{"object":"Lead","operation":"insert"}`) // 750Sx0000000001 stays open
	do("POST", "jobs/query", asJSON, `{"operation":"query","query":"SELECT Id, LastName FROM Lead"}`)
	for range 2 {
		do("GET", "jobs/query/750Sx0000000002", "", "")
	}
	do("POST", "jobs/ingest", asJSON, `{"object":"Lead","operation":"insert"}`)
	do("PUT", "jobs/ingest/"+endedIngest+"/batches", asCSV, "LastName,Company\nLee,A\n,B\n")
	do("PATCH", "jobs/ingest/"+endedIngest, asJSON, `{"state":"UploadComplete"}`)
	for range 2 {
		do("GET", "jobs/ingest/"+endedIngest, "", "")
	}
	do("POST", "jobs/query", asJSON, `{"operation":"query","query":"SELECT Id FROM Contact"}`)
	q, problem := soql.Parse("SELECT Id, Name FROM Lead")
	if problem != nil {
		t.Fatal(problem)
	}
	result, problem := s.org.Query(q, s.org.Integration, false, false)
	if problem != nil {
		t.Fatal(problem)
	}
	s.cursors[aLocator] = &cursor{result: result, user: s.org.Integration, batch: 1, opened: at}
	return s
}

// TestSeedsReachEveryRoute: of the seeds of a route one at least is answered well, so that the fuzzer starts behind
// the first checks and not before them.
func TestSeedsReachEveryRoute(t *testing.T) {
	t.Parallel()
	for _, r := range routes {
		t.Run(fmt.Sprint(r.method, " ", r.pattern), func(t *testing.T) {
			t.Parallel()
			var refused []string
			for _, seed := range seedsOf(r) {
				req := request(r, seed.args, seed.query, seed.kind, []byte(seed.body))
				w := httptest.NewRecorder()
				small(t).ServeHTTP(w, req)
				if wellFormed(t, r, req, w); w.Code < 300 {
					return
				}
				refused = append(refused, fmt.Sprintf("%s %q: %d %s", req.URL, seed.body, w.Code, w.Body))
			}
			t.Errorf("no seed is answered well; add one to seeds_test.go\n%s", strings.Join(refused, "\n"))
		})
	}
}
