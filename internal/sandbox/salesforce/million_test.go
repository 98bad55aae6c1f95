package salesforce_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"lockstep/internal/sandbox/salesforce"
)

// BenchmarkMillion reports what an org of 1,000,000 leads costs: memory, a full read in pages of 2,000, an
// incremental query and a lookup by key. Run it with -benchtime 1x.
func BenchmarkMillion(b *testing.B) {
	const people = 1_000_000
	s := salesforce.New(salesforce.Options{})
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	began := time.Now()
	for n := range people {
		name := fmt.Sprint(n)
		if _, err := s.Insert("Lead", map[string]string{
			"FirstName": "Ann" + name, "LastName": "Lee" + name, "Company": "Acme " + name, "Email": "ann" + name + "@example.com", "Phone": "+1 555 " + name,
			"Status": "Open - Not Contacted", "LeadSource": "Web", "City": "Bonn", "Title": "CEO", "Country": "Germany", "NumberOfEmployees": "5",
			"SystemModstamp": start.Add(time.Duration(n) * time.Second).Format(time.RFC3339),
		}); err != nil {
			b.Fatal(err)
		}
	}
	inserted := time.Since(began)
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	token := ""
	do := func(method, path, body string) response {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != 200 {
			b.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		return response{text: w.Body.String()}
	}
	_, token, _ = strings.Cut(do(http.MethodPost, "/services/oauth2/token", "grant_type=client_credentials&client_id=sandbox&client_secret=sandbox").text, `"access_token":"`)
	token, _, _ = strings.Cut(token, `"`)
	soql := func(q string) response {
		return do(http.MethodGet, "/services/data/v60.0/query?q="+url.QueryEscape(q), "")
	}
	for b.Loop() {
		for name, q := range map[string]string{
			"increment": "SELECT Id, Email, SystemModstamp FROM Lead WHERE SystemModstamp >= 2026-01-12T13:40:00Z ORDER BY SystemModstamp, Id",
			"lookup":    "SELECT Id FROM Lead WHERE Email IN ('ann5@example.com','ann500000@example.com')",
			"group":     "SELECT City, COUNT(Id), MAX(SystemModstamp) FROM Lead GROUP BY City HAVING COUNT(Id) > 1",
			"top":       "SELECT Id FROM Lead ORDER BY LastName DESC, Id LIMIT 10",
			"semijoin":  "SELECT COUNT() FROM Lead WHERE OwnerId IN (SELECT Id FROM User WHERE IsActive = TRUE)",
			"scan":      "SELECT COUNT() FROM Lead WHERE City LIKE 'b%' AND Owner.IsActive = TRUE",
		} {
			began := time.Now()
			soql(q)
			b.ReportMetric(float64(time.Since(began).Microseconds())/1000, "ms/"+name)
		}
		began := time.Now()
		page := soql("SELECT Id, FirstName, LastName, Company, Email, Phone, Status, LeadSource, City, Title, Owner.Email, SystemModstamp FROM Lead ORDER BY SystemModstamp, Id")
		pages := 1
		for {
			_, rest, more := strings.Cut(page.text[:200], `"nextRecordsUrl":"`)
			if !more {
				break
			}
			next, _, _ := strings.Cut(rest, `"`)
			page = do(http.MethodGet, next, "")
			pages++
		}
		b.ReportMetric(people/time.Since(began).Seconds(), "records/s-paged")
		if pages != people/2000 {
			b.Fatalf("%d pages", pages)
		}
	}
	b.ReportMetric(inserted.Seconds(), "s/insert-all")
	b.ReportMetric(float64(m.HeapAlloc)/people, "heap-B/record")
}
