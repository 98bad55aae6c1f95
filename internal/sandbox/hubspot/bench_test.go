package hubspot_test

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"lockstep/internal/sandbox/hubspot"
)

// BenchmarkListPage renders pages of 100 contacts × 20 properties: what a full read costs the simulator.
func BenchmarkListPage(b *testing.B) {
	s := hubspot.New(hubspot.Options{Limits: hubspot.Limits{Burst: 1 << 40, Daily: 1 << 40}})
	names := []string{
		"email", "firstname", "lastname", "phone", "mobilephone", "company", "jobtitle", "address", "city", "state", "zip", "country", "lifecyclestage",
		"hs_lead_status", "hs_analytics_source", "industry", "salutation",
	}
	query := ""
	for i := range 10_000 {
		values := map[string]string{}
		for _, name := range names {
			values[name] = fmt.Sprintf("%s %d", name, i)
		}
		if _, err := s.Insert("contacts", values); err != nil {
			b.Fatal(err)
		}
	}
	for _, name := range names {
		query += "," + name
	}
	i := 0
	for b.Loop() {
		i++
		r := httptest.NewRequest("GET", fmt.Sprintf("%s?limit=100&after=%d&properties=%s", contacts, 10_000_001+i%90*100, query[1:]), nil)
		r.Header.Set("Authorization", "Bearer "+hubspot.DefaultToken)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
	b.ReportMetric(100*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
