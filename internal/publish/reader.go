package publish

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/duckdb/duckdb-go/v2"

	"lockstep/internal/crm"
	"lockstep/internal/warehouse"
)

// ErrNothing is returned by Open while nothing has been published.
var ErrNothing = errors.New("nothing has been published yet")

// Reader hands out the newest publication. It neither waits for a run nor keeps one waiting.
type Reader struct {
	path string

	mu      sync.Mutex
	current *edition
}

// edition is one publication that is open.
type edition struct {
	db    *sql.DB
	info  fs.FileInfo
	users int  // how many DB has handed it to, that have not released it
	last  bool // the reader has a newer one, or is closed
}

// Open opens the newest publication of a folder, which is paths.published of lockstep.yaml.
func Open(ctx context.Context, folder string) (*Reader, error) {
	r := &Reader{path: filepath.Join(folder, Database)}
	info, err := os.Stat(r.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, crm.WithHint(fmt.Errorf("%s: %w", folder, ErrNothing), "every run publishes at its end: `lockstep run nightly`, or `lockstep schedule`")
	}
	if err == nil {
		r.current, err = r.open(ctx, info)
	}
	if err != nil {
		return nil, crm.WithHint(fmt.Errorf("publish.Open(%s): %w", folder, warehouse.Cut(err)), "remove that folder's content: the next run publishes everything anew")
	}
	return r, nil
}

// DB is the newest publication. The caller releases it when it has read the rows: a publication that is not the newest
// any more is closed then. One that cannot be opened leaves the one before in its place.
func (r *Reader) DB() (*sql.DB, func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if info, err := os.Stat(r.path); err == nil && !same(info, r.current.info) {
		if newer, err := r.open(context.Background(), info); err == nil {
			r.retire()
			r.current = newer
		}
	}
	e := r.current
	e.users++
	var once sync.Once
	return e.db, func() {
		once.Do(func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			e.users--
			e.close()
		})
	}
}

// Close closes the newest publication as soon as everybody has released it.
func (r *Reader) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.retire()
}

func (r *Reader) retire() {
	r.current.last = true
	r.current.close()
}

func (e *edition) close() {
	if e.last && e.users == 0 && e.db != nil {
		_ = e.db.Close() // nothing was written
		e.db = nil
	}
}

// same: a file put in place by rename is another file, of another time.
func same(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}

// open attaches the file to a database in memory: the driver keeps one database per path in a process, and would give
// the publication before again as long as it is open.
func (r *Reader) open(ctx context.Context, info fs.FileInfo) (_ *edition, err error) {
	var more []string
	connector, err := duckdb.NewConnector("", func(c driver.ExecerContext) error {
		for _, q := range append([]string{
			`set TimeZone = 'UTC'`,
			`attach if not exists ` + text(r.path) + ` as reports (read_only)`,
			`use reports`,
			`set variable run_at = (select published_at from catalog.publication)`,
		}, more...) {
			if _, err := c.ExecContext(context.Background(), q, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	old := false
	if err = errors.Join(warehouse.Functions(ctx, db), db.PingContext(ctx)); err == nil {
		old, err = older(ctx, db)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if old {
		more = []string{`set search_path = 'reports.main,reports.plan,memory.plan'`}
		db.SetMaxIdleConns(0) // those there are do not look there
		db.SetMaxIdleConns(2)
	}
	return &edition{db: db, info: info}, nil
}

// older tells of a publication of a version that had no plan.newest. Until the next one the newest plan of all stands for
// that of each entity, beside the file, which is read only.
func older(ctx context.Context, db *sql.DB) (old bool, err error) {
	if err := db.QueryRowContext(ctx, `select count_if(view_name = 'plan') > 0 and count_if(view_name = 'newest') = 0 from duckdb_views()
		where database_name = 'reports' and schema_name = 'plan'`).Scan(&old); err != nil || !old {
		return false, err
	}
	_, err = db.ExecContext(ctx, `create schema memory.plan; create view memory.plan.newest as
		select view_name as entity, newest.plan_id
		from duckdb_views()
		cross join (select max_by(plan_id, (made_at, plan_id)) as plan_id from reports.plan.plan where pipeline is distinct from 'undo') as newest
		where database_name = 'reports' and schema_name = 'link' and newest.plan_id is not null`)
	return true, err
}
