package transform

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// mappedTables are made for every report that asks for one of them; their grain and columns are documented in the README.
const mappedTables = `
drop schema if exists mapped cascade;
create schema mapped;
create table mapped._field (entity varchar, field varchar, direction varchar, rule varchar, blank varchar, refers_to varchar, "together" varchar, position integer);
create table mapped._record (entity varchar, system varchar, object varchar, id varchar, pair_id varchar, state varchar, label varchar,
	modified_at timestamptz, in_scope boolean, deleted boolean, superseded boolean);
create table mapped._coverage (entity varchar, system varchar, object varchar, field varchar, records bigint, filled bigint, unknown bigint, absent bigint);
create table mapped._difference (entity varchar, pair_id varchar, field varchar, hubspot varchar, salesforce varchar,
	hubspot_waits varchar, salesforce_waits varchar, hubspot_base varchar, salesforce_base varchar)`

// Map puts the records of both CRMs into the project's own words, for the reports that ask for them. It makes the schema
// mapped anew; Unmap takes it away.
//
//	mapped.<entity>     one row per record of the entities of wide: system, object, id, pair_id (of a linked pair), modified_at, in_scope,
//	                    deleted, superseded_by, and every field as text; what is blank or unknown is null, a reference is the id in its own CRM
//	mapped._record      one row per record of every entity: its pair, the pair's state, a label
//	mapped._field       one row per field of fields.sql
//	mapped._coverage    one row per object and field: live records, and in how many the field is filled, unknown (no translation) or absent
//	mapped._difference  one row per linked pair and field that is not the same on both sides: the values ('' is blank, null is what
//	                    waits), what a side waits for, and both bases ('' is blank, null is none)
func Map(ctx context.Context, conn warehouse.Conn, p *entity.Project, wide []string) error {
	parsed, err := p.Parse(ctx, conn)
	if err != nil {
		return err
	}
	r := &run{ctx: ctx, conn: conn, parsed: parsed, rules: map[string][]Field{}, tied: map[string]bool{}}
	for _, s := range crm.Systems {
		names, err := warehouse.Hidden(ctx, conn, s)
		if err != nil {
			return fmt.Errorf("transform.Map: %w", err)
		}
		for _, n := range names {
			r.hidden = append(r.hidden, crm.Object{System: s, Name: n})
		}
	}
	if _, err := conn.ExecContext(ctx, mappedTables); err != nil {
		return fmt.Errorf("transform.Map: %w", err)
	}
	names, err := r.ordered()
	if err != nil {
		return err
	}
	if err := r.ensure(); err != nil {
		return err
	}
	for _, name := range names {
		r.entity, _ = parsed.Entity(name)
		r.fields = r.rules[name]
		if err := r.mapOne(slices.Contains(wide, name)); err != nil {
			return err
		}
	}
	return nil
}

// Unmap takes away what Map has made.
func Unmap(ctx context.Context, conn warehouse.Conn) error {
	if _, err := conn.ExecContext(ctx, `drop schema if exists mapped cascade`); err != nil {
		return fmt.Errorf("transform.Unmap: %w", err)
	}
	return nil
}

func (r *run) mapOne(wide bool) error {
	if err := r.rowsInto("said", r.entity.From, r.fields); err != nil {
		return err
	}
	for _, f := range r.fields {
		if f.RefersTo == "" {
			continue
		}
		if err := r.tie(f.RefersTo); err != nil {
			return err
		}
	}
	err := r.query("mapped.sql", map[string]any{"Wide": wide, "Label": r.label(), "Known": strings.Join(known(r.fields), ", ")})
	_, gone := r.conn.ExecContext(r.ctx, "drop table said_hubspot; drop table said_salesforce")
	if err != nil {
		return err // in a transaction it has ended, the other one follows from it
	}
	return errors.Join(err, gone)
}

// known are the rows of fields.sql, for SQL.
func known(fields []Field) (rows []string) {
	for i, f := range fields {
		refers, unit := "null", "null"
		if f.RefersTo != "" {
			refers = literal(f.RefersTo)
		}
		if f.Unit != f.Name {
			unit = literal(f.Unit)
		}
		rows = append(rows, fmt.Sprintf("(%s, %s, %s, %s, %s, %s, %d)", literal(f.Name), literal(f.Direction), literal(f.Rule), literal(f.Blank), refers, unit, i+1))
	}
	return rows
}
