package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"lockstep/pipelines"
)

// patience is how long a scheduled run waits for a command that holds the warehouse.
const patience = 5 * time.Minute

func newSchedule(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "schedule",
		Short: "Run every pipeline when its cron says so, until interrupted",
		Long: `schedule runs the pipelines of the project by their cron, never two at once. A run that fails is logged and the
next one happens as usual. On INT or TERM a run under way ends after its current call, with everything sent
recorded; a second signal ends the process at once. sql/ and pipelines/ are read anew for each run, cron and
lockstep.yaml once.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log := a.log()
			p, err := a.project()
			if err != nil {
				return err
			}
			all, err := pipelines.LoadAll(p.Pipelines)
			if err != nil {
				return err
			}
			crms, err := pipelines.Connect(p, a.env, log)
			if err != nil {
				return err
			}
			return pipelines.Schedule(cmd.Context(), log, all, func(ctx context.Context, due *pipelines.Pipeline) error {
				pipe, err := pipelines.Load(p.Pipelines, due.Name)
				if err != nil {
					return err
				}
				_, err = pipelines.Run(ctx, pipelines.Job{
					Project: p, Pipeline: pipe, CRMs: crms, Name: pipe.Name, Watch: logged(log), Log: log, Now: a.now, Wait: patience,
				})
				if errors.Is(err, pipelines.ErrPaused) {
					log.Info().Str("pipeline", pipe.Name).Msg(err.Error())
					return nil
				}
				return err
			})
		},
	}
}
