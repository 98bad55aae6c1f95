// Package ask owns what waits for a person's word: fields whose values nobody but he can choose between, because their rule
// is to ask or because they are frozen, and records that match.sql could not decide on, which a rule names and nothing
// links, or which are held apart. It lists both, over the warehouse or its publication, and notes in an entity's same_as.csv
// whether two records are one; the next run links them, or leaves them apart. An answer about a field is load.Decide's.
package ask

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"lockstep/internal/entity"
)

//go:embed queries/*.sql
var files embed.FS

var queries = template.Must(template.New("").Funcs(template.FuncMap{
	"id":  entity.Quote,
	"str": func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" },
}).ParseFS(files, "queries/*.sql"))

// Reader is a warehouse or a publication.
type Reader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// linkedTables are the entities that have pairs.
func linkedTables(ctx context.Context, db Reader, p *entity.Project) (names []string, err error) {
	known, err := tables(ctx, db, "link")
	for _, e := range p.Entities {
		if slices.Contains(known, e.Name) {
			names = append(names, e.Name)
		}
	}
	return names, err
}

// tables are the names of a schema's tables and views.
func tables(ctx context.Context, db Reader, schema string) (names []string, err error) {
	rows, err := db.QueryContext(ctx, `select table_name from information_schema.tables where table_catalog = current_database() and table_schema = $1`, schema)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err has what went wrong
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// query fills in one file of queries/ and reads its rows.
func query(ctx context.Context, db Reader, file string, data any, args []any, each func(*sql.Rows) error) error {
	var b strings.Builder
	if err := queries.ExecuteTemplate(&b, file, data); err != nil {
		return fmt.Errorf("queries/%s: %w", file, err)
	}
	rows, err := db.QueryContext(ctx, b.String(), args...)
	if err != nil {
		return fmt.Errorf("queries/%s: %w", file, err)
	}
	defer func() { _ = rows.Close() }() // Err has what went wrong
	for rows.Next() {
		if err := each(rows); err != nil {
			return fmt.Errorf("queries/%s: %w", file, err)
		}
	}
	return rows.Err()
}

func wrap(err *error, what string) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", what, *err)
	}
}
