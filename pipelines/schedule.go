package pipelines

import (
	"context"
	"errors"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/crm"
)

// Schedule runs each pipeline when its cron says so, until ctx is done. run is called for one pipeline at a
// time and never twice at once. What comes due meanwhile starts when the run under way has ended, and a
// pipeline's own ticks during its run are one tick. A run that fails is logged and the next one happens as
// usual. When ctx is done, a run under way is given its end by the same ctx; Schedule returns ctx's error
// after it.
func Schedule(ctx context.Context, log zerolog.Logger, all []*Pipeline, run func(context.Context, *Pipeline) error) error {
	next := map[*Pipeline]time.Time{}
	for _, p := range all {
		if p.schedule != nil {
			next[p] = p.after(time.Now())
		}
	}
	if len(next) == 0 {
		return crm.WithHint(errors.New("no pipeline has a cron"), "set cron in a file of pipelines/, as in \"*/15 * * * *\"")
	}
	for {
		p := earliest(all, next)
		log.Info().Str("pipeline", p.Name).Time("at", next[p]).Msg("next run")
		timer := time.NewTimer(time.Until(next[p]))
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
		err := run(ctx, p)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && ExitCode(err) != 3 {
			log.Error().Str("pipeline", p.Name).Int("exit_code", ExitCode(err)).Err(err).Msg("the run failed; the next one happens as scheduled")
		}
		next[p] = p.after(time.Now())
	}
}

// after is the pipeline's first tick after t.
func (p *Pipeline) after(t time.Time) time.Time { return p.schedule.Next(t.In(p.zone)) }

// earliest is the pipeline that is due first; of two at the same time the one that reads everything, since
// it covers the other.
func earliest(all []*Pipeline, next map[*Pipeline]time.Time) *Pipeline {
	var first *Pipeline
	for _, p := range all {
		at, ok := next[p]
		if !ok {
			continue
		}
		if first == nil || at.Before(next[first]) || at.Equal(next[first]) && p.Full && !first.Full {
			first = p
		}
	}
	return first
}
