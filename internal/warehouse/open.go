package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"lockstep/internal/crm"
)

//go:embed schema.sql
var schema string

// Options say how a warehouse is opened.
type Options struct {
	Path    string    // file; empty: in memory, without a lock
	RunAt   time.Time // the instant SQL reads as getvariable('run_at')
	Memory  string    // DuckDB's memory_limit, such as "2GB"; empty: DuckDB's default
	Spill   string    // DuckDB's max_temp_directory_size, such as "20GB"; empty: DuckDB's default
	Threads int       // 0: DuckDB's default

	Who     string        // the command or pipeline, for those who find the warehouse locked
	Wait    time.Duration // how long to wait for another holder; 0: not at all
	Waiting func(Holder)  // called once when a wait begins; may be nil
}

// Warehouse is one open DuckDB file and its only writer.
type Warehouse struct {
	DB      *sql.DB
	RunAt   time.Time
	Path    string
	Crashed *Holder // the process that held the file before and did not close it; nil after a clean end

	lock    *lock
	landing sync.Mutex // one object lands at a time: it takes all cores

	forgetting sync.Mutex
	forgotten  *forgotten // as it was last read; nil: not yet
}

// Open opens or creates the warehouse and its tables. Every connection it ever hands out has the
// session settings: they are per connection in DuckDB, and an unset variable reads as null in silence.
//
// ErrLocked is returned while another process holds the file. All files of the warehouse are 0600: from the first
// Open on, the process creates files for its own user alone, since DuckDB makes new ones (its log, spilled
// results) at any time and takes no mode.
func Open(ctx context.Context, o Options) (_ *Warehouse, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("warehouse.Open(%s): %w", o.Path, Cut(err))
		}
	}()
	w := &Warehouse{RunAt: o.RunAt, Path: o.Path}
	if o.Path != "" {
		ownFiles()
		if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
			return nil, err
		}
		var waited time.Duration
		if w.lock, w.Crashed, waited, err = acquire(ctx, o, time.Now()); err != nil {
			return nil, err
		}
		// A run begins when it has the warehouse: of those that waited the later one has the later instant.
		o.RunAt = o.RunAt.Add(waited)
		w.RunAt = o.RunAt
	}
	if err := w.open(ctx, o); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

func (w *Warehouse) open(ctx context.Context, o Options) error {
	boot := []string{
		`set TimeZone = 'UTC'`,
		fmt.Sprintf(`set variable run_at = timestamptz '%s'`, o.RunAt.UTC().Format("2006-01-02 15:04:05.999999+00")),
	}
	if o.Memory != "" {
		boot = append(boot, `set memory_limit = `+literal(o.Memory))
	}
	if o.Spill != "" {
		boot = append(boot, `set max_temp_directory_size = `+literal(o.Spill))
	}
	if o.Threads > 0 {
		boot = append(boot, fmt.Sprintf(`set threads = %d`, o.Threads))
	}
	found, err := w.connect(ctx, o.Path, boot)
	if err != nil {
		return unusable(err)
	}
	if o.Path != "" && found > 0 && found < Version {
		// closed, so that the copy is whole
		if err := w.DB.Close(); err != nil {
			return unusable(err)
		}
		if err := keep(o.Path, found); err != nil {
			return err
		}
		if found, err = w.connect(ctx, o.Path, boot); err != nil {
			return unusable(err)
		}
	}
	if err := migrate(ctx, w.DB, found); err != nil {
		return unusable(err)
	}
	if o.Path != "" {
		return os.Chmod(o.Path, 0o600) // a file of an earlier umask
	}
	return nil
}

// connect opens the file, and says of which version it is.
func (w *Warehouse) connect(ctx context.Context, path string, boot []string) (found int, err error) {
	connector, err := duckdb.NewConnector(path, func(c driver.ExecerContext) error {
		for _, q := range boot {
			if _, err := c.ExecContext(context.Background(), q, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	w.DB = sql.OpenDB(connector)
	if err := Functions(ctx, w.DB); err != nil {
		return 0, err
	}
	return version(ctx, w.DB)
}

// unusable adds the hint for a file DuckDB cannot read, unless there is a better one already.
func unusable(err error) error {
	var hinted *crm.Hinted
	if errors.As(err, &hinted) {
		return err
	}
	return crm.WithHint(err, "the file is damaged, not a DuckDB file, or of another DuckDB version: put it aside and restore a backup, or begin a new warehouse with an extract")
}

// Close checkpoints and closes the file, and gives the lock back.
func (w *Warehouse) Close() error {
	var err error
	if w.DB != nil {
		err = w.DB.Close()
	}
	err = errors.Join(err, w.lock.release())
	w.lock = nil
	return err
}

// Tx is a transaction and the connection it runs on, which Arrow needs.
type Tx struct {
	*sql.Tx
	conn *sql.Conn
}

// InTx runs do in one transaction: committed when it returns nil, else rolled back. An error inside a DuckDB
// transaction ends it, so do cannot go on after one.
func (w *Warehouse) InTx(ctx context.Context, do func(*Tx) error) (err error) {
	conn, err := w.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(&Tx{tx, conn}); err != nil {
		if back := tx.Rollback(); back != nil && !errors.Is(back, sql.ErrTxDone) {
			return errors.Join(err, back)
		}
		return err
	}
	return tx.Commit()
}
