package extract

import (
	"testing"
)

// BenchmarkLand lands 1,000,000 contacts on two cores: make bench. With -short it lands 100,000.
func BenchmarkLand(b *testing.B) {
	records := 1_000_000
	if testing.Short() {
		records = 100_000
	}
	for b.Loop() {
		r, err := BenchLand(b.Context(), b.TempDir(), records, 2)
		if err != nil {
			b.Fatal(err)
		}
		b.Log(r)
		b.ReportMetric(r.PerSecond(), "staged/s")
		b.ReportMetric(float64(r.Records)/r.Merged.Seconds(), "merged/s")
		b.ReportMetric(float64(r.Peak)/(1<<20), "MiB-peak")
	}
}

// TestBenchLand checks what the benchmark measures: everything lands, and a second round changes one in ten.
func TestBenchLand(t *testing.T) {
	t.Parallel()
	r, err := BenchLand(t.Context(), t.TempDir(), 5_000, 2)
	if err != nil {
		t.Fatal(err)
	}
	if r.Records != 5_000 || r.Columns != 20 {
		t.Errorf("landed %d records × %d columns", r.Records, r.Columns)
	}
}
