package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/wire"
)

// group sends the changes of one group batch by batch.
//
//	verify      read the records (creates: look their keys up)     a call, unless the last batch carried it
//	outbox      what was read → mirror; stale ones → history; the rest → outbox     one transaction
//	write       the call
//	settle      read-back → mirror; bases, links, history, refusals; outbox emptied     one transaction
//
// What a refusal leaves of a change, and the halves of a batch that was rejected whole, go round again.
func (r *run) group(ctx context.Context, g *group, changes []*change) error {
	t := r.targets[g.object.System]
	e, err := r.entity(g.entity)
	if err != nil {
		return err
	}
	m, err := r.mirror(ctx, g.object)
	if err != nil {
		return err
	}
	var queue [][]*change
	for len(changes) > 0 {
		n := r.size(t, e, g.object, g.action, len(changes))
		if len(queue) == 0 && g.canary > 0 {
			n = min(g.canary, n)
		}
		queue = append(queue, changes[:n:n])
		changes = changes[n:]
	}
	var ahead []Record // the first of the queue, read in the call before
	var read time.Time // when that call began
	for len(queue) > 0 {
		if err := g.watch(queue[0]); err != nil {
			return err
		}
		b := &batch{run: r, target: t, group: g, entity: e, mirror: m, action: g.action, changes: queue[0], read: ahead, at: read}
		queue = queue[1:]
		if len(queue) > 0 && g.action == Update {
			b.next = ids(queue[0])
		}
		reason, err := r.halt(ctx, b)
		if err != nil {
			return err
		}
		if reason != "" {
			if err := r.shelve(ctx, b.changes, Deferred, reason); err != nil {
				return err
			}
			ahead = nil
			continue
		}
		again, err := b.send(ctx)
		if err != nil {
			return err
		}
		ahead, read = b.nextRead, b.called
		if len(again) > 0 {
			queue, ahead = append(again, queue...), nil
		}
	}
	return nil
}

// halt says why a batch is not sent; empty when it may go.
func (r *run) halt(ctx context.Context, b *batch) (string, error) {
	s := b.mirror.object.System
	if reason := r.stopped[s]; reason != "" {
		return reason, nil
	}
	if r.asked.Err() != nil {
		return "interrupted", nil
	}
	reason, err := r.noRoom(ctx, b.group, len(b.changes))
	if err != nil {
		return r.stop(s, err), nil
	}
	return reason, nil
}

// stop ends a CRM's part of the run and returns why. Quota is no failure: the rest waits for the next run.
func (r *run) stop(s crm.System, err error) string {
	var e *wire.Error
	var hinted *crm.Hinted
	reason := fmt.Sprintf("%s gets no more calls in this run: %v", s, err)
	switch {
	case errors.As(err, &e) && e.Kind == wire.Quota:
		if errors.As(err, &hinted) { // nobody else will print it
			reason += "; " + hinted.Hint
		}
	case r.err == nil:
		r.err = err
	}
	r.stopped[s] = reason
	return reason
}

// shelve gives changes that are not sent their state and writes it into history.
func (r *run) shelve(ctx context.Context, changes []*change, s State, reason string) error {
	for _, c := range changes {
		c.close(s, reason)
	}
	return r.settled(ctx, changes)
}

// settled writes finished columns into history and reports their changes.
func (r *run) settled(ctx context.Context, changes []*change) error {
	if len(changes) == 0 {
		return nil
	}
	if err := r.tx(ctx, func(ctx context.Context, conn entity.Conn) error { return r.finish(ctx, conn, changes) }); err != nil {
		return err
	}
	r.tell(changes)
	return nil
}

// batch is one call's changes, all of one entity, action and object.
type batch struct {
	*run
	group    *group
	target   Target
	entity   *entityState
	mirror   *mirror
	action   Action
	changes  []*change
	next     []string  // ids of the batch after this one
	read     []Record  // this batch, as the call before read it; nil: not yet
	nextRead []Record  // the batch after this one, as this call read it
	at       time.Time // when the call that read this batch began
	called   time.Time // when the call that writes it began
}

// columns are those to be read: the mirror's, and any that is sent and not mirrored.
func (b *batch) columns() []string {
	all := slices.Clone(b.mirror.read)
	for _, c := range b.changes {
		for _, col := range c.columns {
			if b.action != Delete && !slices.Contains(all, col.name) {
				all = append(all, col.name)
			}
		}
	}
	return all
}

// send verifies, writes and settles. again are batches that have to go round once more.
func (b *batch) send(ctx context.Context) (again [][]*change, err error) {
	live, err := b.verify(ctx)
	if err != nil || len(live) == 0 {
		return nil, err
	}
	b.called = b.o.Now()
	answer, err := b.call(ctx, live)
	b.spent[b.mirror.object.System] += sum(b.group.calls(b.target, 0, len(live)))
	if slices.ContainsFunc(live, b.clearsFirst) {
		b.spent[b.mirror.object.System]++
	}
	if d := b.o.Now().Sub(b.at); d > b.report.Window {
		b.report.Window = d
	}
	if err != nil {
		return b.failed(ctx, live, err)
	}
	b.nextRead = answer.Next
	if b.action == Delete && len(answer.Outcomes) == len(live) {
		return nil, b.settleDeleted(ctx, live, answer)
	}
	return b.settle(ctx, live, answer)
}

// verify reads the records again and leaves out what is not as planned. It commits what was read, and the
// outbox rows of what is about to be sent.
func (b *batch) verify(ctx context.Context) (live []*change, err error) {
	call, cancel := b.underWay(ctx)
	defer cancel()
	if b.action == Create {
		err = b.lookUp(call)
	} else {
		err = b.reread(call)
	}
	if err != nil {
		reason := b.stop(b.mirror.object.System, err)
		return nil, b.shelve(ctx, b.changes, Deferred, reason)
	}
	var left []*change
	for _, c := range b.changes {
		if len(c.open()) > 0 {
			live = append(live, c)
		} else {
			left = append(left, c)
		}
	}
	err = b.tx(ctx, func(ctx context.Context, conn entity.Conn) error {
		if err := b.finish(ctx, conn, left); err != nil {
			return err
		}
		if len(b.read) > 0 {
			var alive []Record
			for _, rec := range b.read {
				if rec.Gone == "" {
					alive = append(alive, rec)
				}
			}
			if err := b.mirror.put(ctx, conn, b.mirror.verified(), alive, b.o.Now().UTC()); err != nil {
				return err
			}
			if err := b.mirror.land(ctx, conn, b.mirror.verified()); err != nil {
				return err
			}
			if err := b.mirror.bury(ctx, conn, b.read, b.o.Now().UTC()); err != nil {
				return err
			}
		}
		return b.open(ctx, conn, live)
	})
	if err != nil {
		return nil, err
	}
	b.tell(left)
	return live, nil
}

// reread checks updates against their records.
func (b *batch) reread(ctx context.Context) error {
	if b.read == nil {
		b.at = b.o.Now()
		read, err := b.target.Read(ctx, b.mirror.object.Name, ids(b.changes), b.columns())
		if err != nil {
			return err
		}
		b.read = read
	}
	found := byID(b.read)
	for _, c := range b.changes {
		rec, ok := found[c.record]
		switch {
		case !ok:
			c.close(Stale, "the record is gone")
		case rec.Gone != "":
			c.close(Stale, "the record was "+rec.Gone)
		default:
			c.verified = &rec
			for _, col := range c.open() {
				// one that has to be cleared first may be so already, by a call that went no further
				cleared := or(rec.Values[col.name], "") == "" && b.mirror.goesBack(col.name, col.before, col.after)
				if now, ok := rec.Values[col.name]; ok && !cleared && !b.mirror.kind(col.name).same(now, col.before) {
					c.close(Stale, col.name+" is not as planned any more")
				}
			}
		}
	}
	if b.action == Delete {
		return b.unedited(ctx)
	}
	return nil
}

// lookUp checks that no record carries the key of a create yet.
func (b *batch) lookUp(ctx context.Context) error {
	b.at = b.o.Now()
	object := b.mirror.object
	key := b.key()
	if key == "" {
		for _, c := range b.changes {
			c.close(Refused, fmt.Sprintf("%s has no unique column to create by: run lockstep setup", object))
		}
		return nil
	}
	var values []string
	for _, c := range b.changes {
		c.identify(key)
		values = append(values, c.keyed)
	}
	found, err := b.target.Find(ctx, object.Name, key, values, b.columns())
	if err != nil {
		return err
	}
	b.read = found
	for _, c := range b.changes {
		c.verified = &Record{Values: map[string]*string{}}
		for _, rec := range found {
			if valueOf(rec, key) == c.keyed {
				c.existing = rec.ID
				c.close(Stale, fmt.Sprintf("%s %s %s already: the next run links them", object, rec.ID, carries(key)))
			}
		}
	}
	return nil
}

// call makes the write. It is not cut off by an interrupt, only by the grace after it.
func (b *batch) call(ctx context.Context, live []*change) (Answer, error) {
	call, cancel := b.underWay(ctx)
	defer cancel()
	w := Batch{Object: b.mirror.object.Name, Columns: b.columns(), Next: b.next}
	for _, c := range live {
		row := Row{ID: c.record, Values: map[string]*string{}}
		for _, col := range c.columns {
			if col.state == sending {
				row.Values[col.name] = col.sent
				if b.action == Update && b.mirror.goesBack(col.name, c.verified.Values[col.name], col.sent) {
					row.Clear = append(row.Clear, col.name)
				}
			}
		}
		if b.action == Create {
			w.Key, row.Key = c.key, c.keyed
			delete(row.Values, c.key)
		}
		w.Rows = append(w.Rows, row)
	}
	switch b.action {
	case Create:
		if b.asJob(len(live), w.Key) {
			w.Job = b.job(ctx)
		}
		return b.target.Create(call, w)
	case Delete:
		return b.target.Delete(call, w.Object, ids(live))
	}
	return b.target.Update(call, w)
}

// clearsFirst tells whether a change has a column that is cleared by a call before.
func (b *batch) clearsFirst(c *change) bool {
	return b.action == Update && slices.ContainsFunc(c.columns, func(col *column) bool {
		return col.state == sending && b.mirror.goesBack(col.name, c.verified.Values[col.name], col.sent)
	})
}

func ids(changes []*change) []string {
	var all []string
	for _, c := range changes {
		all = append(all, c.record)
	}
	return all
}

func byID(records []Record) map[string]Record {
	all := map[string]Record{}
	for _, rec := range records {
		all[rec.ID] = rec
	}
	return all
}
