// Package match owns what match.sql could not decide: pairs of records that a rule names and nothing links, and pairs
// that are held apart. It lists them, and takes a person's answer, which is a line of the entity's same_as.csv; the next
// run links, or leaves apart, what the line says.
package match

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"lockstep/internal/crm"
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

// Match is two records of which a person may say whether they are one.
type Match struct {
	Entity              string
	HubSpot, Salesforce crm.Record
	Taken               crm.System // whose record has another partner: they can be told apart, not linked; empty: neither's
	Held                bool       // they were a pair once: undone, or one of them had an older pair
	Why                 string     // the rule that names them, or why they are held
}

// List lists what waits for a person's word, by entity and HubSpot's record, without what p's same_as.csv answers already.
func List(ctx context.Context, db Reader, p *entity.Project) (all []Match, err error) {
	defer wrap(&err, "match.List")
	known, err := tables(ctx, db, "link")
	if err != nil {
		return nil, err
	}
	var linked []string
	for _, e := range p.Entities {
		if !e.Set() && slices.Contains(known, e.Name) {
			linked = append(linked, e.Name)
		}
	}
	err = query(ctx, db, "open.sql", map[string]any{"Linked": linked}, nil, func(r *sql.Rows) error {
		m := Match{HubSpot: crm.Record{Object: crm.Object{System: crm.HubSpot}}, Salesforce: crm.Record{Object: crm.Object{System: crm.Salesforce}}}
		var here, there bool
		var rank sql.NullInt64
		if err := r.Scan(&m.Entity, &m.HubSpot.Object.Name, &m.HubSpot.ID, &here, &m.Salesforce.Object.Name, &m.Salesforce.ID, &there, &m.Held, &m.Why, &rank); err != nil {
			return err
		}
		switch {
		case here:
			m.Taken = crm.HubSpot
		case there:
			m.Taken = crm.Salesforce
		}
		e, ok := p.Entity(m.Entity)
		if !ok {
			return nil
		}
		if _, said := e.Said(m.HubSpot, m.Salesforce); !said {
			all = append(all, m)
		}
		return nil
	})
	return all, err
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

// Reason is why somebody should look, for him to read.
func (m Match) Reason() string {
	switch {
	case m.Held:
		return "held apart: " + m.Why
	case m.Taken != "":
		return fmt.Sprintf("%s; the %s record has a pair", m.Why, m.Taken)
	}
	return m.Why
}
