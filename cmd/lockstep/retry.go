package main

import "github.com/spf13/cobra"

func newRetry(a *app) *cobra.Command {
	var pipeline string
	var force []string
	x := a.acts()
	cmd := &cobra.Command{
		Use:   "retry",
		Short: "Run once more, and send again what was refused",
		Long: `retry runs a pipeline once, and sends what was refused again although nothing moved since: after a validation rule, a
permission or a picklist was changed in the CRM. Other runs leave a refused value alone until the value, the mapping or the
record moves; the nightly pipeline tries once a day.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			result, err := x.retry(cmd.Context(), pipeline, force)
			printResult(a.stdout, result, false)
			return err
		},
	}
	pipelineFlag(cmd, &pipeline)
	forceFlag(cmd, &force)
	waitFlag(cmd, &x.wait, 0)
	return cmd
}
