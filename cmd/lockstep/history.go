package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"lockstep/internal/crm"
	"lockstep/internal/export"
	"lockstep/internal/publish"
)

func newHistory(a *app) *cobra.Command {
	var limit int
	var asJSON bool
	var s sought
	cmd := &cobra.Command{
		Use:   "history [RUN]",
		Short: "Show the last runs, or one run's changes, conflicts and calls",
		Long: `history shows the last runs; with a run's id, every column it sent or left out, its conflicts with both values,
both bases, winner and rule, and its calls; with filters, the changes that they fit, of that run or of all. It shows what
the last run published, also while one is under way; lockstep query and any SQL client read the same tables.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := s.check(limit); err != nil {
				return err
			}
			p, err := a.project()
			if err != nil {
				return err
			}
			published, err := publish.Open(cmd.Context(), p.Config.Paths.Published)
			if err != nil {
				return err
			}
			defer published.Close()
			db, release := published.DB()
			defer release()
			h := history{a: a, db: db, json: asJSON, limit: limit}
			filtered := s.any()
			if len(args) > 0 {
				s.run = args[0]
				if err := h.known(cmd.Context(), s.run); err != nil {
					return err
				}
				if asJSON && !filtered && !cmd.Flags().Changed("limit") {
					h.limit = 0 // a program reads it
				}
			}
			switch {
			case filtered:
				return h.changes(cmd.Context(), s, a.now())
			case s.run != "":
				return h.run(cmd.Context(), s.run)
			}
			return h.show(cmd.Context(), "", lastRuns)
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 20, "rows to show of each table; 0: all. With --json all of a run's are, unless this is set")
	s.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object per row")
	return cmd
}

const lastRuns = `
select run_id as run, pipeline, state, exit_code as exit, strftime(started_at, '%Y-%m-%d %H:%M:%S') as started,
    round(epoch(ended_at - started_at), 1) as seconds, extracted as "read", changed, planned, taken, refused, stale, deferred,
    hubspot_calls, salesforce_calls, error
from history.run order by started_at desc, run_id desc`

// parts are what one run left in history, in the order a reader wants them.
var parts = []struct{ title, query string }{
	{"Changes", `
select entity, action, system || '.' || object as object, record_id as record, "column", before, after, stored, outcome,
    array_to_string(fields, ', ') as fields, array_to_string(rules, '; ') as rules, reason
from history.change where run_id = $1 order by "at", entity, system, object, record_id, "column"`},
	{"Conflicts", `
select entity, pair_id as pair, field, hubspot, hubspot_base, salesforce, salesforce_base, winner, rule, reason, first_link
from history.conflict where run_id = $1 order by entity, pair_id, field`},
	{"Calls", `
select system, endpoint, calls, retries from history.call where run_id = $1 order by system, calls desc, endpoint`},
}

type history struct {
	a     *app
	db    *sql.DB
	json  bool
	limit int // rows of one table; 0: all
}

// known refuses a run that is not in history.
func (h history) known(ctx context.Context, id string) error {
	var found bool
	if err := h.db.QueryRowContext(ctx, `select count(*) > 0 from history.run where run_id = $1`, id).Scan(&found); err != nil {
		return err
	}
	if !found {
		return crm.WithHint(fmt.Errorf("no run %q in history", id), "`lockstep history` lists them")
	}
	return nil
}

func (h history) run(ctx context.Context, id string) error {
	for _, part := range parts {
		if err := h.show(ctx, part.title, part.query, id); err != nil {
			return err
		}
	}
	return nil
}

// show prints a query's rows, up to the limit: as a table under its title, which says how many there are, or as one JSON
// object per row, which names its part.
func (h history) show(ctx context.Context, title, query string, args ...any) error {
	format := export.Table
	if h.json {
		format = export.JSON
		if title != "" {
			query = fmt.Sprintf("select '%s' as part, * from (%s)", strings.ToLower(title), query)
		}
	}
	limited := query
	if h.limit > 0 {
		limited += fmt.Sprintf(" limit %d", h.limit)
	}
	rows, err := h.db.QueryContext(ctx, limited, args...)
	if err != nil {
		return err
	}
	var shown bytes.Buffer
	n, err := export.Write(&shown, rows, format)
	if err != nil {
		return err
	}
	if title != "" && !h.json {
		of := ""
		if h.limit > 0 && n == h.limit {
			var all int
			if err := h.db.QueryRowContext(ctx, "select count(*) from ("+query+")", args...).Scan(&all); err != nil {
				return err
			}
			if all > n {
				of = fmt.Sprintf(" of %d, --limit 0 shows all", all)
			}
		}
		fmt.Fprintf(h.a.stdout, "%s: %d%s\n", title, n, of)
	}
	if n == 0 {
		return nil
	}
	_, err = h.a.stdout.Write(shown.Bytes())
	return err
}
