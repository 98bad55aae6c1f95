package load

import (
	"context"
	"errors"
	"slices"

	"lockstep/internal/entity"
	"lockstep/internal/wire"
)

// failed handles a call of which no outcome is known per row.
func (b *batch) failed(ctx context.Context, live []*change, err error) (again [][]*change, _ error) {
	var rejected *Rejected
	if errors.As(err, &rejected) {
		return b.split(ctx, live, rejected)
	}
	reason := b.stop(b.mirror.object.System, err)
	var e *wire.Error
	if errors.As(err, &e) && !e.Uncertain {
		for _, c := range live {
			c.close(Deferred, reason)
		}
		return nil, b.closed(ctx, live)
	}
	// Whether it was carried out is read from the records by the next run: the outbox rows stay.
	b.unclear(live, "sent without an answer; the next run reads what became of it")
	return nil, nil
}

// unclear reports changes whose outbox rows stay. History tells of them when they are settled.
func (b *batch) unclear(changes []*change, reason string) {
	for _, c := range changes {
		c.close(Unclear, reason)
		for _, col := range c.columns {
			col.recorded = true
		}
	}
	b.tell(changes)
}

// closed takes changes of which nothing was written out of the outbox and writes their columns into history.
func (b *batch) closed(ctx context.Context, changes []*change) error {
	if err := b.tx(ctx, func(ctx context.Context, conn entity.Conn) error {
		if err := b.collide(ctx, conn, changes); err != nil {
			return err
		}
		if err := b.finish(ctx, conn, changes); err != nil {
			return err
		}
		if err := b.notices(ctx, conn, changes); err != nil {
			return err
		}
		return b.shut(ctx, conn, changes)
	}); err != nil {
		return err
	}
	b.tell(changes)
	return nil
}

// split deals with a batch of which nothing was written: columns that are wrong in every row are refused in
// every row; else the batch is halved until the bad record stands alone.
func (b *batch) split(ctx context.Context, live []*change, rejected *Rejected) (again [][]*change, err error) {
	whole := rejected.All && slices.ContainsFunc(live, func(c *change) bool { return c.names(rejected.Refusals) })
	switch {
	case whole || len(live) == 1:
		var rest []*change
		for _, c := range live {
			if len(live) == 1 || c.names(rejected.Refusals) {
				c.refuse(b.entity.rules, rejected.Refusals)
			}
			c.reopen()
			if len(c.open()) > 0 {
				rest = append(rest, c)
			}
		}
		if len(rest) > 0 {
			again = [][]*change{rest}
		}
	default:
		for _, c := range live {
			c.reopen()
		}
		half := len(live) / 2
		again = [][]*change{live[:half:half], live[half:]}
	}
	return again, b.closed(ctx, live)
}

// names reports whether one of the refusals names a column that the change is sending.
func (c *change) names(refusals []Refusal) bool {
	for _, f := range refusals {
		for _, col := range c.columns {
			if col.state == sending && slices.Contains(f.Columns, col.name) {
				return true
			}
		}
	}
	return false
}

// reopen puts columns whose call wrote nothing back among those to be sent.
func (c *change) reopen() {
	for _, col := range c.columns {
		if col.state == sending {
			col.state = ""
		}
	}
}
