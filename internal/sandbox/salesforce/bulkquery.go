package salesforce

import (
	"encoding/base64"
	"net/http"
	"strconv"

	"lockstep/internal/sandbox/salesforce/soql"
	"lockstep/internal/sandbox/salesforce/store"
)

func (c *call) createBulkQuery([]string) answer {
	body, a, fine := c.object("operation", "query", "contentType", "columnDelimiter", "lineEnding")
	if !fine {
		return a
	}
	j, a, fine := c.newJob(body)
	if !fine {
		return a
	}
	if j.operation != "query" && j.operation != "queryAll" {
		return failure(http.StatusBadRequest, "INVALIDJOB", "InvalidJob : Unsupported operation: %s", j.operation)
	}
	j.text, _ = body["query"].(string)
	q, err := soql.Parse(j.text)
	var checked *store.Result
	if err == nil {
		checked, err = c.org.Bind(q, c.user, j.operation == "queryAll", false)
	}
	switch {
	case err != nil:
		return failure(http.StatusBadRequest, "API_ERROR", "%s: %s", err.Code, err.Error())
	case q.Count || checked.Grouped || q.Offset > 0:
		return failure(http.StatusBadRequest, "API_ERROR", "FEATURENOTENABLED: aggregate queries and OFFSET are not supported in Bulk Query")
	case checked.Nested:
		return failure(http.StatusBadRequest, "API_ERROR", "FEATURENOTENABLED: TYPEOF and nested queries are not supported in Bulk Query")
	case checked.Compound != "":
		return failure(http.StatusBadRequest, "API_ERROR", "FEATURENOTENABLED: Selecting compound data not supported in Bulk Query")
	case !c.queries.spend(c.options.Now(), c.options.DailyQueries):
		return exceeded("DailyBulkV2QueryJobs")
	}
	j.query, j.object, j.state = true, checked.Object, "UploadComplete"
	j.chunks = len(q.OrderBy) == 0 && q.Limit < 0
	c.keep(j)
	return ok(j.info(c, false))
}

// exceeded refuses a job for which the day's allowance is spent.
func exceeded(limit string) answer {
	return failure(http.StatusBadRequest, "EXCEEDEDQUOTA", "ExceededQuota : %s Limit exceeded.", limit)
}

// pollBulkQuery moves the job on. The records are those of the moment it completes.
func (c *call) pollBulkQuery(args []string) answer {
	j, a, fine := c.find(args[0], true)
	if !fine {
		return a
	}
	switch j.state {
	case "UploadComplete":
		j.state = "InProgress"
	case "InProgress":
		q, err := soql.Parse(j.text)
		if err == nil {
			j.result, err = c.org.Query(q, j.user, j.operation == "queryAll", false)
		}
		j.modified = c.stamp()
		if err != nil {
			j.state = "Failed" // a column went away meanwhile; query jobs do not say why
			break
		}
		j.state, j.processed = "JobComplete", j.result.Len()
		for i := range j.processed {
			j.order = append(j.order, i)
		}
		if len(q.OrderBy) == 0 {
			shuffle(j.processed, j.id, func(a, b int) { j.order[a], j.order[b] = j.order[b], j.order[a] })
		}
	}
	return ok(j.info(c, true))
}

func (c *call) abortBulkQuery(args []string) answer {
	j, a, fine := c.find(args[0], true)
	if !fine {
		return a
	}
	body, a, fine := c.object("state", "id")
	if !fine {
		return a
	}
	if body["state"] != "Aborted" || j.ended() {
		return failure(http.StatusBadRequest, "INVALIDJOBSTATE", "Aborting already Completed Job not allowed")
	}
	j.state, j.modified = "Aborted", c.stamp()
	return ok(j.info(c, false))
}

// bulkQueryResults is one page of CSV. Every page begins with the header; the last one's locator is the
// word null.
func (c *call) bulkQueryResults(args []string) answer {
	if a, fine := c.only("maxRecords", "locator"); !fine {
		return a
	}
	j, a, fine := c.find(args[0], true)
	if !fine {
		return a
	}
	if j.state != "JobComplete" {
		return failure(http.StatusBadRequest, "INVALIDJOBSTATE", "The job has not finished")
	}
	if j.version != c.version {
		return failure(http.StatusConflict, "API_ERROR", "The results were made with API version %s", j.version)
	}
	size, offset := c.options.BulkPage, 0
	if c.query.Has("maxRecords") {
		n, err := strconv.Atoi(c.query.Get("maxRecords"))
		if err != nil || n < 1 {
			return failure(http.StatusBadRequest, "API_ERROR", "maxRecords is not a number above 0")
		}
		size = n
	}
	if c.query.Has("locator") {
		n, valid := unlocate(c.query.Get("locator"))
		if !valid || n > len(j.order) {
			return failure(http.StatusBadRequest, "INVALID_QUERY_LOCATOR", "invalid query locator")
		}
		offset = n
	}
	end := min(offset+size, len(j.order))
	var lines []string
	for _, i := range j.order[offset:end] {
		lines = append(lines, j.line(j.result.CSV(i)))
	}
	locator := "null"
	if end < len(j.order) {
		locator = locate(end)
	}
	a = csvAnswer(j.line(j.result.Columns), lines, j.end()).with("Sforce-Locator", locator).with("Sforce-NumberOfRecords", strconv.Itoa(end-offset))
	a.packed = true
	return a
}

// locate is the locator of an offset, unlocate the offset of a locator.
func locate(offset int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(offset)))
}

func unlocate(locator string) (int, bool) {
	plain, err := base64.RawURLEncoding.DecodeString(locator)
	n, bad := strconv.Atoi(string(plain))
	return n, err == nil && bad == nil && n >= 0
}

// maxResultPages is how many links one answer of resultPages holds.
const maxResultPages = 5

// resultPages is GET /jobs/query/{id}/resultPages, from API 58 on: where the pages are that clients may read at the
// same time.
func (c *call) resultPages(args []string) answer {
	if a, fine := c.only("locator"); !fine {
		return a
	}
	j, a, fine := c.find(args[0], true)
	switch {
	case !fine:
		return a
	case c.before(58):
		return notFound()
	case j.state != "JobComplete":
		return failure(http.StatusBadRequest, "INVALIDJOBSTATE", "The job has not finished")
	case j.version != c.version:
		return failure(http.StatusConflict, "API_ERROR", "The results were made with API version %s", j.version)
	}
	offset, valid := 0, true
	if c.query.Has("locator") {
		if offset, valid = unlocate(c.query.Get("locator")); !valid || offset > len(j.order) {
			return failure(http.StatusBadRequest, "INVALID_QUERY_LOCATOR", "invalid query locator")
		}
	}
	base := c.base() + "/jobs/query/" + j.id
	links := []map[string]string{}
	for ; len(links) < maxResultPages && (offset < len(j.order) || offset == 0 && len(links) == 0); offset += c.options.BulkPage {
		links = append(links, map[string]string{"resultLink": base + "/results?locator=" + locate(offset)})
	}
	out := map[string]any{"resultPages": links, "done": offset >= len(j.order)}
	if offset < len(j.order) {
		out["nextRecordsUrl"] = base + "/resultPages?locator=" + locate(offset)
	}
	return ok(out)
}
