package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"lockstep/internal/crm"
)

// Write is one row of a batch that writes. Values are sent as they stand: text in HubSpot's own form, where
// the empty text clears a property. HubSpot has no documented meaning for null, so there is none here.
type Write struct {
	ID         string            // update: the record's id. upsert: the value of the key. create: empty
	Properties map[string]string // by name
}

// BatchCreate makes records, a row each. key is a unique property all rows carry; a result without a trace id
// is matched by it (empty: by trace id alone). A row whose e-mail exists is refused as CONFLICT and named.
//
// HubSpot has no idempotency key: a create whose answer was lost is not repeated, and the error is Uncertain
// (see wire.Error). Where a unique property exists, BatchUpsert is the call to make.
//
// POST /crm/objects/{version}/{object}/batch/create ("Contacts", "Create a batch of contacts"; "Multi-status
// errors" for objectWriteTraceId, without which one bad row refuses all).
func (c *Client) BatchCreate(ctx context.Context, object, key string, rows []Write) (BatchResult, error) {
	inputs, marks := make([]input, len(rows)), make([]row, len(rows))
	for i, w := range rows {
		inputs[i] = input{Properties: w.Properties, Trace: trace(i)}
		marks[i] = row{trace: trace(i), property: key, value: w.Properties[key]}
		if w.ID != "" {
			return BatchResult{}, fmt.Errorf("hubspot.BatchCreate(%s): row %d has an id", object, i+1)
		}
	}
	return c.batchWrite(ctx, "BatchCreate", object, "create", inputs, marks)
}

// BatchUpdate changes records by id, each once. A record that is gone is refused (Refusal.Missing), and only
// that row; so is the old id of a merged one. A value HubSpot does not take refuses the whole request: the error
// is a *Refusal whose Properties say which columns, though not which rows, and nothing was written.
//
// POST /crm/objects/{version}/{object}/batch/update ("Contacts", "Update a batch of contacts").
func (c *Client) BatchUpdate(ctx context.Context, object string, rows []Write) (BatchResult, error) {
	inputs, marks := make([]input, len(rows)), make([]row, len(rows))
	for i, w := range rows {
		inputs[i] = input{ID: w.ID, Properties: w.Properties}
		marks[i] = row{id: w.ID}
	}
	return c.batchWrite(ctx, "BatchUpdate", object, "update", inputs, marks)
}

// BatchUpsert makes or changes records by a unique property: key, with Write.ID as its value. Each row gets its
// own outcome, save where key is "email": there HubSpot may refuse all for one.
//
// POST /crm/objects/{version}/{object}/batch/upsert ("Contacts", "Upsert contacts").
func (c *Client) BatchUpsert(ctx context.Context, object, key string, rows []Write) (BatchResult, error) {
	if key == "" || key == "hs_object_id" {
		err := fmt.Errorf("hubspot.BatchUpsert(%s): %q is not a key of an upsert", object, key)
		return BatchResult{}, crm.WithHint(err, "name a property with unique values; records known by id are updated, not upserted")
	}
	inputs, marks := make([]input, len(rows)), make([]row, len(rows))
	for i, w := range rows {
		inputs[i] = input{ID: w.ID, IDProperty: key, Properties: w.Properties, Trace: trace(i)}
		marks[i] = row{trace: trace(i), property: key, value: w.ID}
	}
	return c.batchWrite(ctx, "BatchUpsert", object, "upsert", inputs, marks)
}

// input is one row as HubSpot reads it.
type input struct {
	ID         string            `json:"id,omitempty"`
	IDProperty string            `json:"idProperty,omitempty"`
	Properties map[string]string `json:"properties"`
	Trace      string            `json:"objectWriteTraceId,omitempty"`
}

func (c *Client) batchWrite(ctx context.Context, name, object, verb string, inputs []input, marks []row) (_ BatchResult, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("hubspot.%s(%s, %d rows): %w", name, object, len(inputs), err)
		}
	}()
	if len(inputs) == 0 {
		return BatchResult{}, nil
	}
	if err := checkWrites(inputs, verb); err != nil {
		return BatchResult{}, err
	}
	body, err := json.Marshal(struct {
		Inputs []input `json:"inputs"`
	}{inputs})
	if err != nil {
		return BatchResult{}, err
	}
	var results []written
	var errs []envelope
	res, err := c.do(ctx, call{
		method: http.MethodPost, path: c.version.objects(object, "batch", verb), body: body,
		// The same update or upsert twice leaves the same record; the same create leaves two.
		repeatable: verb != "create", writes: true,
		read: func(answer []byte) (err error) { results, errs, err = parseAnswer(answer); return err },
	})
	if err != nil {
		return BatchResult{}, refused(err)
	}
	out := match(marks, results, errs)
	out.Repeated = res.Uncertain
	return out, nil
}

// checkWrites refuses what HubSpot would turn down whole.
func checkWrites(inputs []input, verb string) error {
	if verb == "create" {
		if len(inputs) > batchRows {
			return fmt.Errorf("a batch takes %d rows, not %d", batchRows, len(inputs))
		}
		return nil
	}
	keys := make([]string, len(inputs))
	for i, in := range inputs {
		keys[i] = in.ID
		if in.IDProperty == "email" {
			keys[i] = strings.ToLower(in.ID) // as HubSpot compares them
		}
	}
	return checkRows(keys, batchRows)
}
