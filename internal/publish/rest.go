package publish

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// rest writes the tables that are published whole and whose rows are others than before.
func (p *publication) rest(ctx context.Context, tables []*source) error {
	digests, err := p.digests(ctx, tables)
	if err != nil {
		return err
	}
	for _, s := range tables {
		before := p.old(s)
		if before != nil && before.Digest == digests[s.title()].sum {
			p.next.Tables[s.title()] = before
			continue
		}
		now := &Table{Columns: s.columns, Digest: digests[s.title()].sum}
		if digests[s.title()].rows > 0 {
			f, err := p.copy(ctx, s, "", s.where())
			if err != nil {
				return err
			}
			now.Files = []File{f}
		}
		p.next.Tables[s.title()] = now
	}
	return nil
}

// where is the condition for the rows that are published of a table.
func (s *source) where() string {
	if s.title() == "plan.plan" {
		return "where plan_id in " + newestPlans
	}
	return ""
}

type digest struct {
	sum  string
	rows int64
}

// digests are over all rows of each table, in whatever order.
func (p *publication) digests(ctx context.Context, tables []*source) (map[string]digest, error) {
	all := map[string]digest{}
	if len(tables) == 0 {
		return all, nil
	}
	var q []string
	for _, s := range tables {
		q = append(q, fmt.Sprintf(`select %s, count(*), coalesce(sum(hash(t)), 0)::varchar from %s as t %s`, text(s.title()), s.from(), s.where()))
	}
	rows, err := p.conn.QueryContext(ctx, strings.Join(q, " union all "))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		var d digest
		if err := rows.Scan(&name, &d.rows, &d.sum); err != nil {
			return nil, err
		}
		d.sum = fmt.Sprintf("%d/%s", d.rows, d.sum)
		all[name] = d
	}
	return all, rows.Err()
}
