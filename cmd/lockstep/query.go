package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"lockstep/internal/crm"
	"lockstep/internal/export"
	"lockstep/internal/warehouse"
)

func newQuery(a *app) *cobra.Command {
	var format, out string
	cmd := &cobra.Command{
		Use:   "query SELECT",
		Short: "Ask what was last published, in SQL",
		Long: `query runs one select, in DuckDB's SQL, over what the last run published: history.*, link.*, base.*, plan.*, catalog.*,
crosswalk.*, list.*, report.* and the mirrors hubspot.* and salesforce.*. Nothing is written and no run waits. Any DuckDB
client finds the same in reports.duckdb, in the folder that paths.published of lockstep.yaml names.

  lockstep query "select outcome, count(*) as columns from history.change group by all"
  lockstep query "select * from (describe history.change)"`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := export.ParseFormat(format)
			if err != nil {
				return err
			}
			p, err := a.project()
			if err != nil {
				return err
			}
			db, done, err := a.reading(cmd.Context(), p)
			if err != nil {
				return err
			}
			defer done()
			query := strings.TrimRight(strings.TrimSpace(args[0]), "; \n")
			if err := oneSelect(cmd.Context(), db, query); err != nil {
				return err
			}
			return asked(a.export(cmd.Context(), db, query, f, out))
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table, csv, json, markdown or parquet")
	cmd.Flags().StringVar(&out, "out", "", "file to write; left out: standard output")
	return cmd
}

// oneSelect refuses what is not one select: the driver would run every statement, and a copy writes files.
func oneSelect(ctx context.Context, db *sql.DB, query string) error {
	var text string
	if err := db.QueryRowContext(ctx, `select json_serialize_sql($1::varchar)::varchar`, query).Scan(&text); err != nil {
		return asked(err)
	}
	var tree struct {
		Error      bool              `json:"error"`
		Kind       string            `json:"error_type"`
		Message    string            `json:"error_message"`
		Statements []json.RawMessage `json:"statements"`
	}
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		return err
	}
	switch {
	case tree.Error && tree.Kind == "parser":
		return asked(errors.New(tree.Message))
	case tree.Error:
		return crm.WithHint(errors.New("query: not a select"), "what is published is only read; a table's columns are `select * from (describe history.change)`")
	case len(tree.Statements) != 1:
		return crm.WithHint(fmt.Errorf("query: %d statements", len(tree.Statements)), "ask one select at a time")
	}
	return nil
}

// asked makes two lines of what DuckDB says of a query, and no value of a record is among them.
func asked(err error) error {
	if err == nil {
		return nil
	}
	var hinted *crm.Hinted
	if errors.As(err, &hinted) {
		return err
	}
	what, more, _ := strings.Cut(warehouse.Cut(err).Error(), "\n")
	hint := "`lockstep query \"select schema_name, view_name from duckdb_views() where not internal\"` lists the tables"
	if i := strings.Index(more, "Did you mean"); i >= 0 {
		hint, _, _ = strings.Cut(more[i:], "\n")
	}
	return crm.WithHint(fmt.Errorf("query: %s", what), "%s", hint)
}
