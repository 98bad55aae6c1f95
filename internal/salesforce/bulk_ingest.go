package salesforce

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"lockstep/internal/wire"
)

// IngestMax is how many bytes one upload may have: Salesforce takes 150 MB after base64.
const IngestMax = 100_000_000

// Ingest describes a write by Bulk API 2.0. Each of its steps is a method, since a job's id has
// to be kept before its data goes out: CreateIngest, Upload, CloseIngest, WaitIngest, then
// IngestResults. Rows of one parent should stand together: batches run at the same time and lock
// parents. Duplicate-rule headers are REST's; a rule that warns may refuse here.
type Ingest struct {
	Object    string
	Operation string // insert, update, upsert, delete
	Key       string // external id of an upsert
}

// CreateIngest creates a job ("Create a Job"). It is never sent twice; a job that is not closed
// does nothing and ends after 24 hours.
func (c *Client) CreateIngest(ctx context.Context, i Ingest) (Job, error) {
	body := map[string]string{
		"object": i.Object, "operation": i.Operation, "contentType": "CSV", "lineEnding": "LF", "columnDelimiter": "COMMA",
	}
	if i.Key != "" {
		body["externalIdFieldName"] = i.Key
	}
	return c.createJob(ctx, ingestJob, body, false)
}

// Upload sends a job's rows ("Upload Job Data"), once. IngestCSV makes them. Nothing is written
// before CloseIngest: an Upload that is uncertain is best followed by AbortIngest.
func (c *Client) Upload(ctx context.Context, id string, csv []byte) error {
	if len(csv) > IngestMax {
		return fmt.Errorf("salesforce: bulk ingest upload: %d bytes, a job takes %d", len(csv), IngestMax)
	}
	_, err := c.wire.Do(ctx, wire.Request{
		Method: http.MethodPut, Path: c.jobPath(ingestJob, id) + "/batches", Endpoint: ingestJob.endpoint("upload"),
		Body: csv, ContentType: "text/csv", NoBody: true, Timeout: 5 * c.timeout,
	})
	return err
}

// CloseIngest says that the upload is complete ("Close or Abort a Job"); processing starts.
func (c *Client) CloseIngest(ctx context.Context, id string) (Job, error) {
	j, err := c.sendJob(ctx, ingestJob, "close", http.MethodPatch, id, map[string]JobState{"state": JobUploadComplete}, true)
	var e *wire.Error
	if errors.As(err, &e) && e.Uncertain {
		// Closing a closed job is refused. An answer was lost, so this one may be closed.
		if now, pollErr := c.IngestJob(ctx, id); pollErr == nil && now.State != JobOpen {
			return now, nil
		}
	}
	return j, err
}

// AbortIngest ends a job ("Close or Abort a Job"). What was written stays written.
func (c *Client) AbortIngest(ctx context.Context, id string) (Job, error) {
	return c.sendJob(ctx, ingestJob, "abort", http.MethodPatch, id, map[string]JobState{"state": JobAborted}, true)
}

// IngestJob reads a job ("Get Information About a Job"). After seven days it is NOT_FOUND.
func (c *Client) IngestJob(ctx context.Context, id string) (Job, error) {
	return c.sendJob(ctx, ingestJob, "poll", http.MethodGet, id, nil, true)
}

// WaitIngest polls a job until it is over. A job that failed is no error here: rows may have been
// written, and IngestResults says which. JobError tells why it failed.
func (c *Client) WaitIngest(ctx context.Context, id string, progress func(Job)) (Job, error) {
	return c.wait(ctx, ingestJob, id, progress)
}

// JobError is why a job failed or was aborted; nil for one that is complete or not over.
func (c *Client) JobError(j Job) error {
	if j.State != JobFailed && j.State != JobAborted {
		return nil
	}
	return c.jobError(ingestJob, j)
}

// IngestRow is what became of one row. Answers come in any order, and a failed insert has no id:
// Key, the row's value in the column asked for, tells which row it is.
type IngestRow struct {
	Key     string
	Outcome Outcome
}

// IngestResults are the outcomes of a job that is over ("Get Job Successful Record Results" and
// its two neighbours): three calls. Rows in unprocessed were not touched.
func (c *Client) IngestResults(ctx context.Context, id, key string) (rows []IngestRow, unprocessed []string, err error) {
	for _, part := range []string{"successfulResults", "failedResults", "unprocessedrecords"} { // spelled so
		endpoint := ingestJob.endpoint(part)
		res, err := c.wire.Do(ctx, wire.Request{
			Method: http.MethodGet, Path: c.jobPath(ingestJob, id) + "/" + part, Endpoint: endpoint,
			Accept: "text/csv", Timeout: c.writeTimeout(), NoBody: true,
		})
		if err != nil {
			return nil, nil, err
		}
		table, err := readTable(res.Body)
		if err != nil || len(table.rows) > 0 && table.column(key) < 0 {
			return nil, nil, c.wire.Fail(http.MethodGet, endpoint, res.Status, wire.Verdict{
				Kind: wire.Stop, Detail: "the answer is no table with the column " + key,
			}, false)
		}
		at := table.column(key)
		for _, row := range table.rows {
			if part == "unprocessedrecords" {
				unprocessed = append(unprocessed, row[at])
				continue
			}
			o := Outcome{ID: ID18(table.cell(row, "sf__Id")), OK: part == "successfulResults", Created: table.cell(row, "sf__Created") == "true"}
			if !o.OK {
				o.Refusals = []Refusal{bulkRefusal(table.cell(row, "sf__Error"))}
			}
			rows = append(rows, IngestRow{Key: row[at], Outcome: o})
		}
	}
	return rows, unprocessed, nil
}

// bulkRefusal reads "CODE:message:Field1 Field2 --" or "CODE:message:--". The message may hold
// colons and line ends.
func bulkRefusal(text string) Refusal {
	code, rest, _ := strings.Cut(text, ":")
	message, fields := rest, []string(nil)
	if cut, found := strings.CutSuffix(rest, "--"); found {
		message = cut
		if at := strings.LastIndex(cut, ":"); at >= 0 {
			message, fields = cut[:at], strings.Fields(cut[at+1:])
		}
	}
	return refusal(code, message, fields)
}

type table struct {
	header []string
	rows   [][]string
}

func readTable(body []byte) (table, error) {
	all, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil || len(all) == 0 {
		return table{}, err
	}
	return table{all[0], all[1:]}, nil
}

// column is the place of a column, -1 if there is none; names of columns ignore case.
func (t table) column(name string) int {
	for i, h := range t.header {
		if strings.EqualFold(h, name) {
			return i
		}
	}
	return -1
}

func (t table) cell(row []string, name string) string {
	if i := t.column(name); i >= 0 {
		return row[i]
	}
	return ""
}

// null is how a bulk CSV clears a field; an empty cell leaves it alone.
const null = "#N/A"

// IngestCSV is the upload for rows of one object. columns are the header: field names, "Id", or
// "Account.Key__c" for a reference by external id. A row's value is text; nil and "" clear, and a
// column that is not among a row's Values is left alone.
func IngestCSV(columns []string, rows []Row) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	if err := w.Write(columns); err != nil {
		return nil, err
	}
	cells := make([]string, len(columns))
	for n, r := range rows {
		for i, column := range columns {
			value, has := r.Values[column]
			switch {
			case strings.EqualFold(column, "Id") && !has:
				cells[i] = r.ID
			case !has:
				cells[i] = ""
			case value == nil || value == "":
				cells[i] = null
			default:
				text, ok := value.(string)
				if !ok {
					return nil, fmt.Errorf("salesforce: row %d: %s is %T, bulk takes text", n+1, column, value)
				}
				if text == null {
					return nil, fmt.Errorf("salesforce: row %d: %s holds what bulk takes for a blank", n+1, column)
				}
				// A carriage return inside a value fails the whole job: its lines would end in two ways.
				cells[i] = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
			}
		}
		if err := w.Write(cells); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}
