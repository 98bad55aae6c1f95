package salesforce

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"lockstep/internal/sandbox/salesforce/store"
)

// job is a Bulk 2.0 job. It advances when it is looked at: nothing here runs by itself, so that a test
// decides when a job is done.
type job struct {
	id, version string
	query       bool
	user        store.ID
	created     string
	modified    string
	state       string // Open, UploadComplete, InProgress, JobComplete, Failed, Aborted
	object      *store.Object
	operation   string
	key         *store.Field // of an upsert
	delimiter   string       // COMMA, …
	lineEnding  string       // LF or CRLF
	problem     string       // errorMessage of a Failed job
	data        []byte       // the upload
	text        string       // the query
	ordered     *refusals    // of its upload
	opened      time.Time    // when it was made
	chunks      bool         // the query could be split by id: isPkChunkingSupported
	assign      string       // the assignment rule that runs on its rows; store.AssignNone for none
	duplicates  bool         // its rows pass duplicate rules that alert

	header                  string   // as uploaded
	done, failed, untouched []string // result lines of an ingest
	processed               int
	result                  *store.Result // of a query
	order                   []int         // its rows, shuffled
}

var delimiters = map[string]rune{"BACKQUOTE": '`', "CARET": '^', "COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "TAB": '\t'}

// newJob reads what both kinds of jobs have in common.
func (c *call) newJob(body map[string]any) (*job, answer, bool) {
	text := func(key, fallback string) string {
		if body[key] == nil {
			return fallback
		}
		s, _ := body[key].(string)
		return s
	}
	bad := func(format string, args ...any) (*job, answer, bool) {
		return nil, failure(http.StatusBadRequest, "INVALIDJOB", "InvalidJob : "+format, args...), false
	}
	j := &job{
		version: c.version, user: c.user, opened: c.options.Now(), created: c.stamp(), modified: c.stamp(), operation: text("operation", ""),
		delimiter: text("columnDelimiter", "COMMA"), lineEnding: text("lineEnding", "LF"),
	}
	switch {
	case text("contentType", "CSV") != "CSV":
		return bad("Unsupported content type: %s", text("contentType", ""))
	case delimiters[j.delimiter] == 0:
		return bad("Unsupported column delimiter: %s", j.delimiter)
	case j.lineEnding != "LF" && j.lineEnding != "CRLF":
		return bad("Unsupported line ending: %s", j.lineEnding)
	}
	c.serial++
	id, _ := store.ParseID(fmt.Sprintf("750Sx%010d", c.serial))
	j.id = id.String()
	return j, answer{}, true
}

// keep adds a job that was accepted.
func (c *call) keep(j *job) { c.jobs[j.id] = j }

func (c *call) stamp() string {
	return c.options.Now().UTC().Format("2006-01-02T15:04:05") + ".000+0000"
}

// find leads from an id to a job of the wanted kind.
func (c *call) find(id string, query bool) (*job, answer, bool) {
	parsed, _ := store.ParseID(id)
	j := c.jobs[parsed.String()]
	c.age(j)
	if j == nil || j.query != query || c.jobs[j.id] == nil {
		return nil, notFound(), false
	}
	return j, answer{}, true
}

// info is what a job says of itself. A job just created or closed says less than one that is polled.
func (j *job) info(c *call, polled bool) map[string]any {
	m := map[string]any{
		"id": j.id, "operation": j.operation, "object": j.object.Name, "createdById": j.user.String(), "createdDate": j.created,
		"systemModstamp": j.modified, "state": j.state, "concurrencyMode": "Parallel", "contentType": "CSV", "apiVersion": json.Number(j.version), // a number: 60.0
	}
	if j.key != nil {
		m["externalIdFieldName"] = j.key.Name
	}
	if !j.query && j.assign != store.AssignNone {
		m["assignmentRuleId"] = j.assign
	}
	if j.state == "Open" || polled || j.query && j.state == "UploadComplete" {
		m["lineEnding"], m["columnDelimiter"] = j.lineEnding, j.delimiter
	}
	if j.state == "Open" {
		m["contentUrl"] = "services/data/v" + j.version + "/jobs/ingest/" + j.id + "/batches"
	}
	if !polled {
		return m
	}
	m["jobType"] = map[bool]string{true: "V2Query", false: "V2Ingest"}[j.query]
	m["numberRecordsProcessed"], m["retries"], m["totalProcessingTime"] = j.processed, 0, j.processed
	m["apiActiveProcessingTime"], m["apexProcessingTime"] = j.processed, 0
	if j.query {
		m["isPkChunkingSupported"] = j.chunks
		return m
	}
	m["numberRecordsFailed"] = len(j.failed)
	if j.problem != "" {
		m["errorMessage"] = j.problem
	}
	return m
}

// deleteJob serves both kinds.
func (c *call) deleteJob(args []string) answer {
	j, a, fine := c.find(args[0], c.path[4] == "query")
	if !fine {
		return a
	}
	switch j.state {
	case "JobComplete", "Aborted", "Failed":
	case "UploadComplete":
		if !j.query {
			break
		}
		fallthrough
	default:
		return failure(http.StatusBadRequest, "API_ERROR", "Error encountered when deleting the job because the job is not terminated")
	}
	delete(c.jobs, j.id)
	return answer{status: http.StatusNoContent}
}

// ended tells whether results may be asked for.
func (j *job) ended() bool {
	return j.state == "JobComplete" || j.state == "Failed" || j.state == "Aborted"
}

func (j *job) end() string {
	if j.lineEnding == "CRLF" {
		return "\r\n"
	}
	return "\n"
}

// line writes cells as Bulk results do: every one quoted.
func (j *job) line(cells []string) string {
	var b bytes.Buffer
	for i, cell := range cells {
		if i > 0 {
			b.WriteRune(delimiters[j.delimiter])
		}
		b.WriteByte('"')
		b.WriteString(strings.ReplaceAll(cell, `"`, `""`))
		b.WriteByte('"')
	}
	return b.String()
}

// csvAnswer is a file.
func csvAnswer(header string, lines []string, end string) answer {
	var b bytes.Buffer
	b.WriteString(header)
	b.WriteString(end)
	for _, l := range lines {
		b.WriteString(l)
		b.WriteString(end)
	}
	return answer{status: http.StatusOK, body: b.Bytes()}.with("Content-Type", "text/csv")
}

// shuffle puts n things into an order that is the same for the same job and not the one they came in.
func shuffle(n int, seed string, swap func(i, j int)) {
	x := uint64(1469598103934665603)
	for _, c := range []byte(seed) {
		x = (x ^ uint64(c)) * 1099511628211
	}
	for i := n - 1; i > 0; i-- {
		x = x*6364136223846793005 + 1442695040888963407
		swap(i, int((x>>33)%uint64(i+1)))
	}
}
