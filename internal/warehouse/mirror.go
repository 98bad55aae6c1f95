package warehouse

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
)

// Mirror is a CRM object's table: hubspot.contacts, salesforce."Lead".
type Mirror struct {
	Object  crm.Object
	Columns []MirrorColumn // without the id and the columns of ours
}

// MirrorColumn is a column of a CRM in a mirror.
type MirrorColumn struct {
	Name string // the CRM's spelling
	Type string // DuckDB's
}

// ownColumns are in every mirror besides the id.
var ownColumns = []TableColumn{
	{"_modified_at", "TIMESTAMP WITH TIME ZONE"}, // lastmodifieddate, SystemModstamp
	{"_deleted", "BOOLEAN"},                      // archived, IsDeleted, or, without _deleted_at, no longer returned
	{"_deleted_at", "TIMESTAMP WITH TIME ZONE"},
	{"_landed_at", "TIMESTAMP WITH TIME ZONE"}, // when a value of the row last became different
}

// ID is how the object's id column is spelled.
func (m *Mirror) ID() string {
	if m.Object.System == crm.Salesforce {
		return "Id"
	}
	return "id"
}

// Table is the mirror's name in SQL.
func (m *Mirror) Table() string { return ident(string(m.Object.System)) + "." + ident(m.Object.Name) }

// Staging is the name of the table its rows are staged in.
func (m *Mirror) Staging() string { return "staging." + ident(m.Object.String()) }

// Extractable says whether a column can be in a mirror: it has a single value, and no name of the mirror's own.
func Extractable(system crm.System, c crm.Column) bool {
	name := strings.ToLower(c.Name)
	return Type(system, c.Type) != "" && name != "id" && !slices.ContainsFunc(ownColumns, func(o TableColumn) bool { return o.Name == name })
}

// EnsureMirror makes the object's mirror, with these columns, or adds those it lacks. A column whose type in the
// CRM has become another is converted, and values that do not fit become null. Columns no longer asked for stay.
func EnsureMirror(ctx context.Context, db Conn, o crm.Object, columns []crm.Column) (_ *Mirror, err error) {
	defer wrap(&err, "warehouse.EnsureMirror(%s)", o)
	m := MirrorOf(o, columns)
	have, err := Columns(ctx, db, string(o.System), o.Name)
	if err != nil {
		return nil, err
	}
	if len(have) == 0 {
		define, err := statement("mirror.sql", m)
		if err != nil {
			return nil, err
		}
		_, err = db.ExecContext(ctx, define)
		return m, err
	}
	for _, c := range m.Columns {
		i := slices.IndexFunc(have, func(h TableColumn) bool { return strings.EqualFold(h.Name, c.Name) })
		change := ""
		switch {
		case i < 0:
			change = fmt.Sprintf("alter table %s add column %s %s", m.Table(), ident(c.Name), c.Type)
		case have[i].Type != c.Type:
			change = fmt.Sprintf("alter table %s alter column %s type %s using try_cast(%[2]s as %[3]s)", m.Table(), ident(have[i].Name), c.Type)
		default:
			continue
		}
		if _, err := db.ExecContext(ctx, change); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// MirrorOf is the mirror that an object has with these columns.
func MirrorOf(o crm.Object, columns []crm.Column) *Mirror {
	m := &Mirror{Object: o}
	for _, c := range columns {
		if Extractable(o.System, c) {
			m.Columns = append(m.Columns, MirrorColumn{c.Name, Type(o.System, c.Type)})
		}
	}
	return m
}

// structure is the JSON structure that DuckDB reads a record by: everything as text.
func structure(names []string) string {
	fields := map[string]string{}
	for _, n := range names {
		fields[n] = "VARCHAR"
	}
	b, err := json.Marshal(fields)
	if err != nil {
		panic(err) // a map of texts
	}
	return string(b)
}

// wrap puts what was being done in front of *err, and cuts what DuckDB would quote.
func wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), Cut(*err))
	}
}
