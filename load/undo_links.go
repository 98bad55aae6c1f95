package load

import (
	"context"
	"fmt"
	"maps"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// undoLinks plans the links back: what the run linked is held, what an undo held is linked again. Links that moved
// because a record was merged, converted or deleted follow the CRMs and stay.
func (r *run) undoLinks(ctx context.Context, conn entity.Conn, e *entityState, u Undo, kept map[string]bool) error {
	rows, err := conn.QueryContext(ctx, fmt.Sprintf(`
		select link.pair_id,
			case
				when link.state = 'held' and link.rule = 'undo' and link.run_id = $1 then 'linked'
				when link.state = 'linked' and link.rule = 'created' and link.run_id = $1 then 'held'
				when link.state = 'linked' and link.run_id = $1 and exists (
					from history.change as made
					where made.run_id = $1 and made.entity = $2 and made.pair_id = link.pair_id and made.action = 'link' and coalesce(made.before, '') = '') then 'held'
				else ''
			end
		from link.%s as link
		where link.run_id = $1`, quote(e.of.Name)), u.Run, e.of.Name)
	if err != nil {
		return err
	}
	to := map[string]string{}
	for rows.Next() {
		var pair, state string
		if err := rows.Scan(&pair, &state); err != nil {
			_ = rows.Close()
			return err
		}
		if state != "" && !kept[pair] {
			to[pair] = state
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for pair, state := range to {
		if _, err := conn.ExecContext(ctx, fmt.Sprintf(`insert into plan.link (plan_id, entity, pair_id, state, hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule, reason)
			select $1, $2, pair_id, $4, hubspot_object, hubspot_id, salesforce_object, salesforce_id, 'undo', $5 from link.%s where pair_id = $3`, quote(e.of.Name)),
			r.report.PlanID, e.of.Name, pair, state, "undo of run "+u.Run); err != nil {
			return err
		}
	}
	return nil
}

// undoCreated plans the deletion of records the run created, and returns the pairs of those that stay: without
// Created all of them, else those that are gone already or say something else than when they were made.
func (r *run) undoCreated(ctx context.Context, conn entity.Conn, e *entityState, u Undo) (map[string]bool, error) {
	kept := map[string]bool{}
	for _, o := range e.of.Objects() {
		made, err := r.createdBy(ctx, conn, e, o, u)
		if err != nil || len(made) == 0 {
			if err != nil {
				return nil, err
			}
			continue
		}
		m, err := r.mirror(ctx, o)
		if err != nil {
			return nil, err
		}
		if _, err := conn.ExecContext(ctx, "delete from "+m.written()); err != nil {
			return nil, err
		}
		var ids []string
		var changes []*change
		for id, pair := range made {
			ids = append(ids, id)
			changes = append(changes, &change{pair: pair, record: id})
		}
		if _, err := conn.ExecContext(ctx, fmt.Sprintf(`insert into %s select m.* from %s as m
			where not coalesce(m._deleted, false) and m.id in (select unnest(from_json($1::varchar, '["varchar"]')))`, m.written(), m.table), jsonText(ids)); err != nil {
			return nil, err
		}
		says, err := e.from(ctx, conn, o, m.written())
		if err != nil {
			return nil, err
		}
		bases, err := e.bases(ctx, conn, o.System, changes)
		if err != nil {
			return nil, err
		}
		for _, c := range changes {
			why := ""
			now, lives := says[c.record]
			switch {
			case !lives:
				why = "its record is gone"
			case !u.Created:
				why = "the run created it; --created takes such records back"
			case edited(now, bases[c.pair]):
				why = "the run created it, and it was edited since"
			}
			if why != "" {
				kept[c.pair] = true
				if err := r.notUndone(ctx, conn, e.of.Name, o.System, o.Name, c.record, "", why); err != nil {
					return nil, err
				}
				continue
			}
			if err := r.planDeletion(ctx, conn, e.of.Name, o, c); err != nil {
				return nil, err
			}
		}
	}
	return kept, nil
}

// edited reports whether a record says something else than its base; a field without a base says nothing.
func edited(now words, base map[string]*string) bool {
	for field, was := range maps.All(base) {
		if is, ok := now[field]; ok && was != nil && is != *was {
			return true
		}
	}
	return false
}

// createdBy are the records of one object that the run created, and their pairs.
func (r *run) createdBy(ctx context.Context, conn entity.Conn, e *entityState, o crm.Object, u Undo) (map[string]string, error) {
	rows, err := conn.QueryContext(ctx, `select distinct record_id, pair_id from history.change
		where run_id = $1 and entity = $2 and system = $3 and object = $4 and action = 'create' and outcome = 'taken' and record_id is not null`,
		u.Run, e.of.Name, o.System, o.Name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	made := map[string]string{}
	for rows.Next() {
		var id, pair string
		if err := rows.Scan(&id, &pair); err != nil {
			return nil, err
		}
		made[id] = pair
	}
	return made, rows.Err()
}

func (r *run) planDeletion(ctx context.Context, conn entity.Conn, name string, o crm.Object, c *change) error {
	rule := "undo"
	for _, q := range []string{
		`insert into plan.change (plan_id, change_id, position, entity, pair_id, action, system, object, record_id, label, rule)
		select $1, left(md5(concat_ws('/', $2::varchar, 'undo', $4::varchar, $3::varchar, $6::varchar)), 16), (select count(*) + 1 from plan.change where plan_id = $1), $2, $3, 'delete', $4, $5, $6,
			(select arg_max(label, plan_id) from plan.change as earlier where earlier.entity = $2 and earlier.pair_id = $3), $7`,
		`insert into plan.value (plan_id, change_id, "column", before, after, fields, rules)
		select plan_id, change_id, '` + deletion + `', 'false', 'true', [], [$7] from plan.change
		where plan_id = $1 and entity = $2 and pair_id = $3 and system = $4 and object = $5 and record_id = $6 and action = 'delete'`,
	} {
		if _, err := conn.ExecContext(ctx, q, r.report.PlanID, name, c.pair, o.System, o.Name, c.record, rule); err != nil {
			return err
		}
	}
	return nil
}
