package transform

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// rows runs the from files into row_hubspot and row_salesforce.
func (r *run) rows() error {
	if err := r.rowsInto("row", r.entity.From, r.fields); err != nil {
		return err
	}
	return r.resolve("row", r.references(false))
}

// resolveOwn resolves what refers to the entity itself, once its own pairs are known.
func (r *run) resolveOwn() error { return r.resolve("row", r.references(true)) }

// rowsInto runs from files into <name>_hubspot and <name>_salesforce: one row per record, every field as text.
// A field that the object's file does not select, or that is made of a column not yet read for all records or
// no longer returned, is absent.
func (r *run) rowsInto(name string, from []entity.ObjectFile, fields []Field) error {
	for _, s := range crm.Systems {
		var cols strings.Builder
		for _, f := range fields {
			fmt.Fprintf(&cols, ", %s varchar", entity.Quote(f.Name))
		}
		if _, err := r.conn.ExecContext(r.ctx, fmt.Sprintf(`create or replace temp table %s_%s (object varchar, id varchar, modified_at timestamptz,
			modified_by varchar, in_scope boolean, deleted boolean, told_on boolean, superseded_by_object varchar, superseded_by varchar%s)`, name, s, cols.String())); err != nil {
			return err
		}
	}
	for _, f := range from {
		if err := r.rowsOf(name, f, fields); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) rowsOf(name string, f entity.ObjectFile, fields []Field) error {
	text, lacking, err := r.text(f)
	if err != nil {
		return err
	}
	values, err := r.values(f, text, lacking, fields)
	if err != nil {
		return err
	}
	table := name + "_" + string(f.Object.System)
	if any, err := r.some(string(f.Object.System) + "." + entity.Quote(f.Object.Name)); err != nil || !any {
		return errors.Join(err, r.checkRecords(f, table)) // bound, so that a mistake in it shows, and not run
	}
	if _, err = r.conn.ExecContext(r.ctx, "insert into "+table+" select "+values+" from (\n"+text+"\n)"); err != nil {
		return f.Error(err, 1)
	}
	return r.checkRecords(f, table)
}

// values is the select list that makes a row of what a from file says, whose text over a mirror is text.
func (r *run) values(f entity.ObjectFile, text string, lacking []string, fields []Field) (string, error) {
	said, types, err := r.describe("select * from (\n" + text + "\n)")
	if err != nil {
		return "", f.Error(err, 1)
	}
	if err := checkSaid(f.File, said, fields); err != nil {
		return "", err
	}
	unread, err := r.unread(f)
	if err != nil {
		return "", err
	}
	values := []string{literal(f.Object.Name), "id::varchar"}
	for _, c := range []struct{ name, cast, none string }{
		{"modified_at", "timestamptz", "null"}, {"modified_by", "varchar", "null"}, {"in_scope", "boolean", "true"},
		{"deleted", "boolean", "false"}, {"told_on", "boolean", "true"}, {"superseded_by_object", "varchar", "null"}, {"superseded_by", "varchar", "null"},
	} {
		switch {
		case c.name == "in_scope" && slices.Contains(r.hidden, f.Object):
			values = append(values, "false")
		case slices.Contains(said, c.name):
			values = append(values, fmt.Sprintf("coalesce(%s::%s, %s)", c.name, c.cast, c.none))
		default:
			values = append(values, c.none)
		}
	}
	s, err := r.statement(f.File)
	if err != nil {
		return "", err
	}
	for _, x := range fields {
		at := slices.IndexFunc(said, func(n string) bool { return strings.EqualFold(n, x.Name) })
		switch {
		case at < 0:
			values = append(values, "chr(57344)")
		case s.MadeOf(x.Name, unread), s.Lacks(x.Name, lacking):
			values = append(values, "chr(57344)")
		default:
			values = append(values, fmt.Sprintf("nullif(%s, '')", x.Unmapped.In(entity.Canonical(entity.Quote(said[at]), types[said[at]]))))
		}
	}
	return strings.Join(values, ", "), nil
}

// text is a from file as it runs over the mirror, and the optional columns that this org does not have.
func (r *run) text(f entity.ObjectFile) (string, []string, error) {
	mirror := string(f.Object.System) + "." + entity.Quote(f.Object.Name)
	lacking, err := f.Lacking(r.ctx, r.conn, mirror)
	if err != nil || len(lacking) == 0 {
		return f.Text, nil, err
	}
	text, err := f.Over(r.ctx, r.conn, mirror)
	return text, lacking, err
}

// checkSaid refuses a from file without an id or with a column that fields.sql does not name.
func checkSaid(f entity.File, said []string, fields []Field) error {
	if !slices.Contains(said, "id") {
		return crm.WithHint(fmt.Errorf("%s: no column id", f.Path), "a from file gives id, modified_at and our fields")
	}
	for _, n := range said {
		if !slices.Contains(reserved, n) && !slices.ContainsFunc(fields, func(x Field) bool { return strings.EqualFold(x.Name, n) }) {
			return crm.WithHint(fmt.Errorf("%s: field %q is not in fields.sql", f.Path, n), "add a row to fields.sql that says where %s may flow, or drop the column", n)
		}
	}
	return nil
}

// checkRecords refuses a from file that leaves records out or gives one twice; one that makes events of its records may leave
// records out, but each id must begin with a record's.
func (r *run) checkRecords(f entity.ObjectFile, table string) error {
	var rows, ids, records int64
	mirror := string(f.Object.System) + "." + entity.Quote(f.Object.Name)
	err := r.conn.QueryRowContext(r.ctx, "select count(*), count(distinct id), (select count(*) from "+mirror+") from "+table+" where object = $1", f.Object.Name).Scan(&rows, &ids, &records)
	if err != nil {
		return f.Error(err, 0)
	}
	if rows != ids {
		return crm.WithHint(fmt.Errorf("%s: %d rows for %d records: a record stands twice or without id", f.Path, rows, ids), "a from file gives one row per record; look for a join that finds several rows")
	}
	if f.Events() {
		return r.checkEvents(f, table, mirror)
	}
	if rows != records {
		return crm.WithHint(fmt.Errorf("%s: %d rows, but the mirror has %d records", f.Path, rows, records), "a from file gives every record; say in_scope = false for those that are not to be sent")
	}
	return nil
}

// checkEvents refuses ids that do not begin with a record's, and a to file: there is no record that it could write.
func (r *run) checkEvents(f entity.ObjectFile, table, mirror string) error {
	if to, ok := r.entity.ToOf(f.Object); ok {
		return crm.WithHint(fmt.Errorf("%s: %s makes several rows of a record: nothing can be written to one of them", to.Path, f.Path),
			"take the file away, or the line `-- several rows per record`")
	}
	var stray string
	switch err := r.conn.QueryRowContext(r.ctx, "select id from "+table+" where object = $1 and (not contains(id, '-') or split_part(id, '-', 1) not in (select id from "+mirror+")) limit 1",
		f.Object.Name).Scan(&stray); {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return f.Error(err, 0)
	}
	return crm.WithHint(fmt.Errorf("%s: the id %s is not that of a record of %s, a dash and something more", f.Path, stray, f.Object),
		"with `-- several rows per record` what stands behind the dash tells a row from the record's others")
}

// unread lists the object's columns, lower case, whose values in the mirror cannot be relied on.
func (r *run) unread(f entity.ObjectFile) ([]string, error) {
	return r.strings1(`select lower(name) from catalog.column where system = $1 and object = $2 and (state = 'vanished' or (extracted and not complete))`,
		string(f.Object.System), f.Object.Name)
}

// statement is the parse of a file of today's project, or of the kept one.
func (r *run) statement(f entity.File) (*entity.Statement, error) {
	if s := r.parsed.Statement(f); s != nil && r.parsed.Has(f) {
		return s, nil
	}
	return f.Parse(r.ctx, r.conn)
}
