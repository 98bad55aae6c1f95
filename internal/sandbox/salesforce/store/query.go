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
	Nested   bool      // a child subquery or a TYPEOF is selected, which Bulk refuses
	Grouped  bool      // the query aggregates
	Rows     []int32   // of a plain query
	Groups   [][]Value // of an aggregate query, one per group

	org      *Org
	paths    []path
	measures []measure // of an aggregate query
	shape    []*node
	children []*childSet
}

// binder turns the names of one query into columns.
type binder struct {
	org    *Org
	q      *soql.Query
	object *Object
	user   ID
	all    bool // deleted rows too
	level  int  // how deep a child subquery stands
	subs   map[*soql.Query]map[string]bool
}

// Query runs a statement as a user. all is queryAll: deleted records are seen. tooling chooses the objects
// of the Tooling API.
func (org *Org) Query(q *soql.Query, user ID, all, tooling bool) (*Result, *soql.Error) {
	return org.query(q, user, all, tooling, false)
}

// Bind binds a statement without running it: its result has columns and no rows.
func (org *Org) Bind(q *soql.Query, user ID, all, tooling bool) (*Result, *soql.Error) {
	return org.query(q, user, all, tooling, true)
}

func (org *Org) query(q *soql.Query, user ID, all, tooling, check bool) (*Result, *soql.Error) {
	o := org.Object(q.From)
	if o == nil || o.Tooling != tooling || !org.Seen(user, o) {
		return nil, q.Invalid("INVALID_TYPE", q.FromAt, "sObject type '%s' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.", q.From)
	}
	b := &binder{org: org, q: q, object: o, user: user, all: all}
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
	keep, err := b.condition()
	if err != nil {
		return nil, err
	}
	var g *grouping
	if aggregate {
		if g, err = b.grouping(res); err != nil {
			return nil, err
		}
		res.Grouped = true
	}
	if check {
		return res, nil
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
		if o.shown(row, b.all) && keep(row) {
			rows = append(rows, row)
		}
	}
	if aggregate {
		g.run(res, rows)
		return res, nil
	}
	if !sorted {
		rows = b.sort(rows, keys)
	}
	res.Rows = window(rows, q.Offset, q.Limit)
	res.Total = len(res.Rows)
	if q.Count {
		res.Rows = nil
	}
	for _, c := range res.children {
		c.fill(o, res.Rows)
	}
	return res, nil
}

// Plan is how a query would find its rows.
type Plan struct {
	Object           string
	Operation        string // Index or TableScan
	Fields           []string
	Candidates, Rows int // rows looked at, rows there are
}

// Explain binds a query without running it.
func (org *Org) Explain(q *soql.Query, user ID, all, tooling bool) (Plan, *soql.Error) {
	res, err := org.Bind(q, user, all, tooling)
	if err != nil {
		return Plan{}, err
	}
	b := &binder{org: org, q: q, object: res.Object, user: user, all: all}
	rows, _ := b.candidates(nil)
	plan := Plan{Object: res.Object.Name, Operation: "TableScan", Fields: []string{}, Candidates: len(rows), Rows: res.Object.live}
	if len(rows) < res.Object.live {
		plan.Operation = "Index"
	}
	return plan, nil
}

// condition compiles WHERE and the scope.
func (b *binder) condition() (filter, *soql.Error) {
	if err := b.checkSemiJoins(b.q.Where); err != nil {
		return nil, err
	}
	keep, err := b.compile(b.q.Where)
	if err != nil {
		return nil, err
	}
	owner := b.object.Field("OwnerId")
	switch {
	case b.q.Scope == "" || b.q.Scope == "everything":
		return keep, nil
	case b.q.Scope != "mine" || owner == nil:
		return nil, b.q.Invalid("INVALID_QUERY_SCOPE", -1, "The query scope '%s' is not supported for %s", b.q.Scope, b.object.Name)
	}
	return func(row int32) bool { return owner.values.get(row).id == b.user && keep(row) }, nil
}

// window cuts a list by OFFSET and LIMIT.
func window[T any](list []T, offset, limit int) []T {
	list = list[min(offset, len(list)):]
	if limit >= 0 {
		list = list[:min(limit, len(list))]
	}
	return list
}

// maxChildren is how many child subqueries one statement may have.
const maxChildren = 20

// selection binds the SELECT list, and tells whether the query aggregates.
func (b *binder) selection(res *Result) (aggregate bool, err *soql.Error) {
	q := b.q
	if q.Having != nil && len(q.GroupBy) == 0 {
		return false, q.Malformed(-1, "HAVING needs a GROUP BY clause")
	}
	if len(q.GroupBy) > 0 || slices.ContainsFunc(q.Select, func(i soql.Item) bool { return i.Function != "" }) {
		return true, nil // grouping binds its own
	}
	if q.Count && len(q.OrderBy) > 0 {
		return false, q.Malformed(q.OrderBy[0].Item.Path.At, "ORDER BY is not allowed with COUNT()")
	}
	seen := map[string]bool{}
	for _, item := range q.Select {
		if item.Sub == nil && item.Wrap == "" && item.Alias != "" {
			return false, q.Malformed(item.Path.At, "only aggregate expressions use field aliasing")
		}
		switch {
		case item.Sub != nil:
			if len(res.children) == maxChildren {
				return false, q.Malformed(item.Path.At, "SOQL statements cannot have more than %d sub-selects", maxChildren)
			}
			set, name, err := b.child(item)
			if err != nil {
				return false, err
			}
			if seen[name] {
				return false, q.Invalid("INVALID_FIELD", -1, "duplicate field selected: %s", name)
			}
			seen[name], res.Nested = true, true
			res.children = append(res.children, set)
			res.shape = append(res.shape, &node{key: name, children: set})
		case item.TypeOf != nil:
			n, err := b.typeOf(item)
			if err != nil {
				return false, err
			}
			res.Nested = true
			res.shape = append(res.shape, n)
		case item.Fields != "":
			err = b.fields(res, item, seen)
		case item.Date != "":
			err = q.Malformed(item.Path.At, "Field must be grouped or aggregated: %s", strings.Join(item.Path.Parts, "."))
		default:
			var p path
			if p, err = b.column(item); err == nil {
				err = b.add(res, p, seen)
			}
		}
		if err != nil {
			return false, err
		}
	}
	return false, nil
}

// add takes one column into a result.
func (b *binder) add(res *Result, p path, seen map[string]bool) *soql.Error {
	name := p.name()
	if p.alias != "" {
		name = p.alias
	}
	if seen[name] {
		return b.q.Invalid("INVALID_FIELD", -1, "duplicate field selected: %s", name)
	}
	seen[name] = true
	if p.leaf.Type == "address" {
		res.Compound = name
	}
	res.paths = append(res.paths, p)
	res.Columns = append(res.Columns, name)
	res.shape = nest(res.shape, p)
	return nil
}

// fields adds what FIELDS(ALL) and its like stand for.
func (b *binder) fields(res *Result, item soql.Item, seen map[string]bool) *soql.Error {
	if item.Fields != "STANDARD" && (b.q.Limit < 0 || b.q.Limit > 200) {
		return b.q.Malformed(item.Path.At, "The SOQL FIELDS function must have a LIMIT of at most 200")
	}
	for _, f := range b.object.Fields {
		if !b.org.Visible(b.user, f) || item.Fields == "CUSTOM" && !f.Custom || item.Fields == "STANDARD" && f.Custom {
			continue
		}
		if err := b.add(res, path{from: b.object, leaf: f}, seen); err != nil {
			return err
		}
	}
	return nil
}

func (b *binder) orderKeys(aggregate bool) ([]sortKey, *soql.Error) {
	var keys []sortKey
	if aggregate {
		return nil, nil
	}
	for _, o := range b.q.OrderBy {
		if o.Item.Function != "" || o.Item.Fields != "" || o.Item.Date != "" || o.Item.Wrap == "FORMAT" {
			return nil, b.q.Malformed(o.Item.Path.At, "ORDER BY can not use a function of a column here")
		}
		p, err := b.column(o.Item)
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
