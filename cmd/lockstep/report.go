package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/export"
	"lockstep/internal/project"
	"lockstep/internal/publish"
)

func newReport(a *app) *cobra.Command {
	var format, out string
	var limit int
	cmd := &cobra.Command{
		Use:   "report [NAME]",
		Short: "List the reports, or show and export one",
		Long: `report lists what sql/report/ makes; with a name it shows that report, as the last nightly run left it. --format csv is
safe to open in a spreadsheet: a text that begins with = + - @, a tab or a line break gets an apostrophe in front, and
numbers stay numbers. json has one object per line, and json and parquet hold every text as it is.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.project()
			if err != nil {
				return err
			}
			f, err := export.ParseFormat(format)
			if err != nil {
				return err
			}
			db, done, err := a.reading(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer done()
			if len(args) == 0 {
				return listReports(cmd.Context(), db, p, a.stdout, f)
			}
			query, err := reportQuery(cmd.Context(), db, p, args[0])
			if err != nil {
				return err
			}
			if f == export.Table && !cmd.Flags().Changed("limit") {
				limit = 50
			}
			if limit > 0 {
				query += fmt.Sprintf(" limit %d", limit)
			}
			return a.export(cmd.Context(), db, query, f, out)
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv, json, markdown or parquet")
	cmd.Flags().StringVar(&out, "out", "", "file to write; left out: standard output")
	cmd.Flags().IntVar(&limit, "limit", 0, "rows at most (default 50 of a table, else all)")
	return cmd
}

// reading opens the newest publication, for the commands that only read. The caller calls done when it has read.
func (a *app) reading(ctx context.Context, p *project.Project) (_ *sql.DB, done func(), err error) {
	published, err := publish.Open(ctx, p.Config.Paths.Published)
	if err != nil {
		return nil, nil, err
	}
	db, release := published.DB()
	return db, func() { release(); published.Close() }, nil
}

// export writes what query finds to a file, or to standard output.
func (a *app) export(ctx context.Context, db *sql.DB, query string, f export.Format, out string) (err error) {
	if folder := filepath.Dir(out); out != "" {
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			return crm.WithHint(fmt.Errorf("--out %s: there is no folder %s", out, folder), "make it first, or name another file")
		}
	}
	if f == export.Parquet {
		if out == "" {
			return crm.WithHint(errors.New("--format parquet goes into a file"), "name it with --out FILE")
		}
		n, err := export.WriteParquet(ctx, db, query, out)
		if err == nil {
			fmt.Fprintf(a.stderr, "%d rows written to %s\n", n, out)
		}
		return err
	}
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	var to io.Writer = a.stdout
	if out != "" {
		file, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // people's names and addresses
		if err != nil {
			return errors.Join(err, rows.Close())
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		to = file
	}
	n, err := export.Write(to, rows, f)
	if err == nil && out != "" {
		fmt.Fprintf(a.stderr, "%d rows written to %s\n", n, out)
	}
	return err
}

// reportNames are the reports that stand, in the order of their names.
func reportNames(ctx context.Context, db *sql.DB) (names []string, err error) {
	rows, err := db.QueryContext(ctx, `select distinct table_name from information_schema.tables where table_schema = 'report' order by all`)
	if err != nil {
		return nil, fmt.Errorf("reports: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// reportQuery is the SQL of a report that stands.
func reportQuery(ctx context.Context, db *sql.DB, p *project.Project, name string) (string, error) {
	names, err := reportNames(ctx, db)
	if err != nil {
		return "", err
	}
	for _, n := range names {
		if n == name {
			return "select * from report." + entity.Quote(n), nil
		}
	}
	e, err := entity.Load(p.SQL)
	if err != nil {
		return "", err
	}
	for _, f := range e.Reports {
		if reportName(f) == name {
			return "", crm.WithHint(fmt.Errorf("the report %s was not made yet", name), "`lockstep run nightly` makes the reports at its end; one over an entity that this project does not have is left out")
		}
	}
	return "", crm.WithHint(fmt.Errorf("no report %q", name), "`lockstep report` lists them; each is a file of sql/report/")
}

func reportName(f entity.File) string { return strings.TrimSuffix(path.Base(f.Path), ".sql") }

// listReports lists the project's reports with their rows, and what a row of each is.
func listReports(ctx context.Context, db *sql.DB, p *project.Project, out io.Writer, f export.Format) error {
	made, err := reportNames(ctx, db)
	if err != nil {
		return err
	}
	e, err := entity.Load(p.SQL)
	if err != nil {
		return err
	}
	var parts []string
	var args []any
	for _, r := range e.Reports {
		grain, _, _ := strings.Cut(strings.TrimLeft(r.Text, "- "), "\n")
		rows := "null"
		for _, n := range made {
			if n == reportName(r) {
				rows = "(select count(*) from report." + entity.Quote(n) + ")"
			}
		}
		args = append(args, reportName(r), grain)
		parts = append(parts, fmt.Sprintf(`select $%d::varchar as report, %s as "rows", $%d::varchar as grain`, len(args)-1, rows, len(args)))
	}
	if len(parts) == 0 {
		return crm.WithHint(errors.New("sql/report/ is empty"), "`lockstep init DIR` writes the default project")
	}
	rows, err := db.QueryContext(ctx, strings.Join(parts, "\nunion all ")+"\norder by report", args...)
	if err != nil {
		return err
	}
	_, err = export.Write(out, rows, f)
	return err
}
