package store

import (
	"strings"

	"lockstep/internal/sandbox/salesforce/soql"
)

// node is one key of a rendered record: a column, or a record behind a reference with keys of its own.
type node struct {
	key   string
	leaf  *path
	ref   *Field
	inner []*node
}

// shape arranges selected paths as the API nests them: in SELECT order, a parent where it is first named.
func shape(paths []path) []*node {
	var top []*node
	for i := range paths {
		p := &paths[i]
		level := &top
		for _, hop := range p.hops {
			var found *node
			for _, n := range *level {
				if n.ref == hop {
					found = n
				}
			}
			if found == nil {
				found = &node{key: hop.Relationship, ref: hop}
				*level = append(*level, found)
			}
			level = &found.inner
		}
		*level = append(*level, &node{key: p.leaf.Name, leaf: &path{from: p.leaf.Object, leaf: p.leaf, ofOwner: p.ofOwner}})
	}
	return top
}

// AppendRecord writes one row of the result as JSON. base is the path that urls begin with,
// /services/data/v60.0.
func (r *Result) AppendRecord(b []byte, i int, base string) []byte {
	if r.Groups != nil {
		b = append(b, `{"attributes":{"type":"AggregateResult"}`...)
		for k, v := range r.Groups[i] {
			b = append(b, ',')
			b = AppendString(b, r.Columns[k])
			b = append(b, ':')
			b = v.AppendJSON(b)
		}
		return append(b, '}')
	}
	return r.org.appendRecord(b, r.Object, r.Rows[i], r.Object.Name, r.shape, base)
}

// Len is how many records the result has.
func (r *Result) Len() int { return max(len(r.Rows), len(r.Groups)) }

// CSV is one row of the result as text, one cell per column.
func (r *Result) CSV(i int) []string {
	var out []string
	if r.Groups != nil {
		for _, v := range r.Groups[i] {
			out = append(out, v.CSV())
		}
		return out
	}
	for _, p := range r.paths {
		out = append(out, p.value(r.org, r.Rows[i]).CSV())
	}
	return out
}

func (org *Org) appendRecord(b []byte, o *Object, row int32, kind string, shape []*node, base string) []byte {
	b = append(b, `{"attributes":{"type":"`...)
	b = append(b, kind...)
	b = append(b, `","url":"`...)
	b = append(b, base...)
	b = append(b, `/sobjects/`...)
	b = append(b, o.Name...)
	b = append(b, '/')
	b = append(b, o.ids[row].String()...)
	b = append(b, `"}`...)
	for _, n := range shape {
		b = append(b, ',', '"')
		b = append(b, n.key...)
		b = append(b, '"', ':')
		if n.leaf != nil {
			b = org.appendLeaf(b, o, row, n.leaf)
			continue
		}
		v := o.Value(row, n.ref)
		parent, at, ok := org.find(v.id)
		if v.IsNull() || !ok {
			b = append(b, "null"...)
			continue
		}
		name := parent.Name
		if n.ref.Polymorphic() {
			name = "Name"
		}
		b = org.appendRecord(b, parent, at, name, n.inner, base)
	}
	return append(b, '}')
}

func (org *Org) appendLeaf(b []byte, o *Object, row int32, p *path) []byte {
	at := *p
	at.from = o
	return at.value(org, row).AppendJSON(b)
}

// Presence says whether an id leads to a record.
type Presence string

// Where an id leads.
const (
	Found   Presence = "found"
	Deleted Presence = "deleted" // it lies in the recycle bin
	Missing Presence = "missing"
)

// Shape is a bound selection of columns.
type Shape []*node

// Selection binds column names of one object, all visible ones when names is empty.
func (org *Org) Selection(o *Object, user ID, names []string) (Shape, Errors) {
	var paths []path
	if len(names) == 0 {
		for _, f := range o.Fields {
			if org.Visible(user, f) {
				paths = append(paths, path{from: o, leaf: f})
			}
		}
		return shape(paths), nil
	}
	q := &soql.Query{}
	for _, name := range names {
		p, err := org.bind(q, o, user, soql.Path{Parts: strings.Split(name, "."), At: -1})
		if err != nil {
			return nil, Errors{{Code: err.Code, Message: err.Message}}
		}
		paths = append(paths, p)
	}
	return shape(paths), nil
}

// AppendByID writes the record of an id as JSON; nothing when it is deleted or missing.
func (org *Org) AppendByID(b []byte, o *Object, id ID, s Shape, base string) ([]byte, Presence) {
	row, ok := o.row(id)
	switch {
	case !ok:
		return b, Missing
	case o.state[row] == deleted:
		return b, Deleted
	}
	return org.appendRecord(b, o, row, o.Name, s, base), Found
}

// Holding lists the live records in which a column holds a value given as text, in id order.
func (o *Object) Holding(f *Field, text string) []ID {
	v, err := parse(f, text)
	if err != nil || v.IsNull() {
		return nil
	}
	if f.Type == "id" {
		if row, ok := o.row(v.id); ok && o.state[row] == live {
			return []ID{v.id}
		}
		return nil
	}
	var out []ID
	for _, row := range f.holders(v) {
		out = append(out, o.ids[row])
	}
	return out
}

// Label is what users see over a column of the result.
func (r *Result) Label(i int) string {
	if r.Groups != nil {
		return r.Columns[i]
	}
	return r.paths[i].leaf.Label
}
