package salesforce

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// usage counts calls by hour, for a limit over rolling 24 hours.
type usage struct {
	hours [24]struct {
		hour  int64 // since 1970
		calls int
	}
}

func (u *usage) used(now time.Time) int {
	sum := 0
	for _, h := range u.hours {
		if now.Unix()/3600-h.hour < 24 {
			sum += h.calls
		}
	}
	return sum
}

// spend counts one call, unless none is left.
func (u *usage) spend(now time.Time, limit int) bool { return u.take(now, limit, 1) }

// take counts several, unless there are not so many left.
func (u *usage) take(now time.Time, limit, n int) bool {
	if u.used(now)+n > limit {
		return false
	}
	hour := now.Unix() / 3600
	h := &u.hours[hour%24]
	if h.hour != hour {
		h.hour, h.calls = hour, 0
	}
	h.calls += n
	return true
}

func (u *usage) header(now time.Time, limit int) string {
	return fmt.Sprintf("api-usage=%d/%d", u.used(now), limit)
}

// fixedLimits are figures of a developer org that the simulator does not count against.
var fixedLimits = map[string]int{
	"ActiveScratchOrgs": 3, "AnalyticsExternalDataSizeMB": 40960, "ConcurrentAsyncGetReportInstances": 200, "ConcurrentSyncReportRuns": 20,
	"DailyAsyncApexExecutions": 250000, "DailyAsyncApexTests": 500, "DailyBulkV2QueryFileStorageMB": 976562, "DailyDeliveredPlatformEvents": 10000,
	"DailyDurableGenericStreamingApiEvents": 10000, "DailyDurableStreamingApiEvents": 10000, "DailyStandardVolumePlatformEvents": 10000,
	"DailyStreamingApiEvents": 10000, "DailyWorkflowEmails": 100000, "DataStorageMB": 5, "DurableStreamingApiConcurrentClients": 20,
	"FileStorageMB": 20, "HourlyAsyncReportRuns": 1200, "HourlyDashboardRefreshes": 200, "HourlyDashboardResults": 5000,
	"HourlyDashboardStatuses": 999999999, "HourlyODataCallout": 1000, "HourlyPublishedPlatformEvents": 50000,
	"HourlyPublishedStandardVolumePlatformEvents": 1000, "HourlySyncReportRuns": 500, "HourlyTimeBasedWorkflow": 50, "MassEmail": 10,
	"PermissionSets": 1500, "SingleEmail": 15, "StreamingApiConcurrentClients": 20,
}

func (c *call) limits([]string) answer {
	if a, fine := c.only(); !fine {
		return a
	}
	type limit struct{ Max, Remaining int }
	out := map[string]limit{}
	for name, n := range fixedLimits {
		out[name] = limit{n, n}
	}
	for name, spent := range map[string]struct {
		of    int
		usage *usage
	}{
		"DailyApiRequests": {c.options.DailyRequests, &c.usage}, "DailyBulkApiBatches": {c.options.DailyBatches, &c.batches},
		"DailyBulkV2QueryJobs": {c.options.DailyQueries, &c.queries},
	} {
		out[name] = limit{spent.of, max(0, spent.of-spent.usage.used(c.options.Now()))}
	}
	return ok(out)
}

func (c *call) recordCount([]string) answer {
	if a, fine := c.only("sObjects"); !fine {
		return a
	}
	type count struct {
		Count int    `json:"count"`
		Name  string `json:"name"`
	}
	counts := []count{}
	wanted := strings.ToLower("," + c.query.Get("sObjects") + ",")
	for _, o := range c.org.Objects() {
		if o.Live() > 0 && !o.Tooling && (wanted == ",," || strings.Contains(wanted, ","+strings.ToLower(o.Name)+",")) {
			counts = append(counts, count{o.Live(), o.Name})
		}
	}
	return ok(map[string]any{"sObjects": counts})
}

// versions is /services/data, which needs no session.
func (c *call) versions() answer {
	if c.method != http.MethodGet {
		return failure(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "HTTP Method '%s' not allowed. Allowed are HEAD,GET", c.method)
	}
	type version struct {
		Label   string `json:"label"`
		URL     string `json:"url"`
		Version string `json:"version"`
	}
	var out []version
	seasons := []string{"Spring", "Summer", "Winter"} // v66 is Spring '26, v65 Winter '26, v64 Summer '25
	for n := oldestVersion; n <= newestVersion; n++ {
		v := fmt.Sprintf("%d.0", n)
		out = append(out, version{fmt.Sprintf("%s '%d", seasons[n%3], (n+13)/3), "/services/data/v" + v, v})
	}
	return ok(out)
}

// resources is /services/data/vNN.N.
func (c *call) resources([]string) answer {
	out := map[string]string{}
	for _, name := range []string{"sobjects", "query", "queryAll", "limits", "composite", "tooling", "jobs"} {
		out[name] = c.base() + "/" + name
	}
	out["identity"] = c.host + "/id/" + c.org.ID.String() + "/" + c.user.String()
	return ok(out)
}
