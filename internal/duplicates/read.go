package duplicates

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/Masterminds/squirrel"

	"lockstep/internal/crm"
)

const report = "report.duplicates"

// fit selects the numbers of the groups that a filter chooses.
func (f Filter) fit() squirrel.SelectBuilder {
	q := squirrel.Select("group_number").From(report).GroupBy("group_number")
	for _, of := range []struct{ column, is string }{{"entity", f.Entity}, {"scope", f.Scope}} {
		if of.is != "" {
			q = q.Where(squirrel.Eq{of.column: of.is})
		}
	}
	said := squirrel.And{}
	for _, of := range []struct{ column, is string }{{"kind", f.Kind}, {"rule", f.Rule}} {
		if of.is != "" {
			said = append(said, squirrel.Eq{of.column: of.is})
		}
	}
	if len(said) > 0 {
		q = q.Having(squirrel.Expr("bool_or(?)", said))
	}
	if f.ID != "" {
		q = q.Having("bool_or(a_id = ? or b_id = ?)", f.ID, f.ID)
	}
	return q
}

func count(ctx context.Context, db Query, f Filter) (n int, err error) {
	err = each(ctx, db, squirrel.Select("count(*)").FromSelect(f.fit(), "fit"), func(scan func(...any) error) error { return scan(&n) })
	return n, err
}

// read reads the rows of one page. The first row of a group is of the record to keep.
func read(ctx context.Context, db Query, f Filter, p Page) (groups []Group, err error) {
	page := f.fit().OrderBy("group_number").Offset(uint64(p.Offset))
	if p.Limit > 0 {
		page = page.Limit(uint64(p.Limit))
	}
	const order = "a_object || ' ' || a_id <> group_keep, score desc, a_label, a_id, b_label, b_id, rule"
	rows := squirrel.Select("*", "row_number() over (partition by group_number order by "+order+") as place", "count(*) over (partition by group_number) as said").
		From(report).Where(squirrel.Expr("group_number in (?)", page))
	q := squirrel.Select("group_number", "group_records", "said", "entity", "scope", "keep_reason", "kind", "rule", "score", "coalesce(evidence, '')",
		"a_system", "a_object", "a_id", "coalesce(a_label, '')", "b_system", "b_object", "b_id", "coalesce(b_label, '')").
		FromSelect(rows, "page").OrderBy("group_number", "place")
	if p.Evidence > 0 {
		q = q.Where(squirrel.LtOrEq{"place": p.Evidence})
	}
	last, known := int64(0), map[Record]bool{}
	err = each(ctx, db, q, func(scan func(...any) error) error {
		var number int64
		var g Group
		var e Evidence
		if err := scan(&number, &g.Size, &g.Said, &g.Entity, &g.Scope, &g.Why, &e.Kind, &e.Rule, &e.Score, &e.Value,
			&e.A.System, &e.A.Object, &e.A.ID, &e.A.Label, &e.B.System, &e.B.Object, &e.B.ID, &e.B.Label); err != nil {
			return err
		}
		if number != last {
			last = number
			groups = append(groups, g)
			clear(known)
		}
		at := &groups[len(groups)-1]
		at.Evidence = append(at.Evidence, e)
		for _, r := range []Record{e.A, e.B} {
			if !known[r] {
				known[r] = true
				at.Records = append(at.Records, r)
			}
		}
		return nil
	})
	return groups, err
}

// each hands every row of a query to take, as a Scan.
func each(ctx context.Context, db Query, q squirrel.SelectBuilder, take func(scan func(...any) error) error) (err error) {
	text, args, err := q.ToSql()
	if err != nil {
		return fmt.Errorf("%s: %w", report, err)
	}
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return missing(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := take(rows.Scan); err != nil {
			return fmt.Errorf("%s: %w", report, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", report, err)
	}
	return nil
}

// missing says what to do about a report that is not there, or has no groups.
func missing(err error) error {
	switch text := err.Error(); {
	case strings.Contains(text, "duplicates") && strings.Contains(text, "does not exist"):
		return crm.WithHint(errors.New("the report of duplicates was not made yet"), "`lockstep run nightly` makes the reports at its end")
	case strings.Contains(text, `"group_`):
		return crm.WithHint(errors.New("the report of duplicates does not say which group a row is of"),
			"`lockstep run nightly` makes it anew; a sql/report/duplicates.sql of the project has to return group_number, group_records and group_keep, as the program's own does")
	}
	return fmt.Errorf("%s: %w", report, err)
}
