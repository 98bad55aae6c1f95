package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"lockstep/internal/project"
	"lockstep/pipelines"
	"lockstep/sql"
)

func newInit(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "init DIR",
		Short: "Write the embedded project into a folder to keep in git",
		Long:  "init writes lockstep.yaml, sql/, pipelines/ and a .gitignore into DIR. A file that is there already stays as it is.",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			written, err := project.Init(args[0], sql.FS, pipelines.FS)
			for _, path := range written {
				fmt.Fprintln(a.stdout, path)
			}
			if err == nil {
				fmt.Fprintf(a.stdout, "%d files written. Next: fill in %s/%s, then `lockstep setup --project %s`.\n", len(written), args[0], project.ConfigFile, args[0])
			}
			return err
		},
	}
}
