package salesforce

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"lockstep/internal/sandbox/salesforce/store"
)

const (
	jobPage = 1000               // jobs of one page of the list
	jobOpen = 24 * time.Hour     // how long a job may wait for its upload
	jobKept = 7 * 24 * time.Hour // how long a job and its results can be had
)

// age lets time do to a job what it does: one that nobody closes is aborted, and none is kept for ever.
func (c *call) age(j *job) {
	if j == nil {
		return
	}
	old := c.options.Now().Sub(j.opened)
	if j.state == "Open" && old > jobOpen {
		j.state = "Aborted"
	}
	if old > jobKept {
		delete(c.jobs, j.id)
	}
}

func (c *call) listIngest([]string) answer    { return c.list(false) }
func (c *call) listBulkQuery([]string) answer { return c.list(true) }

// list is GET /jobs/ingest and GET /jobs/query: jobs from the newest on, a page at a time, filtered by jobType,
// concurrencyMode and isPkChunkingEnabled.
func (c *call) list(query bool) answer {
	if a, fine := c.only("jobType", "concurrencyMode", "isPkChunkingEnabled", "queryLocator"); !fine {
		return a
	}
	kind := map[bool]string{true: "V2Query", false: "V2Ingest"}[query]
	for name, values := range map[string][]string{
		"jobType": {"BigObjectIngest", "Classic", "V2Ingest", "V2Query"}, "concurrencyMode": {"parallel", "serial"}, "isPkChunkingEnabled": {"true", "false"},
	} {
		if v := c.query.Get(name); c.query.Has(name) && !slices.ContainsFunc(values, func(w string) bool { return strings.EqualFold(v, w) }) {
			return failure(http.StatusBadRequest, "API_ERROR", "%s is not a value of %s", v, name)
		}
	}
	wanted := !c.query.Has("jobType") || strings.EqualFold(c.query.Get("jobType"), kind)
	// Every job of Bulk 2.0 is parallel, and its chunks by primary key are its own affair.
	wanted = wanted && !strings.EqualFold(c.query.Get("concurrencyMode"), "serial") && c.query.Get("isPkChunkingEnabled") != "true"
	first := c.serial
	if c.query.Has("queryLocator") {
		n, valid := unlocate(c.query.Get("queryLocator"))
		if !valid || n > c.serial {
			return failure(http.StatusBadRequest, "INVALID_QUERY_LOCATOR", "invalid query locator")
		}
		first = n
	}
	records := []map[string]any{}
	out := map[string]any{"done": true, "nextRecordsUrl": nil}
	for n := first; n > 0 && wanted; n-- {
		id, _ := store.ParseID(fmt.Sprintf("750Sx%010d", n))
		j := c.jobs[id.String()]
		c.age(j)
		if j == nil || j.query != query || c.jobs[j.id] == nil {
			continue
		}
		if len(records) == jobPage {
			next := url.Values{"queryLocator": {locate(n)}}
			for name, v := range c.query {
				if name != "queryLocator" {
					next[name] = v
				}
			}
			out["done"], out["nextRecordsUrl"] = false, c.base()+"/jobs/"+map[bool]string{true: "query", false: "ingest"}[query]+"?"+next.Encode()
			break
		}
		records = append(records, j.info(c, true))
	}
	out["records"] = records
	return ok(out)
}
