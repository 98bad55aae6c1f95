package hubspot

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"lockstep/internal/sandbox/hubspot/portal"
)

// Version 3 knows association types by name, and gives a pair with several types once for each.

// namedRow is one associated record in the answers of v3.
type namedRow struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

func namedRows(page []portal.Association) []namedRow {
	rows := []namedRow{}
	for _, a := range page {
		for _, t := range a.Types {
			rows = append(rows, namedRow{idText(a.To), t.Name})
		}
	}
	return rows
}

// badName is a type name that the two objects do not have.
type badName struct {
	name string
	r    *portal.Relation
}

func (e badName) Error() string {
	return fmt.Sprintf("%s is not a valid association type between %s and %s", e.name, objectWord(e.r.From()), objectWord(e.r.To()))
}

// named finds a type by name or id.
func named(r *portal.Relation, name string) (*portal.AssociationType, error) {
	t := r.Named(name)
	if id, err := strconv.ParseInt(name, 10, 64); err == nil {
		if t = r.Type(portal.HubSpotDefined, id); t == nil {
			t = r.Type(portal.UserDefined, id)
		}
	}
	if t == nil {
		return nil, badName{name, r}
	}
	return t, nil
}

// typeName is the type of a row: a JSON string or number.
func (row associationRow) typeName() string {
	var t text
	_ = json.Unmarshal(row.Type, &t) // what is neither names no type
	return string(t)
}

// readAssociationsV3 answers POST /crm/v3/associations/{from}/{to}/batch/read.
func (c *call) readAssociationsV3() (answer, error) {
	r, inputs, err := c.associationReads()
	if err != nil {
		return answer{}, err
	}
	var results [][]byte
	var failed []rowError
	for _, in := range inputs {
		id, err := recordID(in.ID)
		if err != nil {
			failed = append(failed, associationRowError(err))
			continue
		}
		page := r.Of(id)
		if len(page) == 0 {
			failed = append(failed, c.noAssociations(in.ID))
			continue
		}
		results = append(results, encode(map[string]any{"from": map[string]string{"id": string(in.ID)}, "to": namedRows(page)}))
	}
	return c.batchAnswer(http.StatusOK, results, failed, len(failed))
}

// createAssociationsV3 answers POST /crm/v3/associations/{from}/{to}/batch/create, with 200 since August 2025.
func (c *call) createAssociationsV3() (answer, error) {
	r, inputs, err := c.associationRows("type")
	if err != nil {
		return answer{}, err
	}
	var results [][]byte
	var failed []rowError
	for _, row := range inputs {
		t, err := named(r, row.typeName())
		var from, to int64
		if err == nil {
			from, to, err = row.ids()
		}
		if err == nil {
			err = r.Associate(from, to, t)
		}
		var bad badName
		switch {
		case errors.As(err, &bad):
			failed = append(failed, rowError{
				Status: "error", Category: "VALIDATION_ERROR", SubCategory: "crm.associations.INVALID_ASSOCIATION_TYPE", Message: err.Error(),
				Context: map[string][]string{"type": {bad.name}, "fromObjectType": {c.object.Singular}, "toObjectType": {c.to.Singular}},
			})
		case err != nil:
			failed = append(failed, associationRowError(err))
		default:
			results = append(results, pairV3(from, to, t), pairV3(to, from, t.Inverse()))
		}
	}
	return c.batchAnswer(http.StatusOK, results, failed, len(failed))
}

// pairV3 is one direction of an association; the answer to a create has both.
func pairV3(from, to int64, t *portal.AssociationType) []byte {
	return encode(map[string]any{"from": map[string]string{"id": idText(from)}, "to": map[string]string{"id": idText(to)}, "type": t.Name})
}

// archiveAssociationsV3 answers POST /crm/v3/associations/{from}/{to}/batch/archive. The plain type ends the association.
func (c *call) archiveAssociationsV3() (answer, error) {
	r, inputs, err := c.associationRows("type")
	if err != nil {
		return answer{}, err
	}
	for _, row := range inputs {
		from, to, err := row.ids()
		if err != nil {
			continue
		}
		if t, err := named(r, row.typeName()); err == nil {
			r.Unlabel(from, to, t)
		}
	}
	return answer{status: http.StatusNoContent}, nil
}

// associationTypesV3 answers GET /crm/v3/associations/{from}/{to}/types.
func (c *call) associationTypesV3() (answer, error) {
	r, err := c.relation()
	if err != nil {
		return answer{}, err
	}
	types := []map[string]string{}
	for _, t := range r.Types() {
		types = append(types, map[string]string{"id": idText(t.ID), "name": t.Name})
	}
	return ok(http.StatusOK, map[string]any{"results": types})
}

// typedPair reads the two records and the type of a v3 path.
func (c *call) typedPair() (r *portal.Relation, from, to int64, t *portal.AssociationType, err error) {
	if r, from, to, err = c.pair(); err != nil {
		return nil, 0, 0, nil, err
	}
	if t, err = named(r, c.params["name"]); err != nil {
		err = invalid(err.Error())
	}
	return r, from, to, t, err
}

// putAssociationV3 answers PUT /crm/v3/objects/{from}/{id}/associations/{to}/{toId}/{name} with the record and what it is associated with.
func (c *call) putAssociationV3() (answer, error) {
	r, from, to, t, err := c.typedPair()
	if err != nil {
		return answer{}, err
	}
	if err := r.Associate(from, to, t); err != nil {
		return answer{}, associationProblem(err)
	}
	record, _ := c.object.Get(from, false)
	shown := c.selectionOf(nil, nil)
	shown.related = []*portal.Relation{r}
	return answer{status: http.StatusOK, body: c.appendRecord(nil, record, shown, extras{})}, nil
}

// archiveAssociationV3 answers DELETE of the same.
func (c *call) archiveAssociationV3() (answer, error) {
	r, from, to, t, err := c.typedPair()
	if err != nil {
		return answer{}, err
	}
	r.Unlabel(from, to, t)
	return answer{status: http.StatusNoContent}, nil
}
