package salesforce

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"lockstep/internal/wire"
)

// The sizes of one call.
const (
	WriteMax    = 200  // records of a create, update or upsert
	RetrieveMax = 2000 // records of a read by id, in the POST form
	chunksMax   = 10   // stretches of records of the same object in one create or update
)

// Row is one record to be written.
type Row struct {
	Object string
	ID     string // of an update

	// Values by field; nil clears. Numbers, booleans and dates may be strings. A field that is
	// not here is not touched. A reference by external id is {"Account": {"Key__c": "7"}}.
	Values map[string]any
}

// MarshalJSON is the form collections take.
func (r Row) MarshalJSON() ([]byte, error) {
	out := make(map[string]any, len(r.Values)+2)
	for name, v := range r.Values {
		out[name] = v
	}
	out["attributes"] = map[string]string{"type": r.Object}
	if r.ID != "" {
		out["id"] = r.ID
	}
	return json.Marshal(out)
}

// Outcome is what became of one row.
type Outcome struct {
	ID       string // 18 characters; empty for a create that failed
	OK       bool
	Created  bool      // by an upsert or create; means nothing unless OK
	Refusals []Refusal // why not; several rules may speak at once

	// Repeated: the call was sent again after an answer was lost, so a record that Created
	// calls old may be one that the first sending made.
	Repeated bool
}

// Refusal is one reason why a row was not written. Its Message may quote values of records.
type Refusal struct {
	Code    string
	Message string
	Fields  []string
	Kind    wire.Kind
	Other   string // the record that has the value already, 18 characters; empty if not named
}

// Create writes new records ("Create Records Using sObject Collections"): at most 200, one call.
// Rows that fail do not stop the others. It is never sent twice; objects with an external id are
// better served by Upsert.
func (c *Client) Create(ctx context.Context, rows []Row) ([]Outcome, error) {
	return c.writeRows(ctx, http.MethodPost, "/composite/sobjects", "collections create", rows, false)
}

// Update writes to existing records ("Update Records Using sObject Collections"): at most 200,
// one call. Rows of one object have to stand together: the call takes ten changes of object.
func (c *Client) Update(ctx context.Context, rows []Row) ([]Outcome, error) {
	return c.writeRows(ctx, http.MethodPatch, "/composite/sobjects", "collections update", rows, true)
}

// Upsert creates or updates by an external id, which stands among each row's Values ("Upsert
// Records Using sObject Collections"): at most 200 of one object, one call. The same key twice
// in a call fails every row that has it.
func (c *Client) Upsert(ctx context.Context, object, key string, rows []Row) ([]Outcome, error) {
	return c.writeRows(ctx, http.MethodPatch, "/composite/sobjects/"+url.PathEscape(object)+"/"+url.PathEscape(key),
		"collections upsert", rows, true)
}

// Delete moves records into the recycle bin ("Delete Records Using sObject Collections"): at most 200, one call. A
// record that is deleted already is refused as ENTITY_IS_DELETED.
func (c *Client) Delete(ctx context.Context, ids []string) ([]Outcome, error) {
	const endpoint = "collections delete"
	if len(ids) == 0 || len(ids) > WriteMax {
		return nil, fmt.Errorf("salesforce: %s: %d ids, a call takes 1 to %d", endpoint, len(ids), WriteMax)
	}
	res, err := c.wire.Do(ctx, wire.Request{
		Method: http.MethodDelete, Path: c.base + "/composite/sobjects", Endpoint: endpoint,
		Query:      url.Values{"ids": {strings.Join(ids, ",")}, "allOrNone": {"false"}},
		Idempotent: true, Timeout: c.writeTimeout(),
	})
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(ids))
	for i, id := range ids {
		rows[i].ID = id
	}
	return c.outcomes(http.MethodDelete, endpoint, res.Status, res.Body, rows, res.Uncertain)
}

func (c *Client) writeRows(ctx context.Context, method, path, endpoint string, rows []Row, idempotent bool) ([]Outcome, error) {
	body, err := writeBody(rows)
	if err != nil {
		return nil, fmt.Errorf("salesforce: %s: %w", endpoint, err)
	}
	res, err := c.wire.Do(ctx, wire.Request{
		Method: method, Path: c.base + path, Endpoint: endpoint, Header: writeHeaders(), Body: body,
		Idempotent: idempotent, Timeout: c.writeTimeout(),
	})
	if err != nil {
		return nil, err
	}
	return c.outcomes(method, endpoint, res.Status, res.Body, rows, res.Uncertain)
}

// writeBody is the body of a create, update or upsert.
func writeBody(rows []Row) ([]byte, error) {
	chunks := 0
	for i, r := range rows {
		if i == 0 || rows[i-1].Object != r.Object {
			chunks++
		}
	}
	if len(rows) == 0 || len(rows) > WriteMax || chunks > chunksMax {
		return nil, fmt.Errorf("%d rows in %d stretches of one object, a call takes 1 to %d in %d", len(rows), chunks, WriteMax, chunksMax)
	}
	return json.Marshal(struct {
		AllOrNone bool  `json:"allOrNone"`
		Records   []Row `json:"records"`
	}{false, rows})
}

// saveResult is one element of the answer to a write.
type saveResult struct {
	ID      string      `json:"id"`
	Success bool        `json:"success"`
	Created bool        `json:"created"`
	Errors  []complaint `json:"errors"`
}

// outcomes reads the answer to a write: one element per row, in the order of the rows.
func (c *Client) outcomes(method, endpoint string, status int, body []byte, rows []Row, repeated bool) ([]Outcome, error) {
	var results []saveResult
	if json.Unmarshal(body, &results) != nil || len(results) != len(rows) {
		return nil, c.wire.Fail(method, endpoint, status, wire.Verdict{
			Kind: wire.Stop, Detail: fmt.Sprintf("the answer has no outcome for each of %d rows", len(rows)),
		}, true)
	}
	outcomes := make([]Outcome, len(rows))
	for i, r := range results {
		outcomes[i] = Outcome{ID: ID18(r.ID), OK: r.Success, Created: r.Created && r.Success, Repeated: repeated}
		if outcomes[i].ID == "" {
			outcomes[i].ID = rows[i].ID
		}
		for _, e := range r.Errors {
			outcomes[i].Refusals = append(outcomes[i].Refusals, refusal(e.code(), e.Message, e.Fields))
		}
	}
	return outcomes, nil
}

// otherForm finds the record that has a value already; Salesforce writes 15 characters.
var otherForm = regexp.MustCompile(`record with id: ([a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?)\b`)

func refusal(code, message string, fields []string) Refusal {
	r := Refusal{Code: code, Message: message, Fields: fields, Kind: kindOf(code, message)}
	if r.Kind == "" {
		r.Kind = wire.Record
	}
	if code == "DUPLICATE_VALUE" {
		if found := otherForm.FindStringSubmatch(message); found != nil {
			r.Other = ID18(found[1])
		}
	}
	return r
}

// Retrieve reads records of one object by id ("Get Records With a Request Body Using sObject
// Collections"): one call per 2,000. The answer has one element per id, in that order, as it
// came; nil where there is no such record or the user may not see it, deleted ones included.
func (c *Client) Retrieve(ctx context.Context, object string, ids, fields []string) ([]json.RawMessage, error) {
	const endpoint = "collections retrieve"
	records := make([]json.RawMessage, 0, len(ids))
	for chunk := range slices.Chunk(ids, RetrieveMax) {
		body, err := retrieveBody(chunk, fields)
		if err != nil {
			return nil, err
		}
		res, err := c.wire.Do(ctx, wire.Request{
			Method: http.MethodPost, Path: c.base + "/composite/sobjects/" + url.PathEscape(object), Endpoint: endpoint,
			Body: body, ReadOnly: true,
		})
		if err != nil {
			return nil, err
		}
		read, err := c.byID(http.MethodPost, endpoint, res.Status, res.Body, chunk)
		if err != nil {
			return nil, err
		}
		records = append(records, read...)
	}
	return records, nil
}

func retrieveBody(ids, fields []string) ([]byte, error) {
	return json.Marshal(map[string][]string{"ids": ids, "fields": withID(fields)})
}

// withID adds Id, by which answers are told apart.
func withID(fields []string) []string {
	if slices.ContainsFunc(fields, func(f string) bool { return strings.EqualFold(f, "Id") }) {
		return fields
	}
	return append([]string{"Id"}, fields...)
}

// byID puts records in the order of ids, by the id each says it has: an answer that left out
// what it did not find would shift all others.
func (c *Client) byID(method, endpoint string, status int, body []byte, ids []string) ([]json.RawMessage, error) {
	unknown := c.wire.Fail(method, endpoint, status, wire.Verdict{
		Kind: wire.Stop, Detail: "the answer is no list of the records asked for",
	}, false)
	var answer []json.RawMessage
	if json.Unmarshal(body, &answer) != nil || len(answer) > len(ids) {
		return nil, unknown
	}
	places := make(map[string][]int, len(ids)) // the same id may be asked for twice
	for i, id := range ids {
		places[ID18(id)] = append(places[ID18(id)], i)
	}
	records := make([]json.RawMessage, len(ids))
	for _, raw := range answer {
		var record struct{ ID string } // matches "Id" and "id"
		if string(raw) == "null" {
			continue
		}
		if json.Unmarshal(raw, &record) != nil {
			return nil, unknown
		}
		asked := places[ID18(record.ID)]
		if len(asked) == 0 {
			return nil, unknown
		}
		for _, i := range asked {
			records[i] = raw
		}
	}
	return records, nil
}
