package load

import (
	"context"
	"fmt"
	"maps"
	"slices"

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
	return nil
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
