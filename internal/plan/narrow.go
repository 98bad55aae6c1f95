package plan

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"lockstep/internal/crm"
)

// CheckAccounts refuses a saved plan that was made for another portal or org than this one's plan.
func (p *Plan) CheckAccounts(today *Plan) error {
	for system, id := range p.Accounts {
		if now := today.Accounts[system]; now != id {
			return crm.WithHint(fmt.Errorf("the plan was made for %s account %s, and this warehouse belongs to %s", system, id, now),
				"apply it in the project it was planned in")
		}
	}
	return nil
}

// Narrow leaves of today's plan, in plan.*, what the saved plan approved: the changes of the same
// digest and the links of the same records. It returns the saved changes that are not right any more,
// because a source, a target or a base has moved: they are stale. Settlements of other pairs stay,
// for they write nothing and are true today.
func Narrow(ctx context.Context, db *sql.DB, today, saved *Plan) (stale []RecordChange, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("plan.Narrow(%s, %s): %w", today.ID, saved.ID, err)
		}
	}()
	approvedLinks := map[NewLink]bool{}
	for _, l := range saved.Links {
		approvedLinks[l.identity()] = true
	}
	unapproved := map[string]bool{} // pairs
	for _, l := range today.Links {
		if !approvedLinks[l.identity()] {
			unapproved[l.PairID] = true
		}
	}
	approved := make(map[string]bool, len(saved.Changes))
	for _, c := range saved.Changes {
		approved[c.Digest] = true
	}
	var keep, dropPairs []string
	kept := map[string]bool{}
	for _, c := range today.Changes {
		if approved[c.Digest] && !unapproved[c.PairID] {
			keep = append(keep, c.ID)
			kept[c.Digest] = true
		}
	}
	for _, c := range saved.Changes {
		if !kept[c.Digest] {
			stale = append(stale, c)
		}
	}
	for pair := range unapproved {
		dropPairs = append(dropPairs, pair)
	}

	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it has nothing to do
	// What decided a change that is not made goes with it, or history would tell of conflicts nobody settled.
	if err := deleteBy(ctx, tx, dropFields, today.ID, keep); err != nil {
		return nil, err
	}
	for _, table := range []string{"change", "value"} {
		q := fmt.Sprintf(`delete from plan.%s where plan_id = $1 and change_id not in (select unnest(from_json($2, '["VARCHAR"]')))`, table)
		if err := deleteBy(ctx, tx, q, today.ID, keep); err != nil {
			return nil, err
		}
	}
	for _, table := range []string{"link", "field", "settle"} {
		q := fmt.Sprintf(`delete from plan.%s where plan_id = $1 and pair_id in (select unnest(from_json($2, '["VARCHAR"]')))`, table)
		if err := deleteBy(ctx, tx, q, today.ID, dropPairs); err != nil {
			return nil, err
		}
	}
	if err := Seal(ctx, tx, today.ID); err != nil {
		return nil, err
	}
	return stale, tx.Commit()
}

const dropFields = `
with moved as (
    select c.entity, c.pair_id, unnest(v.fields) as field, c.change_id in (select unnest(from_json($2, '["VARCHAR"]'))) as kept
    from plan.change c join plan.value v using (plan_id, change_id)
    where plan_id = $1
)
delete from plan.field f where plan_id = $1 and exists (
    select 1 from moved m where m.entity = f.entity and m.pair_id = f.pair_id and m.field = f.field
    group by all having not bool_or(kept))`

func deleteBy(ctx context.Context, db DB, query, planID string, ids []string) error {
	list, err := json.Marshal(append([]string{}, ids...)) // [], never null
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, query, planID, string(list))
	return err
}

// identity is the link without what a run makes up: its pair id.
func (l NewLink) identity() NewLink {
	l.PairID, l.Reason = "", ""
	return l
}
