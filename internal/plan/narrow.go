package plan

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

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

// Narrow leaves of today's plan, in plan.*, what the saved plan approved: links of the same records, and
// changes of the same digest. A change that writes more columns today than were approved is cut to those that
// were, if the rest has nothing to do with them. It returns the saved changes that are not right any more,
// because a source, a target or a base has moved: they are stale. Settlements of other pairs stay, for they
// write nothing and are true today.
func Narrow(ctx context.Context, db *sql.DB, today, saved *Plan) (stale []RecordChange, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("plan.Narrow(%s, %s): %w", today.ID, saved.ID, err)
		}
	}()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it has nothing to do

	n := narrowing{tx: tx, planID: today.ID}
	unapproved := newPairs(today, saved)
	kept, extra := approvedOf(today, saved, unapproved)
	if err := n.remove(ctx, "value", `t.change_id = d.change_id and t."column" = d."column"`, extra); err != nil {
		return nil, err
	}
	if err := Seal(ctx, tx, today.ID); err != nil {
		return nil, err
	}
	digests, err := n.digests(ctx)
	if err != nil {
		return nil, err
	}
	approved := make(map[string]bool, len(saved.Changes))
	for _, c := range saved.Changes {
		approved[c.Digest] = true
	}
	still := map[string]bool{}
	dropped := map[place]bool{}
	var left []RecordChange
	for _, c := range today.Changes {
		if d := digests[c.ID]; kept[c.ID] && approved[d] {
			still[d] = true
			left = append(left, c.without(extra))
			continue
		}
		dropped[place{Change: c.ID}] = true
	}
	for _, c := range saved.Changes {
		if !still[c.Digest] {
			stale = append(stale, c)
		}
	}
	// What decided a column that is not written goes with it, or history would tell of conflicts nobody settled.
	if err := n.remove(ctx, "field", `t.entity = d.entity and t.pair_id = d.pair_id and t.field = d.field`, orphans(today.Changes, left)); err != nil {
		return nil, err
	}
	for _, table := range []string{"change", "value"} {
		if err := n.remove(ctx, table, `t.change_id = d.change_id`, dropped); err != nil {
			return nil, err
		}
	}
	for _, table := range []string{"link", "field", "settle"} {
		if err := n.remove(ctx, table, `t.entity = d.entity and t.pair_id = d.pair_id`, unapproved); err != nil {
			return nil, err
		}
	}
	if err := Seal(ctx, tx, today.ID); err != nil {
		return nil, err
	}
	return stale, tx.Commit()
}

// place names rows of plan.* to remove; which of its parts count depends on the table.
type place struct {
	Change string `json:"change_id"`
	Column string `json:"column"`
	Entity string `json:"entity"`
	Pair   string `json:"pair_id"`
	Field  string `json:"field"`
}

// newPairs are the pairs whose link today's plan makes or moves and the saved plan does not.
func newPairs(today, saved *Plan) map[place]bool {
	all := map[place]bool{}
	approved := map[NewLink]bool{}
	for _, l := range saved.Links {
		approved[l.identity()] = true
	}
	for _, l := range today.Links {
		if !approved[l.identity()] {
			all[place{Entity: l.Entity, Pair: l.PairID}] = true
		}
	}
	return all
}

// identity is the link without what a run makes up.
func (l NewLink) identity() NewLink {
	l.PairID, l.Reason = "", ""
	return l
}

// identity is which record a change writes, and how.
func (c RecordChange) identity() [6]string {
	return [6]string{c.Entity, c.Action.Word(), string(c.System), c.Object, c.RecordID, c.SourceID}
}

// approvedOf are today's changes that write a record of the saved plan, and their columns that were not
// approved and share no field with one that was. Sharing one, the column stays, and the digests will differ.
func approvedOf(today, saved *Plan, unapproved map[place]bool) (kept map[string]bool, extra map[place]bool) {
	columns := map[[6]string]map[string]bool{}
	for _, c := range saved.Changes {
		m := map[string]bool{}
		for _, v := range c.Values {
			m[v.Column] = true
		}
		columns[c.identity()] = m
	}
	kept, extra = map[string]bool{}, map[place]bool{}
	for _, c := range today.Changes {
		approved, ok := columns[c.identity()]
		if !ok || unapproved[place{Entity: c.Entity, Pair: c.PairID}] {
			continue
		}
		kept[c.ID] = true
		if c.Action != Change {
			continue
		}
		fields := map[string]bool{}
		for _, v := range c.Values {
			for _, f := range v.Fields {
				fields[f] = fields[f] || approved[v.Column]
			}
		}
		for _, v := range c.Values {
			if !approved[v.Column] && !slices.ContainsFunc(v.Fields, func(f string) bool { return fields[f] }) {
				extra[place{Change: c.ID, Column: v.Column}] = true
			}
		}
	}
	return kept, extra
}

// without is the change less the columns named.
func (c RecordChange) without(extra map[place]bool) RecordChange {
	c.Values = slices.DeleteFunc(slices.Clone(c.Values), func(v Value) bool {
		return extra[place{Change: c.ID, Column: v.Column}]
	})
	return c
}

// orphans are the fields that moved a column of all, and move none of those that are left.
func orphans(all, left []RecordChange) map[place]bool {
	moved := map[place]bool{}
	note := func(changes []RecordChange, stays bool) {
		for _, c := range changes {
			for _, v := range c.Values {
				for _, f := range v.Fields {
					moved[place{Entity: c.Entity, Pair: c.PairID, Field: f}] = stays
				}
			}
		}
	}
	note(all, false)
	note(left, true)
	maps.DeleteFunc(moved, func(_ place, stays bool) bool { return stays })
	return moved
}

// narrowing is one Narrow under way.
type narrowing struct {
	tx     *sql.Tx
	planID string
}

func (n narrowing) digests(ctx context.Context) (map[string]string, error) {
	all := map[string]string{}
	err := rows(ctx, n.tx, `select change_id, digest from plan.change where plan_id = $1`, []any{n.planID}, func(r *sql.Rows) error {
		var id, digest string
		err := r.Scan(&id, &digest)
		all[id] = digest
		return err
	})
	return all, err
}

// remove deletes the rows of one table of plan.* that the places name by the condition.
func (n narrowing) remove(ctx context.Context, table, condition string, places map[place]bool) error {
	if len(places) == 0 {
		return nil
	}
	list, err := json.Marshal(slices.Collect(maps.Keys(places)))
	if err != nil {
		return err
	}
	_, err = n.tx.ExecContext(ctx, fmt.Sprintf(`delete from plan.%[1]s as t using (
		select unnest(from_json($2::varchar, '[{"change_id":"varchar","column":"varchar","entity":"varchar","pair_id":"varchar","field":"varchar"}]'), recursive := true)
	) as d where t.plan_id = $1 and %[2]s`, table, condition), n.planID, string(list))
	if err != nil {
		return fmt.Errorf("plan.%s: %w", table, err)
	}
	return nil
}
