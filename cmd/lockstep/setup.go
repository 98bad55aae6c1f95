package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/project"
	"lockstep/load"
	"lockstep/pipelines"
)

func newSetup(a *app) *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "setup",
		Short: "Make the columns that tie records to each other",
		Long: `setup shows what both CRMs need before records can be tied, and makes what is missing: in Salesforce a unique
external-id field per object, with the permission to see it for the integration user; in HubSpot unique properties,
and those of sql/list/hubspot_properties.csv, such as checkboxes for consent. Running it again changes nothing.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.project()
			if err != nil {
				return err
			}
			crms, err := pipelines.Connect(p, a.env, a.log())
			if err != nil {
				return err
			}
			return setUp(cmd.Context(), a, p, crms, !dryRun)
		},
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "show what is missing, and make nothing")
	return cmd
}

// setUp looks for the columns, shows what it found, and, if asked to, makes what is missing.
func setUp(ctx context.Context, a *app, p *project.Project, crms *pipelines.CRMs, create bool) error {
	e, err := entity.Load(p.SQL)
	if err != nil {
		return err
	}
	properties, err := load.Properties(e)
	if err != nil {
		return err
	}
	c := p.Config
	o := load.SetupOptions{
		HubSpot: crms.HubSpot, HubSpotIn: objects(e, crm.HubSpot), StampID: c.HubSpot.Stamps.ID, StampObject: c.HubSpot.Stamps.Object,
		Properties: properties,
		Salesforce: crms.Salesforce, SalesforceIn: objects(e, crm.Salesforce), StampField: c.Salesforce.Stamps.ID,
		Create: create,
	}
	steps, err := load.Setup(ctx, o)
	for _, s := range steps {
		fmt.Fprintf(a.stdout, "  %-8s %-10s  %s\n", s.State, s.System, s.What)
	}
	if missing := slices.ContainsFunc(steps, func(s load.Step) bool { return s.State == load.Missing }); missing {
		fmt.Fprintln(a.stdout, "`lockstep setup` makes what is missing.")
	}
	return err
}

// objects are the objects of a CRM that the project writes to and whose records are told apart by a stamp.
func objects(p *entity.Project, system crm.System) (names []string) {
	for _, e := range p.Entities {
		for _, f := range e.To {
			_, _, pairs := f.Object.Associations()
			if f.Object.System == system && !pairs && len(f.Key()) == 0 && !slices.Contains(names, f.Object.Name) {
				names = append(names, f.Object.Name)
			}
		}
	}
	return names
}
