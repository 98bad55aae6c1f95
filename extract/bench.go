package extract

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

// BenchResult is what landing cost.
type BenchResult struct {
	Records   int64
	Columns   int
	PageBytes int64         // raw text in all
	Landed    time.Duration // raw pages to typed rows, committed in the staging table with their positions
	Merged    time.Duration // from there into the empty mirror, committed
	Remerged  time.Duration // the same records again, one in ten changed: staging is not counted
	Peak      int64         // bytes of memory the process has used at most since it began; 0 where the system does not say
}

// PerSecond is how many records were typed and committed in staging per second.
func (r BenchResult) PerSecond() float64 { return float64(r.Records) / r.Landed.Seconds() }

func (r BenchResult) String() string {
	return fmt.Sprintf("%d records × %d columns: staged in %.1f s (%.0f records/s), merged in %.1f s, merged again with one in ten changed in %.1f s, peak memory %d MiB",
		r.Records, r.Columns, r.Landed.Seconds(), r.PerSecond(), r.Merged.Seconds(), r.Remerged.Seconds(), r.Peak>>20)
}

// The benchmark's pages, as HubSpot lists contacts.
const (
	benchPages  = 1000
	benchOnPage = 100
)

// benchMemory is DuckDB's share; the rest of the process comes on top.
const benchMemory = "400MB"

// BenchLand lands contacts of 20 properties in a new warehouse under dir, the way a full read does: the same 1,000
// pages of 100 (fewer, where records are fewer), with new ids each time round, until there are at least records of them. Pages are not fetched: what
// is measured begins where the answer of the CRM has arrived.
func BenchLand(ctx context.Context, dir string, records int, threads int) (r BenchResult, err error) {
	w, err := warehouse.Open(ctx, warehouse.Options{
		Path: filepath.Join(dir, "bench.duckdb"), RunAt: time.Now(), Memory: benchMemory, Threads: threads, Who: "bench land",
	})
	if err != nil {
		return r, err
	}
	defer func() {
		if e := w.Close(); err == nil {
			err = e
		}
	}()
	mirror, err := warehouse.EnsureMirror(ctx, w.DB, crm.Object{System: crm.HubSpot, Name: "contacts"}, benchColumns)
	if err != nil {
		return r, err
	}
	r.Columns = len(mirror.Columns)
	pages := newBenchPages(min(benchPages, (records+benchOnPage-1)/benchOnPage))

	land := func(kind warehouse.Kind) (*warehouse.Reading, time.Duration, error) {
		reading, err := w.Begin(ctx, mirror, kind, time.Now(), 0)
		if err != nil {
			return nil, 0, err
		}
		began := time.Now()
		const group = warehouse.GroupRecords / benchOnPage
		for round := 0; int(reading.Records) < records; round++ {
			for from := 0; from < len(pages) && int(reading.Records) < records; from += group {
				bodies := pages.renumbered(from, from+group, round)
				if err := w.Land(ctx, reading, warehouse.HubSpotResults, bodies, strconv.Itoa(round)); err != nil {
					return nil, 0, err
				}
				for _, b := range bodies {
					r.PageBytes += int64(len(b))
				}
			}
		}
		return reading, time.Since(began), nil
	}
	reading, took, err := land(warehouse.Full)
	if err != nil {
		return r, err
	}
	r.Records, r.Landed = reading.Records, took
	bytes := r.PageBytes
	began := time.Now()
	n, err := w.Finish(ctx, reading, began)
	if err != nil {
		return r, err
	}
	r.Merged = time.Since(began)
	if n.New != r.Records || n.Misfits != 0 || len(n.Absent) != 0 {
		return r, fmt.Errorf("bench land: %d records staged, but merged %+v", r.Records, n)
	}

	pages.change()
	if reading, _, err = land(warehouse.Changes); err != nil {
		return r, err
	}
	began = time.Now()
	if n, err = w.Finish(ctx, reading, began); err != nil {
		return r, err
	}
	r.Remerged, r.PageBytes = time.Since(began), bytes
	if n.New != 0 || n.Changed != r.Records/10 {
		return r, fmt.Errorf("bench land: one record in ten was changed, but merged %+v", n)
	}
	r.Peak = peakMemory()
	return r, nil
}

// peakMemory is VmHWM of /proc/self/status, in bytes.
func peakMemory() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			if err == nil {
				return kib << 10
			}
		}
	}
	return 0
}
