package salesforce

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"lockstep/internal/sandbox/salesforce/store"
)

func (c *call) createIngest([]string) answer {
	if b := c.boundary(); b != "" {
		return c.multipartIngest(b)
	}
	j, a, fine := c.newIngest()
	if !fine {
		return a
	}
	return ok(j.info(c, false))
}

// newIngest makes an open job of what the body says.
func (c *call) newIngest() (*job, answer, bool) {
	body, a, fine := c.object("object", "operation", "externalIdFieldName", "contentType", "columnDelimiter", "lineEnding", "assignmentRuleId")
	if !fine {
		return nil, a, false
	}
	j, a, fine := c.newJob(body)
	if !fine {
		return nil, a, false
	}
	name, _ := body["object"].(string)
	if j.object = c.visibleObject(name); j.object == nil {
		return nil, failure(http.StatusBadRequest, "INVALIDENTITY", "Entity '%s' is not supported by the Bulk API.", name), false
	}
	key, _ := body["externalIdFieldName"].(string)
	switch j.operation {
	case "insert", "update", "delete", "hardDelete":
	case "upsert":
		f := j.object.Field(key)
		if f == nil || !c.org.Visible(c.user, f) || !f.ExternalID && !f.IDLookup {
			return nil, failure(http.StatusBadRequest, "INVALIDJOB", "InvalidJob : Field name provided, %s does not match an External ID, Salesforce Id, or indexed field for %s", key, name), false
		}
		j.key = f
	default:
		return nil, failure(http.StatusBadRequest, "INVALIDJOB", "InvalidJob : Unsupported operation: %s", j.operation), false
	}
	j.assign = store.AssignNone // only a job that names a rule runs one
	if body["assignmentRuleId"] != nil {
		rule, _ := body["assignmentRuleId"].(string)
		if !c.org.AssignmentRuleOf(j.object, rule) {
			return nil, failure(http.StatusBadRequest, "INVALIDJOB", "InvalidJob : Invalid assignment rule id: %s", rule), false
		}
		j.assign = rule
	}
	if c.options.Rules.BulkHonoursDuplicateHeader {
		options, a, fine := c.duplicateHeader()
		if !fine {
			return nil, a, false
		}
		j.duplicates = options["allowsave"]
	}
	if c.batches.used(c.options.Now()) >= c.options.DailyBatches {
		return nil, exceeded("DailyBulkApiBatches"), false
	}
	j.state = "Open"
	c.keep(j)
	return j, answer{}, true
}

func (c *call) upload(args []string) answer {
	j, a, fine := c.find(args[0], false)
	if !fine {
		return a
	}
	if kind, _, _ := mime.ParseMediaType(c.header.Get("Content-Type")); kind != "text/csv" {
		return failure(http.StatusBadRequest, "INVALIDBATCH", "InvalidBatch : Content type %s is not text/csv", c.header.Get("Content-Type"))
	}
	if j.state != "Open" || j.data != nil {
		return failure(http.StatusBadRequest, "INVALIDJOBSTATE", "Found multiple contents for job: <%s>, please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.", j.id)
	}
	j.data, j.ordered = append([]byte{}, c.body...), c.ordered
	return answer{status: http.StatusCreated}
}

func (c *call) patchIngest(args []string) answer {
	j, a, fine := c.find(args[0], false)
	if !fine {
		return a
	}
	body, a, fine := c.object("state", "id")
	if !fine {
		return a
	}
	switch state, _ := body["state"].(string); {
	case state == "Aborted" && j.ended():
		return failure(http.StatusBadRequest, "INVALIDJOBSTATE", "Aborting already Completed Job not allowed")
	case state == "Aborted":
		j.state, j.modified = state, c.stamp()
	case state == "UploadComplete" && j.state == "Open":
		j.state, j.modified = state, c.stamp()
	case state == "UploadComplete":
		return failure(http.StatusBadRequest, "INVALIDJOBSTATE", "Closing already %s Job not allowed", j.state)
	default:
		return failure(http.StatusBadRequest, "INVALIDJOBSTATE", "Job state %s is not supported", state)
	}
	return ok(j.info(c, false))
}

// pollIngest moves the job on: uploaded, in progress, done.
func (c *call) pollIngest(args []string) answer {
	j, a, fine := c.find(args[0], false)
	if !fine {
		return a
	}
	switch j.state {
	case "UploadComplete":
		j.state = "InProgress"
	case "InProgress":
		j.state = "JobComplete"
		if j.problem = c.ingest(j); j.problem != "" {
			j.state = "Failed"
		}
		j.modified = c.stamp()
	}
	return ok(j.info(c, true))
}

// ingest saves the rows of an upload; what it returns fails the whole job.
func (c *call) ingest(j *job) string {
	first, _, _ := bytes.Cut(j.data, []byte("\n"))
	j.header = strings.TrimSuffix(string(first), "\r")
	if crlf := bytes.Contains(j.data, []byte("\r\n")); crlf != (j.lineEnding == "CRLF") && len(bytes.TrimSpace(j.data)) > len(first) {
		return "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is " + j.lineEnding
	}
	r := csv.NewReader(bytes.NewReader(j.data))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = delimiters[j.delimiter], -1, false
	header, err := r.Read()
	if err != nil {
		return "InvalidBatch : The CSV file has no header"
	}
	if problem := headerTooLong(j.header, header); problem != "" {
		return problem
	}
	if problem := c.badHeader(j, header); problem != "" {
		return problem
	}
	c.user = j.user
	t := c.transaction()
	t.Assign, t.AllowDuplicates = j.assign, j.duplicates
	seen := map[string]int{}
	var rows [][]string
	var drafts []store.Draft
	var faults []store.Errors
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var d store.Draft
		var errs store.Errors
		switch {
		case err != nil || len(row) != len(header):
			errs = store.Errors{{Code: "INVALID_CSV_ROW", Message: "The row does not fit the header"}}
			row = append(row, make([]string, len(header))...)[:len(header)]
		case rowTooLong(row):
			errs = store.Errors{{Code: "INVALID_CSV_ROW", Message: "The row or one of its values is too long"}}
		default:
			d, errs = t.ReadCSV(j.object, header, row)
		}
		echo(j.object, header, row)
		if errs == nil && j.key != nil && d.Has(j.key) {
			seen[d.Key(j.key)]++
		}
		rows, drafts, faults = append(rows, row), append(drafts, d), append(faults, errs)
	}
	if !c.batches.take(c.options.Now(), c.options.DailyBatches, (len(drafts)+batchRows-1)/batchRows) {
		return "ExceededQuota : DailyBulkApiBatches Limit exceeded."
	}
	for i, d := range drafts {
		created := false
		var id store.ID
		errs := faults[i]
		if errs == nil && j.key != nil && d.Has(j.key) && seen[d.Key(j.key)] > 1 {
			errs = store.Errors{{Code: "DUPLICATE_VALUE", Message: "Duplicate external id specified: " + d.Text(j.key), Fields: []string{j.key.Name}}}
		}
		if errs == nil {
			errs = j.ordered.next()
		}
		if errs == nil {
			id, created, errs = c.ingestRow(t, j, d)
			t.Keep() // rows stand alone: nothing takes this one back
		}
		if errs != nil {
			j.failed = append(j.failed, j.line(append([]string{d.ID, bulkError(errs)}, rows[i]...)))
			continue
		}
		j.done = append(j.done, j.line(append([]string{id.String(), map[bool]string{true: "true", false: "false"}[created]}, rows[i]...)))
	}
	j.processed = len(drafts)
	shuffle(len(j.done), j.id, func(a, b int) { j.done[a], j.done[b] = j.done[b], j.done[a] })
	shuffle(len(j.failed), j.id, func(a, b int) { j.failed[a], j.failed[b] = j.failed[b], j.failed[a] })
	return ""
}

func (c *call) ingestRow(t *store.Tx, j *job, d store.Draft) (id store.ID, created bool, errs store.Errors) {
	switch j.operation {
	case "insert":
		id, errs = t.Create(d)
		return id, true, errs
	case "update":
		id, errs = t.Update(d)
	case "upsert":
		return t.Upsert(j.key, d)
	case "hardDelete":
		id, _ = store.ParseID(d.ID)
		errs = t.HardDelete(j.object, d.ID)
	default:
		id, _ = store.ParseID(d.ID)
		errs = t.Delete(j.object, d.ID)
	}
	return id, false, errs
}

// badHeader says which column of a header the object does not have; the first alone is named.
func (c *call) badHeader(j *job, header []string) string {
	visible := func(o *store.Object, name string) *store.Field {
		if o == nil {
			return nil
		}
		if f := o.Field(name); f != nil && c.org.Visible(j.user, f) {
			return f
		}
		return nil
	}
	for _, name := range header {
		relation, key, dotted := strings.Cut(name, ".")
		if !dotted {
			if visible(j.object, name) == nil {
				return "InvalidBatch : Field name not found : " + name
			}
			if j.operation == "insert" && strings.EqualFold(name, "Id") {
				return "InvalidBatch : Field name not found : " + name
			}
			if strings.HasSuffix(j.operation, "elete") && !strings.EqualFold(name, "Id") {
				return "InvalidBatch : Field name not found : " + name
			}
			continue
		}
		kind, relation, typed := strings.Cut(relation, ":")
		if !typed {
			relation = kind
		}
		f := j.object.Relation(relation)
		if f == nil {
			return "InvalidBatch : Field name not found : " + name
		}
		if typed && !f.Polymorphic() {
			return "InvalidBatch : type is not needed for non polymorphic foreign key references: " + name
		}
		found := false
		for _, target := range f.RefersTo {
			if typed && !strings.EqualFold(kind, target) {
				continue
			}
			k := visible(c.org.Object(target), key)
			found = found || k != nil && (k.IDLookup || k.ExternalID)
		}
		if !found {
			return "InvalidBatch : Field name not found : " + name
		}
	}
	if (j.operation == "update" || strings.HasSuffix(j.operation, "elete")) && !strings.Contains(","+strings.ToLower(strings.Join(header, ","))+",", ",id,") {
		return "InvalidBatch : Id column is missing"
	}
	if j.key != nil && !strings.Contains(","+strings.ToLower(strings.Join(header, ","))+",", ","+strings.ToLower(j.key.Name)+",") {
		return "InvalidBatch : " + j.key.Name + " column is missing"
	}
	return ""
}

// bulkError is sf__Error: CODE:message:fields --
func bulkError(errs store.Errors) string {
	e := errs[0]
	if len(e.Fields) == 0 {
		return e.Code + ":" + e.Message + ":--"
	}
	return e.Code + ":" + e.Message + ":" + strings.Join(e.Fields, " ") + " --"
}

// results is one of the three files of a job that has ended. sf__ names are quoted, uploaded ones are not.
func (c *call) results(id, extra string, lines func(*job) []string) answer {
	j, a, fine := c.find(id, false)
	if !fine {
		return a
	}
	if !j.ended() {
		return failure(http.StatusBadRequest, "INVALIDJOBSTATE", "The job has not finished")
	}
	header := j.header
	if extra != "" {
		d := string(delimiters[j.delimiter])
		header = `"sf__Id"` + d + `"` + extra + `"` + d + header
	}
	return csvAnswer(header, lines(j), j.end())
}

func (c *call) successfulResults(args []string) answer {
	return c.results(args[0], "sf__Created", func(j *job) []string { return j.done })
}

func (c *call) failedResults(args []string) answer {
	return c.results(args[0], "sf__Error", func(j *job) []string { return j.failed })
}

// unprocessedRecords are the rows of a job that failed as a whole or was aborted.
func (c *call) unprocessedRecords(args []string) answer {
	return c.results(args[0], "", func(j *job) []string {
		if j.state == "JobComplete" {
			return nil
		}
		_, rest, _ := strings.Cut(string(j.data), "\n")
		rest = strings.TrimSuffix(strings.TrimSuffix(rest, "\n"), "\r")
		if rest == "" {
			return nil
		}
		return []string{rest}
	})
}
