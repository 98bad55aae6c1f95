package hubspot

import (
	"fmt"
	"strconv"
	"strings"

	"lockstep/internal/sandbox/hubspot/portal"
)

// Association is one associated record with the labels of the association.
type Association struct {
	ID     string   // of the other record
	Labels []string // Primary and those of admins; none for a plain association
}

// Associate associates two live records. The label is one that the two objects have, in any case, or the name the v3 API has for a type:
// "Primary", "parent_to_child_company". Without a label the association is the default one, by which a first company becomes the
// primary one. Objects are named as in Insert. A contact whose primary company changes is modified by it.
func (s *Server) Associate(fromObject, fromID, toObject, toID, label string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.associateNamed(fromObject, fromID, toObject, toID, label)
}

// InsertAssociation does the same to records as they stand: it moves no stamp, leaves no history and starts no workflow.
func (s *Server) InsertAssociation(fromObject, fromID, toObject, toID, label string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.portal.AsItStands = true
	defer func() { s.portal.AsItStands = false }()
	return s.associateNamed(fromObject, fromID, toObject, toID, label)
}

func (s *Server) associateNamed(fromObject, fromID, toObject, toID, label string) error {
	r, from, to, err := s.pairNamed(fromObject, fromID, toObject, toID)
	if err != nil {
		return err
	}
	if label == "" {
		return r.Associate(from, to)
	}
	t := r.Named(label)
	if strings.EqualFold(label, "primary") {
		t = r.Primary()
	}
	if t == nil {
		return fmt.Errorf("%s and %s have no association label %q", fromObject, toObject, label)
	}
	return r.Associate(from, to, t)
}

// Dissociate ends every association of two records; there need not be one.
func (s *Server) Dissociate(fromObject, fromID, toObject, toID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, from, to, err := s.pairNamed(fromObject, fromID, toObject, toID)
	if err != nil {
		return err
	}
	r.Dissociate(from, to)
	return nil
}

// Associations lists what records of an object a record is associated with, in id order; nil where there can be none.
func (s *Server) Associations(fromObject, fromID, toObject string) []Association {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, from, _, err := s.pairNamed(fromObject, fromID, toObject, "0")
	if err != nil {
		return nil
	}
	var all []Association
	for _, a := range r.Of(from) {
		all = append(all, Association{idText(a.To), labelsOf(a.Types)})
	}
	return all
}

// LabelAssociations gives two objects an admin's association label. The inverse is what the other side calls it; empty is the same.
func (s *Server) LabelAssociations(fromObject, toObject, label, inverse string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, _, _, err := s.pairNamed(fromObject, "0", toObject, "0")
	if err != nil {
		return err
	}
	_, err = r.DefineLabel(label, label, inverse)
	return err
}

func (s *Server) pairNamed(fromObject, fromID, toObject, toID string) (r *portal.Relation, from, to int64, err error) {
	o, from, err := s.recordNamed(fromObject, fromID)
	if err != nil {
		return nil, 0, 0, err
	}
	other, err := s.objectNamed(toObject)
	if err != nil {
		return nil, 0, 0, err
	}
	if to, err = strconv.ParseInt(toID, 10, 64); err != nil {
		return nil, 0, 0, fmt.Errorf("%s id %q is not a number", toObject, toID)
	}
	if r = s.portal.Relation(o, other); r == nil {
		return nil, 0, 0, fmt.Errorf("%s cannot be associated with %s", fromObject, toObject)
	}
	return r, from, to, nil
}
