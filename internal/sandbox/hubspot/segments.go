package hubspot

import (
	"encoding/json"
	"fmt"
	"strconv"

	"lockstep/internal/sandbox/hubspot/portal"
)

// ListDefinition is a list to be made.
type ListDefinition struct {
	Object     string // as in Insert
	Name       string // unique among the object's lists
	Processing string // MANUAL, SNAPSHOT or DYNAMIC; empty: DYNAMIC with filters, MANUAL without
	Filters    string // the API's filterBranch as JSON; empty: none
}

// CreateList makes a list and returns its id.
func (s *Server) CreateList(d ListDefinition) (id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var branch *portal.Branch
	if d.Filters != "" {
		if err := json.Unmarshal([]byte(d.Filters), &branch); err != nil {
			return "", fmt.Errorf("filters of list %s: %w", d.Name, err)
		}
	}
	switch {
	case d.Processing == "" && branch != nil:
		d.Processing = portal.Dynamic
	case d.Processing == "":
		d.Processing = portal.Manual
	}
	l, err := s.makeList(d.Name, d.Object, d.Processing, branch)
	if err != nil {
		return "", err
	}
	return idText(l.ID), nil
}

// AddToList adds live records to a list whose members are chosen by hand; those that are in it already stay.
func (s *Server) AddToList(listID string, recordIDs ...string) error {
	return s.changeList(listID, recordIDs, func(l *portal.List, ids []int64) []int64 { _, missing := l.Add(ids); return missing })
}

// RemoveFromList removes records from such a list; those that are not in it stay out.
func (s *Server) RemoveFromList(listID string, recordIDs ...string) error {
	return s.changeList(listID, recordIDs, func(l *portal.List, ids []int64) []int64 { _, missing := l.Remove(ids); return missing })
}

func (s *Server) changeList(listID string, recordIDs []string, change func(*portal.List, []int64) (missing []int64)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, err := s.listNumbered(listID)
	if err != nil {
		return err
	}
	if l.Processing == portal.Dynamic {
		return fmt.Errorf("list %s is DYNAMIC: its members follow from its filters", listID)
	}
	var ids []int64
	for _, text := range recordIDs {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("record id %q is not a number", text)
		}
		ids = append(ids, id)
	}
	if missing := change(l, ids); len(missing) > 0 {
		return fmt.Errorf("no live %s: %v", l.Object().Plural, missing)
	}
	return nil
}

// ListMembers are the ids of the records in a list, by id; nil for a list that is not there.
func (s *Server) ListMembers(listID string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, err := s.listNumbered(listID)
	if err != nil {
		return nil
	}
	var ids []string
	for _, m := range l.Members(false) {
		ids = append(ids, idText(m.ID))
	}
	return ids
}

func (s *Server) listNumbered(listID string) (*portal.List, error) {
	id, err := strconv.ParseInt(listID, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("list id %q is not a number", listID)
	}
	l := s.portal.List(id)
	if l == nil {
		return nil, fmt.Errorf("no list %s", listID)
	}
	return l, nil
}
