package main

import (
	"github.com/spf13/cobra"

	"lockstep/internal/plan"
	"lockstep/load"
)

func newApply(a *app) *cobra.Command {
	var pipeline string
	var force []string
	cmd := &cobra.Command{
		Use:   "apply FILE",
		Short: "Carry out a saved plan",
		Long: `apply carries out the plan that ` + "`lockstep plan --out FILE`" + ` saved. It plans anew first and sends the changes that
stand in both: one whose source, target or past has moved since is stale, is named, and is left out (exit code 3).
An edited file is refused whole.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			saved, err := plan.ReadFile(args[0])
			if err != nil {
				return err
			}
			job, err := a.job("apply", pipeline)
			if err != nil {
				return err
			}
			job.Saved, job.Force = saved, force
			if saved.Undoes != "" {
				job.Undo = &load.Undo{Run: saved.Undoes, Created: saved.Count(plan.Delete) > 0}
			}
			result, err := a.perform(cmd, job)
			printResult(a.stdout, result, true)
			return err
		},
	}
	pipelineFlag(cmd, &pipeline)
	forceFlag(cmd, &force)
	return cmd
}
