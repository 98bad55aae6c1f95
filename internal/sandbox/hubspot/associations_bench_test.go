package hubspot_test

import (
	"fmt"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"lockstep/internal/sandbox/hubspot"
)

// BenchmarkAssociationRead reads the companies of 1,000 contacts at a time, of half a million pairs, and reports what a pair costs in memory.
func BenchmarkAssociationRead(b *testing.B) {
	const people, firms = 500_000, 50_000
	s := hubspot.New(hubspot.Options{})
	for i := range firms {
		if _, err := s.Insert("companies", map[string]string{"hs_object_id": fmt.Sprint(1 + i)}); err != nil {
			b.Fatal(err)
		}
	}
	for i := range people {
		if _, err := s.Insert("contacts", map[string]string{"hs_object_id": fmt.Sprint(1 + i)}); err != nil {
			b.Fatal(err)
		}
	}
	before := heapSize()
	for i := range people {
		if err := s.InsertAssociation("contacts", fmt.Sprint(1+i), "companies", fmt.Sprint(1+i%firms), ""); err != nil {
			b.Fatal(err)
		}
	}
	perPair := float64(heapSize()-before) / people
	var inputs []string
	for i := range 1000 {
		inputs = append(inputs, fmt.Sprintf(`{"id":"%d"}`, 1+i*499))
	}
	body := `{"inputs":[` + strings.Join(inputs, ",") + `]}`
	for b.Loop() {
		r := httptest.NewRequest("POST", v4+"batch/read", strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+hubspot.DefaultToken)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(perPair, "bytes/pair")
}

func heapSize() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
