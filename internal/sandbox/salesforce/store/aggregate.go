package store

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/sandbox/salesforce/soql"
)

// measure is one selected expression of an aggregate query: a grouped column or a function over rows.
type measure struct {
	path     path
	function string
	display  string // as the query says it: COUNT(Id)
}

// grouping is an aggregate query, bound.
type grouping struct {
	b        *binder
	by       []path
	measures []measure
	having   func(rows []int32) bool
	keys     []groupKey
}

// groupKey is one column of ORDER BY over groups.
type groupKey struct {
	measure measure
	sortKey
}

// grouping binds GROUP BY, HAVING, ORDER BY and the SELECT list of an aggregate query.
func (b *binder) grouping(res *Result) (*grouping, *soql.Error) {
	q := b.q
	if q.Count {
		return nil, q.Malformed(q.FromAt, "COUNT() is not allowed with GROUP BY: use COUNT(Id)")
	}
	if q.Limit >= 0 && len(q.GroupBy) == 0 {
		return nil, q.Malformed(-1, "LIMIT is not allowed with an aggregate function and no GROUP BY")
	}
	g := &grouping{b: b}
	for _, item := range q.GroupBy {
		bound, err := b.column(item)
		if err != nil {
			return nil, err
		}
		if bound.date == "" && !bound.leaf.Groupable() {
			return nil, q.Malformed(item.Path.At, "field '%s' can not be grouped in a query call", bound.leaf.Name)
		}
		g.by = append(g.by, bound)
	}
	if err := g.columns(res); err != nil {
		return nil, err
	}
	var err *soql.Error
	g.having = func([]int32) bool { return true }
	if q.Having != nil {
		if g.having, err = g.condition(q.Having); err != nil {
			return nil, err
		}
	}
	return g, g.order(res)
}

// columns binds the SELECT list.
func (g *grouping) columns(res *Result) *soql.Error {
	q := g.b.q
	unnamed := 0
	for _, item := range q.Select {
		if item.Fields != "" || item.Sub != nil || item.TypeOf != nil {
			return q.Malformed(item.Path.At, "FIELDS, TYPEOF and sub-selects are not supported with aggregate functions and GROUP BY")
		}
		m, err := g.measure(item)
		if err != nil {
			return err
		}
		name := item.Alias
		switch {
		case name != "":
		case m.function == "" && m.path.date == "":
			name = m.path.leaf.Name
		default:
			name = fmt.Sprintf("expr%d", unnamed)
			unnamed++
		}
		if slices.ContainsFunc(res.Columns, func(c string) bool { return strings.EqualFold(c, name) }) {
			return q.Malformed(item.Path.At, "duplicate alias: %s", name)
		}
		g.measures = append(g.measures, m)
		res.Columns = append(res.Columns, name)
	}
	res.measures = g.measures
	return nil
}

// measure binds one expression: an aggregate, or something that is grouped by.
func (g *grouping) measure(item soql.Item) (measure, *soql.Error) {
	q := g.b.q
	p, err := g.b.column(item)
	if err != nil {
		return measure{}, err
	}
	m := measure{path: p, function: item.Function, display: p.name()}
	if item.Function == "" {
		plain := p
		plain.wrap = "" // what is grouped may be shown by its label
		for i := range g.by {
			if g.by[i].same(&plain) || g.by[i].same(&p) {
				if p.date != "" {
					m.display = p.date + "(" + p.name() + ")"
				}
				return m, nil
			}
		}
		return m, q.Malformed(item.Path.At, "Field must be grouped or aggregated: %s", p.name())
	}
	m.display = item.Function + "(" + p.name() + ")"
	if !aggregatable(item.Function, p.leaf) {
		return m, q.Malformed(item.Path.At, "field %s does not support aggregate operator %s", p.leaf.Name, item.Function)
	}
	return m, nil
}

// aggregatable tells whether an aggregate may be taken of a column.
func aggregatable(function string, f *Field) bool {
	k := f.kind()
	switch function {
	case "SUM", "AVG":
		return k == Number || k == Integer
	case "COUNT":
		return f.Filterable() && k != Address
	}
	return f.Aggregatable() && k != Address
}

// run fills a result with one row per group of the given rows.
func (g *grouping) run(res *Result, rows []int32) {
	org, q := g.b.org, g.b.q
	members := map[string][]int32{}
	var order []string
	var key []byte
	for _, row := range rows {
		key = key[:0]
		for i := range g.by {
			key = append(append(key, fold(g.by[i].value(org, row).String())...), 0)
		}
		k := string(key)
		if members[k] == nil {
			order = append(order, k)
		}
		members[k] = append(members[k], row)
	}
	if len(g.by) == 0 {
		order, members = []string{""}, map[string][]int32{"": rows}
	}
	order = slices.DeleteFunc(order, func(k string) bool { return !g.having(members[k]) })
	sorted := map[string][]Value{}
	for _, k := range order {
		for i := range g.keys {
			sorted[k] = append(sorted[k], g.keys[i].measure.over(org, members[k]))
		}
	}
	slices.SortStableFunc(order, func(x, y string) int {
		for i, k := range g.keys {
			if c := k.compare(sorted[x][i], sorted[y][i]); c != 0 {
				return c
			}
		}
		return 0
	})
	res.Groups = [][]Value{}
	for _, k := range window(order, q.Offset, q.Limit) {
		var line []Value
		for i := range g.measures {
			line = append(line, g.measures[i].over(org, members[k]))
		}
		res.Groups = append(res.Groups, line)
	}
	res.Total = len(res.Groups)
}

// over computes the measure for the rows of one group. Nulls count for nothing.
func (m *measure) over(org *Org, rows []int32) Value {
	if m.function == "" {
		return m.path.value(org, rows[0])
	}
	p := m.path
	p.wrap = ""
	var best Value
	var sum float64
	n := 0
	distinct := map[string]bool{}
	for _, row := range rows {
		v := p.value(org, row)
		if v.IsNull() {
			continue
		}
		n++
		switch m.function {
		case "SUM", "AVG":
			sum += v.number
		case "COUNT_DISTINCT":
			distinct[fold(v.String())] = true
		case "MIN":
			if best.IsNull() || compare(v, best) < 0 {
				best = v
			}
		case "MAX":
			if best.IsNull() || compare(v, best) > 0 {
				best = v
			}
		}
	}
	switch m.function {
	case "COUNT":
		best = Value{Kind: Integer, number: float64(n)}
	case "COUNT_DISTINCT":
		best = Value{Kind: Integer, number: float64(len(distinct))}
	case "SUM", "AVG":
		if n == 0 {
			return Value{}
		}
		if m.function == "AVG" {
			sum /= float64(n)
		}
		best = Value{Kind: Number, number: sum}
	}
	if m.path.wrap == "FORMAT" {
		return formatted(m.path.leaf, best)
	}
	return best
}

// order binds ORDER BY: what may stand in it is what may be selected, and aliases.
func (g *grouping) order(res *Result) *soql.Error {
	for _, o := range g.b.q.OrderBy {
		item := o.Item
		column := -1
		if item.Function == "" && item.Date == "" && len(item.Path.Parts) == 1 {
			column = slices.IndexFunc(res.Columns, func(c string) bool { return strings.EqualFold(c, item.Path.Parts[0]) })
		}
		var m measure
		if column >= 0 {
			m = g.measures[column]
		} else {
			var err *soql.Error
			if m, err = g.measure(item); err != nil {
				if strings.HasPrefix(err.Message, "Field must be grouped") {
					err.Message = "Ordered field must be grouped or aggregated: " + strings.Join(item.Path.Parts, ".")
				}
				return err
			}
		}
		g.keys = append(g.keys, groupKey{m, sortKey{desc: o.Desc, nullsLast: o.NullsLast}})
	}
	return nil
}
