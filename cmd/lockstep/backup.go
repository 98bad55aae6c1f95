package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"lockstep/internal/warehouse"
	"lockstep/pipelines"
)

func newBackup(a *app) *cobra.Command {
	var wait time.Duration
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the warehouse to a file while nothing runs",
		Long: `backup waits for a run to end and copies the warehouse to a new file, whole or not at all. It holds people's data, as the
warehouse does, and is readable by its owner alone. sql/, pipelines/ and lockstep.yaml are the project's, and belong in git.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := a.held("backup", wait)
			if err != nil {
				return err
			}
			if _, err := os.Stat(o.Path); err != nil {
				return needsWarehouse(o.Path, err)
			}
			if err := warehouse.Backup(cmd.Context(), o, args[0]); err != nil {
				return err
			}
			info, err := os.Stat(args[0])
			if err == nil {
				_, err = fmt.Fprintf(a.stdout, "%s: %.1f MB\n", args[0], float64(info.Size())/1e6)
			}
			return err
		},
	}
	waitFlag(cmd, &wait, patience)
	return cmd
}

func newRestore(a *app) *cobra.Command {
	var wait time.Duration
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in the warehouse's place",
		Long: `restore waits for a run to end and puts a backup in the warehouse's place; what it replaces is kept beside it. A file of
another portal or org, of a newer lockstep, or none of lockstep's is refused. After it "lockstep plan" shows what the next
run would do: who was made since is found by the ids that both sides bear, what both sides hold by now is agreed, and the
edits since then count as today's. The next run publishes everything anew. Who was forgotten since the backup was made is
erased from it again: the warehouse that it replaces tells who, or, where that is lost, what was last published.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := a.held("restore", wait)
			if err != nil {
				return err
			}
			p, err := a.project()
			if err != nil {
				return err
			}
			r, err := pipelines.Restore(cmd.Context(), p, o, args[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "%s is the warehouse now.\n", args[0])
			if r.Kept != "" {
				fmt.Fprintf(a.stdout, "The one before is kept as %s.\n", filepath.Base(r.Kept))
			}
			if n := len(r.Records); n > 0 {
				fmt.Fprintf(a.stdout, "%d records in it were forgotten since and are erased again: %d rows deleted, %d rows of history emptied.\n", n, r.Erased.Rows, r.Erased.Emptied)
				fmt.Fprintf(a.stdout, "%s still holds them: remove it once it is not needed any more.\n", args[0])
			}
			return nil
		},
	}
	waitFlag(cmd, &wait, patience)
	return cmd
}

// held is how a command that wants the warehouse's file for itself waits for it.
func (a *app) held(who string, wait time.Duration) (warehouse.Options, error) {
	p, err := a.project()
	if err != nil {
		return warehouse.Options{}, err
	}
	c := p.Config
	return warehouse.Options{
		Path: c.Paths.Warehouse, RunAt: a.now(), Memory: c.Warehouse.Memory, Spill: c.Warehouse.Spill, Threads: c.Warehouse.Threads, Who: who, Wait: wait, Waiting: a.acts().waiting,
	}, nil
}
