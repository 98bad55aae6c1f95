package dashboard

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// mapped is one field as the SQL has it.
type mapped struct{ entity.Mapped }

// mappingsData is how the fields go, as the SQL stands.
type mappingsData struct {
	Entity     string
	Names      []string
	Entities   []mappedEntity
	Crosswalks []entity.Crosswalk
}

type mappedEntity struct {
	Name   string
	Files  []string
	Fields []mapped
}

// mappings shows fields × direction × rule × crosswalk.
func (s *Server) mappings(r *request) (any, error) {
	d := mappingsData{Entity: r.value("entity")}
	p, err := s.project(r)
	if err != nil {
		return nil, err
	}
	for _, e := range p.Entities {
		d.Names = append(d.Names, e.Name)
		if d.Entity != "" && d.Entity != e.Name {
			continue
		}
		fields, err := s.mapping(r, p, e)
		if err != nil {
			return nil, err
		}
		d.Entities = append(d.Entities, mappedEntity{e.Name, filesOf(e), fields})
	}
	d.Crosswalks = p.Crosswalks
	return d, nil
}

// filesOf are the paths of an entity's SQL files.
func filesOf(e *entity.Entity) (paths []string) {
	for _, f := range slices.Concat(e.From, e.To) {
		paths = append(paths, f.Path)
	}
	for _, f := range []*entity.File{e.Match, e.Create, e.Fields, e.Winner} {
		if f != nil {
			paths = append(paths, f.Path)
		}
	}
	slices.Sort(paths)
	return paths
}

// mappedOnce keeps what was parsed last of each entity: its text changes with an edit, and is asked for with every page.
type mappedOnce struct {
	mu  sync.Mutex
	all map[string]parsedEntity
}

type parsedEntity struct {
	text   string
	fields []mapped
}

// mapping is the fields of one entity.
func (s *Server) mapping(r *request, p *entity.Project, e *entity.Entity) ([]mapped, error) {
	var text strings.Builder
	for _, f := range slices.Concat(e.From, e.To) {
		text.WriteString(f.Path + "\n" + f.Text)
	}
	for _, f := range []*entity.File{e.Fields, e.Winner} {
		if f != nil {
			text.WriteString(f.Path + "\n" + f.Text)
		}
	}
	for _, f := range p.Lib {
		text.WriteString(f.Path + "\n")
	}
	s.mapped.mu.Lock()
	known, ok := s.mapped.all[e.Name]
	s.mapped.mu.Unlock()
	if ok && known.text == text.String() {
		return known.fields, nil
	}
	all, err := p.Mapping(r.Context(), r.db, e)
	if err != nil {
		return nil, fmt.Errorf("sql/%s: %w", e.Name, err)
	}
	var fields []mapped
	for _, m := range all {
		fields = append(fields, mapped{m})
	}
	s.mapped.mu.Lock()
	defer s.mapped.mu.Unlock()
	if s.mapped.all == nil {
		s.mapped.all = map[string]parsedEntity{}
	}
	s.mapped.all[e.Name] = parsedEntity{text.String(), fields}
	return fields, nil
}

// way is how one object's columns go in and out of a field.
type way struct {
	Object     string
	Columns    []string // read and written
	Read       []string // only read
	Written    []string // only written
	With       []string // other fields that make the same columns
	Crosswalks []string
	Lookups    []string // catalog and list tables
	Macros     []string
}

// Ways are how a field goes through one CRM's objects.
func (m mapped) Ways(system string) (ways []way) {
	for _, in := range m.In {
		if in.Object.System == crm.System(system) {
			ways = append(ways, way{Object: in.Object.Name, Read: in.Columns, Crosswalks: in.Crosswalks, Lookups: slices.Concat(in.Lookups, in.Lists), Macros: in.Macros})
		}
	}
	for _, out := range m.Out {
		if out.Object.System != crm.System(system) {
			continue
		}
		i := slices.IndexFunc(ways, func(w way) bool { return w.Object == out.Object.Name })
		if i < 0 {
			ways = append(ways, way{Object: out.Object.Name})
			i = len(ways) - 1
		}
		w := &ways[i]
		for _, c := range out.Columns {
			if j := slices.IndexFunc(w.Read, func(r string) bool { return strings.EqualFold(r, c) }); j >= 0 {
				w.Columns = append(w.Columns, c)
				w.Read = slices.Delete(slices.Clone(w.Read), j, j+1)
			} else {
				w.Written = append(w.Written, c)
			}
		}
		w.With = out.Fields
		w.Crosswalks = union(w.Crosswalks, out.Crosswalks)
		w.Lookups = union(w.Lookups, slices.Concat(out.Lookups, out.Lists))
		w.Macros = union(w.Macros, out.Macros)
	}
	return ways
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, x := range b {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// Arrow is the field's direction, as a sign and in words.
func (m mapped) Arrow() (a struct{ Sign, Words string }) {
	a.Sign, a.Words = "–", m.Direction
	switch m.Direction {
	case "two_way":
		a.Sign, a.Words = "⇄", "two way"
	case "hubspot_to_salesforce":
		a.Sign, a.Words = "→", "HubSpot to Salesforce"
	case "salesforce_to_hubspot":
		a.Sign, a.Words = "←", "Salesforce to HubSpot"
	}
	return a
}

// RuleWords is the rule as a reader says it.
func (m mapped) RuleWords() string { return spoken(m.Rule) }

// mappingFile shows one file of the mapping: an entity's SQL, a macro, a crosswalk or a list. The path is one of the
// project's own, whatever else it may look like.
func (s *Server) mappingFile(r *request) (any, error) {
	p, err := s.project(r)
	if err != nil {
		return nil, err
	}
	path := "sql/" + r.value("folder") + "/" + r.value("file")
	type data struct {
		Path, Text string
		Crosswalk  *entity.Crosswalk
	}
	for _, c := range p.Crosswalks {
		if c.Path == path {
			return data{Path: path, Crosswalk: &c}, nil
		}
	}
	for _, e := range p.Entities {
		for _, f := range slices.Concat(e.From, e.To) {
			if f.Path == path {
				return data{Path: path, Text: f.Text}, nil
			}
		}
		for _, f := range []*entity.File{e.Match, e.Create, e.Fields, e.Winner} {
			if f != nil && f.Path == path {
				return data{Path: path, Text: f.Text}, nil
			}
		}
	}
	for _, f := range slices.Concat(p.Lib, p.Reports) {
		if f.Path == path {
			return data{Path: path, Text: f.Text}, nil
		}
	}
	return nil, errNotFound
}
