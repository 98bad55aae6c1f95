package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"lockstep/internal/crm"
)

// Conn is a database, a connection or a transaction.
type Conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// EnsureEntity makes link.<entity> and base.<entity> with a column per field of fields.sql. Tables and columns
// that exist are left alone, a field no longer named keeps its column. Calling it again changes nothing.
//
// link.<entity> has one row per pair. base.<entity> has one row per pair and side; in a field's column null is
// no base and ” is a blank. Neither has a key: DuckDB checks keys inside a transaction that moves a row, and
// link is one-to-one because load writes it so.
func EnsureEntity(ctx context.Context, db Conn, entity string, fields []string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("warehouse.EnsureEntity(%s): %w", entity, err)
		}
	}()
	if _, err := db.ExecContext(ctx, fmt.Sprintf(`create table if not exists link.%s (
		pair_id varchar not null,
		state varchar not null,        -- linked | half | held | superseded
		hubspot_object varchar, hubspot_id varchar, salesforce_object varchar, salesforce_id varchar,
		rule varchar, reason varchar,
		linked_at timestamptz not null, run_id varchar)`, ident(entity))); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, fmt.Sprintf(`create table if not exists base.%s (
		pair_id varchar not null, system varchar not null, object varchar not null, id varchar not null)`, ident(entity))); err != nil {
		return err
	}
	known, err := Columns(ctx, db, "base", entity)
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for _, c := range known {
		have[strings.ToLower(c.Name)] = true
	}
	for _, f := range fields {
		if slices.Contains(own, strings.ToLower(f)) {
			return crm.WithHint(fmt.Errorf("a field cannot be named %s", f), "base.%s has that column for itself: give the field another name in sql/%s", entity, entity)
		}
		if have[strings.ToLower(f)] {
			continue
		}
		have[strings.ToLower(f)] = true
		if _, err := db.ExecContext(ctx, fmt.Sprintf(`alter table base.%s add column %s varchar`, ident(entity), ident(f))); err != nil {
			return err
		}
	}
	return nil
}

// EnsureEntities is EnsureEntity for those entities that lack a table or a column, which one query tells.
func EnsureEntities(ctx context.Context, db Conn, fields map[string][]string) (err error) {
	defer wrap(&err, "warehouse.EnsureEntities")
	rows, err := db.QueryContext(ctx, `select table_name || '.' || lower(column_name) from duckdb_columns()
		where database_name = current_database() and schema_name = 'base'`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	have := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		have[name] = true
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, entity := range slices.Sorted(maps.Keys(fields)) {
		lacks := func(field string) bool {
			return !have[entity+"."+strings.ToLower(field)] || slices.Contains(own, strings.ToLower(field))
		}
		if !have[entity+".pair_id"] || slices.ContainsFunc(fields[entity], lacks) {
			if err := EnsureEntity(ctx, db, entity, fields[entity]); err != nil {
				return err
			}
		}
	}
	return nil
}

// own are base.<entity>'s columns that are no fields.
var own = []string{"pair_id", "system", "object", "id"}

// TableColumn is one column of a table as DuckDB has it.
type TableColumn struct{ Name, Type string }

// Columns lists the columns of schema.table in order; none when there is no such table. DuckDB is asked for that table alone:
// its list of all columns takes ten times as long.
func Columns(ctx context.Context, db Conn, schema, table string) (all []TableColumn, err error) {
	defer wrap(&err, "warehouse.Columns(%s, %s)", schema, table)
	rows, err := db.QueryContext(ctx, `select name, type from pragma_table_info(`+literal(ident(schema)+"."+ident(table))+`) order by cid`)
	if none := (*duckdb.Error)(nil); errors.As(err, &none) && none.Type == duckdb.ErrorTypeCatalog {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var c TableColumn
		if err := rows.Scan(&c.Name, &c.Type); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

// ident writes an identifier for DuckDB.
func ident(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
