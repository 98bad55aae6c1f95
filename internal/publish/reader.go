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
	connector, err := duckdb.NewConnector("", func(c driver.ExecerContext) error {
		for _, q := range []string{
			`set TimeZone = 'UTC'`,
			`attach if not exists ` + text(r.path) + ` as reports (read_only)`,
			`use reports`,
			`set variable run_at = (select published_at from catalog.publication)`,
		} {
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
	if err := errors.Join(warehouse.Functions(ctx, db), db.PingContext(ctx)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &edition{db: db, info: info}, nil
}
