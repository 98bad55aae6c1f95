package main

import (
	"github.com/spf13/cobra"

	"lockstep/pipelines"
)

func newRun(a *app) *cobra.Command {
	var force []string
	var full bool
	var sample int
	x := a.acts()
	cmd := &cobra.Command{
		Use:   "run PIPELINE",
		Short: "Run one pipeline once: read, plan, send",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkSample(cmd, sample); err != nil {
				return err
			}
			result, err := x.run(cmd.Context(), args[0], func(job *pipelines.Job) { job.Force, job.Full, job.Sample = force, full, sample })
			printResult(a.stdout, result, false)
			return err
		},
	}
	forceFlag(cmd, &force)
	cmd.Flags().BoolVar(&full, "full", false, "read every record again, whatever the pipeline says")
	waitFlag(cmd, &x.wait, 0)
	sampleFlag(cmd, &sample)
	return cmd
}
