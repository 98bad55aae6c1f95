package plan

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// Paused is the kind of the notices that say what a paused entity's changes are waiting for.
const Paused = "paused"

// Withhold takes the changes of some entities out of a plan in plan.*, each entity's with a notice that says how many
// wait and why. What decided them goes too, so that history tells of no conflict that nobody settled; links and
// settlements stay, for they write nothing. sent false leaves the changes, for a plan that is only looked at.
// It returns how many there are, by entity.
func Withhold(ctx context.Context, db *sql.DB, planID string, why map[string]string, sent bool) (n map[string]int, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("plan.Withhold(%s): %w", planID, err)
		}
	}()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it has nothing to do
	n = map[string]int{}
	if err := rows(ctx, tx, `select entity, count(*) from plan.change where plan_id = $1 group by entity`, []any{planID}, func(r *sql.Rows) error {
		var name string
		var some int
		err := r.Scan(&name, &some)
		if why[name] != "" {
			n[name] = some
		}
		return err
	}); err != nil {
		return nil, err
	}
	var names []string
	for name := range n {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		said := fmt.Sprintf("%s: changes planned and not sent: %d", why[name], n[name])
		if _, err := tx.ExecContext(ctx, `insert into plan.notice (plan_id, entity, kind, text) values ($1, $2, $3, $4)`, planID, name, Paused, said); err != nil {
			return nil, err
		}
		if !sent {
			continue
		}
		for _, q := range []string{
			`delete from plan.field as f using (
				select distinct c.pair_id, unnest(v.fields) as field
				from plan.change as c join plan.value as v using (plan_id, change_id) where c.plan_id = $1 and c.entity = $2
			) as d where f.plan_id = $1 and f.entity = $2 and f.pair_id = d.pair_id and f.field = d.field`,
			`delete from plan.value as v using plan.change as c where v.plan_id = $1 and c.plan_id = $1 and c.change_id = v.change_id and c.entity = $2`,
			`delete from plan.change where plan_id = $1 and entity = $2`,
		} {
			if _, err := tx.ExecContext(ctx, q, planID, name); err != nil {
				return nil, err
			}
		}
	}
	return n, tx.Commit()
}
