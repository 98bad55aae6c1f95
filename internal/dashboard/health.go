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
	Still                         []health.Waiting // without what Frozen says, and the answered
	PlanRun                       string           // the run of the newest plan of what waits; empty: there is none
	Pipelines                     []string
}

// pipelines are those that can be run from here: none while they cannot be read, which health says.
func (s *Server) pipelines() []string {
	if s.o.Actions == nil {
		return nil
	}
	all, err := s.o.Actions.Pipelines()
	if err != nil {
		return nil
	}
	return all
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
	d.Pipelines = s.pipelines()
	for _, x := range d.Waiting {
		if x.Kind != "ask" && x.Kind != "frozen" {
			d.Still = append(d.Still, x)
		}
	}
	runs, err := r.texts(`select run_id from plan.plan where run_id is not null and plan_id in (select plan_id from plan.newest) order by made_at desc, plan_id desc limit 1`)
	if err != nil {
		return nil, err
	}
	if len(runs) > 0 {
		d.PlanRun = runs[0]
	}
	d.Refused, err = r.table("health_refused", "Refused values")
	return d, err
}
