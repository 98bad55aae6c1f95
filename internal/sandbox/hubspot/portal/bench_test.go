package portal

import (
	"fmt"
	"runtime"
	"testing"
	"time"
)

// fill makes n contacts of 20 properties.
func fill(b *testing.B, n int) *Object {
	b.Helper()
	p := New(1, time.Now, 10*time.Second, Rules{})
	o := p.Object("contacts")
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	for i := range n {
		_, err := o.Insert(map[string]string{
			"hs_object_id": fmt.Sprint(1000 + i), "createdate": fmt.Sprint(start), "lastmodifieddate": fmt.Sprint(start + int64(i)*7919%1e10),
			"email": fmt.Sprintf("person%d@example.com", i), "firstname": "Ann", "lastname": fmt.Sprintf("Lee%d", i%5000), "phone": fmt.Sprintf("+1 555 %07d", i),
			"mobilephone": "+1 555 0100", "company": "Example Works", "jobtitle": "Engineer", "address": "1 Example Street", "city": "Bern", "state": "BE", "zip": "3000",
			"country": "Switzerland", "lifecyclestage": "lead", "hs_lead_status": "NEW", "hs_analytics_source": "OFFLINE", "hubspot_owner_id": "41000001", "industry": "None", "salutation": "Ms",
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return o
}

// BenchmarkMillion reports what a million contacts cost in memory and an incremental search over them in time.
func BenchmarkMillion(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	o := fill(b, 1_000_000)
	filled := time.Since(began)
	runtime.GC()
	runtime.ReadMemStats(&after)
	began = time.Now()
	if _, err := o.Search("first", Query{Sort: "lastmodifieddate"}); err != nil {
		b.Fatal(err)
	}
	searched := time.Since(began)
	from := time.Date(2025, 4, 26, 0, 0, 0, 0, time.UTC)
	q := Query{Groups: [][]Filter{{{Property: "lastmodifieddate", Operator: "GTE", Value: fmt.Sprint(from.UnixMilli())}}}, Sort: "lastmodifieddate"}
	i := 0
	for b.Loop() {
		i++
		if err := o.Touch(int64(1000 + i)); err != nil { // a write between searches, as in a run
			b.Fatal(err)
		}
		if _, err := o.Search(fmt.Sprint(i), q); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(filled.Seconds(), "s/fill")
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB/heap")
	b.ReportMetric(searched.Seconds(), "s/full-search")
}
