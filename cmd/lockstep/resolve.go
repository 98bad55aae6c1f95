package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
	"lockstep/load"
)

func newResolve(a *app) *cobra.Command {
	return answering(a, false, "resolve", "Say whose value of a waiting conflict stands",
		`resolve lists the conflicts whose rule is to ask. With a record, a field and --take it notes whose value stands; the next run
sends it, unless either value has changed by then. The record is named by its id in either CRM.`)
}

func newRelease(a *app) *cobra.Command {
	return answering(a, true, "release", "Say which value of a frozen field stands, and let it go on",
		`release lists the fields that are frozen: two automations fight over them, or a write was interrupted and nobody can tell
whether it landed. With a record, a field and --take it notes whose value stands; the next run sends it, unless either value
has changed by then. The record is named by its id in either CRM.`)
}

// answering is a command that lists what waits for a person, or takes his answer.
func answering(a *app, frozen bool, name, short, long string) *cobra.Command {
	var take string
	cmd := &cobra.Command{
		Use:   name + " [ENTITY RECORD FIELD --take hubspot|salesforce]",
		Short: short,
		Long:  long,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 0 && len(args) != 3 {
				return fmt.Errorf("%d arguments, want none or ENTITY RECORD FIELD", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			side := crm.System(take)
			if len(args) == 3 && side != crm.HubSpot && side != crm.Salesforce {
				return crm.WithHint(fmt.Errorf("--take %q", take), "--take hubspot or --take salesforce says whose value stands")
			}
			p, err := a.project()
			if err != nil {
				return err
			}
			e, err := entity.Load(p.SQL)
			if err != nil {
				return err
			}
			path := p.Config.Paths.Warehouse
			if _, err := os.Stat(path); err != nil {
				return needsWarehouse(path, err)
			}
			w, err := warehouse.Open(cmd.Context(), warehouse.Options{Path: path, RunAt: a.now(), Who: name})
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, w.Close()) }()
			if len(args) == 0 {
				return listWaiting(cmd.Context(), a, w, e, frozen)
			}
			decided, err := load.Decide(cmd.Context(), w, e, args[0], args[1], args[2], side, a.now())
			for _, d := range decided {
				fmt.Fprintf(a.stdout, "%s of hubspot %s = salesforce %s: %s's value goes with the next run\n", d.Field, d.HubSpotRecord, d.SalesforceRecord, side)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&take, "take", "", "whose value stands: hubspot or salesforce")
	return cmd
}

func listWaiting(ctx context.Context, a *app, w *warehouse.Warehouse, p *entity.Project, frozen bool) error {
	all, err := load.ListWaiting(ctx, w.DB, p)
	if err != nil {
		return err
	}
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"entity", "hubspot record", "salesforce record", "field", "hubspot", "salesforce", "why"})
	n := 0
	for _, x := range all {
		if x.Frozen == frozen {
			t.AppendRow(table.Row{x.Entity, x.HubSpotRecord, x.SalesforceRecord, x.Field, x.HubSpot, x.Salesforce, x.Reason})
			n++
		}
	}
	if n == 0 {
		fmt.Fprintln(a.stdout, "Nothing waits for a person.")
		return nil
	}
	fmt.Fprintln(a.stdout, t.Render())
	return nil
}
