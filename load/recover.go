package load

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// Recover settles the outbox rows that a crash or a lost answer left, by reading the records:
//
//	the record                                          the change
//	every column as before the call, or cleared to      not landed: nothing moves, it is planned anew
//	take the value
//	HubSpot: a column that its history says we wrote    landed: mirror, bases, links and history move as if
//	Salesforce: last modified by us, or all as sent     the answer had come
//	a create's key is found · is not found              landed · not landed
//	a deletion's record is gone · is there              landed · not landed
//	… all but columns that go by a call of their own,   those are planned anew
//	and stand as before
//	a job is not over                                    it is waited for, then as above
//	anything else                                       unclear: no base moves; history.change says so, with
//	                                                    every field it may have moved, and a person decides
//
// It runs before extract. Rows younger than Options.Settle stay, and so do all when their CRM does not answer,
// which is the error. Calling it with an empty outbox does nothing. Report.Counts has landed changes as Taken
// (or NotTaken), those that did not land as Deferred, and the rest as Unclear.
func Recover(ctx context.Context, w *warehouse.Warehouse, p *entity.Project, targets Targets, o Options) (_ Report, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("load.Recover: %w", err)
		}
	}()
	var any bool
	if err := w.DB.QueryRowContext(ctx, `select exists (from outbox)`).Scan(&any); err != nil || !any {
		return Report{Counts: map[State]int{}}, err
	}
	r, err := start(ctx, w, p, targets, "", o)
	if err != nil {
		return Report{}, err
	}
	defer func() { _ = r.conn.Close() }()
	left, err := r.survivors(ctx)
	if err != nil || len(left) == 0 {
		return r.report, err
	}
	prepared := ""
	for _, s := range left {
		if ctx.Err() != nil {
			return r.report, ctx.Err()
		}
		r.report.PlanID, r.o.RunID = s.plan, s.run
		if prepared != s.plan {
			// What the sources of creates said: mirrors are as the crash left them.
			if err := r.tx(ctx, r.now); err != nil {
				return r.report, err
			}
			prepared = s.plan
		}
		// An interrupt ends what is only read; what has been read is committed.
		if err := r.recover(context.WithoutCancel(ctx), s); err != nil {
			return r.report, err
		}
	}
	return r.report, nil
}

// survivor is what was under way together: outbox rows of one run, entity, action and object.
type survivor struct {
	run, plan, entity string
	action            Action
	object            crm.Object
	sent              map[string]outboxRow // by change id
	since             time.Time
}

// survivors reads the outbox. Links, and so parents, come before what refers to them: batches are in order.
func (r *run) survivors(ctx context.Context) ([]*survivor, error) {
	rows, err := r.conn.QueryContext(ctx, `select run_id, plan_id, change_id, entity, pair_id, action, system, object, record_id, key_column, key_value,
			sent, verified, job, sent_at
		from outbox where sent_at <= $1 order by sent_at, batch, entity, action, system, object`, r.o.Now().UTC().Add(-r.o.Settle))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []*survivor
	for rows.Next() {
		var s survivor
		var row outboxRow
		if err := rows.Scan(&s.run, &s.plan, &row.Change, &row.Entity, &row.Pair, &row.Action, &row.System, &row.Object, &row.Record, &row.Key, &row.Value,
			&row.Sent, &row.Verified, &row.Job, &s.since); err != nil {
			return nil, err
		}
		s.entity, s.action, s.object = row.Entity, Action(row.Action), crm.Object{System: crm.System(row.System), Name: row.Object}
		i := slices.IndexFunc(all, func(o *survivor) bool {
			return o.run == s.run && o.plan == s.plan && o.entity == s.entity && o.action == s.action && o.object == s.object
		})
		if i < 0 {
			s.sent = map[string]outboxRow{}
			all = append(all, &s)
			i = len(all) - 1
		}
		all[i].sent[row.Change] = row
	}
	return all, rows.Err()
}

// recover settles what belongs together, a batch at a time.
func (r *run) recover(ctx context.Context, s *survivor) error {
	t, ok := r.targets[s.object.System]
	if !ok {
		return crm.WithHint(fmt.Errorf("%d writes to %s are not settled, and this run has no access to it", len(s.sent), s.object), "set its credentials: lockstep doctor")
	}
	if err := s.await(r.asked, t); err != nil {
		return err
	}
	e, err := r.entity(s.entity)
	if err != nil {
		return err
	}
	m, err := r.mirror(ctx, s.object)
	if err != nil {
		return err
	}
	changes, err := queryChanges(ctx, r.conn, s.plan, `c.change_id in (select unnest(from_json($2::varchar, '["varchar"]'))) order by c.position`, jsonText(keys(s.sent)))
	if err != nil {
		return err
	}
	if err := r.sources(ctx, changes); err != nil {
		return err
	}
	for _, c := range changes {
		if err := c.restore(s.sent[c.id]); err != nil {
			return err
		}
	}
	for len(changes) > 0 {
		n := min(t.Size(), len(changes))
		b := &batch{run: r, target: t, entity: e, mirror: m, action: s.action, changes: changes[:n]}
		if err := b.recover(ctx, s.since); err != nil {
			return err
		}
		changes = changes[n:]
	}
	return nil
}

// restore brings a change into the state it was in when its call was made.
func (c *change) restore(row outboxRow) error {
	var sent, verified map[string]*string
	if err := json.Unmarshal([]byte(row.Sent), &sent); err != nil {
		return fmt.Errorf("the outbox row of change %s: %w", c.id, err)
	}
	if row.Verified != nil {
		if err := json.Unmarshal([]byte(*row.Verified), &verified); err != nil {
			return fmt.Errorf("the outbox row of change %s: %w", c.id, err)
		}
	}
	c.columns = slices.DeleteFunc(c.columns, func(col *column) bool { _, was := sent[col.name]; return !was })
	made := map[string]*string{}
	for _, col := range c.columns {
		col.state, col.sent = sending, sent[col.name]
		if col.after != nil && strings.HasPrefix(*col.after, placeholder) {
			made[*col.after] = col.sent
			col.after = col.sent
		}
	}
	for _, f := range c.plan {
		for side, v := range f.value {
			if v != nil && made[*v] != nil {
				f.value[side] = made[*v]
			}
		}
	}
	c.key, c.keyed = or(row.Key, ""), or(row.Value, "")
	c.verified = &Record{ID: c.record, Values: verified}
	if verified == nil {
		c.verified.Values = map[string]*string{}
	}
	return nil
}

// recover reads the batch's records and settles each change by what it finds.
func (b *batch) recover(ctx context.Context, since time.Time) error {
	landing := func() (map[string]landed, error) { return b.landing(b.asked, since) }
	if b.action == Delete {
		landing = func() (map[string]landed, error) { return b.landedDeletions(b.asked) }
	}
	found, err := landing()
	if err != nil {
		return err
	}
	var written, rest []*change
	read, over := map[*change]*Record{}, map[*change]Record{}
	for _, c := range b.changes {
		f := found[c.id]
		switch {
		case f.landed:
			c.record = f.record.ID
			if b.action == Delete {
				written = append(written, c)
				continue
			}
			read[c] = f.record
			over[c] = judge(b.mirror, c, c.verified, f.record, f.foreign)
			c.unsent(b.byCallOfItsOwn)
			written = append(written, c)
			continue
		case f.clear:
			c.close(Deferred, "the call did not land; it is planned anew")
		default:
			c.close(Unclear, f.reason)
		}
		rest = append(rest, c)
	}
	err = b.tx(ctx, func(ctx context.Context, conn entity.Conn) error {
		if err := b.doubtful(ctx, conn, rest, found); err != nil {
			return err
		}
		moving, err := b.unlinked(ctx, conn, written)
		switch {
		case err != nil:
			return err
		case len(moving) == 0:
		case b.action == Delete:
			if err := b.bury(ctx, conn, moving); err != nil {
				return err
			}
		default:
			if err := b.move(ctx, conn, moving, read, over); err != nil {
				return err
			}
		}
		if err := b.finish(ctx, conn, b.changes); err != nil {
			return err
		}
		return b.shut(ctx, conn, b.changes)
	})
	if err != nil {
		return err
	}
	b.tell(b.changes)
	return nil
}

// unlinked leaves out creates whose two records have been linked since by their ids, or one of them with another: a run
// that came while the call was too young to be settled has read the new record. Their bases are that link's.
func (b *batch) unlinked(ctx context.Context, conn entity.Conn, landed []*change) ([]*change, error) {
	if b.action != Create || len(landed) == 0 {
		return landed, nil
	}
	type made struct{ Pair, Object, ID, SourceObject, Source string }
	var all []made
	for _, c := range landed {
		all = append(all, made{c.pair, c.object, c.record, c.sourceObject, c.source})
	}
	here, there := b.mirror.object.System, b.mirror.object.System.Other()
	rows, err := conn.QueryContext(ctx, fmt.Sprintf(`select distinct i.Pair
		from (select unnest(from_json($1::varchar, '[{"Pair":"varchar","Object":"varchar","ID":"varchar","SourceObject":"varchar","Source":"varchar"}]'), recursive := true)) as i
		join link.%[1]s as l on l.pair_id <> i.Pair and l.state <> 'superseded'
			and (l.%[2]s_object = i.Object and l.%[2]s_id = i.ID or l.%[3]s_object = i.SourceObject and l.%[3]s_id = i.Source)`,
		quote(b.entity.of.Name), here, there), jsonText(all))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	linked := map[string]bool{}
	for rows.Next() {
		var pair string
		if err := rows.Scan(&pair); err != nil {
			return nil, err
		}
		linked[pair] = true
	}
	return slices.DeleteFunc(slices.Clone(landed), func(c *change) bool { return linked[c.pair] }), rows.Err()
}

// landed is what reading a record says of a call that was never answered.
type landed struct {
	landed  bool
	clear   bool // not landed, for sure
	record  *Record
	foreign func(column string) bool
	reason  string
}

func (b *batch) landing(ctx context.Context, since time.Time) (map[string]landed, error) {
	object := b.mirror.object.Name
	all := map[string]landed{}
	if b.action == Create {
		var values []string
		for _, c := range b.changes {
			values = append(values, c.keyed)
		}
		key := b.changes[0].key
		found, err := b.target.Find(ctx, object, key, values, b.columns())
		if err != nil {
			return nil, err
		}
		for _, c := range b.changes {
			one := landed{clear: true}
			for _, rec := range found {
				if valueOf(rec, key) == c.keyed {
					one = landed{landed: true, record: &rec, foreign: func(string) bool { return rec.Foreign }}
				}
			}
			all[c.id] = one
		}
		return all, nil
	}
	read, err := b.target.Read(ctx, object, ids(b.changes), b.columns())
	if err != nil {
		return nil, err
	}
	ours, err := b.target.Wrote(ctx, object, ids(b.changes), b.columns(), since)
	if err != nil {
		return nil, err
	}
	records := byID(read)
	for _, c := range b.changes {
		rec, ok := records[c.record]
		if !ok || rec.Gone != "" {
			all[c.id] = landed{reason: "the record is gone, and whether the write came first is not known"}
			continue
		}
		all[c.id] = b.compare(c, &rec, ours[c.record])
	}
	return all, nil
}

// compare is Recover's table for one update.
func (b *batch) compare(c *change, rec *Record, ours []string) landed {
	before, sent, wrote := true, true, false
	for _, col := range c.columns {
		k, now := b.mirror.kind(col.name), rec.Values[col.name]
		asBefore, asSent := k.same(now, c.verified.Values[col.name]), k.same(now, col.sent)
		// cleared by the first of the two calls that take a stage back, the second of which never came
		asBefore = asBefore || or(now, "") == "" && b.mirror.goesBack(col.name, c.verified.Values[col.name], col.sent)
		before = before && asBefore
		sent = sent && asSent
		wrote = wrote || asSent && !asBefore && slices.Contains(ours, col.name)
	}
	one := landed{record: rec, clear: before, foreign: func(string) bool { return rec.Foreign }}
	if b.mirror.object.System == crm.HubSpot {
		one.landed = wrote
		one.foreign = func(column string) bool { return !slices.Contains(ours, column) }
	} else {
		one.landed = !rec.Foreign || sent
	}
	one.landed = one.landed && !before
	if !one.landed && !before {
		one.reason = "somebody wrote the record after the call was made, and whether it landed cannot be told"
	}
	return one
}

// doubtful adds to the columns of unclear changes every field they may have moved.
func (b *batch) doubtful(ctx context.Context, conn entity.Conn, changes []*change, found map[string]landed) error {
	var before, after []Record
	var unclear []*change
	for _, c := range changes {
		rec := found[c.id].record
		if rec == nil || found[c.id].clear {
			continue
		}
		pre, post := Record{ID: rec.ID, Values: map[string]*string{}}, Record{ID: rec.ID, Values: map[string]*string{}}
		for name, v := range rec.Values {
			pre.Values[name], post.Values[name] = v, v
		}
		for _, col := range c.columns {
			pre.Values[col.name], post.Values[col.name] = c.verified.Values[col.name], col.sent
		}
		before, after, unclear = append(before, pre), append(after, post), append(unclear, c)
	}
	if len(unclear) == 0 {
		return nil
	}
	said := make([]map[string]words, 2)
	for i, records := range [][]Record{before, after} {
		table := []string{b.mirror.verified(), b.mirror.written()}[i]
		if err := b.mirror.put(ctx, conn, table, records, b.o.Now().UTC()); err != nil {
			return err
		}
		var err error
		if said[i], err = b.entity.from(ctx, conn, b.mirror.object, table); err != nil {
			return err
		}
	}
	for _, c := range unclear {
		for _, f := range b.entity.rules {
			if !f.flowsTo(c.system) || said[0][c.record][f.field] == said[1][c.record][f.field] {
				continue
			}
			for _, col := range c.columns {
				if !slices.Contains(col.fields, f.field) {
					col.fields = append(col.fields, f.field)
				}
			}
		}
		if err := b.ask(ctx, conn, c); err != nil {
			return err
		}
	}
	return nil
}

// ask stops the fields that an unclear write may have moved until a person decides, or both CRMs agree.
func (b *batch) ask(ctx context.Context, conn entity.Conn, c *change) error {
	var fields []string
	for _, col := range c.columns {
		for _, f := range col.fields {
			if !slices.Contains(fields, f) {
				fields = append(fields, f)
			}
		}
	}
	_, err := conn.ExecContext(ctx, `insert into history.frozen (entity, pair_id, field, kind, since, run_id, reason)
		select $1, $2, unnest(from_json($3::varchar, '["varchar"]')), 'unclear', $4, $5, 'a write was interrupted, and nobody can tell whether it landed'`,
		c.entity, c.pair, jsonText(fields), b.o.Now().UTC(), b.o.RunID)
	if err != nil {
		return fmt.Errorf("asking about %s: %w", c.target(), err)
	}
	return nil
}
