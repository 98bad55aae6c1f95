package salesforce

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"time"

	"lockstep/internal/wire"
)

// JobState is where a bulk job stands.
type JobState string

// Open → UploadComplete → InProgress → one of the last three. A query's starts at UploadComplete.
const (
	JobOpen           JobState = "Open" // waits for its upload, at most 24 hours
	JobUploadComplete JobState = "UploadComplete"
	JobInProgress     JobState = "InProgress"
	JobComplete       JobState = "JobComplete" // of an ingest: rows may have failed all the same
	JobFailed         JobState = "Failed"      // of an ingest: rows written before stay written
	JobAborted        JobState = "Aborted"
)

// Over says whether the job has ended, one way or another.
func (s JobState) Over() bool { return s == JobComplete || s == JobFailed || s == JobAborted }

// Job is a bulk job. Salesforce keeps it for seven days.
type Job struct {
	ID        string   `json:"id"`
	Object    string   `json:"object"`
	Operation string   `json:"operation"`
	State     JobState `json:"state"`
	Processed int64    `json:"numberRecordsProcessed"` // failed ones included
	Failed    int64    `json:"numberRecordsFailed"`
	Message   string   `json:"errorMessage"` // of a failed job; may be missing, may quote values
}

// Jobs are of two kinds, each with its own path.
type jobKind string

const (
	queryJob  jobKind = "query"
	ingestJob jobKind = "ingest"
)

func (k jobKind) endpoint(verb string) string { return "bulk " + string(k) + " " + verb }

func (c *Client) jobPath(k jobKind, id string) string {
	path := c.base + "/jobs/" + string(k)
	if id != "" {
		path += "/" + id
	}
	return path
}

// createJob is POST; Salesforce answers 200, not 201.
func (c *Client) createJob(ctx context.Context, k jobKind, body any, idempotent bool) (Job, error) {
	return c.sendJob(ctx, k, "create", http.MethodPost, "", body, idempotent)
}

func (c *Client) sendJob(ctx context.Context, k jobKind, verb, method, id string, body any, idempotent bool) (Job, error) {
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			return Job{}, err
		}
	}
	res, err := c.wire.Do(ctx, wire.Request{
		Method: method, Path: c.jobPath(k, id), Endpoint: k.endpoint(verb), Body: raw, Idempotent: idempotent, ReadOnly: k == queryJob,
		Header: http.Header{"Sforce-Call-Options": {"client=lockstep"}},
	})
	if err != nil {
		return Job{}, err
	}
	var j Job
	if err := c.decode(method, k.endpoint(verb), res, &j, method != http.MethodGet); err != nil {
		return Job{}, err
	}
	if j.ID == "" || j.State == "" {
		return Job{}, c.wire.Fail(method, k.endpoint(verb), res.Status, wire.Verdict{Kind: wire.Stop, Detail: "the answer is no job"}, method != http.MethodGet)
	}
	return j, nil
}

// wait polls a job until it is over: after 1 second, then with growing pauses up to 30. Each poll
// costs a call. progress may be nil.
func (c *Client) wait(ctx context.Context, k jobKind, id string, progress func(Job)) (Job, error) {
	for pause := time.Second; ; pause = min(pause*3/2, 30*time.Second) {
		j, err := c.sendJob(ctx, k, "poll", http.MethodGet, id, nil, true)
		if err != nil {
			return Job{}, err
		}
		if progress != nil {
			progress(j)
		}
		if j.State.Over() {
			return j, nil
		}
		if err := c.sleep(ctx, pause); err != nil {
			return Job{}, err
		}
	}
}

var jobCodeForm = regexp.MustCompile(`^(\w+) : `)

// jobError is the error of a job that failed or was aborted: "InvalidBatch : Field name not
// found : Foo__c", which names only the first such field, and means one hidden from the user too.
func (c *Client) jobError(k jobKind, j Job) error {
	v := wire.Verdict{Kind: wire.Stop, Code: string(j.State), Message: j.Message}
	if found := jobCodeForm.FindStringSubmatch(j.Message); found != nil {
		v.Code = found[1]
		if kind := kindOf(strings.ToUpper(v.Code), j.Message); kind != "" {
			v.Kind = kind
		}
	}
	v.Detail = names(v.Code, j.Message)
	return c.wire.Fail(http.MethodGet, k.endpoint("job"), http.StatusOK, v, k == ingestJob)
}
