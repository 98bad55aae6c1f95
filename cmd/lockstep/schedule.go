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
	var address string
	cmd := &cobra.Command{
		Use:   "schedule",
		Short: "Run every pipeline when its cron says so, until interrupted",
		Long: `schedule runs the pipelines of the project by their cron, never two at once. A run that fails is logged and the
next one happens as usual. On INT or TERM a run under way ends after its current call, with everything sent
recorded; a second signal ends the process at once. sql/ and pipelines/ are read anew for each run, cron and
lockstep.yaml once. With --listen a CRM may tell of an edit, and the pipelines with wake run at once: see wake in
lockstep.yaml.`,
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
			var wakes pipelines.Wakes
			if address != "" {
				collector, handler, err := a.waking(p, log)
				if err != nil {
					return err
				}
				stop, err := listen(cmd.Context(), address, handler, log)
				if err != nil {
					return err
				}
				defer stop()
				wakes = collector
			}
			return pipelines.Schedule(cmd.Context(), log, all, wakes, func(ctx context.Context, due pipelines.Due) error {
				pipe, err := pipelines.Load(p.Pipelines, due.Pipeline.Name)
				if err != nil {
					return err
				}
				name := pipe.Name
				if due.Woken {
					name = pipelines.Woken
				}
				_, err = pipelines.Run(ctx, pipelines.Job{
					Project: p, Pipeline: pipe, CRMs: crms, Name: name, Named: due.Named, Woken: due.Woken,
					Watch: logged(log), Log: log, Now: a.now, Wait: patience,
				})
				if errors.Is(err, pipelines.ErrPaused) {
					log.Info().Str("pipeline", pipe.Name).Msg(err.Error())
					return nil
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&address, "listen", "", "HOST:PORT to be told of edits at, as in 127.0.0.1:8420; empty: nobody is listened to")
	return cmd
}
