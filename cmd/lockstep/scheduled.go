package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"lockstep/internal/alert"
	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/health"
	"lockstep/internal/project"
	"lockstep/internal/warehouse"
	"lockstep/pipelines"
)

// scheduled does the runs of one `lockstep schedule`.
type scheduled struct {
	a        *app
	log      zerolog.Logger
	crms     *pipelines.CRMs
	alerts   *alert.Endpoint
	planOnly bool

	live    *project.Project // the folder as it is
	good    *project.Project // as it was when it last passed its check: this is what runs
	digest  string           // of good
	refused string           // digest of the one that did not pass; empty: good is what the folder holds

	unbegun map[string]bool // pipelines whose last run did not get so far as to stand in history, and whose alert is out
}

// newScheduled takes the project as it is: what is wrong with its SQL the first run says.
func (a *app) newScheduled(p *project.Project, planOnly bool) (s *scheduled, err error) {
	s = &scheduled{a: a, log: a.log(), planOnly: planOnly, live: p, unbegun: map[string]bool{}}
	if s.good, s.digest, err = p.Freeze(); err != nil {
		return nil, err
	}
	s.note(nil)
	if s.alerts, err = pipelines.Alerts(p, a.env); err != nil {
		return nil, err
	}
	s.crms, err = pipelines.Connect(p, a.env, s.log)
	return s, err
}

// run is one run of a pipeline that is due.
func (s *scheduled) run(ctx context.Context, due pipelines.Due) error {
	s.reload(ctx)
	pipe, err := pipelines.Load(s.good.Pipelines, due.Pipeline.Name)
	if err != nil {
		return err
	}
	job := pipelines.Job{
		Project: s.good, Pipeline: pipe, CRMs: s.crms, Name: pipe.Name, Named: due.Named, Woken: due.Woken,
		Watch: logged(s.log), Log: s.log, Now: s.a.now, Wait: patience, Alerts: s.alerts, Began: s.a.under.begin, Problems: s.problems(),
	}
	if due.Woken {
		job.Name = pipelines.Woken
		for _, name := range unheard(s.good, due.Named) {
			s.log.Warn().Str("object", name).Str("hint", "name the object as the file in sql/ does, or end what tells of it").
				Msg("an edit was told of an object that no from file reads")
		}
	}
	if s.planOnly {
		job.Until, job.Shadow = pipelines.Planned, true
	}
	result, err := pipelines.Run(ctx, job)
	if errors.Is(err, pipelines.ErrPaused) {
		s.log.Info().Str("pipeline", pipe.Name).Msg(err.Error())
		return nil
	}
	s.tell(ctx, job.Name, result.RunID, err)
	return err
}

// unheard are the objects of which an edit was told, and which no entity reads: misspelt, or subscribed to for nothing.
func unheard(p *project.Project, named map[crm.Object][]string) (names []string) {
	e, err := entity.Load(p.SQL)
	if err != nil {
		return nil // the run says so
	}
	for o := range named {
		if o.Name != "" && !slices.ContainsFunc(e.Entities, func(e *entity.Entity) bool {
			return slices.ContainsFunc(e.From, func(f entity.ObjectFile) bool {
				return f.Object.System == o.System && strings.EqualFold(f.Object.Name, o.Name)
			})
		}) {
			names = append(names, o.String())
		}
	}
	slices.Sort(names)
	return names
}

// reload takes a changed project over once it passes its check. One that does not, and one that cannot be checked now,
// leaves the last good one at work.
func (s *scheduled) reload(ctx context.Context) {
	next, digest, err := s.live.Freeze()
	if err != nil {
		s.log.Error().Err(err).Msg("the project cannot be read: the one before is used")
		return
	}
	if digest == s.digest {
		if s.refused != "" {
			s.note(nil)
		}
		s.refused = ""
		return
	}
	if digest != s.refused {
		if _, err := s.a.check(ctx, next, patience); err != nil {
			if ctx.Err() == nil && !errors.Is(err, warehouse.ErrLocked) {
				s.refused = digest
				s.note(&pipelines.Unread{Digest: digest, Since: s.a.now().UTC(), Error: crm.Mask(err.Error())})
				s.log.Error().Err(err).Msg("the project has changed and does not pass its check: the one before is used")
			}
			return
		}
		s.good, s.digest, s.refused = next, digest, ""
		s.note(nil)
		s.log.Info().Msg("the project has changed, and passed its check")
		return
	}
	s.log.Warn().Msg("the project still does not pass its check: the one before is used")
}

// note keeps for whoever asks for health that the folder's project is not the one at work. No run depends on it.
func (s *scheduled) note(u *pipelines.Unread) {
	if err := pipelines.KeepUnread(s.live, u); err != nil {
		s.log.Warn().Err(err).Msg("health does not know whether the project passes its check")
	}
}

// problems are what no table tells.
func (s *scheduled) problems() (all []health.Problem) {
	if s.refused != "" {
		all = append(all, health.NotRead("", time.Time{}))
	}
	return all
}

// tell posts, once, that a run could not even begin: there is no warehouse open then to keep it in.
func (s *scheduled) tell(ctx context.Context, name, runID string, err error) {
	if s.alerts == nil || ctx.Err() != nil || (runID == "") == s.unbegun[name] {
		return
	}
	s.unbegun[name] = runID == ""
	one := alert.Alert{Kind: health.Failed, Subject: name, State: "raised", Text: "a run of " + name + " could not begin: see the log", Since: s.a.now().UTC()}
	if runID != "" {
		one.State, one.Text, one.RunID = "recovered", "over: a run of "+name+" could not begin", runID
	} else if err == nil {
		return
	}
	if err := s.alerts.Post(ctx, []alert.Alert{one}); err != nil {
		s.log.Warn().Err(err).Msg("alerts could not be told")
	}
}
