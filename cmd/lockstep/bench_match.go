package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"lockstep/internal/sandbox"
)

func newBenchMatch(a *app) *cobra.Command {
	var load string
	var people int
	var seed uint64
	cmd := &cobra.Command{
		Use:   "match",
		Short: "Measure matching: how many links of a first run are right, and how many are missing",
		Long: `match starts both CRMs on loopback with records of which it is known who is who, makes the first run with this
project's sql/, and compares what was linked with the truth. A folder holds <system>.<Object>.csv and truth.csv, with
the columns hubspot_id and salesforce_id, or system, object, id and person. Without a folder, people are generated.`,
		Args: hinted(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.project()
			if err != nil {
				return err
			}
			o := sandbox.Options{LoadDir: load, Seed: seed, Now: a.now}
			if load == "" {
				o.People = people
			}
			m, err := measureMatching(cmd.Context(), a, p.SQL, o)
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(a.stdout, m)
			return err
		},
	}
	cmd.Flags().StringVar(&load, "load", "", "folder of <system>.<Object>.csv and truth.csv")
	cmd.Flags().IntVar(&people, "people", 5000, "people to generate without --load")
	cmd.Flags().Uint64Var(&seed, "seed", 7, "of the generated people: the same seed, the same world")
	return cmd
}
