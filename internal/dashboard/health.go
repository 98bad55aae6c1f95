package dashboard

import (
	"slices"

	"lockstep/internal/health"
)

// healthData is how the runs are doing, and what stands refused.
type healthData struct {
	health.Health
	Tone                          string
	Category, Entity, System      string // filters
	Categories, Entities, Systems []string
	ByCategory                    []health.Refusal
	Refused                       Table
	Pipelines                     []string
}

// health shows what the command of that name says, and the single refusals behind it.
func (s *Server) health(r *request) (any, error) {
	d := healthData{Category: r.value("category"), Entity: r.value("entity"), System: r.value("system"), Systems: []string{"hubspot", "salesforce"}}
	var err error
	if d.Health, err = r.health(); err != nil {
		return nil, err
	}
	d.Tone = tone(d.Health)
	for _, x := range d.Refusals {
		if !slices.Contains(d.Categories, x.Category) {
			d.Categories = append(d.Categories, x.Category)
		}
		if !slices.Contains(d.Entities, x.Entity) {
			d.Entities = append(d.Entities, x.Entity)
		}
	}
	d.ByCategory = chosen(r, d.Refusals)
	if s.o.Actions != nil {
		if d.Pipelines, err = s.o.Actions.Pipelines(); err != nil {
			return nil, err
		}
	}
	d.Refused, err = r.table("health_refused", "Refused values")
	return d, err
}
