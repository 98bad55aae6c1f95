package dashboard

import (
	"context"
	"database/sql"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/warehouse"
)

// now is the time in every test.
var now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// token is the one that people give in tests.
const token = "a token of the tests"

// db is a Source over a database that stays as it is.
type db struct{ all *sql.DB }

func (d db) DB() (*sql.DB, func()) { return d.all, func() {} }

// warehoused is a database with the tables of a warehouse and what the statements put there.
func warehoused(t testing.TB, statements ...string) db {
	t.Helper()
	w, err := warehouse.Open(context.Background(), warehouse.Options{RunAt: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	for _, s := range append([]string{`create table if not exists catalog.publication as select 'r1' as run_id, timestamptz '2026-03-02 08:45:00Z' as published_at`}, statements...) {
		if _, err := w.DB.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	return db{w.DB}
}

// site is a page that is served, and a browser without a screen.
type site struct {
	t      testing.TB
	url    string
	client *http.Client
	server *Server
}

func served(t testing.TB, o Options) *site {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return now }
	}
	o.Log = zerolog.Nop()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &site{t: t, url: h.URL, server: s, client: &http.Client{Jar: jar}}
}

// get returns a page's status and text.
func (s *site) get(path string) (int, string) {
	s.t.Helper()
	return s.do(http.MethodGet, path, nil, nil)
}

// page is a page that has to be there.
func (s *site) page(path string) string {
	s.t.Helper()
	status, text := s.get(path)
	if status != http.StatusOK {
		s.t.Fatalf("GET %s: %d\n%s", path, status, text)
	}
	return text
}

func (s *site) post(path string, form url.Values) (int, string) {
	s.t.Helper()
	return s.do(http.MethodPost, path, form, nil)
}

// do sends a request; a header named Host sets the request's host.
func (s *site) do(method, path string, form url.Values, header map[string]string) (int, string) {
	s.t.Helper()
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", s.url)
	}
	for k, v := range header {
		r.Header.Set(k, v)
		if k == "Host" {
			r.Host = v
		}
	}
	answer, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

var hidden = regexp.MustCompile(`name="csrf" value="([0-9a-f]+)"`)

// login gives the token and returns the proof that the form of logging out carries.
func (s *site) login() string {
	s.t.Helper()
	status, text := s.post("/login", url.Values{"token": {token}, "next": {"/"}})
	m := hidden.FindStringSubmatch(text)
	if status != http.StatusOK || m == nil {
		s.t.Fatalf("login: %d\n%s", status, text)
	}
	return m[1]
}
