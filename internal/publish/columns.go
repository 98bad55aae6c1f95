package publish

import (
	"context"
	"slices"
	"strings"

	"lockstep/internal/warehouse"
)

// schemas are those whose tables are published.
var schemas = []string{"history", "link", "base", "plan", "catalog", "crosswalk", "list", "hubspot", "salesforce", "report"}

// kept are tables of those schemas that only the program has a use for, and the plans' copies of sql/.
var kept = []string{"catalog.mapping", "catalog.installed", "catalog.described", "plan.mapping"}

// source is a table of the warehouse as it is published.
type source struct {
	schema, name string
	rows         int64 // about as many
	columns      []Column
	read         []string // per column, what to select so that every engine has a type for it
}

func (s *source) title() string { return s.schema + "." + s.name }

// from is the table's name in SQL, in the warehouse and in the publication.
func (s *source) from() string { return quote(s.schema) + "." + quote(s.name) }

// list is the select list.
func (s *source) list() string { return strings.Join(s.read, ", ") }

func (s *source) has(column string) bool {
	return slices.ContainsFunc(s.columns, func(c Column) bool { return c.Name == column })
}

// key is what tells the rows of a table apart that grows with the CRMs; nil: it is published whole.
func (s *source) key() []string {
	switch {
	case s.schema == "link":
		return []string{"pair_id"}
	case s.schema == "base":
		return []string{"pair_id", "system"}
	case s.has("_landed_at") && s.has("Id"):
		return []string{"Id"}
	case s.has("_landed_at") && s.has("id"):
		return []string{"id"}
	}
	return nil
}

// sources are the warehouse's tables, in the order of their names.
func sources(ctx context.Context, conn warehouse.Conn) ([]*source, error) {
	rows, err := conn.QueryContext(ctx, `
		select c.schema_name, c.table_name, c.column_name, c.data_type, t.estimated_size
		from duckdb_columns() as c
		join duckdb_tables() as t using (table_oid, schema_name, table_name)
		where c.database_name = current_database() and t.database_name = current_database() and not t.temporary
			and list_contains($1::varchar[], c.schema_name) and not list_contains($2::varchar[], c.schema_name || '.' || c.table_name)
		order by c.schema_name, c.table_name, c.column_index`, schemas, kept)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []*source
	for rows.Next() {
		var schema, table, column, typ string
		var size int64
		if err := rows.Scan(&schema, &table, &column, &typ, &size); err != nil {
			return nil, err
		}
		if n := len(all); n == 0 || all[n-1].schema != schema || all[n-1].name != table {
			all = append(all, &source{schema: schema, name: table, rows: size})
		}
		s := all[len(all)-1]
		read, as := portable(column, typ)
		s.columns, s.read = append(s.columns, Column{column, as}), append(s.read, read)
	}
	return all, rows.Err()
}

// portable is how a column is read so that Parquet holds a type that every engine knows, and that type.
func portable(name, typ string) (read, as string) {
	q := quote(name)
	switch {
	case typ == "HUGEINT" || typ == "UHUGEINT":
		as = "DECIMAL(38,0)"
	case typ == "UBIGINT":
		as = "DECIMAL(20,0)"
	case typ == "UINTEGER":
		as = "BIGINT"
	case typ == "USMALLINT" || typ == "UTINYINT":
		as = "INTEGER"
	case typ == "TIMESTAMP_NS" || typ == "TIMESTAMP_MS" || typ == "TIMESTAMP_S":
		as = "TIMESTAMP"
	case strings.HasPrefix(typ, "ENUM(") || strings.HasPrefix(typ, "UNION(") || slices.Contains([]string{"UUID", "INTERVAL", "JSON", "BIT", "TIME", "TIME WITH TIME ZONE", "VARIANT", "BIGNUM", `"NULL"`}, typ):
		as = "VARCHAR"
	default:
		return q, typ
	}
	return "cast(" + q + " as " + as + ") as " + q, as
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func text(s string) string { return `'` + strings.ReplaceAll(s, `'`, `''`) + `'` }
