package pipelines

import (
	"context"
	"time"

	"lockstep/internal/entity"
	"lockstep/internal/project"
	"lockstep/internal/publish"
	"lockstep/internal/warehouse"
)

// Publishing is what of a publication is not as usual.
type Publishing struct {
	Off   bool  // nobody reads what these runs leave
	Small int64 // as in publish.Options
}

// shortly is how long a run that was told to end may still publish.
const shortly = 5 * time.Second

// publish puts out what the run has left for readers. A publication that fails is told of and noted, and takes nothing
// away from the run's own outcome: the one before stays, and the next run tries again.
func (r *run) publish(ctx context.Context) {
	if r.job.Publish.Off {
		return
	}
	c := r.job.Project.Config.Paths
	o := publish.Options{
		Folder: c.Published, Mode: c.PublishedMode(), Run: r.result.RunID, Project: r.entity, Mapping: r.mapping,
		Idle: r.result.Idle, Whole: r.job.Pipeline.Reports, Small: r.job.Publish.Small, Now: r.job.Now,
	}
	if ctx.Err() != nil {
		o.Light = true
		var done context.CancelFunc
		ctx, done = context.WithTimeout(context.WithoutCancel(ctx), shortly)
		defer done()
	}
	report, err := publish.Write(ctx, r.w, o)
	if err != nil {
		r.job.Log.Error().Err(err).Str("hint", "readers have what the run before published; the next run publishes again").Msg("not published")
		return
	}
	for _, what := range report.Skipped {
		r.job.Log.Info().Str("report", what).Msg("a report is left out until what it reads is there")
	}
	r.job.Log.Debug().Int64("files", report.Files).Int64("bytes", report.Bytes).Dur("took", report.Took).Msg("published")
}

// Republish puts out what a command has changed in a warehouse that it holds: a person's answer is seen before the next run
// has ended. Where nothing was published yet it does nothing.
func Republish(ctx context.Context, w *warehouse.Warehouse, p *project.Project, e *entity.Project, now func() time.Time) error {
	c := p.Config.Paths
	before, err := publish.ReadManifest(c.Published)
	if err != nil || before == nil {
		return err
	}
	_, err = publish.Write(ctx, w, publish.Options{
		Folder: c.Published, Mode: c.PublishedMode(), Run: newRunID(now()), Project: e, Mapping: before.Mapping, Now: now,
	})
	return err
}
