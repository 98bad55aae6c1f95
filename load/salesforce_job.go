package load

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"lockstep/internal/salesforce"
	"lockstep/internal/wire"
)

// jobFrom is where a job of Bulk API 2.0 (create, upload, close, a few polls, three results) is cheaper than upserts of
// 200, for which looking up and reading back cost the same.
const jobFrom = 2000

var _ jobs = (*Salesforce)(nil)

// JobFrom is BulkFrom, or 2,000.
func (s *Salesforce) JobFrom() int { return cmp.Or(s.BulkFrom, jobFrom) }

// polls is how often a job of a few thousand records is asked after, with growing pauses: a minute's.
const polls = 8

// JobCalls are those of one job: its records are looked up as those of a batch are, and retrieved 2,000 at a time.
func (s *Salesforce) JobCalls(records int) []Calls {
	of := func(size int) int { return (records + size - 1) / size }
	return []Calls{
		{"query", of(s.Size())}, {"bulk ingest create", 1}, {"bulk ingest upload", 1}, {"bulk ingest close", 1}, {"bulk ingest poll", polls},
		{"bulk ingest results", 3}, {"collections retrieve", of(salesforce.RetrieveMax)},
	}
}

// Await polls the job until it is over. One that is still open has nothing to do, for its upload may be incomplete, and is
// aborted; Salesforce forgets a job after seven days.
func (s *Salesforce) Await(ctx context.Context, id string) error {
	j, err := s.Client.IngestJob(ctx, id)
	var e *wire.Error
	if errors.As(err, &e) && e.Status == http.StatusNotFound {
		return nil
	}
	if err != nil || j.State.Over() {
		return err
	}
	if j.State == salesforce.JobOpen {
		_, err = s.Client.AbortIngest(ctx, id)
		return err
	}
	_, err = s.Client.WaitIngest(ctx, id, nil)
	return err
}

// createJob upserts the rows on the stamped field by a job, and retrieves what was made.
func (s *Salesforce) createJob(ctx context.Context, b Batch) (Answer, error) {
	columns := []string{b.Key}
	seen := map[string]bool{b.Key: true}
	var rows []salesforce.Row
	for _, r := range b.Rows {
		values := map[string]any{b.Key: r.Key}
		for name, v := range r.Values {
			if v == nil {
				continue // there is nothing to clear in a new record
			}
			values[name] = *v
			if !seen[name] {
				seen[name] = true
				columns = append(columns, name)
			}
		}
		rows = append(rows, salesforce.Row{Object: b.Object, Values: values})
	}
	csv, err := salesforce.IngestCSV(columns, rows)
	if err == nil && len(csv) > salesforce.IngestMax {
		err = errors.New("more than a job's upload takes")
	}
	if err != nil {
		return Answer{}, &Rejected{Err: err} // half of it fits, or goes without a job
	}
	job, err := s.Client.CreateIngest(ctx, salesforce.Ingest{Object: b.Object, Operation: "upsert", Key: b.Key})
	if err != nil {
		return Answer{}, rejected(written(err, false))
	}
	if err := b.Job(job.ID); err != nil {
		return Answer{}, err
	}
	if err := s.Client.Upload(ctx, job.ID, csv); err != nil {
		if _, aborted := s.Client.AbortIngest(ctx, job.ID); aborted == nil {
			return Answer{}, written(err, false)
		}
		return Answer{}, err
	}
	if _, err := s.Client.CloseIngest(ctx, job.ID); err != nil {
		return Answer{}, err
	}
	// From here on the job works: whatever fails, its records may be there.
	if job, err = s.Client.WaitIngest(ctx, job.ID, nil); err != nil {
		return Answer{}, written(err, true)
	}
	told, unprocessed, err := s.Client.IngestResults(ctx, job.ID, b.Key)
	if err != nil {
		return Answer{}, written(err, true)
	}
	if failed := s.Client.JobError(job); failed != nil && len(unprocessed) == len(b.Rows) {
		return Answer{}, rejectedJob(failed)
	}
	return s.answer(ctx, b, told)
}

// answer puts a job's results in the order of the rows, each with its record.
func (s *Salesforce) answer(ctx context.Context, b Batch, told []salesforce.IngestRow) (Answer, error) {
	outcomes := map[string]salesforce.Outcome{}
	var made []string
	for _, row := range told {
		outcomes[row.Key] = row.Outcome
		if row.Outcome.OK {
			made = append(made, row.Outcome.ID)
		}
	}
	found := map[string]Record{}
	if read, err := s.Read(ctx, b.Object, made, b.Columns); err == nil { // else: written, and without a Record
		found = byID(read)
	}
	var a Answer
	for _, r := range b.Rows {
		o, ok := outcomes[r.Key]
		if !ok {
			a.Outcomes = append(a.Outcomes, Outcome{Later: "the job ended before it came to this record"})
			continue
		}
		one := salesforceOutcome(o)
		one.Existed = o.OK && !o.Created
		if rec, ok := found[o.ID]; ok && o.OK && rec.Gone == "" {
			one.Record = &rec
		}
		a.Outcomes = append(a.Outcomes, one)
	}
	return a, nil
}

// written says of a call's error whether records may have been written, which the call itself cannot tell of its job.
func written(err error, maybe bool) error {
	var e *wire.Error
	if errors.As(err, &e) {
		e.Uncertain = maybe
	}
	return err
}

// rejectedJob is the error of a job that wrote nothing, such as one with a column that does not exist.
func rejectedJob(err error) error {
	var e *wire.Error
	if !errors.As(err, &e) {
		return err
	}
	columns := namedIn(e.Fields, e.Message)
	return &Rejected{
		Refusals: []Refusal{{Category: salesforceCategory(e.Code, e.Kind, e.Message), Columns: columns, Code: e.Code, Words: e.Message}},
		All:      e.Kind == wire.Mapping && len(columns) > 0, Err: err,
	}
}
