package publish

import (
	"context"
	"fmt"
	"strings"
)

// newestPlans are the newest plan of each pipeline, and of each entity.
const newestPlans = `(select max_by(plan_id, (made_at, plan_id)) from plan.plan group by pipeline union select plan_id from plan.newest)`

// plans writes the rows of plans that are not published yet. A plan does not change once its run has ended.
func (p *publication) plans(ctx context.Context, tables []*source) error {
	for _, s := range tables {
		p.next.Tables[s.title()] = &Table{Columns: s.columns}
	}
	if len(tables) == 0 {
		return nil
	}
	var q []string
	for i, s := range tables {
		q = append(q, fmt.Sprintf("select %d as i, plan_id, count(*) as n from %s where plan_id in %s group by 2", i, s.from(), newestPlans))
	}
	rows, err := p.conn.QueryContext(ctx, "select * from ("+strings.Join(q, " union all ")+") order by all")
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	type rowsOf struct {
		table int
		plan  string
		n     int64
	}
	var all []rowsOf
	for rows.Next() {
		var r rowsOf
		if err := rows.Scan(&r.table, &r.plan, &r.n); err != nil {
			return err
		}
		all = append(all, r)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, r := range all {
		s := tables[r.table]
		f, same := p.old(s).part(r.plan)
		if !same || f.Rows != r.n {
			if f, err = p.copy(ctx, s, r.plan, "where plan_id = "+text(r.plan)); err != nil {
				return err
			}
		}
		t := p.next.Tables[s.title()]
		t.Files = append(t.Files, f)
	}
	return nil
}
