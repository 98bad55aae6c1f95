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
func (u *usage) spend(now time.Time, limit int) bool {
	if u.used(now) >= limit {
		return false
	}
	hour := now.Unix() / 3600
	h := &u.hours[hour%24]
	if h.hour != hour {
		h.hour, h.calls = hour, 0
	}
	h.calls++
	return true
}

func (u *usage) header(now time.Time, limit int) string {
	return fmt.Sprintf("api-usage=%d/%d", u.used(now), limit)
}

// fixedLimits are figures of a developer org that the simulator does not count against.
var fixedLimits = map[string]int{
	"DailyAsyncApexExecutions": 250000, "DailyBulkApiBatches": 15000, "DailyBulkV2QueryFileStorageMB": 976562,
	"DailyBulkV2QueryJobs": 10000, "DailyDeliveredPlatformEvents": 50000, "DailyStreamingApiEvents": 50000,
	"DailyWorkflowEmails": 5, "DataStorageMB": 5, "FileStorageMB": 20, "HourlyPublishedPlatformEvents": 50000,
	"HourlyTimeBasedWorkflow": 50, "MassEmail": 10, "SingleEmail": 15, "StreamingApiConcurrentClients": 20,
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
	n := c.options.DailyRequests
	out["DailyApiRequests"] = limit{n, n - c.usage.used(c.options.Now())}
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
