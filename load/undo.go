package load

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// Undo is what PlanUndo takes back.
type Undo struct {
	Run     string // of history.run
	Created bool   // records that the run created, too: they are archived or deleted
}

// PlanUndo leaves the inverse of a run in plan.* under planID, as an ordinary plan.
//
// A column goes back to the value before the run if it still holds what was stored then; columns of fields that
// are together go back together or not at all. Links that the run made become held, links that an undo had made
// held are linked again. What does not go back is a notice: edited since, deleted, merged or converted,
// created (without Created), deleted by the run.
func PlanUndo(ctx context.Context, w *warehouse.Warehouse, p *entity.Project, planID, runID string, u Undo) (err error) {
	defer func() {
		var hinted *crm.Hinted
		if err != nil && !errors.As(err, &hinted) {
			err = fmt.Errorf("load.PlanUndo(%s): %w", u.Run, err)
		}
	}()
	var known bool
	if err := w.DB.QueryRowContext(ctx, `select count(*) > 0 from history.run where run_id = $1`, u.Run).Scan(&known); err != nil {
		return err
	}
	if !known {
		return crm.WithHint(fmt.Errorf("no run %q in history", u.Run), "`lockstep history` lists them")
	}
	r, err := start(ctx, w, p, nil, planID, Options{RunID: runID})
	if err != nil {
		return err
	}
	defer func() { _ = r.conn.Close() }()
	return r.tx(ctx, func(ctx context.Context, conn entity.Conn) error {
		for _, table := range []string{"plan", "link", "change", "value", "field", "settle", "notice", "refusal", "proposal", "mapping"} {
			if _, err := conn.ExecContext(ctx, `delete from plan.`+table+` where plan_id = $1`, planID); err != nil {
				return err
			}
		}
		if _, err := conn.ExecContext(ctx, `insert into plan.plan (plan_id, run_id, pipeline, made_at, state, undoes)
			values ($1, $2, 'undo', getvariable('run_at'), 'made', $3)`, planID, runID, u.Run); err != nil {
			return err
		}
		for _, e := range r.entities {
			if err := r.undo(ctx, conn, e, u); err != nil {
				return fmt.Errorf("%s: %w", e.of.Name, err)
			}
		}
		return nil
	})
}

// undone is one column that the run wrote, beside what its record holds today.
type undone struct {
	pair, object, id, column string
	system                   crm.System
	before, stored, now      *string
	fields                   []string
	why                      string // it does not go back; empty: it does, as far as values tell
}

// undo plans the inverse of what the run did to one entity.
func (r *run) undo(ctx context.Context, conn entity.Conn, e *entityState, u Undo) error {
	kept, err := r.undoCreated(ctx, conn, e, u)
	if err != nil {
		return err
	}
	if err := r.undoLinks(ctx, conn, e, u, kept); err != nil {
		return err
	}
	var all []*undone
	for _, o := range e.of.Objects() {
		some, err := r.undone(ctx, conn, e, o, u)
		if err != nil {
			return err
		}
		all = append(all, some...)
	}
	all = slices.DeleteFunc(all, func(c *undone) bool { return kept[c.pair] }) // its create stays, and so does what was stamped with it
	var back []*undone
	for _, c := range e.together(all) {
		m, err := r.mirror(ctx, crm.Object{System: c.system, Name: c.object})
		if err != nil {
			return err
		}
		switch {
		case c.why != "":
			if err := r.notUndone(ctx, conn, e.of.Name, c.system, c.object, c.id, c.column, c.why); err != nil {
				return err
			}
		case !m.kind(c.column).same(c.now, c.before):
			back = append(back, c)
		}
	}
	if err := r.planUndone(ctx, conn, e.of.Name, back, u); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `insert into plan.notice (plan_id, entity, kind, system, object, record_id, text)
		select distinct $1, entity, 'not undone', system, object, record_id, 'the run deleted it, and neither API brings a record back as it was: restore it in the CRM'
		from history.change where run_id = $2 and entity = $3 and action = 'delete' and outcome = 'taken'`, r.report.PlanID, u.Run, e.of.Name)
	return err
}

// undone reads the columns of one object that the run wrote.
func (r *run) undone(ctx context.Context, conn entity.Conn, e *entityState, o crm.Object, u Undo) ([]*undone, error) {
	var any bool
	const ours = `run_id = $1 and entity = $2 and system = $3 and object = $4 and action = 'update' and outcome = 'taken' and "column" is not null`
	if err := conn.QueryRowContext(ctx, `select exists (from history.change where `+ours+`)`, u.Run, e.of.Name, o.System, o.Name).Scan(&any); err != nil || !any {
		return nil, err
	}
	m, err := r.mirror(ctx, o)
	if err != nil {
		return nil, err
	}
	var names, texts []string
	for _, c := range m.columns {
		names = append(names, sqlText(strings.ToLower(c.Name)))
		texts = append(texts, entity.Canonical(quote(c.Name), c.Type))
	}
	rows, err := conn.QueryContext(ctx, fmt.Sprintf(`
		with written as (
			-- a column written twice in one run goes back to what it held before the first time
			select pair_id, record_id, "column", arg_min(coalesce(before, ''), "at") as before, arg_max(coalesce(stored, ''), "at") as stored, arg_max(fields, "at") as fields
			from history.change where %[1]s
			group by all
		),
		now as (
			select id, unnest([%[2]s]) as name, unnest([%[3]s]) as value from %[4]s
			where not coalesce(_deleted, false) and id in (select record_id from written)
		)
		select written.pair_id, written.record_id, written."column", written.before, written.stored, to_json(written.fields)::varchar, now.value,
			case
				when now.id is null then 'its record is gone'
				when link.pair_id is null or link.%[5]s_id is distinct from written.record_id then 'the pair goes on as another record: merged or converted since'
				else ''
			end
		from written
		left join now on now.id = written.record_id and now.name = lower(written."column")
		left join link.%[6]s as link on link.pair_id = written.pair_id
		order by written.record_id, written."column"`, ours, strings.Join(names, ", "), strings.Join(texts, ", "), m.table, o.System, quote(e.of.Name)),
		u.Run, e.of.Name, o.System, o.Name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []*undone
	for rows.Next() {
		c := &undone{system: o.System, object: o.Name}
		var before, stored, now sql.NullString
		var fields string
		if err := rows.Scan(&c.pair, &c.id, &c.column, &before, &stored, &fields, &now, &c.why); err != nil {
			return nil, err
		}
		c.before, c.stored, c.now, c.fields = blank(before), blank(stored), blank(now), jsonList(fields)
		k := m.kind(c.column)
		if c.why == "" && !k.same(c.now, c.stored) && !k.same(c.now, c.before) {
			c.why = "edited since"
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

// together makes columns of fields that go together stay together.
func (e *entityState) together(all []*undone) []*undone {
	unit := map[string]string{}
	for _, f := range e.rules {
		if f.together != "" {
			unit[f.field] = f.together
		}
	}
	type key struct {
		system     crm.System
		pair, unit string
	}
	stays := map[key]string{}
	for _, c := range all {
		for _, f := range c.fields {
			if c.why != "" && unit[f] != "" {
				stays[key{c.system, c.pair, unit[f]}] = c.column + " " + c.why
			}
		}
	}
	for _, c := range all {
		for _, f := range c.fields {
			if why := stays[key{c.system, c.pair, unit[f]}]; c.why == "" && unit[f] != "" && why != "" {
				c.why = "stays with " + why
			}
		}
	}
	return all
}

// planUndone writes the columns that go back into the plan: a change per record, in the order of the records.
func (r *run) planUndone(ctx context.Context, conn entity.Conn, name string, back []*undone, u Undo) error {
	if len(back) == 0 {
		return nil
	}
	type row struct {
		Pair   string   `json:"pair"`
		System string   `json:"system"`
		Object string   `json:"object"`
		ID     string   `json:"id"`
		Column string   `json:"column"`
		Now    *string  `json:"now"`
		Before *string  `json:"before"`
		Fields []string `json:"fields"`
	}
	var rows []row
	for _, c := range back {
		rows = append(rows, row{c.pair, string(c.system), c.object, c.id, c.column, c.now, c.before, c.fields})
	}
	const incoming = `with incoming as (
		select *, left(md5(concat_ws('/', $3::varchar, 'undo', system, pair, id)), 16) as change_id
		from (select unnest(from_json($1::varchar, '[{"pair":"varchar","system":"varchar","object":"varchar","id":"varchar","column":"varchar","now":"varchar","before":"varchar","fields":["varchar"]}]'), recursive := true))
	) `
	text := jsonText(rows)
	for _, q := range []string{
		`insert into plan.change (plan_id, change_id, position, entity, pair_id, action, system, object, record_id, source_object, source_id, label, rule) ` + incoming + `
		, records as (select distinct change_id, pair, system, object, id from incoming)
		select $2, records.change_id, (select count(*) from plan.change where plan_id = $2) + row_number() over (order by records.system desc, records.object, records.id),
			$3, records.pair, 'update', records.system, records.object, records.id,
			if(records.system = 'hubspot', link.salesforce_object, link.hubspot_object), if(records.system = 'hubspot', link.salesforce_id, link.hubspot_id),
			(select arg_max(label, plan_id) from plan.change as earlier where earlier.entity = $3 and earlier.pair_id = records.pair), null
		from records join link.` + quote(name) + ` as link on link.pair_id = records.pair where $4 is not null`,
		`insert into plan.value (plan_id, change_id, "column", before, after, fields, rules) ` + incoming + `
		select $2, change_id, "column", now, before, fields, [$4] from incoming where $3 is not null`,
	} {
		if _, err := conn.ExecContext(ctx, q, text, r.report.PlanID, name, "undo"); err != nil {
			return err
		}
	}
	return nil
}

// notUndone tells of something that stays as the run left it.
func (r *run) notUndone(ctx context.Context, conn entity.Conn, name string, s crm.System, object, id, column, why string) error {
	_, err := conn.ExecContext(ctx, `insert into plan.notice (plan_id, entity, kind, system, object, record_id, field, text) values ($1, $2, 'not undone', $3, $4, $5, $6, $7)`,
		r.report.PlanID, name, s, object, id, column, strings.TrimSpace(column+" stays: "+why))
	return err
}
