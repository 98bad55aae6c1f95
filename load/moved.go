package load

import (
	"context"
	"fmt"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// placeholder stands in plan.value.after, and in plan.field, for the id of the record that a create of this
// run makes: placeholder + change_id.
const placeholder = "\ue001id:"

// look notes what the plan has of each entity. DuckDB takes longer to plan a statement than to run it over a few rows, so
// nothing is asked about what is not in the plan.
func (r *run) look(ctx context.Context, conn entity.Conn) error {
	all, err := texts(ctx, conn, `
		select entity || '/link' from plan.link where plan_id = $1
		union
		select entity || '/' || action from plan.change where plan_id = $1
		union
		select entity || '/' || if(system = 'hubspot', 'salesforce', 'hubspot') || '.' || source_object from plan.change
		where plan_id = $1 and source_object is not null`, r.report.PlanID)
	if err != nil {
		return err
	}
	r.holds = map[string]bool{}
	for _, what := range all {
		r.holds[what] = true
	}
	return nil
}

// has tells whether the plan has any of this for an entity: link, an action, or the object of a source. look has been there.
func (r *run) has(e *entityState, what string) bool { return r.holds[e.of.Name+"/"+what] }

// now fills load_now, what the source records of the plan say today, in our words.
func (r *run) now(ctx context.Context, conn entity.Conn) error {
	if err := r.look(ctx, conn); err != nil {
		return err
	}
	for _, q := range []string{
		`create or replace temp table load_now (change_id varchar, field varchar, value varchar)`,
		`create or replace temp table load_moved (change_id varchar, state varchar, reason varchar)`,
	} {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	for _, e := range r.entities {
		for _, o := range e.of.Objects() {
			const ours = `plan_id = $1 and entity = $2 and source_object = $3 and system <> $4`
			if !r.has(e, o.String()) {
				continue
			}
			m, err := r.mirror(ctx, o)
			if err != nil {
				return err
			}
			if _, err := conn.ExecContext(ctx, `delete from `+m.verified()); err != nil {
				return err
			}
			// An id with a dash is that of a record, and what a from file makes of it: 101-form-1772442000.
			// The columns of a mirror always stand in its own order.
			if _, err := conn.ExecContext(ctx, fmt.Sprintf(`insert into %s select m.* from %s as m
				where not coalesce(m._deleted, false) and m.id in (select split_part(source_id, '-', 1) from plan.change where %s)`, m.verified(), m.table, ours),
				r.report.PlanID, e.of.Name, o.Name, o.System); err != nil {
				return err
			}
			q, err := e.query(ctx, conn, o, m.verified())
			if err != nil {
				return err
			}
			var names, cells []string
			for i, f := range q.fields {
				names = append(names, sqlText(f))
				cells = append(cells, "coalesce("+q.texts[i]+", '')")
			}
			if _, err := conn.ExecContext(ctx, fmt.Sprintf(`insert into load_now
				select c.change_id, s.field, s.value
				from (select id::varchar as id, unnest([%s]) as field, unnest([%s]) as value from %s) as s
				join plan.change as c on c.source_id = s.id
				where %s`, strings.Join(names, ", "), strings.Join(cells, ", "), q.inner, "c."+strings.ReplaceAll(ours, " and ", " and c.")),
				r.report.PlanID, e.of.Name, o.Name, o.System); err != nil {
				return err
			}
		}
	}
	return nil
}

// moved fills load_moved with the changes whose source, base or link is not as the plan saw it, and returns
// them. It runs after the plan's links were made and before its bases move.
func (r *run) moved(ctx context.Context, conn entity.Conn) (map[string]held, error) {
	var unsettled bool
	if err := conn.QueryRowContext(ctx, `select exists (from outbox)`).Scan(&unsettled); err != nil {
		return nil, err
	}
	for _, e := range r.entities {
		name := e.of.Name
		creates, updates, deletes := r.has(e, "create"), r.has(e, "update"), r.has(e, "delete")
		if !creates && !updates && !deletes {
			continue
		}
		var fields, cells, refs []string
		for _, f := range e.rules {
			fields = append(fields, sqlText(f.field))
			cells = append(cells, quote(f.field))
			if f.refersTo != "" {
				refs = append(refs, sqlText(f.field))
			}
		}
		// A reference goes through link, which moves when its parent is created: only its own base is compared.
		notRefs := strings.Join(append(refs, "''"), ", ")
		const made = `made as (select pair_id from plan.change where plan_id = $1 and entity = $2 and action = 'create')`
		planned := `planned as (
			select c.change_id, c.pair_id, c.action, f.field, f.hubspot_base, f.salesforce_base,
				case when c.system = 'hubspot' then f.salesforce else f.hubspot end as value
			from plan.change as c join plan.field as f using (plan_id, entity, pair_id)
			where c.plan_id = $1 and c.entity = $2
				and (c.action = 'create' or exists (
					select 1 from plan.value as v
					where v.plan_id = c.plan_id and v.change_id = c.change_id and list_contains(v.fields, f.field)))
		), ` + made
		for _, q := range []struct {
			when bool
			sql  string
		}{
			{creates || updates, fmt.Sprintf(`insert into load_moved with %s
				select p.change_id, 'stale', 'its source has moved: ' || string_agg(p.field, ', ' order by p.field)
				from planned as p left join load_now as n using (change_id, field)
				where p.value is not null and not starts_with(p.value, '%s') and p.field not in (%s) and n.value is distinct from p.value
					-- the source of a stamp may be the very record that this plan creates
					and (p.action = 'create' or p.pair_id not in (from made))
				group by all`, planned, placeholder, notRefs)},
			{updates, fmt.Sprintf(`insert into load_moved with %[1]s, today as (
					select pair_id, system, unnest([%[2]s]) as field, unnest([%[3]s]) as value from base.%[4]s
					where pair_id in (select pair_id from planned)
				)
				select p.change_id, 'stale', 'its base has moved: ' || string_agg(distinct p.field, ', ' order by p.field)
				from planned as p
				left join today as h on h.pair_id = p.pair_id and h.field = p.field and h.system = 'hubspot'
				left join today as s on s.pair_id = p.pair_id and s.field = p.field and s.system = 'salesforce'
				where p.action = 'update' and p.pair_id not in (from made)
					and (h.value is distinct from p.hubspot_base or s.value is distinct from p.salesforce_base)
				group by all`, planned, strings.Join(fields, ", "), strings.Join(cells, ", "), quote(name))},
			{updates, fmt.Sprintf(`insert into load_moved with %[1]s
				select c.change_id, 'stale', 'its link has moved'
				from plan.change as c left join link.%[2]s as l on l.pair_id = c.pair_id
				where c.plan_id = $1 and c.entity = $2 and c.action = 'update' and c.pair_id not in (from made)
					and (l.state is null or l.state not in (%[3]s)
						or c.record_id is distinct from case when c.system = 'hubspot' then l.hubspot_id else l.salesforce_id end
						or c.source_id is not null and c.source_id is distinct from case when c.system = 'hubspot' then l.salesforce_id else l.hubspot_id end)`,
				made, quote(name), either(r.undoes, "'linked', 'held'", "'linked'"))},
			{deletes, fmt.Sprintf(`insert into load_moved
				select c.change_id, 'stale', 'its link has moved'
				from plan.change as c left join link.%s as l on l.pair_id = c.pair_id
				where c.plan_id = $1 and c.entity = $2 and c.action = 'delete'
					and (l.state is distinct from '%s' or c.record_id is distinct from case when c.system = 'hubspot' then l.hubspot_id else l.salesforce_id end)`,
				quote(name), either(r.undoes, "held", "half"))},
			{creates, fmt.Sprintf(`insert into load_moved
				select c.change_id, 'stale', 'its source is linked by now'
				from plan.change as c join link.%s as l
					on c.source_id = case when c.system = 'hubspot' then l.salesforce_id else l.hubspot_id end
					and c.source_object = case when c.system = 'hubspot' then l.salesforce_object else l.hubspot_object end
				where c.plan_id = $1 and c.entity = $2 and c.action = 'create' and l.state not in ('half', 'held') -- the plan knows who may leave a held pair`, quote(name))},
			{unsettled, `insert into load_moved
				select c.change_id, 'deferred', 'an earlier write of this pair is not settled yet'
				from plan.change as c where c.plan_id = $1 and c.entity = $2
					and exists (select 1 from outbox as o where o.entity = c.entity and o.pair_id = c.pair_id)`},
		} {
			if !q.when {
				continue
			}
			if _, err := conn.ExecContext(ctx, q.sql, r.report.PlanID, name); err != nil {
				return nil, fmt.Errorf("comparing %s with the plan: %w", name, err)
			}
		}
	}
	rows, err := conn.QueryContext(ctx, `select change_id, min(state), string_agg(distinct reason, '; ') from load_moved group by 1`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := map[string]held{}
	for rows.Next() {
		var id string
		var h held
		if err := rows.Scan(&id, &h.state, &h.reason); err != nil {
			return nil, err
		}
		all[id] = h
	}
	return all, rows.Err()
}

// held is why a change is not sent.
type held struct {
	state  State
	reason string
}

// sources gives creates what their sources say today.
func (r *run) sources(ctx context.Context, changes []*change) error {
	byID := map[string]*change{}
	var ids []string
	for _, c := range changes {
		if c.action == Create {
			c.words = words{}
			byID[c.id] = c
			ids = append(ids, c.id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := r.conn.QueryContext(ctx, `select change_id, field, value from load_now
		where change_id in (select unnest(from_json($1::varchar, '["varchar"]')))`, jsonText(ids))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, field, value string
		if err := rows.Scan(&id, &field, &value); err != nil {
			return err
		}
		if !strings.HasPrefix(value, absent) {
			byID[id].words[field] = value
		}
	}
	return rows.Err()
}

// resolve puts ids of records made in this run where the plan has placeholders. False: one was not made.
func (r *run) resolve(c *change) bool {
	ok := true
	fill := func(v *string) *string {
		if v == nil || !strings.HasPrefix(*v, placeholder) {
			return v
		}
		id, made := r.created[strings.TrimPrefix(*v, placeholder)]
		if !made {
			ok = false
			return v
		}
		return &id
	}
	for _, f := range c.plan {
		for _, s := range crm.Systems {
			f.value[s] = fill(f.value[s])
		}
	}
	ok = true // a pair's fields may name the very record that this change creates
	for _, col := range c.open() {
		col.after = fill(col.after)
	}
	return ok
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}
