package load

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// deletion is the one column of a change that deletes its record, "false" → "true": so a deletion has an outbox
// row, an outcome and a line in history like every other write.
const deletion = "_deleted"

// unedited closes deletions of records that do not say any more what the mirror says: an edit that the plan did
// not see keeps its record.
func (b *batch) unedited(ctx context.Context) error {
	var alive []Record
	var ids []string
	for _, c := range b.changes {
		if len(c.open()) > 0 && c.verified != nil {
			alive, ids = append(alive, *c.verified), append(ids, c.record)
		}
	}
	if len(alive) == 0 {
		return nil
	}
	m := b.mirror
	if err := m.put(ctx, b.conn, m.verified(), alive, b.o.Now().UTC()); err != nil {
		return err
	}
	now, err := b.entity.from(ctx, b.conn, m.object, m.verified())
	if err != nil {
		return err
	}
	if _, err := b.conn.ExecContext(ctx, "delete from "+m.written()); err != nil {
		return err
	}
	if _, err := b.conn.ExecContext(ctx, fmt.Sprintf(`insert into %s select m.* from %s as m where m.id in (select unnest(from_json($1::varchar, '["varchar"]')))`,
		m.written(), m.table), jsonText(ids)); err != nil {
		return fmt.Errorf("%s: %w", m.object, err)
	}
	planned, err := b.entity.from(ctx, b.conn, m.object, m.written())
	if err != nil {
		return err
	}
	for _, c := range b.changes {
		if len(c.open()) > 0 && !maps.Equal(now[c.record], planned[c.record]) {
			c.close(Stale, "the record was edited since it was read")
		}
	}
	if b.undoes && m.object.System == crm.Salesforce {
		return b.hanging(ctx)
	}
	return nil
}

// hanging closes deletions of an undo while live records refer to theirs, which Salesforce would delete along: those that
// people have hung on a created record since, and those whose own way back was not taken.
func (b *batch) hanging(ctx context.Context) error {
	var ids []string
	for _, c := range b.changes {
		if len(c.open()) > 0 {
			ids = append(ids, c.record)
		}
	}
	for _, e := range b.entities {
		for _, f := range e.rules {
			if f.refersTo != b.entity.of.Name || e.of.Set() || len(ids) == 0 {
				continue
			}
			for _, o := range e.of.Objects() {
				if o.System != b.mirror.object.System {
					continue
				}
				hung, err := b.hung(ctx, e, f, o, ids)
				if err != nil {
					return err
				}
				for _, c := range b.changes {
					if who := hung[c.record]; who != "" && len(c.open()) > 0 {
						c.close(Stale, fmt.Sprintf("%s refers to it, and Salesforce would delete that along", who))
					}
				}
			}
		}
	}
	return nil
}

// hung is one live record of o that refers to each of ids by a field.
func (b *batch) hung(ctx context.Context, e *entityState, f rule, o crm.Object, ids []string) (map[string]string, error) {
	m, err := b.run.mirror(ctx, o)
	if err != nil {
		return nil, err
	}
	live := "temp.main." + quote("load_live_"+o.String())
	if _, err := b.conn.ExecContext(ctx, fmt.Sprintf(`create or replace temp table %s as select * from %s where not coalesce(_deleted, false)`, live, m.table)); err != nil {
		return nil, fmt.Errorf("%s: %w", o, err)
	}
	q, err := e.query(ctx, b.conn, o, live)
	if err != nil || !slices.Contains(q.fields, f.field) {
		return nil, err
	}
	rows, err := b.conn.QueryContext(ctx, fmt.Sprintf(`select %[1]s::varchar, min(id::varchar) from %[2]s
		where %[1]s::varchar in (select unnest(from_json($1::varchar, '["varchar"]'))) group by all`, quote(f.field), q.inner), jsonText(ids))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o, err)
	}
	defer func() { _ = rows.Close() }()
	all := map[string]string{}
	for rows.Next() {
		var id, who string
		if err := rows.Scan(&id, &who); err != nil {
			return nil, err
		}
		all[id] = o.Name + " " + who
	}
	return all, rows.Err()
}

// bury takes deletions over into the mirror. The pair's link and bases stay as they are: it is half, and a record
// that comes back finds them.
func (b *batch) bury(ctx context.Context, conn entity.Conn, gone []*change) error {
	var ids []string
	for _, c := range gone {
		ids = append(ids, c.record)
		for _, col := range c.columns {
			col.state, col.stored = Taken, col.sent
		}
	}
	_, err := conn.ExecContext(ctx, fmt.Sprintf(`update %s set _deleted = true, _deleted_at = $2 where id in (select unnest(from_json($1::varchar, '["varchar"]')))`,
		b.mirror.table), jsonText(ids), b.o.Now().UTC())
	if err != nil {
		return fmt.Errorf("%s: %w", b.mirror.object, err)
	}
	return nil
}

// settleDeleted takes the answer to a batch of deletions in.
func (b *batch) settleDeleted(ctx context.Context, live []*change, answer Answer) error {
	var gone []*change
	for i, c := range live {
		switch o := answer.Outcomes[i]; {
		case len(o.Refusals) > 0:
			c.refuse(b.entity.rules, o.Refusals)
			c.reopen()
			c.close(Refused, o.Refusals[0].Words)
		case o.Later != "":
			c.close(Deferred, o.Later)
		default:
			gone = append(gone, c)
		}
	}
	if err := b.tx(ctx, func(ctx context.Context, conn entity.Conn) error {
		if err := b.bury(ctx, conn, gone); err != nil {
			return err
		}
		if err := b.finish(ctx, conn, live); err != nil {
			return err
		}
		return b.shut(ctx, conn, live)
	}); err != nil {
		return err
	}
	b.tell(live)
	return nil
}

// landedDeletions says of deletions that were never answered whether their records are gone.
func (b *batch) landedDeletions(ctx context.Context) (map[string]landed, error) {
	read, err := b.target.Read(ctx, b.mirror.object.Name, ids(b.changes), b.mirror.read)
	if err != nil {
		return nil, err
	}
	all := map[string]landed{}
	for _, c := range b.changes {
		i := slices.IndexFunc(read, func(rec Record) bool { return rec.ID == c.record })
		gone := i < 0 || read[i].Gone != ""
		all[c.id] = landed{landed: gone, clear: !gone, record: &Record{ID: c.record, Gone: "deleted"}}
	}
	return all, nil
}
