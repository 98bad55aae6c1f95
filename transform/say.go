package transform

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"lockstep/internal/crm"
	"lockstep/internal/entity"
	"lockstep/internal/warehouse"
)

// Said is one record as its from file says it.
type Said struct {
	Record      crm.Record
	ModifiedAt  *time.Time // by the CRM's own clock
	ModifiedBy  string
	InScope     bool
	Deleted     bool
	SuccessorOf *crm.Record      // the record it goes on as: a survivor of a merge, a converted lead's contact
	Fields      map[string]Value // by field, all of fields.sql
}

// Value is one field of a record.
type Value struct {
	Text   string // as the two sides are compared; of a reference the id in its own CRM; blank is empty
	Absent bool   // the record's file does not say the field, or cannot yet
	Waits  string // what it is absent for, where that is known: a text without a translation, or "company 201"
	Pair   string // of a reference: the pair that it is compared as
}

// Rules reads an entity's fields.sql.
func Rules(ctx context.Context, conn warehouse.Conn, parsed *entity.Parsed, name string) ([]Field, error) {
	r := &run{ctx: ctx, conn: conn, parsed: parsed}
	var ok bool
	if r.entity, ok = parsed.Entity(name); !ok {
		return nil, crm.WithHint(fmt.Errorf("no entity %q in sql/", name), "entities are folders of sql/")
	}
	return r.readFields()
}

// Say runs the from file of a record's object for that record alone, as it stands in the mirror of a warehouse or a
// publication. It is nil where the mirror does not have the record.
func Say(ctx context.Context, conn warehouse.Conn, parsed *entity.Parsed, name string, record crm.Record) (*Said, error) {
	r := &run{ctx: ctx, conn: conn, parsed: parsed}
	fields, err := Rules(ctx, conn, parsed, name)
	if err != nil {
		return nil, err
	}
	r.entity, _ = parsed.Entity(name)
	f, ok := r.entity.FromOf(record.Object)
	if !ok {
		return nil, fmt.Errorf("sql/%s has no file for %s", name, record.Object)
	}
	for _, s := range crm.Systems {
		names, err := warehouse.Hidden(ctx, conn, s)
		if err != nil {
			return nil, fmt.Errorf("transform.Say(%s): %w", record.Object, err)
		}
		for _, n := range names {
			r.hidden = append(r.hidden, crm.Object{System: s, Name: n})
		}
	}
	text, lacking, err := r.text(f)
	if err != nil {
		return nil, err
	}
	values, err := r.values(f, text, lacking, fields)
	if err != nil {
		return nil, err
	}
	said, err := r.said(record, "select "+values+" from (\n"+text+"\n) where id = $1", fields)
	if err != nil {
		return nil, f.Error(err, 1)
	}
	if said == nil {
		return nil, nil
	}
	for _, x := range fields {
		if v := said.Fields[x.Name]; x.RefersTo != "" && !v.Absent && v.Text != "" {
			if said.Fields[x.Name], err = r.follow(record.Object.System, x, v); err != nil {
				return nil, err
			}
		}
	}
	return said, nil
}

func (r *run) said(record crm.Record, query string, fields []Field) (*Said, error) {
	s := &Said{Record: record, Fields: map[string]Value{}}
	var object, id string
	var by, nextObject, next sql.NullString
	var toldOn bool
	texts := make([]sql.NullString, len(fields))
	into := []any{&object, &id, &s.ModifiedAt, &by, &s.InScope, &s.Deleted, &toldOn, &nextObject, &next}
	for i := range texts {
		into = append(into, &texts[i])
	}
	switch err := r.conn.QueryRowContext(r.ctx, query, record.ID).Scan(into...); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	s.ModifiedBy = by.String
	if next.Valid {
		s.SuccessorOf = &crm.Record{Object: crm.Object{System: record.Object.System, Name: nextObject.String}, ID: next.String}
	}
	const absent = "\ue000"
	for i, x := range fields {
		v := Value{Text: texts[i].String}
		if waits, ok := strings.CutPrefix(v.Text, absent); ok {
			v = Value{Absent: true, Waits: waits}
		}
		s.Fields[x.Name] = v
	}
	return s, nil
}

// follow finds the pair that a reference points to.
func (r *run) follow(system crm.System, f Field, v Value) (Value, error) {
	columns, err := warehouse.Columns(r.ctx, r.conn, "link", f.RefersTo)
	if err == nil && len(columns) == 0 {
		return Value{Absent: true, Waits: f.RefersTo + " " + v.Text}, nil
	}
	if err != nil {
		return v, err
	}
	err = r.conn.QueryRowContext(r.ctx, "select pair_id from link."+entity.Quote(f.RefersTo)+" where state = 'linked' and "+string(system)+"_id = $1", v.Text).Scan(&v.Pair)
	if errors.Is(err, sql.ErrNoRows) {
		return Value{Absent: true, Waits: f.RefersTo + " " + v.Text}, nil
	}
	return v, err
}
