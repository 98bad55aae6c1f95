package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/dashboard"
	"lockstep/internal/entity"
	"lockstep/internal/pause"
	"lockstep/internal/plan"
	"lockstep/pipelines"
)

// Take implements dashboard.Actions.
func (d *desk) Take(ctx context.Context, entity, record, field string, side crm.System) (string, error) {
	return d.do(ctx, fmt.Sprintf("resolve %s %s %s --take %s", entity, record, field, side), func(ctx context.Context, x *acts) ending {
		said, err := x.take(ctx, "resolve", entity, record, field, side)
		return ending{said: said, err: err}
	})
}

// Same implements dashboard.Actions.
func (d *desk) Same(ctx context.Context, entity, hubspot, salesforce string, same bool) (string, error) {
	flag := map[bool]string{true: "--same", false: "--not-same"}[same]
	return d.do(ctx, fmt.Sprintf("resolve %s %s %s %s", entity, hubspot, salesforce, flag), func(ctx context.Context, x *acts) ending {
		said, err := x.match(ctx, entity, hubspot, salesforce, same)
		return ending{said: said, err: err}
	})
}

// Run implements dashboard.Actions.
func (d *desk) Run(ctx context.Context, pipeline string) (string, error) {
	return d.do(ctx, "run "+pipeline, func(ctx context.Context, x *acts) ending {
		return ran(x.run(ctx, pipeline, func(*pipelines.Job) {}))
	})
}

// Retry implements dashboard.Actions.
func (d *desk) Retry(ctx context.Context, pipeline string) (string, error) {
	return d.do(ctx, "retry --pipeline "+pipeline, func(ctx context.Context, x *acts) ending { return ran(x.retry(ctx, pipeline, nil)) })
}

// ran is the ending of a run.
func ran(r pipelines.Result, err error) ending {
	o := ending{run: r.RunID, err: err, said: summary(r)}
	if r.Idle {
		o.said = "Nothing has changed since the last run."
	}
	return o
}

// Plan implements dashboard.Actions. The plan is saved under the names of its pipeline and its run.
func (d *desk) Plan(ctx context.Context, pipeline string) (string, error) {
	return d.do(ctx, "plan --pipeline "+pipeline, func(ctx context.Context, x *acts) ending {
		r, err := x.plan(ctx, pipeline, func(*pipelines.Job) {})
		if err != nil {
			return ending{run: r.RunID, err: err}
		}
		dir, err := d.plans()
		if err == nil {
			err = os.MkdirAll(dir, 0o700)
		}
		if err == nil {
			err = plan.WriteFile(filepath.Join(dir, pipeline+"-"+r.RunID+planFile), r.Plan)
		}
		return ending{run: r.RunID, err: err, said: fmt.Sprintf("The plan %s is saved, with %d changes. Nothing of it is sent until it is applied.", r.RunID, len(r.Plan.Changes))}
	})
}

// Apply implements dashboard.Actions.
func (d *desk) Apply(ctx context.Context, name string) (string, error) {
	path, err := d.saved(name)
	if err != nil {
		return "", err
	}
	return d.do(ctx, "apply "+name, func(ctx context.Context, x *acts) ending { return ran(x.apply(ctx, d.pipelineOf(name), path, nil)) })
}

// pipelineOf is the pipeline whose limits count for a saved plan: the one its name begins with, else the one that commands
// take.
func (d *desk) pipelineOf(name string) string {
	all, err := d.Pipelines()
	if i := slices.IndexFunc(all, func(p string) bool { return strings.HasPrefix(name, p+"-") }); err == nil && i >= 0 {
		return all[i]
	}
	return usualPipeline
}

// Pause implements dashboard.Actions. It waits for nobody: a pause counts for a run that is under way, too.
func (d *desk) Pause(_ context.Context, name string, off bool) (string, error) {
	var said bytes.Buffer
	here := *d.a
	here.stdout = &said
	p, err := d.a.project()
	if err == nil {
		err = here.pause(p, name, off)
	}
	return strings.TrimSpace(said.String()), err
}

// Pipelines implements dashboard.Actions.
func (d *desk) Pipelines() (names []string, err error) {
	p, err := d.a.project()
	if err != nil {
		return nil, err
	}
	all, err := pipelines.LoadAll(p.Pipelines)
	for _, x := range all {
		names = append(names, x.Name)
	}
	return names, err
}

// Entities implements dashboard.Actions.
func (d *desk) Entities() (names []string, err error) {
	p, err := d.a.project()
	if err != nil {
		return nil, err
	}
	e, err := entity.Load(p.SQL)
	if err != nil {
		return nil, err
	}
	for _, x := range e.Entities {
		names = append(names, x.Name)
	}
	return names, nil
}

// Pauses implements dashboard.Actions.
func (d *desk) Pauses() (pause.Pauses, error) {
	p, err := d.a.project()
	if err != nil {
		return nil, err
	}
	return pause.Read(p.Config.Paths.Warehouse)
}

// planFile is how the names of saved plans end.
const planFile = ".json"

// plans is the folder of the plans that the page can apply: plans/ beside the warehouse.
func (d *desk) plans() (string, error) {
	p, err := d.a.project()
	if err != nil {
		return "", err
	}
	return p.Config.Paths.Plans(), nil
}

// Plans implements dashboard.Actions.
func (d *desk) Plans() (all []dashboard.Saved, err error) {
	dir, err := d.plans()
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || !strings.HasSuffix(e.Name(), planFile) || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		all = append(all, dashboard.Saved{Name: e.Name(), At: info.ModTime(), Size: info.Size()})
	}
	slices.SortStableFunc(all, func(a, b dashboard.Saved) int { return b.At.Compare(a.At) })
	return all, err
}

// saved is the path of a saved plan. A name is one of those listed, whatever else it may look like.
func (d *desk) saved(name string) (string, error) {
	all, err := d.Plans()
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(all, func(s dashboard.Saved) bool { return s.Name == name }) {
		return "", crm.WithHint(fmt.Errorf("no saved plan %q", name), "make one on the page of plans, or save one there with `lockstep plan --out`")
	}
	dir, err := d.plans()
	return filepath.Join(dir, name), err
}

// PlanText implements dashboard.Actions.
func (d *desk) PlanText(name string) (string, error) {
	path, err := d.saved(name)
	if err != nil {
		return "", err
	}
	p, err := plan.ReadFile(path)
	if err != nil {
		return "", err
	}
	return p.Text(plan.Cut{Changes: 500, Others: 50}), nil
}
