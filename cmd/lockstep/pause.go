package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/pause"
	"lockstep/internal/project"
	"lockstep/pipelines"
)

func newPause(a *app) *cobra.Command {
	var off bool
	cmd := &cobra.Command{
		Use:   "pause [ENTITY|PIPELINE]",
		Short: "Let an entity, a pipeline or everything wait until it is resumed",
		Long: `pause lets a pipeline, or all of them, not run, whether by schedule or by command; of a paused entity everything is
read and planned, and nothing is sent. --off resumes. It can be said while a run is under way: an entity's pause counts
from that run's first write on, if its plan is not being sent yet. ` + "`lockstep health`" + ` shows what is paused.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := a.project()
			if err != nil {
				return err
			}
			name := pause.All
			if len(args) == 1 {
				name = args[0]
			}
			return a.pause(p, name, off)
		},
	}
	cmd.Flags().BoolVar(&off, "off", false, "resume it; without a name everything")
	return cmd
}

// pause sets or ends a pause and says so.
func (a *app) pause(p *project.Project, name string, off bool) error {
	path := p.Config.Paths.Warehouse
	if off {
		any, err := pause.Resume(path, name)
		if err != nil {
			return err
		}
		all, err := pause.Read(path)
		if err != nil {
			return err
		}
		if held, ok := all.Of(name); ok {
			return crm.WithHint(fmt.Errorf("%s is still paused, with %s", name, held.Name), "`lockstep pause --off` resumes everything")
		}
		if !any {
			fmt.Fprintf(a.stdout, "%s is not paused.\n", name)
			return nil
		}
		fmt.Fprintf(a.stdout, "%s goes on with the next run.\n", name)
		return nil
	}
	if err := pausable(p, name); err != nil {
		return err
	}
	if err := pause.Set(path, name, a.now()); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s is paused.\n", name)
	return nil
}

// pausable refuses a name that is neither an entity nor a pipeline.
func pausable(p *project.Project, name string) error {
	if name == pause.All {
		return nil
	}
	all, err := pipelines.LoadAll(p.Pipelines)
	if err != nil {
		return err
	}
	e, err := entity.Load(p.SQL)
	if err != nil {
		return err
	}
	if _, ok := e.Entity(name); ok || slices.ContainsFunc(all, func(x *pipelines.Pipeline) bool { return x.Name == name }) {
		return nil
	}
	return crm.WithHint(fmt.Errorf("there is no entity and no pipeline %q", name), "an entity is a folder of sql/, a pipeline a file of pipelines/")
}
