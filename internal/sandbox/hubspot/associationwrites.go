package hubspot

import (
	"encoding/json"
	"fmt"
	"net/http"

	"lockstep/internal/sandbox/hubspot/portal"
)

// associationBatch reads a body and finds the relation the path names.
func (c *call) associationBatch(in any) (*portal.Relation, error) {
	if err := c.decode(in); err != nil {
		return nil, err
	}
	return c.relation()
}

// associationRow is one pair in the body of a batch.
type associationRow struct {
	From  *reference        `json:"from"`
	To    *reference        `json:"to"`
	Types []associationSpec `json:"types"`
	Type  json.RawMessage   `json:"type"` // v3: a name, or an id
}

// associationRows reads a batch of pairs. Every row must have the members that the endpoint needs: types or type.
func (c *call) associationRows(needs string) (*portal.Relation, []associationRow, error) {
	var in struct {
		Inputs []associationRow `json:"inputs"`
	}
	r, err := c.associationBatch(&in)
	if err != nil {
		return nil, nil, err
	}
	if in.Inputs == nil {
		return nil, nil, required("inputs")
	}
	for _, row := range in.Inputs {
		switch {
		case row.From == nil || row.From.ID == "":
			return nil, nil, required("from")
		case row.To == nil || row.To.ID == "":
			return nil, nil, required("to")
		case needs == "types" && len(row.Types) == 0:
			return nil, nil, required("types")
		case needs == "type" && len(row.Type) == 0:
			return nil, nil, required("type")
		case needs != "types" && row.Types != nil:
			return nil, nil, unrecognized("types")
		case needs != "type" && row.Type != nil:
			return nil, nil, unrecognized("type")
		}
		if err := checkSpecs(row.Types); err != nil {
			return nil, nil, err
		}
	}
	return r, in.Inputs, rows(len(in.Inputs), maxAssociationWrites, "")
}

// unrecognized refuses a member that the endpoint does not have.
func unrecognized(name string) *problem {
	return &problem{http: http.StatusBadRequest, Message: fmt.Sprintf("Invalid input JSON on line 1, column 1: Unrecognized field %q", name)}
}

// ids are the two records of a row.
func (row associationRow) ids() (from, to int64, err error) {
	if from, err = recordID(row.From.ID); err != nil {
		return 0, 0, err
	}
	to, err = recordID(row.To.ID)
	return from, to, err
}

// createAssociations answers POST /crm/v4/associations/{from}/{to}/batch/create. Rows are independent; to make what is there already is fine.
func (c *call) createAssociations() (answer, error) {
	if c.version == "v3" {
		return c.createAssociationsV3()
	}
	r, inputs, err := c.associationRows("types")
	if err != nil {
		return answer{}, err
	}
	return c.eachPair(http.StatusCreated, inputs, func(row associationRow, from, to int64) (any, error) {
		types, err := c.typesOf(r, row.Types, from, to)
		if err == nil {
			err = r.Associate(from, to, types...)
		}
		return labelledPair{r.From().TypeID, from, r.To().TypeID, to, labelsOf(types)}, err
	})
}

// labelledPair is an association as the v4 writes answer it.
type labelledPair struct {
	FromType string   `json:"fromObjectTypeId"`
	From     int64    `json:"fromObjectId"`
	ToType   string   `json:"toObjectTypeId"`
	To       int64    `json:"toObjectId"`
	Labels   []string `json:"labels"`
}

// eachPair carries out a batch row by row.
func (c *call) eachPair(status int, inputs []associationRow, do func(row associationRow, from, to int64) (any, error)) (answer, error) {
	var results [][]byte
	var failed []rowError
	for i, row := range inputs {
		from, to, err := row.ids()
		if refused := c.refusal(i); refused != nil && err == nil {
			failed = append(failed, refused.pair(from, to))
			continue
		}
		var result any
		if err == nil {
			result, err = do(row, from, to)
		}
		if err != nil {
			failed = append(failed, associationRowError(err))
			continue
		}
		results = append(results, encode(result))
	}
	return c.batchAnswer(status, results, failed, len(failed))
}

// associateDefault answers POST /crm/v4/associations/{from}/{to}/batch/associate/default.
func (c *call) associateDefault() (answer, error) {
	r, inputs, err := c.associationRows("")
	if err != nil {
		return answer{}, err
	}
	return c.eachPair(http.StatusOK, inputs, func(_ associationRow, from, to int64) (any, error) {
		return defaultPair(r, from, to), r.Associate(from, to)
	})
}

// defaultPair is an association of the default kind as it is answered.
func defaultPair(r *portal.Relation, from, to int64) any {
	type ref struct {
		ID string `json:"id"`
	}
	type spec struct {
		Category string `json:"associationCategory"`
		TypeID   int64  `json:"associationTypeId"`
	}
	return struct {
		From ref  `json:"from"`
		To   ref  `json:"to"`
		Spec spec `json:"associationSpec"`
	}{ref{idText(from)}, ref{idText(to)}, spec{r.Default().Category, r.Default().ID}}
}

// archiveAssociations answers POST /crm/v4/associations/{from}/{to}/batch/archive. What is not there is no error.
func (c *call) archiveAssociations() (answer, error) {
	if c.version == "v3" {
		return c.archiveAssociationsV3()
	}
	var in struct {
		Inputs []struct {
			From *reference  `json:"from"`
			To   []reference `json:"to"`
		} `json:"inputs"`
	}
	r, err := c.associationBatch(&in)
	if err != nil {
		return answer{}, err
	}
	if in.Inputs == nil {
		return answer{}, required("inputs")
	}
	if err := rows(len(in.Inputs), maxAssociationWrites, ""); err != nil {
		return answer{}, err
	}
	for _, row := range in.Inputs {
		if row.From == nil || row.To == nil {
			return answer{}, required("from", "to")
		}
	}
	for _, row := range in.Inputs {
		from, err := recordID(row.From.ID)
		for _, other := range row.To {
			if to, bad := recordID(other.ID); err == nil && bad == nil {
				r.Dissociate(from, to)
			}
		}
	}
	return answer{status: http.StatusNoContent}, nil
}

// archiveLabels answers POST /crm/v4/associations/{from}/{to}/batch/labels/archive. Without its unlabelled type nothing is left of a pair.
func (c *call) archiveLabels() (answer, error) {
	r, inputs, err := c.associationRows("types")
	if err != nil {
		return answer{}, err
	}
	for _, row := range inputs {
		from, to, err := row.ids()
		if err != nil {
			continue
		}
		if types, err := c.typesOf(r, row.Types, from, to); err == nil {
			r.Unlabel(from, to, types...)
		}
	}
	return answer{status: http.StatusNoContent}, nil
}
