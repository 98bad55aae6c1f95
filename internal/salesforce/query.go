package salesforce

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/wire"
)

// Page is one page of a query's answer, as it came.
type Page struct {
	Body  json.RawMessage // {"totalSize":…,"done":…,"records":[…]}
	Total int             // records of all pages
	Done  bool            // no page follows
}

// pathMax is the longest path and query this client sends. Salesforce refuses requests whose URI
// and headers together have more than 16,384 bytes (431); a token can take two thousand.
const pathMax = 13_000

// Fits says whether a query is short enough for Query and QueryAll. A longer one (a list of many
// ids) has to be cut into several, or go through BulkQuery.
func Fits(soql string) bool { return len(url.QueryEscape(soql)) <= pathMax-100 }

// Query runs a query and yields its pages in order, of up to 2,000 records. A page costs one
// call. A cursor lives two days ("Query", "Query More Results").
func (c *Client) Query(ctx context.Context, soql string) iter.Seq2[Page, error] {
	return c.query(ctx, "query", soql)
}

// QueryAll is Query over deleted, merged and archived records too ("QueryAll"); deleted ones are
// seen as long as the recycle bin keeps them, about 15 days.
func (c *Client) QueryAll(ctx context.Context, soql string) iter.Seq2[Page, error] {
	return c.query(ctx, "queryAll", soql)
}

// ToolingQuery is Query over the Tooling API's objects: CustomField and the like ("Query" in the
// Tooling API guide).
func (c *Client) ToolingQuery(ctx context.Context, soql string) iter.Seq2[Page, error] {
	return c.query(ctx, "tooling/query", soql)
}

func (c *Client) query(ctx context.Context, resource, soql string) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		if !Fits(soql) {
			yield(Page{}, crm.WithHint(fmt.Errorf("salesforce: GET %s: a query of %d bytes does not fit a URL", resource, len(soql)),
				"ask for fewer records or fields at once"))
			return
		}
		next := c.base + "/" + resource + "?q=" + url.QueryEscape(soql)
		for next != "" {
			res, err := c.wire.Do(ctx, wire.Request{Method: http.MethodGet, Path: next, Endpoint: resource})
			if err != nil {
				yield(Page{}, err)
				return
			}
			var head struct {
				TotalSize      *int   `json:"totalSize"`
				Done           bool   `json:"done"`
				NextRecordsURL string `json:"nextRecordsUrl"`
			}
			err = json.Unmarshal(res.Body, &head)
			if err != nil || head.TotalSize == nil || !head.Done && head.NextRecordsURL == "" {
				yield(Page{}, c.wire.Fail(http.MethodGet, resource, res.Status, wire.Verdict{
					Kind: wire.Stop, Detail: "the answer is no page of a query",
				}, false))
				return
			}
			if !yield(Page{Body: res.Body, Total: *head.TotalSize, Done: head.Done}, nil) || head.Done {
				return
			}
			// Opaque, and /query/… even after queryAll.
			next = "/" + strings.TrimLeft(head.NextRecordsURL, "/")
		}
	}
}
