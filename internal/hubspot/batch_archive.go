package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// BatchArchive archives records by id, at most MaxRows; they can be restored for 90 days. HubSpot says nothing of
// single rows: ids that are archived already, or never were, pass.
//
// POST /crm/objects/{version}/{object}/batch/archive ("Contacts", "Archive a batch of contacts"): 204.
func (c *Client) BatchArchive(ctx context.Context, object string, ids []string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("hubspot.BatchArchive(%s, %d rows): %w", object, len(ids), err)
		}
	}()
	if len(ids) == 0 {
		return nil
	}
	if err := checkRows(ids, batchRows); err != nil {
		return err
	}
	type one struct {
		ID string `json:"id"`
	}
	var inputs []one
	for _, id := range ids {
		inputs = append(inputs, one{id})
	}
	body, err := json.Marshal(struct {
		Inputs []one `json:"inputs"`
	}{inputs})
	if err != nil {
		return err
	}
	_, err = c.do(ctx, call{method: http.MethodPost, path: c.version.objects(object, "batch", "archive"), body: body, repeatable: true, writes: true,
		read: func([]byte) error { return nil }}) // no body
	if err != nil {
		return refused(err)
	}
	return nil
}
