package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"lockstep/internal/crm"
)

// Kind says what a read promises.
type Kind string

// The kinds of reads.
const (
	Full    Kind = "full"    // every record the CRM has: what is not among them is gone
	Changes Kind = "changes" // the records changed since the cursor, oldest change first
	Named   Kind = "named"   // records read by their ids: nothing is known of any other, and the cursor stands
)

// GroupRecords is how many records are committed at a time.
const GroupRecords = 50_000

// Reading is a read under way. Its rows are in staging until Finish merges them.
type Reading struct {
	Mirror    *Mirror
	Kind      Kind
	Position  string    // where the source goes on; empty: from the beginning
	StartedAt time.Time // on our clock
	TheirTime time.Time // the same instant on the CRM's clock
	Records   int64     // staged so far
	Resumed   bool      // begun by an earlier run
	Pending   bool      // nothing of it stands in the warehouse yet
	Believed  bool      // a person says so: a full read that returns no record is right
	Few       int       // … and so it is of a mirror with fewer records than these; 0: of none that has any
}

// Begin starts a read: the staging table is empty afterwards, whatever was in it. Of a read that is not Full the first
// group does that: most find nothing. ahead is how far the CRM's clock is ahead of ours.
func (w *Warehouse) Begin(ctx context.Context, m *Mirror, kind Kind, at time.Time, ahead time.Duration) (_ *Reading, err error) {
	defer wrap(&err, "warehouse.Begin(%s, %s)", m.Object, kind)
	at = at.UTC().Truncate(time.Microsecond)
	r := &Reading{Mirror: m, Kind: kind, StartedAt: at, TheirTime: at.Add(ahead).Truncate(time.Microsecond)}
	if kind != Full {
		r.Pending = true
		return r, nil
	}
	return r, w.InTx(ctx, func(tx *Tx) error { return r.begin(ctx, tx) })
}

// begin makes the staging table and notes the read.
func (r *Reading) begin(ctx context.Context, tx *Tx) error {
	define, err := statement("staging.sql", r.Mirror)
	if err != nil {
		return err
	}
	if err := r.drop(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, define); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `insert into catalog.reading (system, object, kind, position, started_at, their_time, records) values ($1, $2, $3, '', $4, $5, 0)`,
		string(r.Mirror.Object.System), r.Mirror.Object.Name, string(r.Kind), r.StartedAt, r.TheirTime)
	return err
}

// Resume is the read of that object that an earlier run left behind, nil when there is none. A read whose columns
// are no longer those of m cannot be gone on with: it is dropped, and nothing is lost, since the cursor has not moved.
func (w *Warehouse) Resume(ctx context.Context, m *Mirror) (_ *Reading, err error) {
	defer wrap(&err, "warehouse.Resume(%s)", m.Object)
	r := &Reading{Mirror: m, Resumed: true}
	var kind string
	err = w.DB.QueryRowContext(ctx, `select kind, position, started_at, their_time, records from catalog.reading where system = $1 and object = $2`,
		string(m.Object.System), m.Object.Name).Scan(&kind, &r.Position, &r.StartedAt, &r.TheirTime, &r.Records)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r.Kind, r.StartedAt, r.TheirTime = Kind(kind), r.StartedAt.UTC(), r.TheirTime.UTC()
	staged, err := Columns(ctx, w.DB, "staging", m.Object.String())
	if err != nil {
		return nil, err
	}
	if slices.Equal(staged, stagedColumns(m)) {
		return r, nil
	}
	return nil, w.InTx(ctx, func(tx *Tx) error { return r.drop(ctx, tx) })
}

// stagedColumns are the columns sql/staging.sql makes.
func stagedColumns(m *Mirror) []TableColumn {
	all := append([]TableColumn{{"id", "VARCHAR"}}, ownColumns[:3]...)
	for _, c := range m.Columns {
		all = append(all, TableColumn(c))
	}
	return append(all, TableColumn{"_kept", "VARCHAR[]"}, TableColumn{"_misfit", `STRUCT("column" VARCHAR, length INTEGER)[]`})
}

// drop forgets the read and what it staged.
func (r *Reading) drop(ctx context.Context, tx *Tx) error {
	if _, err := tx.ExecContext(ctx, `drop table if exists `+r.Mirror.Staging()); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `delete from catalog.reading where system = $1 and object = $2`,
		string(r.Mirror.Object.System), r.Mirror.Object.Name)
	return err
}

// Land commits one group of raw pages: their records as typed rows in staging, and position, from where a later
// run goes on. Callers pass up to GroupRecords records at a time. Either all of it is there afterwards or nothing.
func (w *Warehouse) Land(ctx context.Context, r *Reading, shape Shape, pages [][]byte, position string) (err error) {
	defer wrap(&err, "warehouse.Land(%s, %d pages)", r.Mirror.Object, len(pages))
	parse, err := statement("parse.sql", parsing{Mirror: r.Mirror, shape: shape, Pages: pagesView})
	if err != nil {
		return err
	}
	land := func(pages [][]byte) error {
		return w.group(ctx, r, position, func(tx *Tx) (n int64, err error) {
			err = withPages(ctx, tx, pages, func() error { n, err = affected(ctx, tx, parse); return err })
			return n, err
		})
	}
	if err = land(pages); isUnreadable(err) {
		if pages, err = mend(ctx, w.DB, shape, pages); err == nil {
			err = land(pages)
		}
	}
	return err
}

// group runs one group's transaction. DuckDB inserts on all cores only where the order of rows is left open.
func (w *Warehouse) group(ctx context.Context, r *Reading, position string, insert func(*Tx) (int64, error)) (err error) {
	w.landing.Lock()
	defer w.landing.Unlock()
	if _, err := w.DB.ExecContext(ctx, `set preserve_insertion_order = false`); err != nil {
		return err
	}
	defer func() {
		_, reset := w.DB.ExecContext(context.WithoutCancel(ctx), `set preserve_insertion_order = true`)
		err = errors.Join(err, reset)
	}()
	var n int64
	err = w.InTx(ctx, func(tx *Tx) error {
		if r.Pending {
			if err := r.begin(ctx, tx); err != nil {
				return err
			}
		}
		if n, err = insert(tx); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `update catalog.reading set position = $3, records = records + $4 where system = $1 and object = $2`,
			string(r.Mirror.Object.System), r.Mirror.Object.Name, position, n)
		return err
	})
	if err == nil {
		r.Position, r.Records, r.Pending = position, r.Records+n, false
	}
	return err
}

// affected runs a statement and returns how many rows it wrote.
func affected(ctx context.Context, db Conn, query string, args ...any) (int64, error) {
	result, err := db.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// parsing is what sql/parse.sql is made from.
type parsing struct {
	*Mirror
	Pages  string // the table of pages, or the CSV file as a table
	shape  Shape
	header []string // CSV: the columns the file has
}

func (p parsing) CSV() bool { return p.header != nil }

func (p parsing) Path() string  { return string(p.shape) }
func (p parsing) hubspot() bool { return p.Object.System == crm.HubSpot }
func (p parsing) Values() string {
	return map[bool]string{true: "r.properties", false: "r"}[p.hubspot()]
}
func (p parsing) Keys() string { return map[bool]string{true: "$.properties", false: "$"}[p.hubspot()] }

func (p parsing) Has(column string) bool { return slices.Contains(p.header, column) }

func (p parsing) Cast(typ, expression string) string { return cast(p.Object.System, typ, expression) }

// SystemColumns are id, stamp and tombstone as that CRM writes them.
func (p parsing) SystemColumns() string {
	if p.hubspot() {
		return `present, r.id as id, r."updatedAt" as stamp, r.archived as gone, r."archivedAt" as gone_at`
	}
	return `present, r."Id" as id, r."SystemModstamp" as stamp, r."IsDeleted" as gone, cast(null as varchar) as gone_at`
}

// Structure is a record's JSON as DuckDB is to read it.
func (p parsing) Structure() string {
	if p.hubspot() {
		s := structure([]string{"id", "updatedAt", "archived", "archivedAt"})
		return fmt.Sprintf(`%s,"properties":%s}`, s[:len(s)-1], structure(p.names()))
	}
	return structure(append([]string{"Id", "SystemModstamp", "IsDeleted"}, p.names()...))
}

func (p parsing) names() []string {
	out := make([]string, len(p.Columns))
	for i, c := range p.Columns {
		out[i] = c.Name
	}
	return out
}

// Names are the columns as a list constant; in Salesforce's CSV those the file lacks are HeaderAbsent.
func (p parsing) Names() string { return "cast(" + literals(p.names()) + " as varchar[])" }

// HeaderAbsent is the list of columns the CSV file does not have, null when it has all.
func (p parsing) HeaderAbsent() string {
	var out []string
	for _, n := range p.names() {
		if !p.Has(n) {
			out = append(out, n)
		}
	}
	if out == nil {
		return "cast(null as varchar[])"
	}
	return literals(out)
}

// Casts are the columns whose text may not fit.
func (p parsing) Casts() []MirrorColumn {
	var out []MirrorColumn
	for _, c := range p.Columns {
		if c.Type != "VARCHAR" {
			out = append(out, c)
		}
	}
	return out
}
