package hubspot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Limits of the associations' batches ("Associate records").
const (
	associationReads  = 1000 // inputs of a read
	associationWrites = 2000 // inputs of a create or archive
)

// AssociationType is one way in which a record is associated with another, as seen from the first.
type AssociationType struct {
	Category string `json:"category"` // HUBSPOT_DEFINED | USER_DEFINED | INTEGRATOR_DEFINED
	ID       int    `json:"typeId"`
	Label    string `json:"label"` // empty for the type without a label; "Primary" for a record's main company
}

// Association is the other end of an association.
type Association struct {
	ID    string
	Types []AssociationType
}

// Primary tells the main one of several.
func (a Association) Primary() bool {
	return slices.ContainsFunc(a.Types, func(t AssociationType) bool { return t.Label == "Primary" })
}

// Associations reads what the records of one object are associated with in another, as many calls as it takes. A
// record without associations has no entry. It is no search: what was written is seen at once.
//
// POST /crm/associations/{version}/{from}/{to}/batch/read ("Associate records", "Retrieve associated records"):
// 1,000 records a call, which does not count against the ten-second limit.
func (c *Client) Associations(ctx context.Context, from, to string, ids []string) (_ map[string][]Association, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("hubspot.Associations(%s, %s, %d records): %w", from, to, len(ids), err)
		}
	}()
	type input struct {
		ID    string `json:"id"`
		After string `json:"after,omitempty"`
	}
	var todo []input
	for _, id := range ids {
		todo = append(todo, input{ID: id})
	}
	all := map[string][]Association{}
	for len(todo) > 0 {
		n := min(len(todo), associationReads)
		body, err := json.Marshal(map[string]any{"inputs": todo[:n]})
		if err != nil {
			return nil, err
		}
		todo = todo[n:]
		var answer associationAnswer
		if _, err := c.do(ctx, call{
			method: http.MethodPost, path: c.version.associations(from, to, "batch", "read"), body: body, repeatable: true,
			read: func(body []byte) error { return json.Unmarshal(body, &answer) },
		}); err != nil {
			return nil, err
		}
		if err := answer.trouble(); err != nil {
			return nil, err
		}
		for _, r := range answer.Results {
			for _, to := range r.To {
				all[r.From.ID] = append(all[r.From.ID], Association{strconv.FormatInt(to.ID, 10), to.Types})
			}
			if r.Paging.Next.After != "" {
				todo = append(todo, input{r.From.ID, r.Paging.Next.After})
			}
		}
	}
	return all, nil
}

// Pair is two records to be associated, or not any more.
type Pair struct{ From, To string }

// Associate associates records, each pair by itself, with the type of an id as seen from the first record, or with
// the default one for 0. Pairs that are associated already pass. The first pair that HubSpot refuses is a *Refusal;
// the others stand.
//
// POST /crm/associations/{version}/{from}/{to}/batch/create and …/batch/associate/default ("Associate records").
func (c *Client) Associate(ctx context.Context, from, to string, typeID int, pairs []Pair) (err error) {
	if typeID == 0 {
		return c.pairWrite(ctx, from, to, "associate/default", nil, pairs)
	}
	return c.pairWrite(ctx, from, to, "create", []AssociationType{{Category: "HUBSPOT_DEFINED", ID: typeID}}, pairs)
}

// Label gives pairs of records these types, and associates them first where they are not; Unlabel takes types away and
// leaves the pairs associated.
//
// POST /crm/associations/{version}/{from}/{to}/batch/create and …/batch/labels/archive ("Associate records").
func (c *Client) Label(ctx context.Context, from, to string, types []AssociationType, pairs []Pair) error {
	return c.pairWrite(ctx, from, to, "create", types, pairs)
}

// Unlabel is the reverse of Label.
func (c *Client) Unlabel(ctx context.Context, from, to string, types []AssociationType, pairs []Pair) error {
	return c.pairWrite(ctx, from, to, "labels/archive", types, pairs)
}

// pairWrite sends the same for every pair.
func (c *Client) pairWrite(ctx context.Context, from, to, how string, types []AssociationType, pairs []Pair) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("hubspot.Associate(%s, %s, %s, %d pairs): %w", from, to, how, len(pairs), err)
		}
	}()
	type ref struct {
		ID string `json:"id"`
	}
	var specs []map[string]any
	for _, t := range types {
		specs = append(specs, map[string]any{"associationCategory": t.Category, "associationTypeId": t.ID})
	}
	path := c.version.associations(from, to, append([]string{"batch"}, strings.Split(how, "/")...)...)
	for chunk := range slices.Chunk(pairs, associationWrites) {
		var inputs []map[string]any
		for _, p := range chunk {
			in := map[string]any{"from": ref{p.From}, "to": ref{p.To}}
			if len(specs) > 0 {
				in["types"] = specs
			}
			inputs = append(inputs, in)
		}
		if err := c.associationWrite(ctx, path, inputs); err != nil {
			return err
		}
	}
	return nil
}

// AssociationTypes are the ways in which records of two objects can be associated.
//
// GET /crm/associations/{version}/{from}/{to}/labels ("Associations schema", "Retrieve association types").
func (c *Client) AssociationTypes(ctx context.Context, from, to string) ([]AssociationType, error) {
	var all []AssociationType
	if err := c.results(ctx, c.version.associations(from, to, "labels"), &all); err != nil {
		return nil, fmt.Errorf("hubspot.AssociationTypes(%s, %s): %w", from, to, err)
	}
	return all, nil
}

// Dissociate takes associations away, whatever their types. Pairs that are not associated pass.
//
// POST /crm/associations/{version}/{from}/{to}/batch/archive ("Associate records", "Remove associations"): 204.
func (c *Client) Dissociate(ctx context.Context, from, to string, pairs []Pair) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("hubspot.Dissociate(%s, %s, %d pairs): %w", from, to, len(pairs), err)
		}
	}()
	type ref struct {
		ID string `json:"id"`
	}
	for chunk := range slices.Chunk(pairs, associationWrites) {
		var inputs []map[string]any
		for _, p := range chunk {
			inputs = append(inputs, map[string]any{"from": ref{p.From}, "to": []ref{{p.To}}})
		}
		if err := c.associationWrite(ctx, c.version.associations(from, to, "batch", "archive"), inputs); err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) associationWrite(ctx context.Context, path string, inputs []map[string]any) error {
	body, err := json.Marshal(map[string]any{"inputs": inputs})
	if err != nil {
		return err
	}
	var answer associationAnswer
	if _, err := c.do(ctx, call{
		method: http.MethodPost, path: path, body: body, repeatable: true, writes: true,
		read: func(body []byte) error {
			if len(body) == 0 {
				return nil
			}
			return json.Unmarshal(body, &struct{ Errors *[]envelope }{&answer.Errors})
		},
	}); err != nil {
		return refused(err)
	}
	return answer.trouble()
}

// associationAnswer is the answer to a batch of associations. In it the ids of the far ends are numbers.
type associationAnswer struct {
	Results []struct {
		From struct {
			ID string `json:"id"`
		} `json:"from"`
		To []struct {
			ID    int64             `json:"toObjectId"`
			Types []AssociationType `json:"associationTypes"`
		} `json:"to"`
		Paging struct {
			Next struct {
				After string `json:"after"`
			} `json:"next"`
		} `json:"paging"`
	} `json:"results"`
	Errors []envelope `json:"errors"`
}

// trouble is the first error that is one: to have no associations is none, though HubSpot calls it so, and neither
// is a record that is no longer there.
func (a associationAnswer) trouble() error {
	for _, e := range a.Errors {
		if e.code() == "OBJECT_NOT_FOUND" {
			continue
		}
		return e.refusal()
	}
	return nil
}
