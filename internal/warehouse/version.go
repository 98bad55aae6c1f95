package warehouse

import (
	"context"
	"fmt"

	"lockstep/internal/crm"
)

// Version is the version of the tables in schema.sql. It goes up when a table changes in a way that
// `create … if not exists` does not bring about; a step in migrate then brings older files up.
const Version = 1

// migrate makes the tables, in a new file or in one of an older version, and refuses files of a newer one before
// it touches them.
func migrate(ctx context.Context, db Conn) error {
	var known bool
	if err := db.QueryRowContext(ctx, `select count(*) > 0 from duckdb_tables()
		where database_name = current_database() and schema_name = 'catalog' and table_name = 'version'`).Scan(&known); err != nil {
		return err
	}
	var found, others int
	if known {
		if err := db.QueryRowContext(ctx, `select coalesce(max(version), 0) from catalog.version`).Scan(&found); err != nil {
			return err
		}
	} else if err := db.QueryRowContext(ctx, `select count(*) from duckdb_tables() where database_name = current_database()`).Scan(&others); err != nil {
		return err
	}
	if others > 0 {
		return crm.WithHint(fmt.Errorf("this DuckDB file has %d tables that are not lockstep's", others),
			"name another path for the warehouse in lockstep.yaml: it wants a file of its own")
	}
	if found > Version {
		return crm.WithHint(fmt.Errorf("the warehouse has version %d, this program writes version %d", found, Version),
			"use the lockstep that wrote it, or a newer one")
	}
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return err
	}
	if found == Version {
		return nil
	}
	if _, err := db.ExecContext(ctx, `delete from catalog.version`); err != nil {
		return err
	}
	_, err := db.ExecContext(ctx, `insert into catalog.version values ($1)`, Version)
	return err
}
