package salesforce

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"lockstep/internal/wire"
)

// BulkQuery describes a query by Bulk API 2.0. Not allowed in it: GROUP BY, OFFSET, TYPEOF,
// aggregates, subqueries for children, compound fields (addresses). It may have 100,000
// characters. ORDER BY and LIMIT make Salesforce slower.
type BulkQuery struct {
	SOQL     string
	All      bool // deleted, merged and archived records too
	PageRows int  // at most, per page; 0: 50,000

	Progress func(Job) // nil: nothing
}

// pageRows keeps a page of CSV at some tens of megabytes.
const pageRows = 50_000

// CSVPage is one page of a bulk query's answer, as it came: every page begins with the header
// row. Columns stand in the order of the SELECT, empty is null, instants end in Z.
type CSVPage struct {
	Body    []byte
	Records int64 // as the server counts them; -1: it did not say
}

// BulkQuery runs a query as a job and yields its pages ("Create a Query Job", "Get Results for a
// Query Job"): one call to create, one per poll, one per page. 10,000 jobs per 24 hours.
func (c *Client) BulkQuery(ctx context.Context, q BulkQuery) iter.Seq2[CSVPage, error] {
	return func(yield func(CSVPage, error) bool) {
		operation := "query"
		if q.All {
			operation = "queryAll"
		}
		// A job created twice only reads twice.
		j, err := c.createJob(ctx, queryJob, map[string]string{
			"operation": operation, "query": q.SOQL, "contentType": "CSV", "columnDelimiter": "COMMA", "lineEnding": "LF",
		}, true)
		if err == nil {
			j, err = c.wait(ctx, queryJob, j.ID, q.Progress)
		}
		if err == nil && j.State != JobComplete {
			err = c.jobError(queryJob, j)
		}
		if err != nil {
			yield(CSVPage{}, err)
			return
		}
		for page, err := range c.queryPages(ctx, j.ID, q.PageRows) {
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

func (c *Client) queryPages(ctx context.Context, id string, rows int) iter.Seq2[CSVPage, error] {
	if rows <= 0 {
		rows = pageRows
	}
	return func(yield func(CSVPage, error) bool) {
		for locator := ""; ; {
			query := url.Values{"maxRecords": {strconv.Itoa(rows)}}
			if locator != "" {
				query.Set("locator", locator)
			}
			res, err := c.wire.Do(ctx, wire.Request{
				Method: http.MethodGet, Path: c.jobPath(queryJob, id) + "/results", Endpoint: queryJob.endpoint("results"),
				Query: query, Accept: "text/csv", Timeout: c.writeTimeout(),
			})
			if err != nil {
				yield(CSVPage{}, err)
				return
			}
			page := CSVPage{Body: res.Body, Records: -1}
			if n, err := strconv.ParseInt(res.Header.Get("Sforce-NumberOfRecords"), 10, 64); err == nil {
				page.Records = n
			}
			// The last page says "null", as a word.
			next := res.Header.Get("Sforce-Locator")
			if next == locator && next != "" {
				yield(CSVPage{}, c.wire.Fail(http.MethodGet, queryJob.endpoint("results"), res.Status, wire.Verdict{
					Kind: wire.Stop, Detail: "the page after this one is this one",
				}, false))
				return
			}
			if !yield(page, nil) || next == "" || next == "null" {
				return
			}
			locator = next
		}
	}
}
