package main

import "github.com/spf13/cobra"

func newApply(a *app) *cobra.Command {
	var pipeline string
	var force []string
	x := a.acts()
	cmd := &cobra.Command{
		Use:   "apply FILE",
		Short: "Carry out a saved plan",
		Long: `apply carries out the plan that ` + "`lockstep plan --out FILE`" + ` saved. It plans anew first and sends the changes that
stand in both: one whose source, target or past has moved since is stale, is named, and is left out (exit code 3).
An edited file is refused whole.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			result, err := x.apply(cmd.Context(), pipeline, args[0], force)
			printResult(a.stdout, result, true)
			return err
		},
	}
	pipelineFlag(cmd, &pipeline)
	forceFlag(cmd, &force)
	waitFlag(cmd, &x.wait, 0)
	return cmd
}
