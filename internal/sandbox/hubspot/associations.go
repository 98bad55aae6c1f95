package hubspot

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"lockstep/internal/sandbox/hubspot/portal"
)

// How many rows the batches of the association endpoints hold, and how many associated records one answer lists of a record.
const (
	maxAssociationReads  = 1000
	maxAssociationWrites = 2000
	maxAssociated        = 500
)

// associationSpec names a type in a request. The id is taken as number or text.
type associationSpec struct {
	Category string `json:"associationCategory"`
	TypeID   text   `json:"associationTypeId"`
}

// reference is a record named in a request.
type reference struct {
	ID text `json:"id"`
}

// wireType is a type in an answer.
type wireType struct {
	Category string  `json:"category"`
	TypeID   int64   `json:"typeId"`
	Label    *string `json:"label"`
}

func wireTypes(types []*portal.AssociationType) []wireType {
	out := []wireType{}
	for _, t := range types {
		w := wireType{Category: t.Category, TypeID: t.ID}
		if t.Label != "" {
			w.Label = &t.Label
		}
		out = append(out, w)
	}
	return out
}

// labelsOf are the labels among types, never null.
func labelsOf(types []*portal.AssociationType) []string {
	labels := []string{}
	for _, t := range types {
		if t.Label != "" {
			labels = append(labels, t.Label)
		}
	}
	return labels
}

// relation is the one between the two objects the path names.
func (c *call) relation() (*portal.Relation, error) {
	r := c.portal.Relation(c.object, c.to)
	if r == nil {
		return nil, invalid(fmt.Sprintf("No association types exist between %s and %s", objectWord(c.object), objectWord(c.to)))
	}
	return r, nil
}

// badSpec is a type that is none between the two objects. HubSpot takes the objects from one of its own types, not from the path,
// and then misses the records there.
type badSpec struct {
	spec    associationSpec
	missing *portal.NotARecord
}

func (e badSpec) Error() string {
	if e.missing != nil {
		return e.missing.Error()
	}
	return fmt.Sprintf("%s=%s is not a valid association definition id", e.spec.Category, e.spec.TypeID)
}

// badID is an id that is no number.
type badID struct{ id text }

func (e badID) Error() string { return string(e.id) + " is not a valid ID" }

// recordID reads the id of a record.
func recordID(id text) (int64, error) {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil {
		return 0, badID{id}
	}
	return n, nil
}

// typesOf finds the types that a request names.
func (c *call) typesOf(r *portal.Relation, specs []associationSpec, from, to int64) ([]*portal.AssociationType, error) {
	var types []*portal.AssociationType
	for _, spec := range specs {
		id, err := strconv.ParseInt(string(spec.TypeID), 10, 64)
		if err != nil {
			return nil, badSpec{spec: spec}
		}
		t := r.Type(spec.Category, id)
		if t == nil {
			bad := badSpec{spec: spec}
			if other := c.portal.RelationWith(spec.Category, id); other != nil {
				var missing portal.NotARecord
				if errors.As(other.Check(from, to), &missing) {
					bad.missing = &missing
				}
			}
			return nil, bad
		}
		types = append(types, t)
	}
	return types, nil
}

// checkSpecs refuses types that leave members out.
func checkSpecs(specs []associationSpec) error {
	for _, s := range specs {
		if s.Category == "" || s.TypeID == "" {
			return required("associationCategory", "associationTypeId")
		}
	}
	return nil
}

// associationRowError is one refused row of a batch. Only a malformed id is told in the context.
func associationRowError(err error) rowError {
	row := rowError{Status: "error", Category: "VALIDATION_ERROR", Message: err.Error()}
	var id badID
	if errors.As(err, &id) {
		row.SubCategory, row.Context = "crm.associations.INVALID_IDENTIFIER", map[string][]string{"id": {string(id.id)}}
	}
	return row
}

// associationProblem is the same for a request about one pair, and for a create that names associations.
func associationProblem(err error) error {
	var (
		spec     badSpec
		missing  portal.NotARecord
		id       badID
		itself   portal.Itself
		full     portal.TooMany
		notThere *portal.NotARecord
	)
	p := invalid("One or more associations are invalid")
	switch {
	case errors.As(err, &spec) && spec.missing != nil:
		notThere = spec.missing
	case errors.As(err, &spec):
		p.Context = map[string]any{
			"associationSpec":             []string{fmt.Sprintf("%s=%s", spec.spec.Category, spec.spec.TypeID)},
			"INVALID_ASSOCIATION_TYPE_ID": []string{err.Error()},
		}
	case errors.As(err, &missing):
		notThere = &missing
	case errors.As(err, &id):
		p = invalid(err.Error())
		p.SubCategory, p.Context = "crm.associations.INVALID_IDENTIFIER", map[string]any{"id": []string{string(id.id)}}
	case errors.As(err, &itself), errors.As(err, &full):
		p = invalid(err.Error())
	default:
		return err
	}
	if notThere != nil {
		p.Context = map[string]any{
			"INVALID_OBJECT_IDS": []string{notThere.Error()},
			"objectId":           []string{idText(notThere.ID)},
			"objectType":         []string{objectWord(notThere.Object)},
		}
	}
	return p
}

// noAssociations is the error entry of a record without any.
func (c *call) noAssociations(id text) rowError {
	return rowError{
		Status: "error", Category: "OBJECT_NOT_FOUND", SubCategory: "crm.associations.NO_ASSOCIATIONS_FOUND",
		Message: fmt.Sprintf("No %s is associated with %s %s.", c.to.Singular, c.object.Singular, id),
		Context: map[string][]string{"fromObjectId": {string(id)}, "fromObjectType": {c.object.Singular}, "toObjectType": {c.to.Singular}},
	}
}

// page cuts out of a record's associations those after a cursor, which is the last id of the page before.
func associatedPage(all []portal.Association, after text, limit int) (page []portal.Association, next string, err error) {
	if after != "" {
		last, err := strconv.ParseInt(string(after), 10, 64)
		if err != nil {
			return nil, "", invalid(fmt.Sprintf("Invalid paging cursor: %s", after))
		}
		for len(all) > 0 && all[0].To <= last {
			all = all[1:]
		}
	}
	if len(all) > limit {
		return all[:limit], idText(all[limit-1].To), nil
	}
	return all, "", nil
}

// readAssociations answers POST /crm/v4/associations/{from}/{to}/batch/read.
func (c *call) readAssociations() (answer, error) {
	if c.version == "v3" {
		return c.readAssociationsV3()
	}
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
		page, next, err := associatedPage(r.Of(id), in.After, maxAssociated)
		if err != nil {
			return answer{}, err
		}
		if len(page) == 0 {
			failed = append(failed, c.noAssociations(in.ID))
			continue
		}
		result := map[string]any{"from": map[string]string{"id": string(in.ID)}, "to": associatedRows(page)}
		if next != "" {
			result["paging"] = map[string]any{"next": map[string]string{"after": next}}
		}
		results = append(results, encode(result))
	}
	return c.batchAnswer(http.StatusOK, results, failed, len(failed))
}

// associatedRow is one associated record in the answers of v4: its id is a number here, and text everywhere else.
type associatedRow struct {
	To    int64      `json:"toObjectId"`
	Types []wireType `json:"associationTypes"`
}

func associatedRows(page []portal.Association) []associatedRow {
	rows := []associatedRow{}
	for _, a := range page {
		rows = append(rows, associatedRow{a.To, wireTypes(a.Types)})
	}
	return rows
}

// associationRead is one record whose associations are asked for.
type associationRead struct {
	ID    text `json:"id"`
	After text `json:"after"`
}

// associationReads reads the body of a batch read.
func (c *call) associationReads() (*portal.Relation, []associationRead, error) {
	var in struct {
		Inputs []associationRead `json:"inputs"`
	}
	r, err := c.associationBatch(&in)
	if err != nil {
		return nil, nil, err
	}
	if in.Inputs == nil {
		return nil, nil, required("inputs")
	}
	return r, in.Inputs, rows(len(in.Inputs), maxAssociationReads, "")
}

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
