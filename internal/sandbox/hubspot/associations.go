package hubspot

import (
	"errors"
	"fmt"
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

// recordID reads the id of a record.
func recordID(id text) (int64, error) {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil {
		return 0, badID{id}
	}
	return n, nil
}
