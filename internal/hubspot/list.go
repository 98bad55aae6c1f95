package hubspot

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Limits of a list and of the address it is asked at ("Contacts": GET /crm/objects/{version}/{object}).
const (
	listPage        = 100   // records a page
	listPageHistory = 50    // with property histories
	addressLength   = 6_000 // characters of query; HubSpot answers 414 beyond some 8,000
)

// ListQuery says what a list holds.
type ListQuery struct {
	Properties  []string // none: the object's default ones
	WithHistory []string // properties whose history comes along; pages are then 50 long
	Archived    bool     // the archived records alone, with archivedAt, instead of the live ones
	After       string   // a Page.After, to go on from there
}

// List yields all live (or all archived) records in order of their ids, page by page. Fresh writes are in it.
// A record merged into another is in neither; its survivor names it in hs_merged_object_ids.
//
// Page.After is the cursor to go on from after that page. Where the properties do not fit an address, the list
// asks for ids alone and each page is the answer of a batch read.
//
// GET /crm/objects/{version}/{object} ("Contacts", "Retrieve contacts").
func (c *Client) List(ctx context.Context, object string, q ListQuery) iter.Seq2[*Page, error] {
	return func(yield func(*Page, error) bool) {
		query := q.values()
		byID := len(query.Encode()) > addressLength
		if byID {
			query.Set("properties", Modified(object))
			query.Del("propertiesWithHistory")
		}
		for {
			page, err := c.page(ctx, object, query)
			if err == nil && byID && len(page.Rows) > 0 {
				after := page.After
				if page, err = c.BatchRead(ctx, object, ReadQuery{
					IDs: ids(page.Rows), Properties: q.Properties, WithHistory: q.WithHistory, Archived: q.Archived,
				}); err == nil {
					page.After = after
				}
			}
			if err == nil && page.After != "" && page.After == query.Get("after") {
				err = fmt.Errorf("the cursor %q leads to itself", page.After)
			}
			if err != nil {
				yield(nil, fmt.Errorf("hubspot.List(%s): %w", object, err))
				return
			}
			if !yield(page, nil) || page.After == "" {
				return
			}
			query.Set("after", page.After)
		}
	}
}

func (c *Client) page(ctx context.Context, object string, query url.Values) (page *Page, err error) {
	_, err = c.do(ctx, call{
		method: http.MethodGet, path: c.version.objects(object), query: query, repeatable: true,
		read: func(answer []byte) (err error) { page, err = parsePage(object, answer); return err },
	})
	return page, err
}

func (q ListQuery) values() url.Values {
	limit := listPage
	if len(q.WithHistory) > 0 {
		limit = listPageHistory
	}
	v := url.Values{"limit": {strconv.Itoa(limit)}, "archived": {strconv.FormatBool(q.Archived)}}
	if len(q.Properties) > 0 {
		v.Set("properties", strings.Join(q.Properties, ","))
	}
	if len(q.WithHistory) > 0 {
		v.Set("propertiesWithHistory", strings.Join(q.WithHistory, ","))
	}
	if q.After != "" {
		v.Set("after", q.After)
	}
	return v
}
