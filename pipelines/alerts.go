package pipelines

import (
	"context"
	"errors"
	"slices"
	"time"

	"lockstep/internal/alert"
	"lockstep/internal/health"
	"lockstep/internal/pause"
	"lockstep/internal/project"
	"lockstep/internal/publish"
)

// HealthOptions are what health has to know of a project beside its warehouse: pipelines, pauses and bounds.
// One of them that cannot be read is told as a problem: what is known of the runs is known without it.
func HealthOptions(p *project.Project, now time.Time) (o health.Options, err error) {
	bounds := p.Config.Alerts
	o = health.Options{Now: now, Bounds: health.Bounds{Late: bounds.Late, Lag: bounds.Lag, Refused: bounds.Refused}}
	if o.Unread, err = unread(p); err != nil {
		return o, err
	}
	all, err := LoadAll(p.Pipelines)
	if err != nil && o.Unread == nil {
		one := health.NotRead(err.Error(), time.Time{})
		o.Unread = &one
	}
	for _, one := range all {
		o.Pipelines = append(o.Pipelines, one.Health())
	}
	o.Pipelines = append(o.Pipelines, health.Pipeline{Name: Woken})
	if o.Paused, err = pause.Read(p.Config.Paths.Warehouse); err != nil {
		return o, err
	}
	f, failed, err := publish.LastFailure(p.Config.Paths.Published)
	if failed {
		o.Unpublished = &health.Problem{Detail: f.Error, Since: f.At, RunID: f.Run}
	}
	return o, err
}

// Alerts are where the project's alerts go; nil: no LOCKSTEP_ALERT_URL says so.
func Alerts(p *project.Project, env project.Environment) (*alert.Endpoint, error) {
	url, err := env.Secret(project.AlertURL)
	if err != nil || url.Reveal() == "" {
		return nil, err
	}
	return &alert.Endpoint{URL: url, Name: p.Config.Alerts.Name}, nil
}

// alert tells of what has begun to be wrong with this run, or is over. Whatever becomes of that is no concern of the run.
func (r *run) alert(ctx context.Context, outcome error) {
	if r.job.Alerts == nil || r.job.Until == Extracted || errors.Is(outcome, context.Canceled) {
		return
	}
	o, err := HealthOptions(r.job.Project, r.job.Now())
	if err == nil {
		var h health.Health
		if h, err = health.Read(ctx, r.w.DB, o); err == nil {
			err = r.job.Alerts.Tell(ctx, r.w.DB, slices.Concat(r.job.Problems, h.Problems), r.result.RunID, o.Now)
		}
	}
	if err != nil {
		r.job.Log.Warn().Err(err).Msg("alerts could not be told")
	}
}
