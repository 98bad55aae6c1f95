package load

import (
	"context"
	"fmt"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// first is the transaction before the first batch: links, settlements without a write, the mapping's text and
// the conflicts. It returns the changes that must not be sent because what they were decided from has moved.
func (r *run) first(ctx context.Context) (moved map[string]held, err error) {
	err = r.tx(ctx, func(ctx context.Context, conn entity.Conn) error {
		for _, step := range []func(context.Context, entity.Conn) error{r.now, r.links, r.rebase} {
			if err := step(ctx, conn); err != nil {
				return err
			}
		}
		if moved, err = r.moved(ctx, conn); err != nil {
			return err
		}
		for _, step := range []func(context.Context, entity.Conn) error{r.agree, r.unused, r.mapping, r.conflicts, r.lifted} {
			if err := step(ctx, conn); err != nil {
				return err
			}
		}
		return nil
	})
	return moved, err
}

// links takes plan.link over into link.<entity>, and lets the pair's bases name the records it now ties.
func (r *run) links(ctx context.Context, conn entity.Conn) error {
	for _, e := range r.entities {
		link, base := "link."+quote(e.of.Name), "base."+quote(e.of.Name)
		if r.has(e, "link") {
			if err := r.link(ctx, conn, e, link); err != nil {
				return err
			}
		}
		if _, err := conn.ExecContext(ctx, fmt.Sprintf(`update %[1]s as b set
				object = if(b.system = 'hubspot', l.hubspot_object, l.salesforce_object), id = if(b.system = 'hubspot', l.hubspot_id, l.salesforce_id)
			from %[2]s as l where l.pair_id = b.pair_id and if(b.system = 'hubspot', l.hubspot_id, l.salesforce_id) is not null
				and (b.id <> if(b.system = 'hubspot', l.hubspot_id, l.salesforce_id) or b.object <> if(b.system = 'hubspot', l.hubspot_object, l.salesforce_object))`, base, link)); err != nil {
			return err
		}
	}
	return nil
}

// link takes an entity's rows of plan.link over into link.<entity>.
func (r *run) link(ctx context.Context, conn entity.Conn, e *entityState, link string) error {
	var linked int
	if err := conn.QueryRowContext(ctx, fmt.Sprintf(`select count(*) from plan.link as p left join %s as l using (pair_id)
			where p.plan_id = $1 and p.entity = $2 and p.state = 'linked'
				and (l.state is distinct from 'linked' or l.hubspot_id is distinct from p.hubspot_id or l.salesforce_id is distinct from p.salesforce_id)`, link),
		r.report.PlanID, e.of.Name).Scan(&linked); err != nil {
		return fmt.Errorf("linking %s: %w", e.of.Name, err)
	}
	r.report.Linked += linked
	_, err := conn.ExecContext(ctx, fmt.Sprintf(`insert into history.change (run_id, "at", entity, pair_id, system, object, record_id, action, "column",
				before, after, stored, fields, rules, outcome, reason)
			select $3, $4, p.entity, p.pair_id,
				if(p.hubspot_id is null, 'salesforce', 'hubspot'), coalesce(p.hubspot_object, p.salesforce_object, ''), coalesce(p.hubspot_id, p.salesforce_id),
				'link', null, concat_ws(' ', l.salesforce_object, l.salesforce_id), concat_ws(' ', p.salesforce_object, p.salesforce_id),
				concat_ws(' ', p.salesforce_object, p.salesforce_id), null, [p.rule], 'taken', p.reason
			from plan.link as p left join %s as l using (pair_id)
			where p.plan_id = $1 and p.entity = $2
				and (l.pair_id is null or l.state <> p.state or l.hubspot_id is distinct from p.hubspot_id or l.salesforce_id is distinct from p.salesforce_id)`, link),
		r.report.PlanID, e.of.Name, r.o.RunID, r.o.Now().UTC())
	if err != nil {
		return fmt.Errorf("linking %s: %w", e.of.Name, err)
	}
	if _, err := conn.ExecContext(ctx, fmt.Sprintf(`merge into %s as l
			using (select * from plan.link where plan_id = $1 and entity = $2) as p on l.pair_id = p.pair_id
			when matched then update set state = p.state,
				hubspot_object = p.hubspot_object, hubspot_id = p.hubspot_id,
				salesforce_object = p.salesforce_object, salesforce_id = p.salesforce_id,
				rule = p.rule, reason = p.reason, run_id = $3,
				linked_at = if(l.hubspot_id is not distinct from p.hubspot_id and l.salesforce_id is not distinct from p.salesforce_id, l.linked_at, $4)
			when not matched then insert (pair_id, state, hubspot_object, hubspot_id, salesforce_object, salesforce_id, rule, reason, linked_at, run_id)
				values (p.pair_id, p.state, p.hubspot_object, p.hubspot_id, p.salesforce_object, p.salesforce_id, p.rule, p.reason, $4, $3)`, link),
		r.report.PlanID, e.of.Name, r.o.RunID, r.o.Now().UTC()); err != nil {
		return fmt.Errorf("linking %s: %w", e.of.Name, err)
	}
	return nil
}

// rebased are the events of bases that moved because of an edited mapping, a resync or another record in the
// pair: what the plan calls a base in plan.field is already the moved one.
const rebased = "('mapping edited', 'resync', 'record replaced')"

func (r *run) rebase(ctx context.Context, conn entity.Conn) error {
	return r.settle(ctx, conn, "s.event in "+rebased, "true")
}

// agree moves the bases of what was agreed, kept blank or settled without a write. A base that is not as the
// plan saw it any more stays: another plan was applied in between.
func (r *run) agree(ctx context.Context, conn entity.Conn) error {
	return r.settle(ctx, conn, "s.event not in "+rebased, "(t.unseen or b.%[2]s is not distinct from t.was)")
}

func (r *run) settle(ctx context.Context, conn entity.Conn, events, guard string) error {
	moving, err := r.settling(ctx, conn, events)
	if err != nil {
		return err
	}
	for i, m := range moving {
		link, base := "link."+quote(m.entity), "base."+quote(m.entity)
		if i == 0 || moving[i-1].entity != m.entity || moving[i-1].system != m.system {
			if _, err := conn.ExecContext(ctx, fmt.Sprintf(`insert into %[1]s (pair_id, system, object, id)
				select distinct l.pair_id, '%[3]s', l.%[3]s_object, l.%[3]s_id
				from plan.settle as s join %[2]s as l using (pair_id)
				where s.plan_id = $1 and s.entity = $2 and s.system = '%[3]s' and %[4]s and l.%[3]s_id is not null
					and not exists (select 1 from %[1]s as b where b.pair_id = l.pair_id and b.system = '%[3]s')`, base, link, m.system, events),
				r.report.PlanID, m.entity); err != nil {
				return fmt.Errorf("settling %s: %w", m.entity, err)
			}
		}
		done, err := conn.ExecContext(ctx, fmt.Sprintf(`update %[1]s as b set %[2]s = t.value
			from (
				select s.pair_id, s.value, p.%[3]s_base as was, p.pair_id is null as unseen
				from plan.settle as s
				left join plan.field as p on p.plan_id = s.plan_id and p.entity = s.entity and p.pair_id = s.pair_id and p.field = s.field
				where s.plan_id = $1 and s.entity = $2 and s.system = '%[3]s' and s.field = $3 and %[4]s
			) as t
			where b.pair_id = t.pair_id and b.system = '%[3]s' and b.%[2]s is distinct from t.value
				and `+guard, base, quote(m.field), m.system, events),
			r.report.PlanID, m.entity, m.field)
		if err != nil {
			return fmt.Errorf("settling %s.%s: %w", m.entity, m.field, err)
		}
		n, err := done.RowsAffected()
		if err != nil {
			return err
		}
		r.report.Settled += int(n)
	}
	return nil
}

// movingBase is one field of one side some of whose bases move.
type movingBase struct {
	entity, field string
	system        crm.System
}

func (r *run) settling(ctx context.Context, conn entity.Conn, events string) ([]movingBase, error) {
	rows, err := conn.QueryContext(ctx, `select distinct entity, system, field from plan.settle as s where plan_id = $1 and `+events+` order by all`, r.report.PlanID)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []movingBase
	for rows.Next() {
		var m movingBase
		if err := rows.Scan(&m.entity, &m.system, &m.field); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, rows.Err()
}

// mapping keeps the text the bases are made with from now on.
func (r *run) mapping(ctx context.Context, conn entity.Conn) error {
	if _, err := conn.ExecContext(ctx, `delete from catalog.mapping where exists (select 1 from plan.mapping where plan_id = $1)`, r.report.PlanID); err != nil {
		return fmt.Errorf("keeping the mapping: %w", err)
	}
	if _, err := conn.ExecContext(ctx, `insert into catalog.mapping select path, text, $2 from plan.mapping where plan_id = $1`, r.report.PlanID, r.o.Now().UTC()); err != nil {
		return fmt.Errorf("keeping the mapping: %w", err)
	}
	return nil
}

// conflicts writes the plan's conflicts into history, and what the plan found frozen; what agrees again is
// released. A conflict that waits stands in every plan until it is decided: it is written once for the same two
// values. Of a pair with a write that is not settled the plan has taken what we wrote for an edit: neither a conflict
// nor a fight is known of it yet.
func (r *run) conflicts(ctx context.Context, conn entity.Conn) error {
	if _, err := conn.ExecContext(ctx, `insert into history.conflict (run_id, "at", entity, pair_id, field, hubspot, salesforce, hubspot_base, salesforce_base, winner, rule, reason, first_link)
		select $2, $3, entity, pair_id, field, hubspot, salesforce, hubspot_base, salesforce_base, outcome, rule, reason, first_link
		from plan.field as f where plan_id = $1 and conflict
			and not exists (from outbox as o where o.entity = f.entity and o.pair_id = f.pair_id)
			and (outcome in ('hubspot', 'salesforce') or not exists (
				from history.conflict as c
				where c.entity = f.entity and c.pair_id = f.pair_id and c.field = f.field and c.winner = f.outcome
					and c.hubspot is not distinct from f.hubspot and c.salesforce is not distinct from f.salesforce))`,
		r.report.PlanID, r.o.RunID, r.o.Now().UTC()); err != nil {
		return fmt.Errorf("writing conflicts: %w", err)
	}
	if _, err := conn.ExecContext(ctx, `insert into history.frozen (entity, pair_id, field, kind, since, run_id, reason)
		select f.entity, f.pair_id, f.field, 'fight', $3, $2, f.reason
		from plan.field as f where plan_id = $1 and outcome = 'frozen'
			and not exists (from outbox as o where o.entity = f.entity and o.pair_id = f.pair_id)
			and not exists (
				from history.frozen as known
				where known.entity = f.entity and known.pair_id = f.pair_id and known.field = f.field and known.released_at is null)`,
		r.report.PlanID, r.o.RunID, r.o.Now().UTC()); err != nil {
		return fmt.Errorf("writing what is frozen: %w", err)
	}
	if _, err := conn.ExecContext(ctx, `update history.frozen as f set released_at = $2
		where released_at is null and exists (
			from plan.settle as s
			where s.plan_id = $1 and s.event = 'agreed' and s.entity = f.entity and s.pair_id = f.pair_id and s.field = f.field)`,
		r.report.PlanID, r.o.Now().UTC()); err != nil {
		return fmt.Errorf("releasing what agrees again: %w", err)
	}
	return nil
}
