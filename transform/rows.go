package transform

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
)

// rows runs the from files into row_hubspot and row_salesforce.
func (r *run) rows() error { return r.rowsInto("row", r.entity.From, r.fields) }

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
			modified_by varchar, in_scope boolean, deleted boolean, superseded_by_object varchar, superseded_by varchar%s)`, name, s, cols.String())); err != nil {
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
	if _, err := r.conn.ExecContext(r.ctx, "create or replace temp table said as select * from (\n"+f.Text+"\n)"); err != nil {
		return f.Error(err, 1)
	}
	said, types, err := r.describe("said")
	if err != nil {
		return err
	}
	if err := checkSaid(f.File, said, fields); err != nil {
		return err
	}
	if err := r.checkRecords(f); err != nil {
		return err
	}
	unread, err := r.unread(f)
	if err != nil {
		return err
	}
	values := []string{literal(f.Object.Name), "id::varchar"}
	for _, c := range []struct{ name, cast, none string }{
		{"modified_at", "timestamptz", "null"}, {"modified_by", "varchar", "null"}, {"in_scope", "boolean", "true"},
		{"deleted", "boolean", "false"}, {"superseded_by_object", "varchar", "null"}, {"superseded_by", "varchar", "null"},
	} {
		if slices.Contains(said, c.name) {
			values = append(values, fmt.Sprintf("coalesce(%s::%s, %s)", c.name, c.cast, c.none))
		} else {
			values = append(values, c.none)
		}
	}
	s, err := r.statement(f.File)
	if err != nil {
		return err
	}
	for _, x := range fields {
		at := slices.IndexFunc(said, func(n string) bool { return strings.EqualFold(n, x.Name) })
		switch {
		case at < 0:
			values = append(values, "chr(57344)")
		case slices.ContainsFunc(s.Feeds(x.Name), func(c string) bool { return slices.Contains(unread, c) }):
			values = append(values, "chr(57344)")
		default:
			values = append(values, fmt.Sprintf("nullif(%s, '')", entity.Canonical(entity.Quote(said[at]), types[said[at]])))
		}
	}
	_, err = r.conn.ExecContext(r.ctx, fmt.Sprintf("insert into %s_%s select %s from said", name, f.Object.System, strings.Join(values, ", ")))
	if err != nil {
		return f.Error(err, 0)
	}
	return nil
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

// checkRecords refuses a from file that leaves records out or gives one twice.
func (r *run) checkRecords(f entity.ObjectFile) error {
	var rows, ids, records int64
	mirror := string(f.Object.System) + "." + entity.Quote(f.Object.Name)
	err := r.conn.QueryRowContext(r.ctx, "select count(*), count(distinct id), (select count(*) from "+mirror+") from said").Scan(&rows, &ids, &records)
	if err != nil {
		return f.Error(err, 0)
	}
	if rows != ids {
		return crm.WithHint(fmt.Errorf("%s: %d rows for %d records: a record stands twice or without id", f.Path, rows, ids), "a from file gives one row per record; look for a join that finds several rows")
	}
	if rows != records {
		return crm.WithHint(fmt.Errorf("%s: %d rows, but the mirror has %d records", f.Path, rows, records), "a from file gives every record; say in_scope = false for those that are not to be sent")
	}
	return nil
}

// unread lists the object's columns, lower case, whose values in the mirror cannot be relied on.
func (r *run) unread(f entity.ObjectFile) ([]string, error) {
	return r.strings1(`select lower(name) from catalog.column where system = $1 and object = $2 and (state = 'vanished' or (extracted and not complete))`,
		string(f.Object.System), f.Object.Name)
}

// oldMapping returns the mapping the bases were made with, nil when there is none yet or it is today's.
func (r *run) oldMapping() (*entity.Project, error) {
	today := r.parsed.MappingText()
	for path, text := range today {
		if _, err := r.conn.ExecContext(r.ctx, `insert into plan.mapping values ($1, $2, $3)`, r.o.PlanID, path, text); err != nil {
			return nil, fmt.Errorf("transform.oldMapping: %w", err)
		}
	}
	rows, err := r.conn.QueryContext(r.ctx, `select path, text from catalog.mapping`)
	if err != nil {
		return nil, fmt.Errorf("transform.oldMapping: %w", err)
	}
	defer func() { _ = rows.Close() }()
	kept, same := map[string]string{}, true
	for rows.Next() {
		var path, text string
		if err := rows.Scan(&path, &text); err != nil {
			return nil, err
		}
		kept[path] = text
		same = same && today[path] == text
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if len(kept) == 0 || same && len(kept) == len(today) {
		return nil, nil
	}
	old, err := entity.FromMapping(kept)
	if err != nil {
		return nil, crm.WithHint(fmt.Errorf("the mapping kept in the warehouse cannot be read: %w", err), "plan with --resync for the fields of the entity, so that they are treated as a first link")
	}
	return old, nil
}

// oldRows runs the entity's kept from files over today's mirrors, so that an edited mapping is not taken for
// edited data.
func (r *run) oldRows(old *entity.Project) error {
	r.edited = false
	if old == nil {
		return nil
	}
	e, ok := old.Entity(r.entity.Name)
	if !ok {
		return nil
	}
	if err := old.Install(r.ctx, r.conn); err != nil {
		return r.cannotRunOld(err)
	}
	var fields []Field
	for _, f := range e.From {
		s, err := f.Parse(r.ctx, r.conn)
		if err != nil {
			return r.cannotRunOld(err)
		}
		for _, n := range s.Output {
			if !slices.Contains(reserved, n) && !slices.ContainsFunc(fields, func(x Field) bool { return x.Name == n }) {
				fields = append(fields, Field{Name: n})
			}
		}
	}
	if err := r.rowsInto("old", e.From, fields); err != nil {
		return r.cannotRunOld(err)
	}
	r.edited = true
	return nil
}

func (r *run) cannotRunOld(err error) error {
	var h *crm.Hinted
	if errors.As(err, &h) {
		err = h.Err
	}
	return crm.WithHint(fmt.Errorf("the mapping was edited, and its earlier text no longer runs: %w", err),
		"the earlier text tells an edited mapping from edited data; put back what it needs for one run, or remove the entity's rows from catalog.mapping to treat every difference as an edit")
}

// statement is the parse of a file of today's project, or of the kept one.
func (r *run) statement(f entity.File) (*entity.Statement, error) {
	if s := r.parsed.Statement(f); s != nil && r.parsed.Has(f) {
		return s, nil
	}
	return f.Parse(r.ctx, r.conn)
}
