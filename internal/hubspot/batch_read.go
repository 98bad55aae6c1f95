package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// Limits of a batch ("Contacts", "Read, update and create in batches").
const (
	batchRows    = 100 // inputs
	batchHistory = 50  // inputs of a read with property histories
)

// MaxRows is the most rows one batch takes.
const MaxRows = batchRows

// ReadQuery names the records of a batch read.
type ReadQuery struct {
	IDs         []string // at most 100, with histories 50, each once
	IDProperty  string   // the unique property IDs are values of; empty: record ids
	Properties  []string // none: the object's default ones
	WithHistory []string // properties whose history comes along, newest first
	Archived    bool     // read archived records; live ones are then missing
}

// BatchRead reads records by id: what it returns is fresh, unlike a search. Records that are archived, deleted
// or merged away are no error: their ids stand in Page.Missing, as those HubSpot did not return.
// Page.Body is {"results":[…]} as in a list. It cannot carry associations.
//
// POST /crm/objects/{version}/{object}/batch/read ("Contacts", "Read in batches").
func (c *Client) BatchRead(ctx context.Context, object string, q ReadQuery) (*Page, error) {
	page, err := c.batchRead(ctx, object, q)
	if err != nil {
		return nil, fmt.Errorf("hubspot.BatchRead(%s, %d records): %w", object, len(q.IDs), err)
	}
	return page, nil
}

func (c *Client) batchRead(ctx context.Context, object string, q ReadQuery) (*Page, error) {
	most := batchRows
	if len(q.WithHistory) > 0 {
		most = batchHistory
	}
	if err := checkRows(q.IDs, most); err != nil {
		return nil, err
	}
	if len(q.IDs) == 0 {
		return &Page{Body: []byte(`{"results":[]}`)}, nil
	}
	type input struct {
		ID string `json:"id"`
	}
	in := struct {
		Inputs      []input  `json:"inputs"`
		Properties  []string `json:"properties,omitempty"`
		WithHistory []string `json:"propertiesWithHistory,omitempty"`
		IDProperty  string   `json:"idProperty,omitempty"`
	}{make([]input, len(q.IDs)), q.Properties, q.WithHistory, q.IDProperty}
	for i, id := range q.IDs {
		in.Inputs[i].ID = id
	}
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	var page *Page
	_, err = c.do(ctx, call{
		method: http.MethodPost, path: c.version.objects(object, "batch", "read"), body: body, repeatable: true,
		query: url.Values{"archived": {strconv.FormatBool(q.Archived)}},
		read:  func(answer []byte) (err error) { page, err = parsePage(object, answer); return err },
	})
	if err != nil {
		return nil, err
	}
	if page.Missing, err = missing(page, q); err != nil {
		return nil, err
	}
	return page, nil
}

// missing finds the ids a read did not return. By record id they are told by their absence, whatever errors[]
// groups or leaves out. A unique property's value need not be in the page, so there errors[] has to say.
func missing(page *Page, q ReadQuery) ([]string, error) {
	if q.IDProperty == "" {
		found := map[string]bool{}
		for _, r := range page.Rows {
			found[r.ID] = true
		}
		var out []string
		for _, id := range q.IDs {
			if !found[id] {
				out = append(out, id)
			}
		}
		return out, nil
	}
	_, errs, err := parseAnswer(page.Body)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range errs {
		out = append(out, e.refusal().IDs...)
	}
	return out, nil
}

// checkRows refuses a batch HubSpot would turn down whole: too long, an empty id, or an id in it twice.
// No error quotes an id: it may be the value of a unique property.
func checkRows(ids []string, most int) error {
	if len(ids) > most {
		return fmt.Errorf("a batch takes %d rows, not %d", most, len(ids))
	}
	seen := map[string]bool{}
	for i, id := range ids {
		if id == "" {
			return fmt.Errorf("row %d of the batch has no id", i+1)
		}
		if seen[id] {
			return fmt.Errorf("rows of the batch share one id: row %d stands in it twice", i+1)
		}
		seen[id] = true
	}
	return nil
}

func ids(rows []Stamp) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.ID
	}
	return out
}
