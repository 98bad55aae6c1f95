package warehouse

import (
	"context"
	"database/sql"
	"fmt"

	"lockstep/internal/crm"
)

// Version is the version of the tables in schema.sql. It goes up when a table changes in a way that
// `create … if not exists` does not bring about; a step in migrate then brings older files up.
const Version = 4

// steps bring a file of the version that is their key up to the next one, after schema.sql has run; none: schema.sql did.
var steps = map[int]string{
	1: `alter table plan.plan add column if not exists undoes varchar`,
	2: `alter table history.refusal add column if not exists predicted boolean default false; alter table outbox add column if not exists job varchar`,
}

// version is what the file says of itself: 0 for a new one. A file that is not lockstep's, or that a newer program
// wrote, is refused before anything touches it.
func version(ctx context.Context, db Conn) (found int, err error) {
	var known bool
	if err := db.QueryRowContext(ctx, `select count(*) > 0 from duckdb_tables()
		where database_name = current_database() and schema_name = 'catalog' and table_name = 'version'`).Scan(&known); err != nil {
		return 0, err
	}
	if !known {
		var others int
		if err := db.QueryRowContext(ctx, `select count(*) from duckdb_tables() where database_name = current_database()`).Scan(&others); err != nil {
			return 0, err
		}
		if others > 0 {
			return 0, crm.WithHint(fmt.Errorf("this DuckDB file has %d tables that are not lockstep's", others),
				"name another path for the warehouse in lockstep.yaml: it wants a file of its own")
		}
		return 0, nil
	}
	if err := db.QueryRowContext(ctx, `select coalesce(max(version), 0) from catalog.version`).Scan(&found); err != nil {
		return 0, err
	}
	if found > Version {
		return 0, crm.WithHint(fmt.Errorf("the warehouse has version %d, this program writes version %d", found, Version),
			"use the lockstep that wrote it, or a newer one")
	}
	return found, nil
}

// migrate makes the tables, in a new file or in one of an older version. It is one transaction: a file is of one
// version or of the next.
func migrate(ctx context.Context, db *sql.DB, found int) (err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it has nothing to do
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return err
	}
	if found < Version {
		for from := found; from > 0 && from < Version; from++ {
			if steps[from] == "" {
				continue
			}
			if _, err := tx.ExecContext(ctx, steps[from]); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `delete from catalog.version`); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `insert into catalog.version values ($1)`, Version); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// keep copies the file of an older version to <path>.v<version> before it is brought up to this one. A copy cut
// short by a crash is not there: it gets its name when it is whole.
func keep(path string, found int) (err error) {
	defer func() {
		if err != nil {
			err = crm.WithHint(fmt.Errorf("the warehouse has version %d, and could not be copied before it is brought to version %d: %w", found, Version, err),
				"it was not touched; the copy needs as much room on the disk as the warehouse")
		}
	}()
	return duplicate(path, fmt.Sprintf("%s.v%d", path, found))
}
