package dashboard

import (
	"net/http"
	"slices"

	"lockstep/internal/ask"
	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// decideData is what waits for a person.
type decideData struct {
	Entity  string
	Names   []string // entities that have something waiting
	Waiting []asked
	Frozen  []asked
	Matches []matched
	More    int // matches that are not shown
}

// asked is one field with whose it is.
type asked struct {
	ask.Field
	Who string
}

// matched is one pair of records side by side.
type matched struct {
	ask.Match
	Who          string
	Lines, Alike []fieldLine
}

// matchesShown is how many pairs of records one page compares: each is read from two mirrors.
const matchesShown = 20

// decide shows the values and the records that nobody but a person can choose between.
func (s *Server) decide(r *request) (any, error) {
	d := decideData{Entity: r.value("entity")}
	p, err := s.project(r)
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
	fields = slices.DeleteFunc(fields, func(f ask.Field) bool { return !note(f.Entity) })
	matches = slices.DeleteFunc(matches, func(m ask.Match) bool { return !note(m.Entity) })
	slices.SortStableFunc(matches, func(a, b ask.Match) int { return len(a.Taken) - len(b.Taken) }) // those that can be linked first
	if len(matches) > matchesShown {
		matches, d.More = matches[:matchesShown], len(matches)-matchesShown
	}
	var wanted []crm.Record
	for _, f := range fields {
		wanted = append(wanted, f.HubSpot)
	}
	for _, m := range matches {
		wanted = append(wanted, m.HubSpot, m.Salesforce)
	}
	all, err := r.records(wanted)
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		who, err := s.called(r, p, f.Entity, f.HubSpot, all)
		if err != nil {
			return nil, err
		}
		if f.Frozen {
			d.Frozen = append(d.Frozen, asked{f, who})
		} else {
			d.Waiting = append(d.Waiting, asked{f, who})
		}
	}
	for _, m := range matches {
		one := matched{Match: m}
		if one.Who, err = s.called(r, p, m.Entity, m.HubSpot, all); err != nil {
			return nil, err
		}
		lines, err := s.sideBySide(r, p, m.Entity, []crm.Record{m.HubSpot, m.Salesforce}, all)
		if err != nil {
			return nil, err
		}
		one.Lines, one.Alike = apart(lines)
		d.Matches = append(d.Matches, one)
	}
	return d, nil
}

// project is the SQL as it stands. While that cannot be read it is the one before, as in a schedule's runs: who edits a file
// takes no page away from others.
func (s *Server) project(r *request) (*entity.Project, error) {
	if s.o.Project == nil {
		return &entity.Project{}, nil
	}
	p, err := s.o.Project()
	if err == nil {
		err = r.parses(p)
	}
	if err == nil {
		s.read.Store(p)
		return p, nil
	}
	if before := s.read.Load(); before != nil {
		return before, nil
	}
	return nil, unreadable(err)
}

// parses tells whether DuckDB reads every file of the project; what it has read once costs nothing.
func (r *request) parses(p *entity.Project) error {
	if r.db == nil {
		return nil
	}
	conn, err := r.db.Conn(r.Context())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // it was only asked
	_, err = p.Parse(r.Context(), conn)
	return err
}

// unreadable is what a page says that needs the project, which a person has to mend: file, line, and what is wrong there.
func unreadable(err error) problem {
	return problem{http.StatusServiceUnavailable, err.Error(), hint(err)}
}
