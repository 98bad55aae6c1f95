package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"lockstep/internal/ask"
	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/project"
)

func newResolve(a *app) *cobra.Command {
	var same, apart bool
	cmd := answering(a, false, "resolve", "Say whose value of a waiting conflict stands, or whether two records are one",
		`resolve lists the conflicts whose rule is to ask, and the records that a rule of match.sql names and nothing links, because
there are several or one has a partner. With a record, a field and --take it notes whose value stands; the next run sends it,
unless either value has changed by then. With two records and --same or --not-same it notes in the entity's same_as.csv
whether they are one; the next run links them, or leaves them apart. A record is named by its id in either CRM.`)
	cmd.Use += "\n  lockstep resolve ENTITY RECORD RECORD --same|--not-same"
	take := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if !same && !apart {
			return take(cmd, args)
		}
		if same && apart || cmd.Flags().Changed("take") || len(args) != 3 {
			return crm.WithHint(fmt.Errorf("--same and --not-same are two answers about two records"), "usage: lockstep resolve ENTITY RECORD RECORD --same, or --not-same")
		}
		said, err := a.acts().match(cmd.Context(), args[0], args[1], args[2], same)
		if err == nil {
			fmt.Fprintln(a.stdout, said)
		}
		return err
	}
	cmd.Flags().BoolVar(&same, "same", false, "the two records are one")
	cmd.Flags().BoolVar(&apart, "not-same", false, "the two records are not one")
	return cmd
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
	x := a.acts()
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
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listWaiting(cmd.Context(), a, frozen)
			}
			said, err := x.take(cmd.Context(), name, args[0], args[1], args[2], crm.System(take))
			if err == nil {
				fmt.Fprintln(a.stdout, said)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&take, "take", "", "whose value stands: hubspot or salesforce")
	waitFlag(cmd, &x.wait, patience)
	return cmd
}

func listWaiting(ctx context.Context, a *app, frozen bool) error {
	return a.acts().reading(ctx, func(db entity.Conn, _ *project.Project, p *entity.Project) error {
		all, err := ask.Fields(ctx, db, p)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(f ask.Field) bool { return f.Frozen != frozen })
		var matches []ask.Match
		if !frozen {
			if matches, err = ask.Matches(ctx, db, p); err != nil {
				return err
			}
		}
		if len(all)+len(matches) == 0 {
			fmt.Fprintln(a.stdout, "Nothing waits for a person.")
			return nil
		}
		if len(all) > 0 {
			t := newTable("entity", "hubspot record", "salesforce record", "field", "hubspot", "salesforce", "why")
			for _, x := range all {
				t.AppendRow(table.Row{x.Entity, recordWords(x.HubSpot), recordWords(x.Salesforce), x.Name, x.HubSpotValue, x.SalesforceValue, x.Why})
			}
			fmt.Fprintln(a.stdout, t.Render())
		}
		if len(matches) > 0 {
			t := newTable("entity", "hubspot record", "salesforce record", "one and the same?")
			for _, m := range matches {
				t.AppendRow(table.Row{m.Entity, recordWords(m.HubSpot), recordWords(m.Salesforce), m.Reason()})
			}
			fmt.Fprintln(a.stdout, t.Render())
		}
		return nil
	})
}

// recordWords is a record where its CRM is known: contacts 101.
func recordWords(r crm.Record) string { return r.Object.Name + " " + r.ID }

func newTable(columns ...any) table.Writer {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.AppendHeader(columns)
	return t
}
