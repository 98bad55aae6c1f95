package store

import (
	"slices"
	"strings"

	"lockstep/internal/sandbox/salesforce/soql"
)

// Result is what a query found. Rows are read when they are rendered, so that a cursor is a list of row
// numbers and no copy of the records.
type Result struct {
	Object   *Object
	Total    int       // matches, LIMIT and OFFSET applied
	Columns  []string  // names as written in CSV: Owner.Email
	Compound string    // a selected compound column, which Bulk refuses; "" for none
	Rows     []int32   // of a plain query
	Groups   [][]Value // of an aggregate query, one per group

	org   *Org
	paths []path
	shape []*node
}

// binder turns the names of one query into columns.
type binder struct {
	org    *Org
	q      *soql.Query
	object *Object
	user   ID
	all    bool // deleted rows too
}

// Query runs a statement as a user. all is queryAll: deleted records are seen. tooling chooses the objects
// of the Tooling API.
func (org *Org) Query(q *soql.Query, user ID, all, tooling bool) (*Result, *soql.Error) {
	o := org.Object(q.From)
	if o == nil || o.Tooling != tooling {
		return nil, q.Invalid("INVALID_TYPE", q.FromAt, "sObject type '%s' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.", q.From)
	}
	b := &binder{org: org, q: q, object: o, user: user, all: all || q.AllRows}
	if q.Offset > 2000 {
		return nil, q.Invalid("NUMBER_OUTSIDE_VALID_RANGE", -1, "Maximum SOQL offset allowed is 2000")
	}
	res := &Result{Object: o, org: org}
	aggregate, err := b.selection(res)
	if err != nil {
		return nil, err
	}
	keys, err := b.orderKeys(aggregate)
	if err != nil {
		return nil, err
	}
	keep, err := b.compile(q.Where)
	if err != nil {
		return nil, err
	}
	candidates, sorted := b.candidates(keys)
	stop := -1 // rows after which nothing more is wanted
	if (sorted || len(keys) == 0) && !aggregate && q.Limit >= 0 {
		stop = q.Limit + q.Offset
	}
	var rows []int32
	for _, row := range candidates {
		if len(rows) == stop {
			break
		}
		if s := o.state[row]; (s == live || s == deleted && b.all) && keep(row) {
			rows = append(rows, row)
		}
	}
	if aggregate {
		return res, b.group(res, rows)
	}
	if !sorted {
		b.sort(rows, keys)
	}
	res.Rows = window(rows, q.Offset, q.Limit)
	res.Total = len(res.Rows)
	if q.Count {
		res.Rows = nil
	}
	return res, nil
}

// window cuts a list by OFFSET and LIMIT.
func window[T any](list []T, offset, limit int) []T {
	list = list[min(offset, len(list)):]
	if limit >= 0 {
		list = list[:min(limit, len(list))]
	}
	return list
}

// selection binds the SELECT list, and tells whether the query aggregates.
func (b *binder) selection(res *Result) (aggregate bool, err *soql.Error) {
	q := b.q
	aggregate = len(q.GroupBy) > 0 || slices.ContainsFunc(q.Select, func(i soql.Item) bool { return i.Function != "" })
	seen := map[string]bool{}
	add := func(p path, at int) *soql.Error {
		name := p.name()
		if seen[name] {
			return q.Invalid("INVALID_FIELD", -1, "duplicate field selected: %s", name)
		}
		seen[name] = true
		if p.leaf.Type == "address" {
			res.Compound = name
		}
		res.paths = append(res.paths, p)
		res.Columns = append(res.Columns, name)
		return nil
	}
	if aggregate {
		return true, nil // group binds its own
	}
	for _, item := range q.Select {
		if item.Alias != "" {
			return false, q.Malformed(item.Path.At, "only aggregate expressions use field aliasing")
		}
		if item.Fields == "" {
			p, err := b.org.bind(q, b.object, b.user, item.Path)
			if err == nil {
				err = add(p, item.Path.At)
			}
			if err != nil {
				return false, err
			}
			continue
		}
		if item.Fields != "STANDARD" && (q.Limit < 0 || q.Limit > 200) {
			return false, q.Malformed(item.Path.At, "The SOQL FIELDS function must have a LIMIT of at most 200")
		}
		for _, f := range b.object.Fields {
			if !b.org.Visible(b.user, f) || item.Fields == "CUSTOM" && !f.Custom || item.Fields == "STANDARD" && f.Custom {
				continue
			}
			if err := add(path{from: b.object, leaf: f}, item.Path.At); err != nil {
				return false, err
			}
		}
	}
	res.shape = shape(res.paths)
	return false, nil
}

// sortKey is one column of ORDER BY.
type sortKey struct {
	path      path
	desc      bool
	nullsLast bool
}

func (b *binder) orderKeys(aggregate bool) ([]sortKey, *soql.Error) {
	var keys []sortKey
	if aggregate {
		return nil, nil
	}
	for _, o := range b.q.OrderBy {
		if o.Item.Function != "" || o.Item.Fields != "" || o.Item.Alias != "" {
			return nil, b.q.Malformed(o.Item.Path.At, "ORDER BY can not use an aggregate here")
		}
		p, err := b.org.bind(b.q, b.object, b.user, o.Item.Path)
		if err != nil {
			return nil, err
		}
		if !p.leaf.Sortable() {
			return nil, b.q.Malformed(o.Item.Path.At, "field '%s' can not be sorted in a query call", p.leaf.Name)
		}
		keys = append(keys, sortKey{p, o.Desc, o.NullsLast})
	}
	return keys, nil
}

// sort orders rows by the keys; rows that tie keep the order they have.
func (b *binder) sort(rows []int32, keys []sortKey) {
	if len(keys) == 0 {
		return
	}
	slices.SortStableFunc(rows, func(x, y int32) int {
		for _, k := range keys {
			if c := k.compare(k.path.value(b.org, x), k.path.value(b.org, y)); c != 0 {
				return c
			}
		}
		return 0
	})
}

// compare orders two values; nulls come first unless asked otherwise, whatever the direction.
func (k sortKey) compare(a, b Value) int {
	if a.IsNull() || b.IsNull() {
		c := 0
		switch {
		case a.IsNull() && b.IsNull():
		case a.IsNull():
			c = -1
		default:
			c = 1
		}
		if k.nullsLast {
			return -c
		}
		return c
	}
	if k.desc {
		return -compare(a, b)
	}
	return compare(a, b)
}

// semiJoin runs the query inside IN ( … ) and collects its one column.
func (b *binder) semiJoin(sub *soql.Query, f *Field, at soql.Path) (map[string]bool, *soql.Error) {
	if f.kind() != Ref || len(sub.Select) != 1 || sub.Select[0].Function != "" || len(sub.Select[0].Path.Parts) != 1 {
		return nil, b.q.Malformed(at.At, "The left operand '%s' cannot have more than one level of relationships, and the inner select must name one id or reference field", f.Name)
	}
	res, err := b.org.Query(sub, b.user, b.all, false)
	if err != nil {
		return nil, err
	}
	if res.paths[0].leaf.kind() != Ref {
		return nil, b.q.Invalid("INVALID_FIELD", sub.Select[0].Path.At, "The inner select field '%s' cannot have an IN operator", strings.Join(sub.Select[0].Path.Parts, "."))
	}
	set := map[string]bool{}
	for _, row := range res.Rows {
		if v := res.paths[0].value(b.org, row); !v.IsNull() {
			set[memberKey(v)] = true
		}
	}
	return set, nil
}
