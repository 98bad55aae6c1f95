package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"lockstep/internal/plan"
	"lockstep/pipelines"
)

// cut is how much of a plan the terminal gets without --all.
var cut = plan.Cut{Changes: 25, Others: 10}

func newPlan(a *app) *cobra.Command {
	var (
		pipeline, out         string
		asJSON, exitCode, all bool
		full                  bool
		sample                int
		resync                []string
	)
	x := a.acts()
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what a run would do, and send nothing",
		Long: `plan reads what changed in both CRMs and shows every change it would make: old value, new value, and who
decided by which rule. It sends nothing and moves no base and no link.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkSample(cmd, sample); err != nil {
				return err
			}
			result, err := x.plan(cmd.Context(), pipeline, func(job *pipelines.Job) { job.Resync, job.Full, job.Sample = resync, full, sample })
			if err != nil {
				return err
			}
			if out != "" {
				if err := plan.WriteFile(out, result.Plan); err != nil {
					return err
				}
			}
			if err := printPlan(a, result.Plan, asJSON, all); err != nil {
				return err
			}
			if exitCode && !result.Plan.Empty() {
				return pipelines.ErrChanges
			}
			return nil
		},
	}
	pipelineFlag(cmd, &pipeline)
	cmd.Flags().StringVar(&out, "out", "", "save the plan to `FILE`, for lockstep apply FILE")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the plan as JSON")
	cmd.Flags().BoolVar(&all, "all", false, "print every change, however long the plan is")
	cmd.Flags().BoolVar(&exitCode, "exit-code", false, "exit 2 when there are changes")
	cmd.Flags().BoolVar(&full, "full", false, "read every record again, not only what changed")
	cmd.Flags().StringSliceVar(&resync, "resync", nil, "ENTITY.FIELD whose past is forgotten, so that both sides are compared as at their first link; may be repeated")
	sampleFlag(cmd, &sample)
	waitFlag(cmd, &x.wait, 0)
	return cmd
}

func printPlan(a *app, p *plan.Plan, asJSON, all bool) error {
	if asJSON {
		text, err := p.JSON()
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(a.stdout, string(text))
		return err
	}
	c := cut
	if all {
		c = plan.Cut{}
	}
	_, err := fmt.Fprint(a.stdout, p.Text(c))
	return err
}
