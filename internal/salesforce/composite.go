package salesforce

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"lockstep/internal/wire"
)

// The sizes of one composite call.
const (
	CompositeMax      = 25 // sub-requests
	CompositeHeavyMax = 5  // of them queries and collections
)

// SubRequest is one part of a composite call.
type SubRequest struct {
	Method string
	Path   string // under the version: "/query?q=…", "/composite/sobjects"
	Name   string // referenceId: letters, digits, _; later parts may say @{name.id}
	Body   any
	Header http.Header
}

// SubResponse is the answer to one part.
type SubResponse struct {
	Name   string          `json:"referenceId"`
	Status int             `json:"httpStatusCode"`
	Body   json.RawMessage `json:"body"`
}

// Composite sends several requests in one call, carried out one after the other ("Composite"):
// at most 25, of them 5 queries or collections. Parts that fail do not undo others. It is sent
// again after a lost answer only if repeatable.
func (c *Client) Composite(ctx context.Context, parts []SubRequest, repeatable bool) ([]SubResponse, error) {
	const endpoint = "composite"
	answers, _, err := c.composite(ctx, endpoint, parts, repeatable)
	return answers, err
}

func (c *Client) composite(ctx context.Context, endpoint string, parts []SubRequest, repeatable bool) (answers []SubResponse, repeated bool, err error) {
	if len(parts) == 0 || len(parts) > CompositeMax {
		return nil, false, fmt.Errorf("salesforce: %s: %d parts, a call takes 1 to %d", endpoint, len(parts), CompositeMax)
	}
	type part struct {
		Method      string            `json:"method"`
		URL         string            `json:"url"`
		ReferenceID string            `json:"referenceId"`
		Body        any               `json:"body,omitempty"`
		HTTPHeaders map[string]string `json:"httpHeaders,omitempty"`
	}
	request := struct {
		AllOrNone bool   `json:"allOrNone"`
		Parts     []part `json:"compositeRequest"`
	}{}
	for _, p := range parts {
		out := part{Method: p.Method, URL: c.base + p.Path, ReferenceID: p.Name, Body: p.Body}
		for name := range p.Header {
			if out.HTTPHeaders == nil {
				out.HTTPHeaders = map[string]string{}
			}
			out.HTTPHeaders[name] = p.Header.Get(name)
		}
		request.Parts = append(request.Parts, out)
	}
	body, err := json.Marshal(request)
	if err != nil {
		return nil, false, fmt.Errorf("salesforce: %s: %w", endpoint, err)
	}
	res, err := c.wire.Do(ctx, wire.Request{
		Method: http.MethodPost, Path: c.base + "/composite", Endpoint: endpoint, Body: body,
		Header: writeHeaders(), Idempotent: repeatable, Timeout: c.writeTimeout(),
	})
	if err != nil {
		return nil, false, err
	}
	var answer struct {
		Parts []SubResponse `json:"compositeResponse"`
	}
	if json.Unmarshal(res.Body, &answer) != nil || len(answer.Parts) != len(parts) {
		return nil, res.Uncertain, c.wire.Fail(http.MethodPost, endpoint, res.Status, wire.Verdict{
			Kind: wire.Stop, Detail: fmt.Sprintf("the answer does not have %d parts", len(parts)),
		}, true)
	}
	return answer.Parts, res.Uncertain, nil
}

// SubError is the error of a part that did not succeed; nil for one that did. wrote says that
// the part may have changed something if its status does not say otherwise.
func (c *Client) SubError(method, endpoint string, r SubResponse, wrote bool) error {
	if r.Status >= 200 && r.Status < 300 {
		return nil
	}
	v := classify(r.Status, nil, r.Body)
	if v.Kind == "" {
		v.Kind = wire.ByStatus(r.Status)
	}
	return c.wire.Fail(method, endpoint, r.Status, v, wrote && r.Status >= 500)
}

// Read names records to be read by id.
type Read struct {
	Object string
	IDs    []string // at most 200
	Fields []string
}

// Written is what one WriteAndRead brought.
type Written struct {
	Outcomes []Outcome
	After    []json.RawMessage // the records written, as they stand now; in the order of the rows, nil: gone
	Next     []json.RawMessage // in the order of next.IDs; nil if next was nil
}

// WriteAndRead updates up to 200 records of one object, reads them back, and reads the records of
// the next write, in one composite call: between reading and writing lies one round trip.
//
// When a part of the reading fails after the write, it is done again by Retrieve. If that fails
// too, Outcomes stands and the error is returned beside it.
func (c *Client) WriteAndRead(ctx context.Context, rows []Row, fields []string, next *Read) (Written, error) {
	const endpoint = "composite write and read"
	if _, err := writeBody(rows); err != nil { // for its checks
		return Written{}, fmt.Errorf("salesforce: %s: %w", endpoint, err)
	}
	back := Read{Object: rows[0].Object, Fields: fields}
	for _, r := range rows {
		if r.Object != back.Object || r.ID == "" {
			return Written{}, fmt.Errorf("salesforce: %s: rows of one object and with ids are needed", endpoint)
		}
		back.IDs = append(back.IDs, r.ID)
	}
	parts := []SubRequest{
		{Method: http.MethodPatch, Path: "/composite/sobjects", Name: "write", Header: writeHeaders(),
			Body: map[string]any{"allOrNone": false, "records": rows}},
		back.part("after"),
	}
	if next != nil && len(next.IDs) > 0 {
		parts = append(parts, next.part("next"))
	}
	answers, repeated, err := c.composite(ctx, endpoint, parts, true)
	if err != nil {
		return Written{}, err
	}
	if err := c.SubError(http.MethodPatch, endpoint, answers[0], true); err != nil {
		return Written{}, err
	}
	var w Written
	if w.Outcomes, err = c.outcomes(http.MethodPatch, endpoint, answers[0].Status, answers[0].Body, rows, repeated); err != nil {
		return Written{}, err
	}
	if w.After, err = c.readPart(ctx, endpoint, answers[1], back); err != nil {
		return w, err
	}
	if len(parts) > 2 {
		w.Next, err = c.readPart(ctx, endpoint, answers[2], *next)
	}
	return w, err
}

// part is the read as a sub-request: the GET form, unless it would not fit a URL.
func (r Read) part(name string) SubRequest {
	path := "/composite/sobjects/" + url.PathEscape(r.Object)
	long := path + "?ids=" + strings.Join(r.IDs, ",") + "&fields=" + strings.Join(withID(r.Fields), ",")
	if len(long) <= pathMax {
		return SubRequest{Method: http.MethodGet, Path: long, Name: name}
	}
	return SubRequest{Method: http.MethodPost, Path: path, Name: name, Body: map[string][]string{"ids": r.IDs, "fields": withID(r.Fields)}}
}

func (c *Client) readPart(ctx context.Context, endpoint string, answer SubResponse, r Read) ([]json.RawMessage, error) {
	if c.SubError(http.MethodGet, endpoint, answer, false) == nil {
		if records, err := c.byID(http.MethodGet, endpoint, answer.Status, answer.Body, r.IDs); err == nil {
			return records, nil
		}
	}
	return c.Retrieve(ctx, r.Object, r.IDs, r.Fields)
}
