package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"lockstep/internal/crm"
	"lockstep/internal/duplicates"
	"lockstep/internal/entity"
	"lockstep/internal/sandbox"
	"lockstep/internal/warehouse"
	"lockstep/pipelines"
)

func newBenchDuplicates(a *app) *cobra.Command {
	var load string
	cmd := &cobra.Command{
		Use:   "duplicates --load DIR",
		Short: "Measure the report of duplicates: how much of its evidence is right, and how much it finds",
		Long: `duplicates starts both CRMs on loopback with records of which it is known who is who, reads them, links nothing, and makes the
report of duplicates with this project's sql/. DIR holds <system>.<Object>.csv and truth.csv, as for bench match.`,
		Args: hinted(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if load == "" {
				return crm.WithHint(errors.New("--load is missing"), "it names a folder of <system>.<Object>.csv and truth.csv")
			}
			p, err := a.project()
			if err != nil {
				return err
			}
			e, err := entity.Load(p.SQL)
			if err != nil {
				return err
			}
			return measureDuplicates(cmd.Context(), a, e, load)
		},
	}
	cmd.Flags().StringVar(&load, "load", "", "folder of <system>.<Object>.csv and truth.csv")
	return cmd
}

// measureDuplicates reads the folder's records without linking any, makes the report, and compares it with the truth.
func measureDuplicates(ctx context.Context, a *app, e *entity.Project, load string) (err error) {
	known, err := readTruth(load)
	if err != nil {
		return err
	}
	s, err := sandbox.Start(ctx, sandbox.Options{LoadDir: load, Now: a.now})
	if err != nil {
		return err
	}
	defer s.Close()
	known.only(s)
	dir, err := os.MkdirTemp("", "lockstep-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	p, err := a.project()
	if err != nil {
		return err
	}
	job, err := firstRun(ctx, a, s, p.SQL, dir)
	if err != nil {
		return err
	}
	job.Until = pipelines.Extracted
	if _, err := pipelines.Run(ctx, job); err != nil {
		return err
	}
	w, err := warehouse.Open(ctx, warehouse.Options{Path: job.Project.Config.Paths.Warehouse, RunAt: a.now(), Who: job.Name})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if err := e.Install(ctx, w.DB); err != nil {
		return err
	}
	made, err := pipelines.MakeReports(ctx, w, e)
	if err := errors.Join(append(made.Failed, err)...); err != nil {
		return err
	}
	groups, _, err := duplicates.Read(ctx, w.DB, duplicates.Filter{Entity: "contact"}, duplicates.Page{})
	if err != nil {
		return err
	}
	return known.compare(a.stdout, groups)
}

// compare prints how much of each rule's evidence is right, and how many of a person's pairs of records are in one group.
func (t truth) compare(w io.Writer, groups []duplicates.Group) error {
	of := func(r duplicates.Record) record { return record{crm.System(r.System), r.ID} }
	rules := map[string]*share{}
	var names []string
	var all share
	for _, g := range groups {
		for _, e := range g.Evidence {
			name := e.Kind + ": " + e.Rule
			if rules[name] == nil {
				rules[name] = &share{}
				names = append(names, name)
			}
			rules[name].Of++
			all.Of++
			if t[of(e.A)] == t[of(e.B)] {
				rules[name].N++
				all.N++
			}
		}
	}
	var within, across, pairs, bridges share // grouped and right, of those grouped; found, of those there are
	for _, one := range united(groups) {
		for i, x := range one {
			for _, y := range one[i+1:] {
				right := t[x] == t[y]
				if x.system == y.system {
					within.count(right)
				} else {
					across.count(right)
				}
			}
		}
	}
	for _, n := range t.people() {
		h, s := n[crm.HubSpot], n[crm.Salesforce]
		pairs.Of += h*(h-1)/2 + s*(s-1)/2
		bridges.Of += h * s
	}
	pairs.N, bridges.N = within.N, across.N
	tw := table.NewWriter()
	tw.SetStyle(table.StyleLight)
	tw.AppendHeader(table.Row{"evidence", "right"})
	for _, n := range names {
		tw.AppendRow(table.Row{n, rules[n]})
	}
	tw.AppendFooter(table.Row{"all", all})
	_, err := fmt.Fprintf(w, "%s\npairs of records of one CRM   right %s  found %s\npairs of one record of each   right %s  found %s\n", tw.Render(), within, pairs, across, bridges)
	return err
}

func (s *share) count(right bool) {
	s.Of++
	if right {
		s.N++
	}
}

// united are the records that any chain of evidence makes one, whichever CRM they are of.
func united(groups []duplicates.Group) (all [][]record) {
	at := map[record]int{} // where a record is in all
	for _, g := range groups {
		to := -1
		for _, r := range g.Records {
			x := record{crm.System(r.System), r.ID}
			from, known := at[x]
			switch {
			case !known && to < 0:
				to = len(all)
				all = append(all, nil)
				fallthrough
			case !known:
				at[x] = to
				all[to] = append(all[to], x)
			case to < 0:
				to = from
			case from != to:
				for _, moved := range all[from] {
					at[moved] = to
				}
				all[to], all[from] = append(all[to], all[from]...), nil
			}
		}
	}
	return all
}
