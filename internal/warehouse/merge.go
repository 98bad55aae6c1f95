package warehouse

import (
	"context"
	"errors"
	"fmt"
	"time"

	"lockstep/internal/crm"
)

// mergeRows is how many staged rows are merged in one transaction: what a transaction changes is held in memory.
const mergeRows = 200_000

// ErrNothing is returned by Finish for a full read that found no record although the mirror has some.
var ErrNothing = errors.New("the full read returned no record, the mirror has some")

// Merged counts what a merge did to a mirror.
type Merged struct {
	Returned int64 // records staged, each once
	New      int64 // rows the mirror did not have; deleted records among them are not counted
	Changed  int64 // rows of which a value became different
	Deleted  int64 // rows that became deleted
	Misfits  int64 // values whose text did not fit their column's type

	Absent    []string  // columns that were asked for and missing from a record's answer
	HighWater time.Time // newest stamp; zero when nothing was staged
}

// Finish merges what r has staged into the mirror, moves the cursor and ends the read. at, the time of the merge,
// becomes the _landed_at of what changed.
//
// After a full read, records of the mirror that it did not return are marked deleted, without a time, for that proves
// no deletion, except those that landed after it began; ErrNothing is returned, and nothing merged, when it returned none at
// all and has not shown that they are deleted.
func (w *Warehouse) Finish(ctx context.Context, r *Reading, at time.Time) (total Merged, err error) {
	defer wrap(&err, "warehouse.Finish(%s, %s)", r.Mirror.Object, r.Kind)
	w.landing.Lock()
	defer w.landing.Unlock()
	if r.Pending {
		return total, nil
	}
	if err := w.unread(ctx, r); err != nil {
		return total, err
	}
	if r.Kind != Full && r.Records == 0 {
		return total, w.InTx(ctx, func(tx *Tx) error { return r.drop(ctx, tx) }) // the cursor stands where it stood
	}
	if err := w.refuseNothing(ctx, r); err != nil {
		return total, err
	}
	chunks := int(r.Records/mergeRows) + 1
	if at, err = landingTime(ctx, w.DB, r.Mirror, at); err != nil {
		return total, err
	}
	m := merging{Mirror: r.Mirror, At: at, Chunks: chunks, Lagging: r.Kind == Changes && r.Mirror.Object.System == crm.HubSpot}
	for ; m.Chunk < chunks; m.Chunk++ {
		err := w.InTx(ctx, func(tx *Tx) error {
			if m.Chunk == 0 {
				if err := m.run(ctx, tx, "dedupe.sql"); err != nil {
					return err
				}
			}
			part, err := m.merge(ctx, tx)
			if err != nil {
				return err
			}
			total.add(part)
			if m.Chunk < chunks-1 {
				return nil
			}
			return r.close(ctx, tx, m, &total)
		})
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// landingTime is at, or the microsecond after the newest landing of that mirror: what a merge changed is counted by
// its time, so no two share one.
func landingTime(ctx context.Context, db Conn, m *Mirror, at time.Time) (time.Time, error) {
	at = at.UTC().Truncate(time.Microsecond)
	var last *time.Time
	if err := db.QueryRowContext(ctx, `select max(_landed_at) from `+m.Table()).Scan(&last); err != nil {
		return at, err
	}
	if last != nil && !at.After(*last) {
		at = last.UTC().Add(time.Microsecond)
	}
	return at, nil
}

func (t *Merged) add(p Merged) {
	t.Returned += p.Returned
	t.New += p.New
	t.Changed += p.Changed
	t.Deleted += p.Deleted
}

// refuseNothing drops a full read that came back empty for a mirror that is not. Records that came back as deleted are
// no riddle.
func (w *Warehouse) refuseNothing(ctx context.Context, r *Reading) error {
	if r.Kind != Full || r.Believed {
		return nil
	}
	var nothing bool
	q := fmt.Sprintf(`select not exists (from %s where not _deleted)
		and (select count(*) from %s as m where not _deleted and id not in (select id from %s)) >= %d`,
		r.Mirror.Staging(), r.Mirror.Table(), r.Mirror.Staging(), max(r.Few, 1))
	if err := w.DB.QueryRowContext(ctx, q).Scan(&nothing); err != nil || !nothing {
		return err
	}
	if err := w.InTx(ctx, func(tx *Tx) error { return r.drop(ctx, tx) }); err != nil {
		return err
	}
	return crm.WithHint(ErrNothing, "nothing was marked deleted: check that the integration user still sees %s; if it is right, give a run --force extract", r.Mirror.Object)
}

// close is the end of the last transaction: what is no longer there, misfits, cursor, and the read itself.
func (r *Reading) close(ctx context.Context, tx *Tx, m merging, total *Merged) error {
	o := r.Mirror.Object
	if r.Kind == Full {
		q, err := statement("gone.sql", m)
		if err != nil {
			return err
		}
		n, err := affected(ctx, tx, q, m.At, r.StartedAt)
		if err != nil {
			return err
		}
		total.Deleted += n
	}
	if err := m.list(ctx, tx, total); err != nil {
		return err
	}
	if r.Kind == Named {
		return r.drop(ctx, tx)
	}
	high := any(nil)
	if !total.HighWater.IsZero() {
		high = total.HighWater
		if r.Kind == Full && r.TheirTime.Before(total.HighWater) {
			high = r.TheirTime // records already passed may have changed since it began
		}
	}
	if r.Kind == Full && high == nil {
		high = r.TheirTime // the object has no records at all
	}
	full := any(nil)
	if r.Kind == Full {
		full = m.At
	}
	var known bool
	if err := tx.QueryRowContext(ctx, `select count(*) > 0 from catalog.cursor where system = $1 and object = $2`, string(o.System), o.Name).Scan(&known); err != nil {
		return err
	}
	move := `insert into catalog.cursor (system, object, high_water, full_at) values ($1, $2, $3, $4)`
	if known {
		move = `update catalog.cursor set high_water = greatest(high_water, $3), full_at = coalesce($4, full_at) where system = $1 and object = $2`
	}
	if _, err := tx.ExecContext(ctx, move, string(o.System), o.Name, high, full); err != nil {
		return err
	}
	return r.drop(ctx, tx)
}

// merging is what the merge statements are made from.
type merging struct {
	*Mirror
	At            time.Time
	Chunk, Chunks int  // rows are merged by the hash of their id, a share at a time
	Lagging       bool // the read may have returned an older state without an older stamp: a search
}

func (m merging) run(ctx context.Context, db Conn, file string, args ...any) error {
	q, err := statement(file, m)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, q, args...)
	return err
}

// merge merges one share of the staged rows.
func (m merging) merge(ctx context.Context, db Conn) (n Merged, err error) {
	count, err := statement("count.sql", m)
	if err != nil {
		return n, err
	}
	q, err := statement("merge.sql", m)
	if err != nil {
		return n, err
	}
	var before, after, buried, landedBefore, landed int64 // landedBefore: in the shares before this one
	size := `select count(*), count(*) filter (_landed_at = $1) from ` + m.Table()
	if err := db.QueryRowContext(ctx, count).Scan(&n.Returned, &buried, &n.Deleted); err != nil {
		return n, err
	}
	if err := db.QueryRowContext(ctx, size, m.At).Scan(&before, &landedBefore); err != nil {
		return n, err
	}
	if _, err := db.ExecContext(ctx, q, m.At); err != nil {
		return n, err
	}
	if err := db.QueryRowContext(ctx, size, m.At).Scan(&after, &landed); err != nil {
		return n, err
	}
	inserted := after - before
	n.New = inserted - buried
	n.Changed = landed - landedBefore - inserted - n.Deleted
	return n, nil
}

// list writes the misfits into the catalog and fills in what the staged rows say as a whole.
func (m merging) list(ctx context.Context, db Conn, total *Merged) error {
	system, object := string(m.Object.System), m.Object.Name
	if err := m.run(ctx, db, "misfit_clear.sql", system, object); err != nil {
		return err
	}
	q, err := statement("misfit.sql", m)
	if err != nil {
		return err
	}
	if total.Misfits, err = affected(ctx, db, q, system, object, m.At); err != nil {
		return err
	}
	absent, err := statement("absent.sql", m)
	if err != nil {
		return err
	}
	var names []any
	var high *time.Time
	if err := db.QueryRowContext(ctx, absent).Scan(&names, &high); err != nil {
		return err
	}
	for _, n := range names {
		total.Absent = append(total.Absent, n.(string))
	}
	if high != nil {
		total.HighWater = high.UTC()
	}
	return nil
}
