package main

import (
	"errors"
	"io"
	"sync"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
	"github.com/rs/zerolog"

	"lockstep/pipelines"
)

// watch shows how a run goes: bars on a terminal, one log line per stage elsewhere. end takes the bars down
// and must be called before anything else is printed.
func (a *app) watch() (w pipelines.Watch, end func()) {
	if a.terminal {
		b := newBars(a.stderr)
		return b.show, b.end
	}
	return logged(a.log()), func() {}
}

// logged writes one line when a stage is over.
func logged(log zerolog.Logger) pipelines.Watch {
	return func(e pipelines.Event) {
		if !e.End || e.What != "" {
			return
		}
		line := log.Info()
		switch {
		case errors.Is(e.Err, pipelines.ErrIncomplete):
			line = log.Warn().AnErr("but", e.Err)
		case e.Err != nil:
			line = log.Error().Err(e.Err)
		}
		line.Str("stage", e.Stage).Int64("count", e.Done).Dur("took", e.Took).Msg("stage over")
	}
}

// bars are one bar per thing under way in extract and apply.
type bars struct {
	mu       sync.Mutex
	writer   progress.Writer
	trackers map[string]*progress.Tracker
	drawn    chan struct{} // closed when nothing is drawn any more; nil: nothing was
}

func newBars(out io.Writer) *bars {
	w := progress.NewWriter()
	w.SetOutputWriter(out)
	w.SetAutoStop(false)
	w.SetUpdateFrequency(100 * time.Millisecond)
	w.SetStyle(progress.StyleBlocks)
	w.Style().Visibility.ETA = true
	w.Style().Visibility.Speed = true
	return &bars{writer: w, trackers: map[string]*progress.Tracker{}}
}

func (b *bars) show(e pipelines.Event) {
	if e.Stage != "extract" && e.Stage != "apply" || e.What == "" && !e.End {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if e.What == "" { // the stage is over, and with it what it had under way
		for name, t := range b.trackers {
			t.MarkAsDone()
			delete(b.trackers, name)
		}
		return
	}
	t, ok := b.trackers[e.What]
	if !ok {
		t = &progress.Tracker{Message: e.Stage + " " + e.What}
		b.trackers[e.What] = t
		b.writer.AppendTracker(t)
	}
	if b.drawn == nil {
		drawn := make(chan struct{})
		b.drawn = drawn
		go func() {
			defer close(drawn)
			b.writer.Render()
		}()
	}
	t.UpdateTotal(e.Of)
	t.SetValue(e.Done)
	if e.End {
		t.MarkAsDone()
	}
}

// end draws the last state and stops drawing. The library forgets a Stop that comes before its first
// drawing, so it is told until it has ended.
func (b *bars) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.drawn == nil {
		return
	}
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		b.writer.Stop()
		select {
		case <-b.drawn:
			b.drawn = nil
			return
		case <-again.C:
		}
	}
}
