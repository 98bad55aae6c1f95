package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/spf13/cobra"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// sought are the filters of `lockstep history`: those that are set all hold.
type sought struct {
	run, entity, record, field, column, outcome string
	since                                       time.Duration
}

// outcomes are those a change may have, as history.change has them.
var outcomes = []string{"taken", "refused", "not_taken", "stale", "deferred", "unclear", "planned"}

// check refuses what could find nothing, ever.
func (s sought) check(limit int) error {
	if s.outcome != "" && !slices.Contains(outcomes, s.outcome) {
		return crm.WithHint(fmt.Errorf("--outcome %q", s.outcome), "outcomes are %s", strings.Join(outcomes, ", "))
	}
	return notNegative(limit)
}

// notNegative refuses a --limit below zero.
func notNegative(limit int) error {
	if limit < 0 {
		return crm.WithHint(fmt.Errorf("--limit %d", limit), "it is a number of rows; 0 shows all")
	}
	return nil
}

func (s *sought) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.record, "record", "", "changes of the record with this id, in either CRM")
	cmd.Flags().StringVar(&s.entity, "entity", "", "changes of this entity: ids of HubSpot are unique only within an object")
	cmd.Flags().StringVar(&s.field, "field", "", "changes that this field of fields.sql moved")
	cmd.Flags().StringVar(&s.column, "column", "", "changes of this column")
	cmd.Flags().StringVar(&s.outcome, "outcome", "", "changes that ended as: "+strings.Join(outcomes, ", "))
	cmd.Flags().DurationVar(&s.since, "since", 0, "changes of so long ago at most, as in 48h")
}

func (s sought) any() bool { return s != sought{} }

// changes lists what was sent, newest first, as far as the filters go.
func (h history) changes(ctx context.Context, s sought, now time.Time) error {
	q := squirrel.Select(`strftime("at", '%Y-%m-%d %H:%M:%S') as "at"`, "run_id as run", "action", "system || '.' || object as object",
		"record_id as record", `"column"`, "before", "after", "outcome", "array_to_string(rules, '; ') as rules", "reason").
		From("history.change").OrderBy(`"at" desc`, "run_id desc", "record_id", `"column"`)
	if s.run != "" {
		q = q.Where(squirrel.Eq{"run_id": s.run})
	}
	if s.entity != "" {
		q = q.Where(squirrel.Eq{"entity": s.entity})
	}
	if s.record != "" {
		pairs, args, err := h.pairs(ctx, crm.Asked(s.record))
		if err != nil {
			return err
		}
		q = q.Where("pair_id in ("+pairs+")", args...)
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

// pairs selects the pairs of a record. The other side's record is the same person, whichever of the two was ever written to:
// both are asked for by either id.
func (h history) pairs(ctx context.Context, id string) (string, []any, error) {
	rows, err := h.db.QueryContext(ctx, `select table_name from information_schema.tables where table_schema = 'link' order by all`)
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = rows.Close() }() // Err below has what went wrong
	text, args := "select pair_id from history.change where record_id = ?", []any{id}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return "", nil, err
		}
		text += " union all select pair_id from link." + entity.Quote(name) + " where hubspot_id = ? or salesforce_id = ?"
		args = append(args, id, id)
	}
	return text, args, rows.Err()
}
