package publish

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// byHand are the tables that come from files of sql/, which one digest in the warehouse stands for.
func (s *source) byHand() bool { return s.schema == "crosswalk" || s.schema == "list" }

// rest writes the tables that have other rows than before: whole, or as what changed since they were.
func (p *publication) rest(ctx context.Context, tables []*source) error {
	if err := p.conn.QueryRowContext(ctx, `select coalesce(max(value), '') from catalog.installed`).Scan(&p.next.Installed); err != nil {
		return err
	}
	tables = slices.DeleteFunc(tables, func(s *source) bool {
		before := p.old(s)
		if !s.byHand() || before == nil || p.before.Installed != p.next.Installed {
			return false
		}
		p.next.Tables[s.title()] = before
		return true
	})
	large, err := p.large(ctx, tables)
	if err != nil {
		return err
	}
	digests, err := p.digests(ctx, tables, large)
	if err != nil {
		return err
	}
	for _, s := range tables {
		before, d := p.old(s), digests[s.title()]
		now := &Table{Columns: s.columns, Key: s.key()}
		if changed := large[s.title()]; changed != "" {
			if now, err = p.delta(ctx, s, before, d, changed); err != nil {
				return err
			}
		}
		if now.Files == nil {
			if now, err = p.whole(ctx, s, before, d, large[s.title()] != ""); err != nil {
				return err
			}
		}
		p.next.Tables[s.title()] = now
	}
	return nil
}

// whole is a table in one file: the one it has, if that holds the same rows.
func (p *publication) whole(ctx context.Context, s *source, before *Table, d digest, wasDelta bool) (*Table, error) {
	now := &Table{Columns: s.columns, Key: s.key(), Digest: d.sum}
	if !wasDelta && before != nil && before.Delta == nil && before.Digest == d.sum {
		now.Files, now.Whole = before.Files, before.Whole
	} else if d.total > 0 {
		f, err := p.copy(ctx, s, "", s.where())
		if err != nil {
			return nil, err
		}
		now.Files = []File{f}
	}
	if wasDelta {
		now.Digest = "" // of the changed rows
	}
	var err error
	now.Whole, err = p.mark(ctx, s)
	return now, err
}

// where is the condition for the rows that are published of a table.
func (s *source) where() string {
	if s.title() == "plan.plan" {
		return "where plan_id in " + newestPlans
	}
	return ""
}

// digest is of the rows that a table has, or of those that have changed.
type digest struct {
	sum         string
	rows, total int64
}

// digests are over all rows of each table, or those that fit its condition, in whatever order.
func (p *publication) digests(ctx context.Context, tables []*source, conditions map[string]string) (map[string]digest, error) {
	all := map[string]digest{}
	if len(tables) == 0 {
		return all, nil
	}
	var q []string
	for _, s := range tables {
		where, total := s.where(), "null"
		if c := conditions[s.title()]; c != "" {
			where, total = "where "+c, "(select count(*) from "+s.from()+")"
		}
		q = append(q, fmt.Sprintf(`select %s, count(*) as n, coalesce(sum(hash(t)), 0)::varchar, coalesce(%s, count(*)) from %s as t %s`, text(s.title()), total, s.from(), where))
	}
	rows, err := p.conn.QueryContext(ctx, strings.Join(q, " union all "))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		var d digest
		if err := rows.Scan(&name, &d.rows, &d.sum, &d.total); err != nil {
			return nil, err
		}
		d.sum = fmt.Sprintf("%d/%s", d.rows, d.sum)
		all[name] = d
	}
	return all, rows.Err()
}
