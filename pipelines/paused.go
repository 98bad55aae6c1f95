package pipelines

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"lockstep/internal/crm"
	"lockstep/internal/pause"
	"lockstep/internal/plan"
)

// ErrPaused is returned by Run when its pipeline is paused. Nothing was read or sent, and history does not tell of it.
var ErrPaused = errors.New("paused")

// paused refuses a run that would send something while its pipeline is paused.
func (r *run) paused() error {
	if r.job.Until != Applied && !r.job.Shadow {
		return nil
	}
	all, err := pause.Read(r.w.Path)
	if err != nil {
		return err
	}
	if p, ok := all.Of(r.job.Pipeline.Name); ok {
		return crm.WithHint(fmt.Errorf("pipeline %s is %w since %s", r.job.Pipeline.Name, ErrPaused, p.Since.Format("2006-01-02 15:04 MST")),
			"`lockstep pause %s --off` resumes it; `lockstep plan` shows what it would do", p.Name)
	}
	return nil
}

// withhold leaves the changes of paused entities unsent, and lists them. The pauses are read once the plan is made:
// whoever paused an entity while the run was reading is heard.
func (r *run) withhold(ctx context.Context) error {
	all, err := pause.Read(r.w.Path)
	if err != nil || len(all) == 0 {
		return err
	}
	why := map[string]string{}
	for _, name := range r.job.Pipeline.Entities {
		if p, ok := all.Of(name, r.job.Pipeline.Name); ok {
			why[name] = fmt.Sprintf("%s is paused since %s", p.Name, p.Since.Format("2006-01-02 15:04 MST"))
		}
	}
	n, err := plan.Withhold(ctx, r.w.DB, r.result.PlanID, why, r.job.Until == Applied)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(n)) {
		r.result.Paused = append(r.result.Paused, fmt.Sprintf("%s: %s: changes planned and not sent: %d", name, why[name], n[name]))
		r.job.Log.Info().Str("entity", name).Int("changes", n[name]).Msg("planned and not sent: " + why[name])
	}
	return r.count(ctx)
}
