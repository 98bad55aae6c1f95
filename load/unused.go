package load

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/entity"
)

// unused drops the bases of fields that are off, or that fields.sql does not name any more: when they come back, what
// people did meanwhile is told from nothing, and both sides are at their first link.
func (r *run) unused(ctx context.Context, conn entity.Conn) error {
	columns, err := r.baseColumns(ctx, conn)
	if err != nil {
		return err
	}
	drop := map[string][]string{} // by entity: the columns, quoted
	var any []string
	for _, e := range r.entities {
		for _, c := range columns[e.of.Name] {
			used := slices.ContainsFunc(e.rules, func(f rule) bool { return strings.EqualFold(f.field, c) && f.direction != "off" })
			if !used {
				drop[e.of.Name] = append(drop[e.of.Name], quote(c))
			}
		}
	}
	for _, name := range keys(drop) {
		any = append(any, fmt.Sprintf("select %s as entity where exists (from base.%s where coalesce(%s) is not null)", sqlText(name), quote(name), strings.Join(drop[name], ", ")))
	}
	if len(any) == 0 {
		return nil
	}
	names, err := texts(ctx, conn, strings.Join(any, " union all "))
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("update base.%s set %s = null", quote(name), strings.Join(drop[name], " = null, "))); err != nil {
			return fmt.Errorf("dropping bases of %s: %w", name, err)
		}
	}
	return nil
}

// baseColumns are the fields that base.<entity> has a column for.
func (r *run) baseColumns(ctx context.Context, conn entity.Conn) (map[string][]string, error) {
	rows, err := conn.QueryContext(ctx, `select table_name, column_name from duckdb_columns()
		where database_name = current_database() and schema_name = 'base' and column_name not in ('pair_id', 'system', 'object', 'id')`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := map[string][]string{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			return nil, err
		}
		all[table] = append(all[table], column)
	}
	return all, rows.Err()
}

// texts reads a select of one column.
func texts(ctx context.Context, conn entity.Conn, q string, args ...any) (all []string, err error) {
	rows, err := conn.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}
