package main

import (
	"context"
	"strings"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/spf13/cobra"
)

// sought are the filters of `lockstep history`: those that are set all hold.
type sought struct {
	record, field, column, outcome string
	since                          time.Duration
}

func (s *sought) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.record, "record", "", "changes of the record with this id, in either CRM")
	cmd.Flags().StringVar(&s.field, "field", "", "changes that this field of fields.sql moved")
	cmd.Flags().StringVar(&s.column, "column", "", "changes of this column")
	cmd.Flags().StringVar(&s.outcome, "outcome", "", "changes that ended as: taken, refused, not_taken, stale, deferred, unclear, planned")
	cmd.Flags().DurationVar(&s.since, "since", 0, "changes of so long ago at most, as in 48h")
}

func (s sought) any() bool { return s != sought{} }

// changes lists what was sent over all runs, newest first, as far as the filters go.
func (h history) changes(ctx context.Context, s sought, now time.Time, limit int) error {
	q := squirrel.Select(`strftime("at", '%Y-%m-%d %H:%M:%S') as "at"`, "run_id as run", "action", "system || '.' || object as object",
		"record_id as record", `"column"`, "before", "after", "outcome", "array_to_string(rules, '; ') as rules", "reason").
		From("history.change").OrderBy(`"at" desc`, "run_id desc", "record_id", `"column"`).Limit(uint64(max(limit, 1)))
	if s.record != "" {
		// The other side's record is the same person: both are asked for by either id.
		q = q.Where("pair_id in (select pair_id from history.change where record_id = ?)", s.record)
	}
	if s.field != "" {
		q = q.Where("list_contains(fields, ?)", s.field)
	}
	if s.column != "" {
		q = q.Where(squirrel.Eq{`lower("column")`: strings.ToLower(s.column)})
	}
	if s.outcome != "" {
		q = q.Where(squirrel.Eq{"outcome": s.outcome})
	}
	if s.since > 0 {
		q = q.Where(squirrel.GtOrEq{`"at"`: now.Add(-s.since).UTC()})
	}
	text, args, err := q.ToSql()
	if err != nil {
		return err
	}
	return h.show(ctx, "Changes", text, args...)
}
