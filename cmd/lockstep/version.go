package main

import (
	"database/sql"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	_ "github.com/duckdb/duckdb-go/v2" // registers the driver that says DuckDB's version
)

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "The program's version, and DuckDB's",
		RunE: func(cmd *cobra.Command, _ []string) error {
			version := "unknown"
			if info, ok := debug.ReadBuildInfo(); ok {
				version = info.Main.Version
				for _, s := range info.Settings {
					if s.Key == "vcs.revision" {
						version += " " + s.Value
					}
				}
			}
			db, err := sql.Open("duckdb", "")
			if err != nil {
				return err
			}
			defer func() { _ = db.Close() }() // in memory: nothing to lose
			var duckdb string
			if err := db.QueryRowContext(cmd.Context(), "select version()").Scan(&duckdb); err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.stdout, "lockstep %s\n%s %s/%s\nduckdb %s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH, duckdb)
			return err
		},
	}
}
