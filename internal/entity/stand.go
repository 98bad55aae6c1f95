package entity

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/crm"
)

// Mapped is one field of an entity as the SQL has it.
type Mapped struct {
	Field, Direction, Rule, Blank string // a row of fields.sql; the rule of opt_out_wins goes both ways whatever the direction
	RefersTo, Together            string
	Winner                        bool // winner.sql names it: it may decide otherwise than the rule
	In, Out                       []Passage
}

// Passage is how a field comes from one object, or gets to one.
type Passage struct {
	Object     crm.Object
	File       string   // sql/contact/from_hubspot.contacts.sql
	Columns    []string // of the object; of another one of the same CRM with its name: deals.dealstage
	Fields     []string // out: the other fields that feed the same columns
	Crosswalks []string // by name
	Lists      []string
	Lookups    []string // tables of catalog
	Macros     []string
}

// Mapping is what fields.sql, the from and the to files of an entity say of each of its fields, in the order of fields.sql.
func (p *Project) Mapping(ctx context.Context, conn Conn, e *Entity) ([]Mapped, error) {
	all, err := e.mapped(ctx, conn)
	if err != nil {
		return nil, err
	}
	macros := map[string]bool{}
	for _, f := range p.Lib {
		macros[strings.TrimSuffix(f.Path[strings.LastIndex(f.Path, "/")+1:], ".sql")] = true
	}
	for _, f := range e.From {
		origins, err := f.Origins(ctx, conn)
		if err != nil {
			return nil, err
		}
		for i := range all {
			for _, o := range origins {
				if strings.EqualFold(o.Name, all[i].Field) {
					x := Passage{Object: f.Object, File: f.Path}
					x.take(o, macros)
					for _, s := range o.Sources {
						x.read(s)
					}
					all[i].In = append(all[i].In, x)
				}
			}
		}
	}
	for _, f := range e.To {
		origins, err := f.Origins(ctx, conn)
		if err != nil {
			return nil, err
		}
		for i := range all {
			x := Passage{Object: f.Object, File: f.Path}
			for _, o := range origins {
				if strings.EqualFold(o.Name, "pair_id") || !slices.ContainsFunc(o.Sources, func(s Source) bool { return e.says(s, all[i].Field) }) {
					continue
				}
				add(&x.Columns, o.Name)
				x.take(o, macros)
				for _, s := range o.Sources {
					if e.says(s, s.Column) && !strings.EqualFold(s.Column, all[i].Field) {
						add(&x.Fields, strings.ToLower(s.Column))
					}
				}
			}
			if len(x.Columns) > 0 {
				all[i].Out = append(all[i].Out, x)
			}
		}
	}
	return all, nil
}

// says: the source is that field of the entity itself.
func (e *Entity) says(s Source, field string) bool {
	return s.Schema == "" && strings.EqualFold(s.Table, e.Name) && strings.EqualFold(s.Column, field)
}

// take notes the tables and macros a column goes through.
func (x *Passage) take(o Origin, macros map[string]bool) {
	for _, s := range o.Sources {
		switch s.Schema {
		case "crosswalk":
			add(&x.Crosswalks, s.Table)
		case "list":
			add(&x.Lists, s.Table)
		case "catalog":
			add(&x.Lookups, s.Table)
		}
	}
	for _, c := range o.Calls {
		if macros[c] {
			add(&x.Macros, c)
		}
	}
}

// read notes a column of a mirror.
func (x *Passage) read(s Source) {
	switch {
	case s.Schema != string(x.Object.System):
	case strings.EqualFold(s.Table, x.Object.Name):
		add(&x.Columns, s.Column)
	default:
		add(&x.Columns, s.Table+"."+s.Column)
	}
}

// mapped is fields.sql.
func (e *Entity) mapped(ctx context.Context, conn Conn) (all []Mapped, err error) {
	f := *e.Fields
	rows, err := conn.QueryContext(ctx, "select field, direction, rule, coalesce(blank, 'keep'), coalesce(refers_to, ''), coalesce(together, '') from (\n"+f.Text+"\n)")
	if err != nil {
		return nil, f.Error(err, 1)
	}
	defer func() { _ = rows.Close() }() // Err has what went wrong
	for rows.Next() {
		var field, direction, rule sql.NullString
		var m Mapped
		if err := rows.Scan(&field, &direction, &rule, &m.Blank, &m.RefersTo, &m.Together); err != nil {
			return nil, f.Error(err, 1)
		}
		m.Field, m.Direction, m.Rule = field.String, direction.String, rule.String
		m.Winner = e.Winner != nil && strings.Contains(e.Winner.Text, fmt.Sprintf("'%s'", m.Field))
		all = append(all, m)
	}
	return all, rows.Err()
}
