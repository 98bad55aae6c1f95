package main

import (
	"github.com/spf13/cobra"

	"lockstep/pipelines"
)

func newExtract(a *app) *cobra.Command {
	var pipeline string
	var full bool
	cmd := &cobra.Command{
		Use:   "extract",
		Short: "Read both CRMs into the warehouse, and plan nothing",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			job, err := a.job("extract", pipeline)
			if err != nil {
				return err
			}
			job.Until, job.Full = pipelines.Extracted, full
			result, err := a.perform(cmd, job)
			printResult(a.stdout, result, false)
			return err
		},
	}
	pipelineFlag(cmd, &pipeline)
	cmd.Flags().BoolVar(&full, "full", false, "read every record again, not only what changed")
	return cmd
}
