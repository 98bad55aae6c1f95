package hubspot

import (
	"errors"
	"fmt"

	"lockstep/internal/sandbox/hubspot/portal"
)

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
