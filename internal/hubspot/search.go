package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"lockstep/internal/crm"
)

// Limits of a search (developers.hubspot.com, "Search the CRM", 2026).
const (
	searchPage    = 200    // records a page
	searchWindow  = 10_000 // records one query can reach, however many there are
	searchBody    = 3_000  // characters
	searchGroups  = 5      // filter groups
	searchPerSet  = 6      // filters in a group
	searchFilters = 18     // filters in all
)

// Query is a search: filters within a group are ANDed, groups are ORed.
type Query struct {
	Groups     [][]Filter
	Sort       Sort     // none: by creation, oldest first
	Text       string   // full text over the object's searchable properties
	Properties []string // none: the object's default ones. An unknown name is left out without an error
	Limit      int      // 1 to 200; 0 is 200
	After      int      // offset; with Limit it must stay within 10,000
}

// Filter compares one property. HubSpot compares text without regard to case, but options with it; IN and
// NOT_IN want lower-case values; whether NEQ matches a record without a value is not documented.
type Filter struct {
	Property  string   `json:"propertyName"`
	Operator  string   `json:"operator"` // EQ NEQ LT LTE GT GTE BETWEEN IN NOT_IN HAS_PROPERTY NOT_HAS_PROPERTY CONTAINS_TOKEN NOT_CONTAINS_TOKEN
	Value     string   `json:"value,omitempty"`
	HighValue string   `json:"highValue,omitempty"` // of BETWEEN
	Values    []string `json:"values,omitempty"`    // of IN and NOT_IN
}

// Sort orders a search by one property; HubSpot takes no second one.
type Sort struct {
	Property   string
	Descending bool
}

// Page is one answer of search, list or read.
type Page struct {
	Body  []byte  // as HubSpot sent it: {"results":[…], …}
	Rows  []Stamp // one per record in it, in its order
	After string  // cursor of the next page; empty on the last
	Total int     // records the search found, which may exceed 10,000; 0 for list and read

	Missing []string // ids a batch read did not find: archived, deleted, merged away, or never there
}

// Stamp is what is decoded of a record on its way through.
type Stamp struct {
	ID         string
	ModifiedAt time.Time // UTC, milliseconds; zero when the page does not say
}

// Modified is the property that says when a record last changed. Any change moves it, HubSpot's own
// calculations and this program's writes included.
func Modified(object string) string {
	switch object {
	case "contacts", "contact", "CONTACT", "0-1":
		return "lastmodifieddate"
	}
	return "hs_lastmodifieddate"
}

// Search asks for one page. Archived records are never in it, and a record just written may be missing or
// stale for some 30 seconds.
//
// POST /crm/objects/{version}/{object}/search ("Search the CRM"). The limits above are checked before the call.
func (c *Client) Search(ctx context.Context, object string, q Query) (*Page, error) {
	body, err := q.body()
	if err != nil {
		return nil, fmt.Errorf("hubspot.Search(%s): %w", object, err)
	}
	var page *Page
	_, err = c.do(ctx, call{
		method: http.MethodPost, path: c.version.objects(object, "search"), body: body, repeatable: true,
		read: func(answer []byte) (err error) { page, err = parsePage(object, answer); return err },
	})
	if err != nil {
		return nil, fmt.Errorf("hubspot.Search(%s): %w", object, err)
	}
	return page, nil
}

// body writes the query as HubSpot wants it, or says which limit it breaks.
func (q Query) body() ([]byte, error) {
	if q.Limit == 0 {
		q.Limit = searchPage
	}
	if q.Limit < 1 || q.Limit > searchPage {
		return nil, fmt.Errorf("a search page holds 1 to %d records, not %d", searchPage, q.Limit)
	}
	if q.After < 0 || q.After+q.Limit > searchWindow {
		return nil, fmt.Errorf("a search reaches its first %d records, not %d to %d", searchWindow, q.After, q.After+q.Limit)
	}
	type set struct {
		Filters []Filter `json:"filters"`
	}
	type sort struct {
		Property  string `json:"propertyName"`
		Direction string `json:"direction"`
	}
	out := struct {
		Groups     []set    `json:"filterGroups"`
		Sorts      []sort   `json:"sorts,omitempty"`
		Text       string   `json:"query,omitempty"`
		Properties []string `json:"properties,omitempty"`
		Limit      int      `json:"limit"`
		After      string   `json:"after,omitempty"`
	}{Groups: []set{}, Text: q.Text, Properties: q.Properties, Limit: q.Limit}
	filters := 0
	for _, group := range q.Groups {
		if len(group) > searchPerSet {
			return nil, fmt.Errorf("a filter group holds %d filters, not %d", searchPerSet, len(group))
		}
		filters += len(group)
		out.Groups = append(out.Groups, set{group})
	}
	if len(q.Groups) > searchGroups || filters > searchFilters {
		return nil, fmt.Errorf("a search takes %d groups and %d filters, not %d and %d", searchGroups, searchFilters, len(q.Groups), filters)
	}
	if q.Sort.Property != "" {
		direction := "ASCENDING"
		if q.Sort.Descending {
			direction = "DESCENDING"
		}
		out.Sorts = []sort{{q.Sort.Property, direction}}
	}
	if q.After > 0 {
		out.After = strconv.Itoa(q.After)
	}
	body, err := json.Marshal(out)
	if err != nil {
		return nil, err
	}
	if n := utf8.RuneCount(body); n > searchBody {
		return nil, crm.WithHint(&tooLong{n}, "ask for fewer properties, or search for ids and read the records by batch")
	}
	return body, nil
}

// tooLong is the error of a search whose body HubSpot would refuse.
type tooLong struct{ characters int }

func (e *tooLong) Error() string {
	return fmt.Sprintf("a search takes %d characters, not %d", searchBody, e.characters)
}

// parsePage reads ids, stamps and cursor. A body that is not whole JSON is an error.
func parsePage(object string, body []byte) (*Page, error) {
	var in struct {
		Total   int `json:"total"`
		Results []struct {
			ID         string `json:"id"`
			UpdatedAt  string `json:"updatedAt"`
			Properties struct {
				Contact string `json:"lastmodifieddate"`
				Other   string `json:"hs_lastmodifieddate"`
			} `json:"properties"`
		} `json:"results"`
		Paging struct {
			Next struct {
				After string `json:"after"`
			} `json:"next"`
		} `json:"paging"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	if in.Results == nil {
		return nil, shape("an answer without results")
	}
	page := &Page{Body: body, Rows: make([]Stamp, len(in.Results)), After: in.Paging.Next.After, Total: in.Total}
	for i, r := range in.Results {
		if r.ID == "" {
			return nil, shape(fmt.Sprintf("record %d of the answer has no id", i+1))
		}
		stamp := r.Properties.Other
		if Modified(object) == "lastmodifieddate" {
			stamp = r.Properties.Contact
		}
		if stamp == "" {
			stamp = r.UpdatedAt
		}
		page.Rows[i].ID = r.ID
		if at, err := time.Parse(time.RFC3339, stamp); err == nil {
			page.Rows[i].ModifiedAt = at.UTC()
		}
	}
	return page, nil
}
