package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"lockstep/internal/crm"
	"lockstep/pipelines"
)

func newForget(a *app) *cobra.Command {
	var object string
	var yes, again bool
	var wait time.Duration
	cmd := &cobra.Command{
		Use:   "forget EMAIL|ID",
		Short: "Erase a person from the warehouse and every published file",
		Long: `forget shows the records of a person, by an e-mail address or by the id of one of them, and with --yes erases them: from the
mirrors, links and bases, plans, reports and every published file, at once and to the last byte. History keeps that
something was sent, without ids and values. It says where the person still stands: in a CRM, in copies of the
warehouse, in lists of the project and saved plans.

The records are not read again, even while they stand in a CRM: else the next full read would bring them back, and a
person who was deleted in one CRM alone would be made there again. For that the warehouse keeps digests of their ids.
--again takes an id off that list.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			job, err := a.job("forget", usualPipeline)
			if err != nil {
				return err
			}
			job.Wait = wait
			if again {
				n, err := pipelines.Remember(cmd.Context(), job, crm.Asked(args[0]))
				if err == nil && n == 0 {
					err = crm.WithHint(fmt.Errorf("%s is the id of no record that was forgotten", args[0]), "give the id as the CRM has it; addresses are not kept")
				}
				if err == nil {
					fmt.Fprintf(a.stdout, "%d records may be read again; a full read does: lockstep run nightly\n", n)
				}
				return err
			}
			f, err := pipelines.Forget(cmd.Context(), job, crm.Asked(args[0]), object, yes)
			printForgotten(a.stdout, f)
			return err
		},
	}
	cmd.Flags().StringVar(&object, "object", "", "whose id it is, as in hubspot.contacts, where several objects have it")
	cmd.Flags().BoolVar(&yes, "yes", false, "erase, and do not only show")
	cmd.Flags().BoolVar(&again, "again", false, "let a record that was forgotten be read again, by its id")
	cmd.Flags().DurationVar(&wait, "wait", 5*time.Minute, "how long to wait for a run to end")
	cmd.MarkFlagsMutuallyExclusive("yes", "again")
	return cmd
}

// printForgotten tells what was found and erased, and where the person still stands.
func printForgotten(w io.Writer, f pipelines.Forgotten) {
	if len(f.Records) == 0 {
		return
	}
	live := 0
	for _, r := range f.Records {
		line := fmt.Sprintf("  %s  %s", r.Record, r.Why)
		if s := f.Stands[r.Record]; s != "" {
			line += ", " + s + " in " + string(r.Object.System)
			if s == "live" || s == "unknown" {
				live++
			}
		}
		fmt.Fprintln(w, line)
	}
	if f.Erased == nil {
		fmt.Fprintf(w, "\n%d records would be forgotten. Nothing is erased yet: --yes does it.\n", len(f.Records))
	} else {
		fmt.Fprintf(w, "\n%d records in %d pairs are forgotten: %d rows deleted, %d rows of history emptied, everything published anew.  run %s\n",
			len(f.Records), f.Erased.Pairs, f.Erased.Rows, f.Erased.Emptied, f.RunID)
	}
	if live > 0 {
		fmt.Fprintf(w, "%d of them still stand in a CRM, which forget does not touch: delete them there. They are not read again.\n", live)
	}
	if f.Erased == nil {
		return
	}
	for _, mirror := range slices.Sorted(maps.Keys(f.Erased.Mentions)) {
		fmt.Fprintf(w, "%d records of %s name the person: that is for their CRM to change.\n", f.Erased.Mentions[mirror], mirror)
	}
	for _, file := range f.Files {
		fmt.Fprintf(w, "%s holds or names the person: remove it, or the line.\n", file)
	}
	fmt.Fprintln(w, "Backups and saved plans that were put elsewhere are not known here.")
}
