package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/dashboard"
	"lockstep/internal/warehouse"
	"lockstep/pipelines"
)

// desk carries out what is asked for from the page: one thing at a time, in the order it was asked for. What is not over
// within a moment goes on without the person who asked.
type desk struct {
	a      *app
	until  context.Context // the program's: what is under way ends with it
	moment time.Duration
	turn   chan struct{}
	group  sync.WaitGroup

	mu   sync.Mutex
	work []*dashboard.Work // oldest first
}

var _ dashboard.Actions = (*desk)(nil)

// kept is how much of what is over stays to be seen.
const kept = 20

// newDesk makes one whose work ends when until is done; call wait then.
func newDesk(until context.Context, a *app) *desk {
	return &desk{a: a, until: until, moment: 2 * time.Second, turn: make(chan struct{}, 1)}
}

// wait returns when nothing is under way any more.
func (d *desk) wait() { d.group.Wait() }

// Work implements dashboard.Actions.
func (d *desk) Work() []dashboard.Work {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []dashboard.Work
	for _, w := range slices.Backward(d.work) {
		all = append(all, *w)
	}
	return all
}

// ending is how an act ended, for the person who asked.
type ending struct {
	said, run string
	err       error
}

// do has an act done in its turn, and waits a moment for it.
func (d *desk) do(ctx context.Context, what string, act func(context.Context, *acts) ending) (string, error) {
	w := &dashboard.Work{What: what, State: "waiting", Since: d.a.now()}
	d.note(w)
	over := make(chan ending, 1)
	d.group.Go(func() {
		select {
		case d.turn <- struct{}{}:
			defer func() { <-d.turn }()
		case <-d.until.Done():
		}
		d.change(func() { w.State = "under way" })
		ended := act(d.until, d.acts(w))
		d.change(func() { d.ended(w, ended) })
		over <- ended
	})
	moment := time.NewTimer(d.moment)
	defer moment.Stop()
	select {
	case ended := <-over:
		if errors.Is(ended.err, pipelines.ErrIncomplete) {
			return what + ": " + ended.said, nil
		}
		return ended.said, ended.err
	case <-moment.C:
	case <-ctx.Done():
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if w.State == "waiting" {
		return fmt.Sprintf("%s waits for %s. This page shows what becomes of it.", what, w.Stage), nil
	}
	return what + " is under way. This page shows what becomes of it.", nil
}

func (d *desk) change(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f()
}

// note adds a piece of work; the oldest that is over makes room.
func (d *desk) note(w *dashboard.Work) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := slices.IndexFunc(d.work, func(w *dashboard.Work) bool { return w.State == "under way" || w.State == "waiting" }); i >= 0 {
		w.Stage = d.work[i].What
	}
	d.work = append(d.work, w)
	if i := slices.IndexFunc(d.work, func(w *dashboard.Work) bool { return w.Over() }); len(d.work) > kept && i >= 0 {
		d.work = slices.Delete(d.work, i, i+1)
	}
}

// ended writes down how a piece of work ended.
func (d *desk) ended(w *dashboard.Work, o ending) {
	w.Ended, w.Said, w.Run, w.Stage, w.State = d.a.now(), o.said, o.run, "", "done"
	switch {
	case errors.Is(o.err, pipelines.ErrIncomplete):
		w.State = "incomplete"
	case o.err != nil:
		w.State, w.Said = "failed", strings.ReplaceAll(o.err.Error(), "\n", "; ")
		if h := (*crm.Hinted)(nil); errors.As(o.err, &h) {
			w.Hint = h.Hint
		}
	}
}

// acts are those of the commands; whoever looks at the page is told how they go.
func (d *desk) acts(w *dashboard.Work) *acts {
	show := logged(d.a.log())
	return &acts{
		a: d.a, wait: patience,
		waiting: func(h warehouse.Holder) { d.change(func() { w.State, w.Stage = "waiting", h.String() }) },
		watch: func(e pipelines.Event) {
			show(e)
			d.change(func() {
				switch {
				case w.Over():
				case e.Stage == pipelines.Waiting:
					w.State, w.Stage = "waiting", e.What
				default:
					w.State, w.Stage = "under way", e.Stage
				}
			})
		},
	}
}
