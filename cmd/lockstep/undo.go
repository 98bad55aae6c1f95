package main

import (
	"github.com/spf13/cobra"

	"lockstep/internal/plan"
	"lockstep/load"
	"lockstep/pipelines"
)

func newUndo(a *app) *cobra.Command {
	var (
		pipeline, out     string
		created, yes, all bool
		asJSON            bool
		force             []string
	)
	cmd := &cobra.Command{
		Use:   "undo RUN",
		Short: "Plan the inverse of a run, and with --yes carry it out",
		Long: `undo shows the plan that takes a run back, and sends nothing: values go back to what they were unless somebody edited
them since, links that the run made are held apart, and records it created stay unless --created archives or deletes
them. What does not go back is listed with why. --out saves the plan for ` + "`lockstep apply`" + `; --yes carries it out at once.
An undo is a run like any other, and can be undone.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			job, err := a.job("undo", pipeline)
			if err != nil {
				return err
			}
			job.Undo, job.Force = &load.Undo{Run: args[0], Created: created}, force
			if !yes {
				job.Until = pipelines.Planned
			}
			result, err := a.perform(cmd, job)
			if yes {
				printResult(a.stdout, result, true)
				return err
			}
			if err != nil {
				return err
			}
			if out != "" {
				if err := plan.WriteFile(out, result.Plan); err != nil {
					return err
				}
			}
			return printPlan(a, result.Plan, asJSON, all)
		},
	}
	pipelineFlag(cmd, &pipeline)
	forceFlag(cmd, &force)
	cmd.Flags().BoolVar(&created, "created", false, "archive or delete the records that the run created, too")
	cmd.Flags().BoolVar(&yes, "yes", false, "carry the plan out")
	cmd.Flags().StringVar(&out, "out", "", "save the plan to `FILE`, for lockstep apply FILE")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the plan as JSON")
	cmd.Flags().BoolVar(&all, "all", false, "print every change, however long the plan is")
	return cmd
}
