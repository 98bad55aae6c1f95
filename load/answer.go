package load

import (
	"context"
	"fmt"
	"slices"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// Waiting is one field of one pair of which nothing is sent until a person says whose value stands.
type Waiting struct {
	Entity, Field    string
	HubSpotRecord    string // contacts 101
	SalesforceRecord string // Contact 003…
	HubSpot          string // the values as the newest plan saw them; blank and absent are empty
	Salesforce       string
	Frozen           bool // a value fight, or an interrupted write of which nobody can tell whether it landed; else its rule is to ask
	Reason           string

	pair, hubspotID, salesforceID string
}

// newest is the plan that tells what waits: the last one that planned what is due.
const newest = `(select plan_id from plan.plan where undoes is null order by made_at desc, plan_id desc limit 1)`

// ListWaiting lists what waits for a person, by entity and record.
func ListWaiting(ctx context.Context, db entity.Conn, p *entity.Project) ([]Waiting, error) {
	var all []Waiting
	for _, e := range p.Entities {
		some, err := waitingOf(ctx, db, e.Name)
		if err != nil {
			return nil, fmt.Errorf("load.ListWaiting(%s): %w", e.Name, err)
		}
		all = append(all, some...)
	}
	return all, nil
}

func waitingOf(ctx context.Context, db entity.Conn, name string) ([]Waiting, error) {
	var planned bool
	if err := db.QueryRowContext(ctx, `select exists (from plan.field where plan_id = `+newest+` and entity = $1 and outcome in ('ask', 'frozen'))`, name).Scan(&planned); err != nil || !planned {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, fmt.Sprintf(`
		select field.field, concat_ws(' ', link.hubspot_object, link.hubspot_id), concat_ws(' ', link.salesforce_object, link.salesforce_id),
			coalesce(field.hubspot, ''), coalesce(field.salesforce, ''), frozen.pair_id is not null or field.outcome = 'frozen',
			coalesce(frozen.reason, field.reason, ''), field.pair_id, coalesce(link.hubspot_id, ''), coalesce(link.salesforce_id, '')
		from plan.field as field
		join link.%s as link using (pair_id)
		left join history.frozen as frozen
			on frozen.entity = field.entity and frozen.pair_id = field.pair_id and frozen.field = field.field and frozen.released_at is null
		where field.plan_id = %s and field.entity = $1 and field.outcome in ('ask', 'frozen')
			-- what has been answered goes with the next run
			and not exists (
				from history.answer as answer
				where answer.entity = field.entity and answer.pair_id = field.pair_id and answer.field = field.field
					and answer.hubspot is not distinct from field.hubspot and answer.salesforce is not distinct from field.salesforce)
		order by link.hubspot_object, link.hubspot_id, field.field`, quote(name), newest), name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []Waiting
	for rows.Next() {
		w := Waiting{Entity: name}
		if err := rows.Scan(&w.Field, &w.HubSpotRecord, &w.SalesforceRecord, &w.HubSpot, &w.Salesforce, &w.Frozen, &w.Reason, &w.pair, &w.hubspotID, &w.salesforceID); err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, rows.Err()
}

// Decide notes whose value of a waiting field stands, and returns what it decided: the field with those it is together
// with. The next run sends it, unless either value has changed by then. record is the id on either side.
func Decide(ctx context.Context, w *warehouse.Warehouse, p *entity.Project, name, record, field string, take crm.System, at time.Time) ([]Waiting, error) {
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
	all, err := waitingOf(ctx, w.DB, name)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(x Waiting) bool {
		same := x.Field == field || asked.together != "" && slices.ContainsFunc(rules, func(r rule) bool { return r.field == x.Field && r.together == asked.together })
		return !same || record != x.hubspotID && record != x.salesforceID
	})
	if len(all) == 0 {
		return nil, crm.WithHint(fmt.Errorf("%s of %s %s does not wait for anybody", field, name, record), "`lockstep resolve` and `lockstep release` list what waits; what has been answered goes with the next run")
	}
	return all, w.InTx(ctx, func(tx *warehouse.Tx) error {
		for _, x := range all {
			if _, err := tx.ExecContext(ctx, `insert into history.answer (entity, pair_id, field, winner, hubspot, salesforce, answered_at)
				select entity, pair_id, field, $4, hubspot, salesforce, $5 from plan.field
				where plan_id = `+newest+` and entity = $1 and pair_id = $2 and field = $3`, name, x.pair, x.Field, string(take), at.UTC()); err != nil {
				return fmt.Errorf("load.Decide: %w", err)
			}
			if _, err := tx.ExecContext(ctx, `update history.frozen set released_at = $4 where entity = $1 and pair_id = $2 and field = $3 and released_at is null`,
				name, x.pair, x.Field, at.UTC()); err != nil {
				return fmt.Errorf("load.Decide: %w", err)
			}
		}
		return nil
	})
}
