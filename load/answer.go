package load

import (
	"context"
	"fmt"
	"slices"
	"time"

	"lockstep/internal/ask"
	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// Decide notes whose value of a waiting field stands, and returns what it decided: the field with those it is together
// with. The next run sends it, unless either value has changed by then. record is the id on either side.
func Decide(ctx context.Context, w *warehouse.Warehouse, p *entity.Project, name, record, field string, take crm.System, at time.Time) ([]ask.Field, error) {
	e, ok := p.Entity(name)
	if !ok {
		return nil, crm.WithHint(fmt.Errorf("no entity %q in sql/", name), "`lockstep resolve` and `lockstep release` list what waits")
	}
	rules, err := readRules(ctx, w.DB, e)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(rules, func(r rule) bool { return r.field == field })
	if i < 0 {
		return nil, crm.WithHint(fmt.Errorf("no field %q in sql/%s/fields.sql", field, name), "`lockstep resolve` and `lockstep release` list what waits")
	}
	asked := rules[i]
	if !asked.flowsTo(take.Other()) {
		return nil, crm.WithHint(fmt.Errorf("%s.%s is %s: %s cannot have %s's value", name, field, asked.direction, take.Other(), take), "take the other side's value, or change the field's direction in fields.sql")
	}
	all, err := ask.Fields(ctx, w.DB, p)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(x ask.Field) bool {
		same := x.Name == field || asked.together != "" && slices.ContainsFunc(rules, func(r rule) bool { return r.field == x.Name && r.together == asked.together })
		return x.Entity != name || !same || !x.Of(record)
	})
	if len(all) == 0 {
		return nil, crm.WithHint(fmt.Errorf("%s of %s %s does not wait for anybody", field, name, record), "`lockstep resolve` and `lockstep release` list what waits; what has been answered goes with the next run")
	}
	return all, w.InTx(ctx, func(tx *warehouse.Tx) error {
		for _, x := range all {
			if _, err := tx.ExecContext(ctx, `insert into history.answer (entity, pair_id, field, winner, hubspot, salesforce, answered_at)
				select entity, pair_id, field, $4, hubspot, salesforce, $5 from plan.field
				where plan_id = (select plan_id from plan.newest where entity = $1) and entity = $1 and pair_id = $2 and field = $3`, name, x.Pair, x.Name, string(take), at.UTC()); err != nil {
				return fmt.Errorf("load.Decide: %w", err)
			}
			if _, err := tx.ExecContext(ctx, `update history.frozen set released_at = $4 where entity = $1 and pair_id = $2 and field = $3 and released_at is null`,
				name, x.Pair, x.Name, at.UTC()); err != nil {
				return fmt.Errorf("load.Decide: %w", err)
			}
		}
		return nil
	})
}
