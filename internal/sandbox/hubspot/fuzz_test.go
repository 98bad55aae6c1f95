package hubspot

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"lockstep/internal/sandbox/twist"
)

// FuzzRequest sends any request, changed by seed, to any route of the table and wants a well-formed answer and a store that is whole.
// A route that is added is covered as it is: seeds of its own, in seeds_test.go, only lead further into it.
func FuzzRequest(f *testing.F) {
	for _, r := range routes {
		name := r.method + " " + r.path
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
		req := request(routeNamed(name), args, query, kind, body)
		for range 2 { // the second meets what the first did
			w := httptest.NewRecorder()
			req.Body = newBody(body)
			s.ServeHTTP(w, req)
			wellFormed(t, req, w)
			if err := s.Check(); err != nil {
				t.Fatalf("after %s %s: %v", req.Method, req.URL, err)
			}
		}
	})
}

// routeNamed finds a route; a name that is none picks one.
func routeNamed(name string) route {
	return routes[twist.Pick(name, len(routes), func(i int) bool { return routes[i].method+" "+routes[i].path == name })]
}

// request fills a route's path: args are the version and the values of the parameters, separated by "|"; what is
// left out is contacts, a record there is, or the route's first version.
func request(r route, args, query, kind string, body []byte) *http.Request {
	given := strings.Split(args, "|")
	next := func(fallback string) string {
		if len(given) == 0 {
			return fallback
		}
		arg := given[0]
		given = given[1:]
		if arg == "" {
			return fallback
		}
		return arg
	}
	version := next("")
	segments := strings.Split(strings.Trim(r.path, "/"), "/")
	for i, segment := range segments {
		if name, isParam := strings.CutPrefix(segment, "{"); isParam {
			fallback := map[string]string{"type}": "contacts", "name}": "phone", "to}": "companies"}[name]
			if fallback == "" {
				fallback = "1"
			}
			segments[i] = url.PathEscape(next(fallback))
		}
	}
	u := &url.URL{Scheme: "http", Host: "portal.example", RawQuery: query}
	u.RawPath = versioned(segments, version)
	u.Path, _ = url.PathUnescape(u.RawPath) // escaped above
	req := &http.Request{Method: r.method, URL: u, Host: u.Host, Proto: "HTTP/1.1", Header: http.Header{}, Body: newBody(body)}
	req.Header.Set("Authorization", "Bearer "+DefaultToken)
	if kind != "" {
		req.Header["Content-Type"] = []string{kind}
	}
	return req
}

// versioned puts a version where the routes of that area have it, the first that fits when none is given.
func versioned(segments []string, version string) string {
	known := append([]string{"v3", "v4", "v1", "v2"}, datedVersions...)
	if version != "" {
		known = append([]string{version}, known...)
	}
	if got, rest := unversioned(segments); got != "" && slices.Equal(rest, segments) {
		return "/" + strings.Join(segments, "/") // a path without a version
	}
	for _, v := range known {
		for _, at := range []int{1, 2} {
			path := slices.Insert(slices.Clone(segments), min(at, len(segments)), url.PathEscape(v))
			if got, rest := unversioned(path); got == v && slices.Equal(rest, segments) {
				return "/" + strings.Join(path, "/")
			}
		}
	}
	return "/" + strings.Join(segments, "/")
}

type body struct{ *bytes.Reader }

func (body) Close() error { return nil }

func newBody(b []byte) body { return body{bytes.NewReader(b)} }

// givenToken is an OAuth access token of the small portal, givenFile what its export made.
const (
	givenToken = "CJ0"
	givenFile  = "export.csv"
)

// small is a portal with a few records, the ones that the seeds name.
func small(t testing.TB) *Server {
	t.Helper()
	at := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	s := New(Options{Now: func() time.Time { at = at.Add(time.Millisecond); return at }})
	for n, values := range []map[string]string{
		{"hs_object_id": "1", "email": "ann@example.com", "firstname": "Ann", "phone": "1", "hubspot_owner_id": "7", "lifecyclestage": "lead", "shoe_size": "42"},
		{"hs_object_id": "2", "email": "bo@example.com", "hs_additional_emails": "bob@example.com;b@example.org", "lastname": "Lee"},
		{"hs_object_id": "3", "archived": "true", "email": "gone@example.com"},
	} {
		if _, err := s.Insert("contacts", values); err != nil {
			t.Fatal(n, err)
		}
	}
	for object, values := range map[string]map[string]string{
		"companies": {"hs_object_id": "1", "name": "Example Mills", "domain": "mills.example"},
		"deals":     {"hs_object_id": "1", "dealname": "Mills", "dealstage": "closedwon", "pipeline": "default"},
		owners:      {"id": "7", "email": "ann.field@example.com"},
	} {
		if _, err := s.Insert(object, values); err != nil {
			t.Fatal(object, err)
		}
	}
	for _, r := range setUp {
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, request(routeNamed(r.name), r.args, "", asJSON, []byte(r.body))); w.Code >= 300 {
			t.Fatalf("%s: %d %s", r.name, w.Code, w.Body)
		}
	}
	s.files = map[string]exportLink{givenFile: {s.started[0], at.Add(time.Hour)}}
	s.tokens[givenToken] = &accessToken{app: &app{id: publicApp, oauth: true}, expires: at.Add(time.Hour)}
	return s
}

// TestSeedsReachEveryRoute: of the seeds of a route one at least is answered well, so that the fuzzer starts behind
// the first checks and not before them.
func TestSeedsReachEveryRoute(t *testing.T) {
	t.Parallel()
	for _, r := range routes {
		t.Run(fmt.Sprint(r.method, " ", r.path), func(t *testing.T) {
			t.Parallel()
			var refused []string
			for _, seed := range seedsOf(r) {
				req := request(r, seed.args, seed.query, seed.kind, []byte(seed.body))
				w := httptest.NewRecorder()
				small(t).ServeHTTP(w, req)
				if wellFormed(t, req, w); w.Code < 300 {
					return
				}
				refused = append(refused, fmt.Sprintf("%s %q: %d %s", req.URL, seed.body, w.Code, w.Body))
			}
			t.Errorf("no seed is answered well; add one to seeds_test.go\n%s", strings.Join(refused, "\n"))
		})
	}
}
