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
	Lines []sideBySide
}

// sideBySide is one field of two records.
type sideBySide struct {
	Field, HubSpot, Salesforce string
	Same                       bool
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
	for _, m := range matches {
		lines, err := s.compare(r, p, m.Entity, m.HubSpot, m.Salesforce)
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

// compare puts the values of two records side by side, by the columns that each field comes from. Fields that both leave
// blank are left out.
func (s *Server) compare(r *request, p *entity.Project, name string, hubspot, salesforce crm.Record) (lines []sideBySide, err error) {
	e, ok := p.Entity(name)
	if !ok {
		return nil, nil
	}
	fields, err := s.mapping(r, p, e)
	if err != nil {
		return nil, err
	}
	here, err := r.record(hubspot)
	if err != nil {
		return nil, err
	}
	there, err := r.record(salesforce)
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		a, b := f.value(hubspot.Object, here), f.value(salesforce.Object, there)
		if f.Direction != "off" && (a != "" || b != "") {
			lines = append(lines, sideBySide{f.Field, a, b, a == b})
		}
	}
	return lines, nil
}
