package main

import (
	"time"

	"github.com/spf13/cobra"

	"lockstep/pipelines"
)

// patience is how long a scheduled run waits for a command that holds the warehouse.
const patience = 5 * time.Minute

func newSchedule(a *app) *cobra.Command {
	var o pageOptions
	var planOnly bool
	cmd := &cobra.Command{
		Use:   "schedule",
		Short: "Run every pipeline when its cron says so, until interrupted",
		Long: `schedule runs the pipelines of the project by their cron, never two at once. A run that fails is logged and the
next one happens as usual. On INT or TERM a run under way ends after its current call, with everything sent
recorded; a second signal ends the process at once. sql/ and pipelines/ are looked at before each run: what has
changed is checked as ` + "`lockstep check`" + ` does, and while it does not pass, the ones before are used. cron and
lockstep.yaml are read once. With --listen it serves the page of ` + "`lockstep serve`" + ` there, too, and a CRM may
tell of an edit: the pipelines with wake then run at once, see wake in lockstep.yaml.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.project()
			if err != nil {
				return err
			}
			all, err := pipelines.LoadAll(p.Pipelines)
			if err != nil {
				return err
			}
			runs, err := a.newScheduled(p, planOnly)
			if err != nil {
				return err
			}
			var wakes pipelines.Wakes
			if o.address != "" {
				collector, handler, err := a.waking(p, runs.log)
				if err != nil {
					return err
				}
				served, err := a.page(cmd.Context(), p, o, handler, runs.log)
				if err != nil {
					return err
				}
				stop := beside(cmd.Context(), served, runs.log)
				defer stop()
				wakes = collector
			}
			return pipelines.Schedule(cmd.Context(), runs.log, all, wakes, runs.run)
		},
	}
	cmd.Flags().BoolVar(&planOnly, "plan-only", false, "only plan, run after run, and send nothing: history tells what would have been sent")
	o.flags(cmd, "")
	return cmd
}
