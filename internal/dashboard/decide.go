package dashboard

import (
	"slices"

	"lockstep/internal/ask"
	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// decideData is what waits for a person.
type decideData struct {
	Entity  string
	Names   []string // entities that have something waiting
	Waiting []ask.Field
	Frozen  []ask.Field
	Matches []matched
	More    int // matches that are not shown
}

// matched is one pair of records side by side.
type matched struct {
	ask.Match
	Lines []fieldLine
}

// matchesShown is how many pairs of records one page compares: each is read from two mirrors.
const matchesShown = 20

// decide shows the values and the records that nobody but a person can choose between.
func (s *Server) decide(r *request) (any, error) {
	d := decideData{Entity: r.value("entity")}
	p, err := s.project()
	if err != nil {
		return nil, err
	}
	fields, err := ask.Fields(r.Context(), r.db, p)
	if err != nil {
		return nil, err
	}
	matches, err := ask.Matches(r.Context(), r.db, p)
	if err != nil {
		return nil, err
	}
	note := func(name string) bool {
		if !slices.Contains(d.Names, name) {
			d.Names = append(d.Names, name)
		}
		return d.Entity == "" || d.Entity == name
	}
	for _, f := range fields {
		switch {
		case !note(f.Entity):
		case f.Frozen:
			d.Frozen = append(d.Frozen, f)
		default:
			d.Waiting = append(d.Waiting, f)
		}
	}
	matches = slices.DeleteFunc(matches, func(m ask.Match) bool { return !note(m.Entity) })
	if len(matches) > matchesShown {
		matches, d.More = matches[:matchesShown], len(matches)-matchesShown
	}
	var wanted []crm.Record
	for _, m := range matches {
		wanted = append(wanted, m.HubSpot, m.Salesforce)
	}
	all, err := r.records(wanted)
	if err != nil {
		return nil, err
	}
	for _, m := range matches {
		lines, err := s.sideBySide(r, p, m.Entity, []crm.Record{m.HubSpot, m.Salesforce}, all)
		if err != nil {
			return nil, err
		}
		d.Matches = append(d.Matches, matched{m, lines})
	}
	return d, nil
}

// project is the SQL as it stands.
func (s *Server) project() (*entity.Project, error) {
	if s.o.Project == nil {
		return &entity.Project{}, nil
	}
	return s.o.Project()
}
