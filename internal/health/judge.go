package health

import (
	"fmt"
	"slices"
	"time"
)

// few is how many changes a run has to have before the share of its refusals says anything.
const few = 10

// judge draws the problems from the facts. first is when anything ran for the first time.
func (h *Health) judge(o Options, first time.Time) {
	for _, p := range o.Pipelines {
		h.pipeline(o, p, first)
	}
	h.lag(o)
	h.budget(o)
	for _, f := range h.Frozen {
		why := "two automations fight over it"
		if f.Kind == "unclear" {
			why = "a write was interrupted, and nobody can tell whether it landed"
		}
		h.add(Problem{Kind: Freeze, Subject: f.Entity + "." + f.Field, Since: f.Since, Run: "lockstep release",
			Text: fmt.Sprintf("%s.%s is frozen in %s: %s", f.Entity, f.Field, pairs(f.Pairs), why)})
	}
	if o.Unread != nil {
		h.add(*o.Unread)
	}
	if u := o.Unpublished; u != nil {
		h.add(Problem{Kind: Unpublished, Subject: "published", Detail: u.Detail, Since: u.Since, RunID: u.RunID, Run: "lockstep run quarter_hourly",
			Text: "the last run could not publish: readers have what one before it did"})
	}
	if h.Alerts.Error != "" {
		h.add(Problem{Kind: Unheard, Subject: "webhook", Since: h.Alerts.Since,
			Text: fmt.Sprintf("%d alerts could not be delivered: %s", h.Alerts.Waiting, h.Alerts.Error)})
	}
	slices.SortStableFunc(h.Problems, func(a, b Problem) int { return slices.Index(worst, a.Kind) - slices.Index(worst, b.Kind) })
	h.Well = len(h.Problems) == 0
}

// NotRead is the problem of a project that was changed and does not pass its check.
func NotRead(detail string, since time.Time) Problem {
	return Problem{Kind: Unread, Subject: "sql", Text: "the changed project does not pass `lockstep check`: the one before is used", Detail: detail, Since: since, Run: "lockstep check"}
}

func pairs(n int64) string {
	if n == 1 {
		return "1 pair"
	}
	return fmt.Sprintf("%d pairs", n)
}

// worst are the kinds, worst first.
var worst = []Kind{Failed, Stopped, Late, Lag, Unread, Unpublished, Unmade, Budget, Refusals, Freeze, Unheard}

func (h *Health) add(p Problem) { h.Problems = append(h.Problems, p) }

// pipeline judges the last run of one pipeline. One that never ran is late once it could have.
func (h *Health) pipeline(o Options, p Pipeline, first time.Time) {
	_, paused := o.Paused.Of(p.Name)
	began := first
	if i := slices.IndexFunc(h.Runs, func(r Run) bool { return r.Pipeline == p.Name }); i >= 0 {
		r := &h.Runs[i]
		began, r.Paused = r.StartedAt, paused
		h.outcome(o, *r)
	}
	if p.After == nil || began.IsZero() {
		return
	}
	due := p.After(began).UTC()
	late := !paused && o.Bounds.Late > 0 && o.Now.Sub(due) > o.Bounds.Late
	if i := slices.IndexFunc(h.Runs, func(r Run) bool { return r.Pipeline == p.Name }); i >= 0 {
		h.Runs[i].DueAt, h.Runs[i].Late = due, late
	}
	if late {
		h.add(Problem{Kind: Late, Subject: p.Name, Since: due, Run: "lockstep schedule",
			Text: fmt.Sprintf("%s was due at %s and has not begun", p.Name, due.Format("2006-01-02 15:04 MST"))})
	}
}

func (h *Health) outcome(o Options, r Run) {
	one := Problem{Subject: r.Pipeline, Detail: r.Error, Since: r.StartedAt, RunID: r.ID, Run: "lockstep history " + r.ID}
	switch r.State {
	case "failed":
		one.Kind, one.Text = Failed, "the last run of "+r.Pipeline+" failed"
		h.add(one)
	case "stopped":
		one.Kind, one.Text, one.Run = Stopped, "the last run of "+r.Pipeline+" was stopped by a limit", "lockstep plan --pipeline "+r.Pipeline
		h.add(one)
	case "done", "refused":
		if r.Error != "" { // of what takes nothing away from the run's own outcome
			one.Kind, one.Text = Unmade, "the last run of "+r.Pipeline+" could not make every report: readers have an older one"
			h.add(one)
		}
	}
	if share := 100 * float64(r.Refused) / float64(max(r.Planned, 1)); o.Bounds.Refused > 0 && r.Planned >= few && share > o.Bounds.Refused {
		h.add(Problem{Kind: Refusals, Subject: r.Pipeline, Since: r.StartedAt, RunID: r.ID, Run: "lockstep retry",
			Text: fmt.Sprintf("%d of %d changes of the last run of %s were refused (%.0f %%, bound %.0f %%)", r.Refused, r.Planned, r.Pipeline, share, o.Bounds.Refused)})
	}
}

// lag judges how long ago each CRM was read. While every pipeline with a cron is paused, nothing is expected to read.
func (h *Health) lag(o Options) {
	expected := slices.ContainsFunc(o.Pipelines, func(p Pipeline) bool {
		_, paused := o.Paused.Of(p.Name)
		return p.After != nil && !paused
	})
	seen := map[string]bool{}
	for _, x := range h.Objects {
		if behind := o.Now.Sub(x.ReadAt); expected && !seen[x.System] && o.Bounds.Lag > 0 && behind > o.Bounds.Lag {
			h.add(Problem{Kind: Lag, Subject: x.System, Since: x.ReadAt, Run: "lockstep history",
				Text: fmt.Sprintf("%s was last read at %s (bound %s)", x.System, x.ReadAt.Format("2006-01-02 15:04 MST"), o.Bounds.Lag)})
		}
		seen[x.System] = true
	}
}

// budget judges what is left of each CRM's calls. A figure older than a day says nothing of today.
func (h *Health) budget(o Options) {
	for i := range h.Calls {
		c := &h.Calls[i]
		for _, p := range o.Pipelines {
			c.Reserve = max(c.Reserve, p.Reserve[c.System])
		}
		if c.Left >= 0 && c.Reserve > 0 && c.Left <= c.Reserve && o.Now.Sub(c.ToldAt) < 24*time.Hour {
			h.add(Problem{Kind: Budget, Subject: c.System, Since: c.ToldAt, Run: "lockstep plan",
				Text: fmt.Sprintf("%s has %d calls left today, and %d are the reserve of others", c.System, c.Left, c.Reserve)})
		}
	}
}
