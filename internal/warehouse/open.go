package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

//go:embed schema.sql
var schema string

// Options say how a warehouse is opened.
type Options struct {
	Path    string    // file; empty: in memory
	RunAt   time.Time // the instant SQL reads as getvariable('run_at')
	Memory  string    // DuckDB's memory_limit, such as "2GB"; empty: DuckDB's default
	Threads int       // 0: DuckDB's default
}

// Warehouse is one open DuckDB file and its only writer.
type Warehouse struct {
	DB    *sql.DB
	RunAt time.Time
	Path  string
}

// Open opens or creates the warehouse and its tables. Every connection it ever hands out has the
// session settings: they are per connection in DuckDB, and an unset variable reads as null in silence.
func Open(ctx context.Context, o Options) (_ *Warehouse, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("warehouse.Open(%s): %w", o.Path, err)
		}
	}()
	if o.Path != "" {
		if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
			return nil, err
		}
	}
	boot := []string{
		`set TimeZone = 'UTC'`,
		fmt.Sprintf(`set variable run_at = timestamptz '%s'`, o.RunAt.UTC().Format("2006-01-02 15:04:05.999999+00")),
	}
	if o.Memory != "" {
		boot = append(boot, fmt.Sprintf(`set memory_limit = '%s'`, o.Memory))
	}
	if o.Threads > 0 {
		boot = append(boot, fmt.Sprintf(`set threads = %d`, o.Threads))
	}
	connector, err := duckdb.NewConnector(o.Path, func(c driver.ExecerContext) error {
		for _, q := range boot {
			if _, err := c.ExecContext(context.Background(), q, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	w := &Warehouse{DB: sql.OpenDB(connector), RunAt: o.RunAt, Path: o.Path}
	if _, err := w.DB.ExecContext(ctx, schema); err != nil {
		_ = w.DB.Close()
		return nil, err
	}
	return w, nil
}

// Close checkpoints and closes the file.
func (w *Warehouse) Close() error { return w.DB.Close() }
