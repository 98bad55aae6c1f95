package pipelines

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/crm"
)

// Wakes are records that a CRM said were edited, collected until a run takes them: wake.Collector is one.
type Wakes interface {
	// Ready gets a value when there is something to take that nobody has waited for long enough.
	Ready() <-chan struct{}
	// Take is what there is, by object, and leaves nothing.
	Take() map[crm.Object][]string
	// Return gives back what was taken by a run that failed. It goes with the next run, and is not Ready for that.
	Return(map[crm.Object][]string)
}

// Due is a run whose time has come.
type Due struct {
	Pipeline *Pipeline
	Named    map[crm.Object][]string // records to read by their ids
	Woken    bool                    // that is why it runs: its cron does not say so yet
}

// Schedule runs each pipeline when its cron says so, until ctx is done, and those with wake also when wakes has something
// for them; nil wakes nobody. run is called for one pipeline at a time and never twice at once. What comes due meanwhile
// starts when the run under way has ended, and a pipeline's own ticks during its run are one tick; an edit told of
// meanwhile wakes again. A run that fails is logged and the next one happens as usual, with the records that the failed one
// was to read. When ctx is done, a run under way is given its end by the same ctx; Schedule returns ctx's error after it.
func Schedule(ctx context.Context, log zerolog.Logger, all []*Pipeline, wakes Wakes, run func(context.Context, Due) error) error {
	next := map[*Pipeline]time.Time{}
	for _, p := range all {
		if p.schedule != nil {
			next[p] = p.after(time.Now())
		}
	}
	if len(next) == 0 {
		return crm.WithHint(errors.New("no pipeline has a cron"), "set cron in a file of pipelines/, as in \"*/15 * * * *\"")
	}
	waking := slices.DeleteFunc(slices.Clone(all), func(p *Pipeline) bool { return !p.Wake })
	if len(waking) == 0 {
		wakes = nil
	}
	for {
		p := earliest(all, next)
		log.Info().Str("pipeline", p.Name).Time("at", next[p]).Msg("next run")
		woken, err := until(ctx, next[p], wakes)
		if err != nil {
			return err
		}
		due := []Due{{Pipeline: p}}
		if woken {
			due = nil
			for _, w := range waking {
				due = append(due, Due{Pipeline: w, Woken: true})
			}
		}
		var named map[crm.Object][]string
		if wakes != nil && due[0].Pipeline.Wake { // any other pipeline leaves them to those
			named = wakes.Take()
		}
		failed := false
		for _, d := range due {
			d.Named = named
			if d.Woken {
				log.Info().Str("pipeline", d.Pipeline.Name).Int("records", count(named)).Msg("woken by an edit")
			}
			err := run(ctx, d)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil && ExitCode(err) != 3 {
				failed = true
				log.Error().Str("pipeline", d.Pipeline.Name).Int("exit_code", ExitCode(err)).Err(err).Msg("the run failed; the next one happens as scheduled")
			}
			if !d.Woken {
				next[d.Pipeline] = d.Pipeline.after(time.Now())
			}
		}
		if failed && len(named) > 0 {
			wakes.Return(named)
		}
	}
}

// until waits for an instant, or for something that wakes. What is due goes first.
func until(ctx context.Context, at time.Time, wakes Wakes) (woken bool, err error) {
	var ready <-chan struct{}
	if wakes != nil && time.Now().Before(at) {
		ready = wakes.Ready()
	}
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case <-timer.C:
		return false, nil
	case <-ready:
		return true, nil
	}
}

func count(named map[crm.Object][]string) (n int) {
	for _, ids := range named {
		n += len(ids)
	}
	return n
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
