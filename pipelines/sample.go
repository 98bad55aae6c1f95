package pipelines

import (
	"context"

	"lockstep/internal/plan"
)

// sample notes how much of what is new this run takes: its own sample, or the saved plan's.
func (r *run) sample(ctx context.Context) (err error) {
	switch {
	case r.job.Sample > 0:
		r.result.Sample, err = plan.ReadSample(ctx, r.w.DB, r.result.PlanID)
	case r.job.Saved != nil:
		r.result.Sample = r.job.Saved.Sample()
	}
	return err
}
