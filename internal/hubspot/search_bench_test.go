package hubspot

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkParsePage reads ids and stamps of a page of 100 contacts × 20 properties.
func BenchmarkParsePage(b *testing.B) {
	var records []string
	for i := range 100 {
		var properties []string
		for j := range 20 {
			properties = append(properties, fmt.Sprintf(`"property_%d":"a value of record %d"`, j, i))
		}
		records = append(records, fmt.Sprintf(`{"id":"%d","properties":{%s,"lastmodifieddate":"2026-11-01T00:00:00.123Z"},"updatedAt":"2026-11-01T00:00:00.123Z","archived":false}`, i+1, strings.Join(properties, ",")))
	}
	body := []byte(`{"results":[` + strings.Join(records, ",") + `]}`)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, err := parsePage("contacts", body); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*100/b.Elapsed().Seconds(), "records/s")
}
