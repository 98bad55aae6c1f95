package export

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
)

// Execer is a database that writes files of its own.
type Execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// WriteParquet writes what query finds to path, through DuckDB: whole or not at all. query is ours, and holds no value of
// a CRM. It returns how many rows there were.
func WriteParquet(ctx context.Context, db Execer, query, path string) (int, error) {
	part := path + ".part"
	done, err := db.ExecContext(ctx, "copy (\n"+query+"\n) to '"+strings.ReplaceAll(part, "'", "''")+"' (format parquet, compression zstd)")
	if err != nil {
		_ = os.Remove(part) // what is left of it
		return 0, fmt.Errorf("export.WriteParquet(%s): %w", path, err)
	}
	if err := os.Rename(part, path); err != nil {
		return 0, fmt.Errorf("export.WriteParquet(%s): %w", path, err)
	}
	n, err := done.RowsAffected()
	return int(n), err
}
