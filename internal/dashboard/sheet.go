package dashboard

import (
	"strings"

	"lockstep/internal/ask"
	"lockstep/internal/crm"
	"lockstep/internal/health"
)

// sheet is a table of a page that is no query of its own: its names, then its rows, with the filters of the page.
type sheet func(*Server, *request) ([][]any, error)

// sheets are at /csv/<name>, as the queries are.
var sheets = map[string]sheet{
	"mappings":       (*Server).mappingSheet,
	"story":          (*Server).storySheet,
	"to_decide":      (*Server).fieldSheet,
	"one_or_two":     (*Server).matchSheet,
	"health_refusal": (*Server).refusalSheet,
	"health_runs":    (*Server).runSheet,
	"health_objects": (*Server).objectSheet,
	"health_waiting": (*Server).waitingSheet,
}

// mappingSheet is one row per field and object that it comes from or gets to.
func (s *Server) mappingSheet(r *request) ([][]any, error) {
	p, err := s.project(r)
	if err != nil {
		return nil, err
	}
	rows := [][]any{{"entity", "field", "direction", "rule", "blank", "together", "refers_to", "system", "object", "read", "written", "crosswalks"}}
	for _, e := range p.Entities {
		if of := r.value("entity"); of != "" && of != e.Name {
			continue
		}
		fields, err := s.mapping(r, p, e)
		if err != nil {
			return nil, err
		}
		for _, f := range fields {
			for _, system := range crm.Systems {
				for _, w := range f.Ways(string(system)) {
					rows = append(rows, []any{e.Name, f.Field, f.Direction, f.Rule, f.Blank, f.Together, f.RefersTo, string(system), w.Object,
						listed(union(w.Columns, w.Read)), listed(union(w.Columns, w.Written)), listed(w.Crosswalks)})
				}
			}
		}
	}
	return rows, nil
}

// storySheet is one row per field of the record that the page tells of.
func (s *Server) storySheet(r *request) ([][]any, error) {
	d, err := s.person(r)
	if err != nil {
		return nil, err
	}
	rows := [][]any{{"field", "hubspot", "hubspot_base", "salesforce", "salesforce_base", "direction", "rule", "state", "reason", "since"}}
	for _, f := range d.(personData).Fields {
		row := []any{f.Field, text(f.HubSpot), text(f.HubSpotBase), text(f.Salesforce), text(f.SalesforceBase), f.Direction, f.Rule, f.State, f.Reason, nil}
		if f.Since != nil {
			row[9] = *f.Since
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// fieldSheet is one row per field that waits for a person, frozen ones among them.
func (s *Server) fieldSheet(r *request) ([][]any, error) {
	p, err := s.project(r)
	if err != nil {
		return nil, err
	}
	all, err := ask.Fields(r.Context(), r.db, p)
	rows := [][]any{{"entity", "field", "hubspot_id", "salesforce_id", "hubspot", "hubspot_base", "salesforce", "salesforce_base", "frozen", "why"}}
	for _, f := range all {
		if of := r.value("entity"); of == "" || of == f.Entity {
			rows = append(rows, []any{f.Entity, f.Name, f.HubSpot.ID, f.Salesforce.ID, f.HubSpotValue, f.HubSpotBase, f.SalesforceValue, f.SalesforceBase, f.Frozen, f.Why})
		}
	}
	return rows, err
}

// matchSheet is one row per two records that a rule names and nothing links, also those that the page has no room for.
func (s *Server) matchSheet(r *request) ([][]any, error) {
	p, err := s.project(r)
	if err != nil {
		return nil, err
	}
	all, err := ask.Matches(r.Context(), r.db, p)
	rows := [][]any{{"entity", "hubspot_object", "hubspot_id", "salesforce_object", "salesforce_id", "held", "linked_elsewhere", "why"}}
	for _, m := range all {
		if of := r.value("entity"); of == "" || of == m.Entity {
			rows = append(rows, []any{m.Entity, m.HubSpot.Object.Name, m.HubSpot.ID, m.Salesforce.Object.Name, m.Salesforce.ID, m.Held, string(m.Taken), m.Why})
		}
	}
	return rows, err
}

func (s *Server) refusalSheet(r *request) ([][]any, error) {
	h, err := r.health()
	rows := [][]any{{"category", "entity", "system", "object", "records", "values", "predicted", "first_at", "last_at", "remedy"}}
	for _, x := range chosen(r, h.Refusals) {
		rows = append(rows, []any{x.Category, x.Entity, x.System, x.Object, x.Records, x.Values, x.Predicted, x.FirstAt, x.LastAt, x.Remedy})
	}
	return rows, err
}

func (s *Server) runSheet(r *request) ([][]any, error) {
	h, err := r.health()
	rows := [][]any{{"pipeline", "run", "started_at", "state", "due_at", "late", "paused"}}
	for _, x := range h.Runs {
		rows = append(rows, []any{x.Pipeline, x.ID, x.StartedAt, x.State, x.DueAt, x.Late, x.Paused})
	}
	return rows, err
}

func (s *Server) objectSheet(r *request) ([][]any, error) {
	h, err := r.health()
	rows := [][]any{{"system", "object", "read_at", "newest_at", "full_at"}}
	for _, x := range h.Objects {
		rows = append(rows, []any{x.System, x.Name, x.ReadAt, x.NewestAt, x.FullAt})
	}
	return rows, err
}

// waitingSheet is one row per kind of what is frozen or waits.
func (s *Server) waitingSheet(r *request) ([][]any, error) {
	h, err := r.health()
	rows := [][]any{{"kind", "entity", "field", "records"}}
	for _, x := range h.Frozen {
		rows = append(rows, []any{"frozen: " + x.Kind, x.Entity, x.Field, x.Pairs})
	}
	for _, x := range h.Waiting {
		rows = append(rows, []any{x.Kind, x.Entity, x.Field, x.Records})
	}
	return rows, err
}

// chosen are the refusals that fit the filters of the page.
func chosen(r *request, all []health.Refusal) (out []health.Refusal) {
	fits := func(name, v string) bool { return r.value(name) == "" || r.value(name) == v }
	for _, x := range all {
		if fits("category", x.Category) && fits("entity", x.Entity) && fits("system", x.System) {
			out = append(out, x)
		}
	}
	return out
}

func listed(all []string) string { return strings.Join(all, ", ") }
