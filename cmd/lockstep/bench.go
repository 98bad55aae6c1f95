package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"lockstep/extract"
)

func newBench(a *app) *cobra.Command {
	var records, threads int
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure landing: records per second and peak memory",
		Long: `bench lands HubSpot contacts of 20 properties in a new warehouse in a temporary folder, the way a full read does:
raw pages to typed rows committed in a staging table, then the merge into the mirror. Pages are not fetched.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			dir, err := os.MkdirTemp("", "lockstep-bench-")
			if err != nil {
				return err
			}
			defer func() {
				if e := os.RemoveAll(dir); err == nil {
					err = e
				}
			}()
			r, err := extract.BenchLand(cmd.Context(), dir, records, threads)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(a.stdout, r)
			return err
		},
	}
	cmd.Flags().IntVar(&records, "records", 1_000_000, "records to land")
	cmd.Flags().IntVar(&threads, "threads", 2, "DuckDB's threads; 0 is one per core")
	cmd.AddCommand(newBenchMatch(a), newBenchDuplicates(a), newBenchWake(a))
	return cmd
}
