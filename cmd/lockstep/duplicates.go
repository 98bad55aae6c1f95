package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lockstep/internal/crm"
	"lockstep/internal/duplicates"
	"lockstep/internal/entity"
)

func newDuplicates(a *app) *cobra.Command {
	var f duplicates.Filter
	var page duplicates.Page
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "duplicates [ENTITY]",
		Short: "Show records that may be one, in groups, with the one to keep",
		Long: `duplicates reads report.duplicates, as the last nightly run made it: people and companies that stand in a CRM more than
once, and those of both CRMs that are not linked to each other. Each group has its evidence and names the record to keep.
Merge the others into it in the CRM, and the next run follows; of two that are not linked, sql/ENTITY/same_as.csv says
whether they are one. --kind and --rule choose the groups that have such evidence, and show those whole. All evidence as
rows: lockstep report duplicates --format csv.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.Scope != "" && !slices.Contains(duplicates.Scopes, f.Scope) {
				return crm.WithHint(fmt.Errorf("--scope %q", f.Scope), "scopes are %s", strings.Join(duplicates.Scopes, ", "))
			}
			if err := notNegative(page.Limit); err != nil {
				return err
			}
			f.ID = crm.Asked(f.ID)
			p, err := a.project()
			if err != nil {
				return err
			}
			if len(args) > 0 {
				f.Entity = args[0]
				e, err := entity.Load(p.SQL)
				if err != nil {
					return err
				}
				if _, ok := e.Entity(f.Entity); !ok {
					return crm.WithHint(fmt.Errorf("no entity %q in sql/", f.Entity), "the report knows contact and company; without a name it shows both")
				}
			}
			db, done, err := a.reading(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer done()
			groups, n, err := duplicates.Read(cmd.Context(), db, f, page)
			if err != nil {
				return err
			}
			if n == 0 && f.Kind != "" && !slices.Contains(duplicates.Kinds, f.Kind) { // a project's report may have kinds of its own
				return crm.WithHint(fmt.Errorf("--kind %q", f.Kind), "kinds are %s", strings.Join(duplicates.Kinds, ", "))
			}
			for _, g := range groups {
				if err := a.printGroup(g, asJSON); err != nil {
					return err
				}
			}
			if asJSON {
				return nil
			}
			switch {
			case n == 0 && f != duplicates.Filter{}:
				_, err = fmt.Fprintln(a.stdout, "No group of duplicates is like that.")
			case n == 0:
				_, err = fmt.Fprintln(a.stdout, "No duplicates.")
			default:
				_, err = fmt.Fprintf(a.stdout, "%d of %d groups.\n", len(groups), n)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&f.Scope, "scope", "", "hubspot, salesforce, or across: one of each CRM that are not linked to each other")
	cmd.Flags().StringVar(&f.Kind, "kind", "", "groups with evidence of this kind: exact, normalized or close")
	cmd.Flags().StringVar(&f.Rule, "rule", "", "groups with evidence of this rule, such as 'same e-mail'")
	cmd.Flags().StringVar(&f.ID, "id", "", "the groups of the record with this id")
	cmd.Flags().IntVar(&page.Limit, "limit", 20, "groups to show, the strongest evidence first; 0: all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object per group")
	return cmd
}

// printGroup prints a group: the record to keep, and behind each other one what makes it the same.
func (a *app) printGroup(g duplicates.Group, asJSON bool) error {
	if asJSON {
		line, err := json.Marshal(g)
		if err == nil {
			_, err = fmt.Fprintln(a.stdout, string(line))
		}
		return err
	}
	var b strings.Builder
	where, first := "in "+g.Scope, "keep "
	if g.Scope == "across" {
		where, first = "not linked to each other", "one of"
	}
	fmt.Fprintf(&b, "%s, %d records %s\n", g.Entity, len(g.Records), where)
	for i, r := range g.Records {
		if i > 0 {
			first = "      "
		}
		name := r.Object + " " + r.ID
		if r.Label != "" {
			name += "  " + r.Label
		}
		fmt.Fprintf(&b, "  %-6s  %s\n", first, name)
		if i == 0 && g.Scope != "across" {
			fmt.Fprintf(&b, "            %s\n", g.Why)
		}
		for _, e := range g.Evidence {
			if e.B != r {
				continue
			}
			with := ""
			if e.A != g.Records[0] {
				with = " as " + e.A.Object + " " + e.A.ID
			}
			fmt.Fprintf(&b, "            %s%s: %s (%s, %.2f)\n", e.Rule, with, e.Value, e.Kind, e.Score)
		}
	}
	_, err := fmt.Fprintln(a.stdout, b.String())
	return err
}
