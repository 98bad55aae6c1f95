package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"lockstep/internal/entity"
	"lockstep/internal/explain"
	"lockstep/internal/project"
	"lockstep/pipelines"
)

func newExplain(a *app) *cobra.Command {
	var asJSON, all bool
	cmd := &cobra.Command{
		Use:   "explain [ENTITY] EMAIL|ID",
		Short: "Tell one person's story: how they were matched, what both CRMs say, what was decided, sent and refused",
		Long: `explain tells of one record, by its id in either CRM or by e-mail address: by which rule it was linked and when, per field
both values in our words, both bases, what was decided, by which rule and since when; what was sent and refused; what is
blocked and what to do about it. An id is looked for among people first: name the entity for any other
(lockstep explain company 201). It shows what the last run published, also while one is under way.`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.project()
			if err != nil {
				return err
			}
			e, err := mappingOf(p)
			if err != nil {
				return err
			}
			db, done, err := a.reading(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer done()
			name := ""
			if len(args) == 2 {
				name = args[0]
			}
			story, err := explain.Person(cmd.Context(), db, e, name, args[len(args)-1])
			if err != nil {
				return err
			}
			if asJSON {
				out, err := json.MarshalIndent(story, "", "  ")
				if err == nil {
					_, err = fmt.Fprintln(a.stdout, string(out))
				}
				return err
			}
			_, err = fmt.Fprint(a.stdout, storyText(story, all))
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object")
	cmd.Flags().BoolVar(&all, "all", false, "fields that neither side fills, too")
	return cmd
}

// mappingOf is the project's SQL with what its first pipeline says of values without a translation, as every one should.
func mappingOf(p *project.Project) (*entity.Project, error) {
	e, err := entity.Load(p.SQL)
	if err != nil {
		return nil, err
	}
	pipes, err := pipelines.LoadAll(p.Pipelines)
	if err != nil || len(pipes) == 0 {
		return e, err
	}
	return e, pipes[0].Over(e).Translate(e)
}

// storyText is a story for reading. Without all, fields that say nothing on either side are left out.
func storyText(s *explain.Story, all bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", strings.TrimSpace(s.Entity+"  "+s.Label))
	for _, r := range s.Records {
		line := fmt.Sprintf("  %-10s  %s %s", r.System, r.Object, r.ID)
		if r.ModifiedAt != nil {
			line += "  edited " + r.ModifiedAt.UTC().Format(time.RFC3339)
		}
		fmt.Fprintln(&b, line)
	}
	if p := s.Pair; p == nil {
		fmt.Fprintln(&b, "  in no pair")
	} else {
		fmt.Fprintf(&b, "  %-10s  %s  since %s\n", p.State, strings.TrimSuffix(p.Rule+", "+p.Reason, ", "), p.LinkedAt.Format(time.RFC3339))
	}
	fmt.Fprintln(&b)

	t := storyTable("field", "hubspot", "hubspot's base", "salesforce", "salesforce's base", "rule", "state", "decided", "since")
	for _, f := range s.Fields {
		if !all && said(f.HubSpot) == "" && said(f.Salesforce) == "" && f.State != "no translation" && f.State != "waits for a link" {
			continue
		}
		since := ""
		if f.Since != nil {
			since = f.Since.UTC().Format(time.RFC3339)
		}
		rule := f.Direction + ", " + f.Rule
		if f.Direction == "off" {
			rule = "off"
		}
		t.AppendRow(table.Row{f.Field, said(f.HubSpot), base(f.HubSpot, f.HubSpotBase), said(f.Salesforce), base(f.Salesforce, f.SalesforceBase), rule, f.State, f.Reason, since})
	}
	fmt.Fprintln(&b, t.Render())

	if len(s.Sent) > 0 {
		t := storyTable("at", "sent to", "column", "before", "after", "outcome", "why")
		for _, x := range s.Sent {
			why := strings.Join(x.Rules, "; ")
			if x.Reason != "" {
				why = x.Reason
			}
			t.AppendRow(table.Row{x.At.Format(time.RFC3339), x.Action + " " + x.System + "." + x.Object, x.Column, x.Before, x.After, x.Outcome, why})
		}
		fmt.Fprintf(&b, "\nSent, newest first\n%s\n", t.Render())
	}
	if len(s.Blocked) == 0 {
		fmt.Fprintln(&b, "\nNothing is blocked.")
	} else {
		fmt.Fprintln(&b, "\nBlocked")
	}
	for _, x := range s.Blocked {
		fmt.Fprintf(&b, "  %s: %s\n", x.What, x.Why)
		if x.Do != "" {
			fmt.Fprintf(&b, "    %s\n", x.Do)
		}
	}
	if len(s.Also) > 0 {
		fmt.Fprintln(&b, "\nAlso found")
	}
	for _, m := range s.Also {
		fmt.Fprintf(&b, "  %s %s: lockstep explain %s %s\n", m.Object, m.ID, m.Entity, m.ID)
	}
	return b.String()
}

func said(v *string) string {
	if v == nil {
		return ""
	}
	return *v
}

// base is a base where it is not the value itself: both stand at theirs most of the time.
func base(value, base *string) string {
	switch {
	case value != nil && base != nil && *value != *base:
		return strconv.Quote(*base)
	case value != nil && *value != "" && base == nil:
		return "none"
	}
	return ""
}

func storyTable(head ...any) table.Writer {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.AppendHeader(head)
	var widths []table.ColumnConfig
	for i := range head {
		widths = append(widths, table.ColumnConfig{Number: i + 1, WidthMax: 40, WidthMaxEnforcer: text.WrapSoft})
	}
	t.SetColumnConfigs(widths)
	t.SuppressEmptyColumns()
	return t
}
