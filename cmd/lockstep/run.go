package main

import (
	"time"

	"github.com/spf13/cobra"
)

func newRun(a *app) *cobra.Command {
	var force []string
	var full bool
	var sample int
	var wait time.Duration
	cmd := &cobra.Command{
		Use:   "run PIPELINE",
		Short: "Run one pipeline once: read, plan, send",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkSample(cmd, sample); err != nil {
				return err
			}
			job, err := a.job(args[0], args[0])
			if err != nil {
				return err
			}
			job.Force, job.Full, job.Wait, job.Sample = force, full, wait, sample
			result, err := a.perform(cmd, job)
			printResult(a.stdout, result, false)
			return err
		},
	}
	forceFlag(cmd, &force)
	cmd.Flags().BoolVar(&full, "full", false, "read every record again, whatever the pipeline says")
	cmd.Flags().DurationVar(&wait, "wait", 0, "how long to wait for another run to end, as in 10m; then exit code 5")
	sampleFlag(cmd, &sample)
	return cmd
}
