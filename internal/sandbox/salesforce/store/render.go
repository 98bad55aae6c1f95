package store

import (
	"fmt"
	"strings"

	"lockstep/internal/sandbox/salesforce/soql"
)

// node is one key of a rendered record: a column, a record behind a reference with keys of its own, or the
// records that refer to this one.
type node struct {
	key      string
	leaf     *path
	ref      *Field
	inner    []*node
	children *childSet
	cases    map[*Object][]*node // of a TYPEOF; inner is then its ELSE
}

// shape arranges selected paths as the API nests them: in SELECT order, a parent where it is first named.
func shape(paths []path) []*node {
	var top []*node
	for _, p := range paths {
		top = nest(top, p)
	}
	return top
}

// nest adds one path to a shape.
func nest(top []*node, p path) []*node {
	level := &top
	for _, hop := range p.hops {
		var found *node
		for _, n := range *level {
			if n.ref == hop && n.cases == nil {
				found = n
			}
		}
		if found == nil {
			found = &node{key: hop.Relationship, ref: hop}
			*level = append(*level, found)
		}
		level = &found.inner
	}
	key := p.leaf.Name
	if p.alias != "" {
		key = p.alias
	}
	*level = append(*level, &node{key: key, leaf: &p})
	return top
}

// Page is how records are written: where urls begin, /services/data/v60.0, and what becomes of children that do
// not fit on a page.
type Page struct {
	Base string
	Size int                                 // records per page; 0: all
	Open func(children *Result) (url string) // the url where the children after the first page are
}

// AppendRecord writes one row of the result as JSON.
func (r *Result) AppendRecord(b []byte, i int, page Page) []byte {
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
	return r.org.appendRecord(b, r.Object, r.Rows[i], r.Object.Name, r.shape, page)
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
	for k := range r.paths {
		out = append(out, r.paths[k].value(r.org, r.Rows[i]).CSV())
	}
	return out
}

func (org *Org) appendRecord(b []byte, o *Object, row int32, kind string, shape []*node, page Page) []byte {
	b = append(b, `{"attributes":{"type":"`...)
	b = append(b, kind...)
	b = append(b, `","url":"`...)
	b = append(b, page.Base...)
	b = append(b, `/sobjects/`...)
	b = append(b, o.Name...)
	b = append(b, '/')
	b = append(b, o.ids[row].String()...)
	b = append(b, `"}`...)
	for _, n := range shape {
		b = append(b, ',', '"')
		b = append(b, n.key...)
		b = append(b, '"', ':')
		switch {
		case n.leaf != nil:
			b = n.leaf.at(o, row).AppendJSON(b)
		case n.children != nil:
			b = appendChildren(b, n.children.of(o.ids[row]), page)
		default:
			b = org.appendParent(b, o, row, n, page)
		}
	}
	return append(b, '}')
}

// appendParent writes the record behind a reference; null when there is none.
func (org *Org) appendParent(b []byte, o *Object, row int32, n *node, page Page) []byte {
	ref := o.own(n.ref)
	if ref == nil {
		return append(b, "null"...)
	}
	v := o.Value(row, ref)
	parent, at, ok := org.find(v.id)
	if v.IsNull() || !ok {
		return append(b, "null"...)
	}
	switch {
	case n.cases != nil:
		inner, chosen := n.cases[parent]
		if !chosen {
			inner = n.inner
		}
		return org.appendRecord(b, parent, at, parent.Name, inner, page)
	case n.ref.Polymorphic():
		return org.appendRecord(b, parent, at, nameObject.Name, n.inner, page)
	}
	return org.appendRecord(b, parent, at, parent.Name, n.inner, page)
}

// appendChildren writes what a child subquery found for one record; null when that is nothing.
func appendChildren(b []byte, r *Result, page Page) []byte {
	if r == nil {
		return append(b, "null"...)
	}
	end := len(r.Rows)
	if page.Size > 0 && page.Open != nil {
		end = min(end, page.Size)
	}
	b = fmt.Appendf(b, `{"totalSize":%d,"done":%t`, r.Total, end == len(r.Rows))
	if end < len(r.Rows) {
		b = append(b, `,"nextRecordsUrl":`...)
		b = AppendString(b, page.Open(r))
	}
	b = append(b, `,"records":[`...)
	for i := range end {
		if i > 0 {
			b = append(b, ',')
		}
		b = r.AppendRecord(b, i, page)
	}
	return append(b, "]}"...)
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
	return org.appendRecord(b, o, row, o.Name, s, Page{Base: base}), Found
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
