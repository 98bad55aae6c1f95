package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lockstep/internal/ask"
	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/plan"
	"lockstep/internal/project"
	"lockstep/internal/publish"
	"lockstep/internal/warehouse"
	"lockstep/load"
	"lockstep/pipelines"
)

// acts are what a person may have done, by a command or by a click on the page: both run this code. What it returns is
// for him to read.
type acts struct {
	a       *app
	wait    time.Duration          // for a run that holds the warehouse
	waiting func(warehouse.Holder) // is told that it is waited for
	watch   pipelines.Watch        // is told how a run goes; nil: shown as a command shows it
}

// acts of a command tell on stderr whom they wait for.
func (a *app) acts() *acts {
	return &acts{a: a, waiting: func(h warehouse.Holder) { fmt.Fprintf(a.stderr, "waiting for %s, which holds the warehouse\n", h) }}
}

func waitFlag(cmd *cobra.Command, into *time.Duration, by time.Duration) {
	cmd.Flags().DurationVar(into, "wait", by, "how long to wait for another run to end, as in 10m; then exit code 5")
}

// perform runs a job while somebody looks on.
func (x *acts) perform(ctx context.Context, job pipelines.Job) (pipelines.Result, error) {
	job.Wait, job.Watch = x.wait, x.watch
	if job.Watch == nil {
		watch, end := x.a.watch()
		defer end()
		job.Watch = watch
	}
	return pipelines.Run(ctx, job)
}

// run runs a pipeline once; set says how it differs from the pipeline's own runs.
func (x *acts) run(ctx context.Context, pipeline string, set func(*pipelines.Job)) (pipelines.Result, error) {
	job, err := x.a.job(pipeline, pipeline)
	if err != nil {
		return pipelines.Result{}, err
	}
	set(&job)
	return x.perform(ctx, job)
}

// retry runs a pipeline once, and sends what was refused again.
func (x *acts) retry(ctx context.Context, pipeline string, force []string) (pipelines.Result, error) {
	job, err := x.a.job("retry", pipeline)
	if err != nil {
		return pipelines.Result{}, err
	}
	job.Pipeline.RetryRefused, job.Force = true, force
	return x.perform(ctx, job)
}

// plan makes the plan of a pipeline and sends nothing; set says how it differs from what the pipeline would plan.
func (x *acts) plan(ctx context.Context, pipeline string, set func(*pipelines.Job)) (pipelines.Result, error) {
	job, err := x.a.job("plan", pipeline)
	if err != nil {
		return pipelines.Result{}, err
	}
	set(&job)
	job.Until = pipelines.Planned
	return x.perform(ctx, job)
}

// apply carries out a saved plan.
func (x *acts) apply(ctx context.Context, pipeline, file string, force []string) (pipelines.Result, error) {
	saved, err := plan.ReadFile(file)
	if err != nil {
		return pipelines.Result{}, err
	}
	job, err := x.a.job("apply", pipeline)
	if err != nil {
		return pipelines.Result{}, err
	}
	job.Saved, job.Force = saved, force
	if saved.Undoes != "" {
		job.Undo = &load.Undo{Run: saved.Undoes, Created: saved.Count(plan.Delete) > 0}
	}
	return x.perform(ctx, job)
}

// reading calls do with what the last run published, which waits for no run under way, and the project's entities.
func (x *acts) reading(ctx context.Context, do func(entity.Conn, *project.Project, *entity.Project) error) error {
	p, err := x.a.project()
	if err != nil {
		return err
	}
	e, err := entity.Load(p.SQL)
	if err != nil {
		return err
	}
	published, err := publish.Open(ctx, p.Config.Paths.Published)
	if err != nil {
		return err
	}
	defer published.Close()
	db, release := published.DB()
	defer release()
	return do(db, p, e)
}

// holding calls do while the warehouse is held, and publishes what it did.
func (x *acts) holding(ctx context.Context, who string, do func(*warehouse.Warehouse, *entity.Project) error) (err error) {
	p, err := x.a.project()
	if err != nil {
		return err
	}
	e, err := entity.Load(p.SQL)
	if err != nil {
		return err
	}
	path := p.Config.Paths.Warehouse
	if _, err := os.Stat(path); err != nil {
		return needsWarehouse(path, err)
	}
	w, err := warehouse.Open(ctx, warehouse.Options{Path: path, RunAt: x.a.now(), Who: who, Wait: x.wait, Waiting: x.waiting})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if err := do(w, e); err != nil {
		return err
	}
	if err := pipelines.Republish(ctx, w, p, e, x.a.now); err != nil {
		log := x.a.log()
		log.Warn().Err(err).Msg("it is done, and readers see it with the next run")
	}
	return nil
}

// take notes whose value of a waiting or frozen field stands.
func (x *acts) take(ctx context.Context, who, entityName, record, field string, side crm.System) (said string, err error) {
	record = crm.Asked(record)
	if side != crm.HubSpot && side != crm.Salesforce {
		return "", crm.WithHint(fmt.Errorf("--take %q", string(side)), "--take hubspot or --take salesforce says whose value stands")
	}
	err = x.holding(ctx, who, func(w *warehouse.Warehouse, e *entity.Project) error {
		decided, err := load.Decide(ctx, w, e, entityName, record, field, side, x.a.now())
		var lines []string
		for _, d := range decided {
			lines = append(lines, fmt.Sprintf("%s of hubspot %s = salesforce %s: %s's value goes with the next run", d.Name, recordWords(d.HubSpot), recordWords(d.Salesforce), side))
		}
		said = strings.Join(lines, "\n")
		return err
	})
	return said, err
}

// match notes whether two records are one.
func (x *acts) match(ctx context.Context, entityName, one, other string, same bool) (said string, err error) {
	one, other = crm.Asked(one), crm.Asked(other)
	err = x.reading(ctx, func(db entity.Conn, p *project.Project, e *entity.Project) error {
		hubspot, salesforce, err := ask.Find(ctx, db, e, entityName, one, other)
		if err != nil {
			return err
		}
		line, err := ask.Answer(ctx, db, e, filepath.Join(p.Dir, "sql"), p.SQL, entityName, hubspot, salesforce, same)
		what := "are not one: the next run leaves them apart"
		if same {
			what = "are one: the next run links them"
		}
		said = fmt.Sprintf("%s and %s %s\nsql/%s/same_as.csv: %s", hubspot, salesforce, what, entityName, line)
		return err
	})
	return said, err
}
