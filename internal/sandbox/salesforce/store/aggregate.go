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
}

// group fills a result with one row per group of the given rows.
func (b *binder) group(res *Result, rows []int32) *soql.Error {
	q := b.q
	var by []path
	for _, p := range q.GroupBy {
		bound, err := b.org.bind(q, b.object, b.user, p)
		if err != nil {
			return err
		}
		if !bound.leaf.Groupable() {
			return q.Malformed(p.At, "field '%s' can not be grouped in a query call", bound.leaf.Name)
		}
		by = append(by, bound)
	}
	measures, err := b.measures(res, by)
	if err != nil {
		return err
	}
	members := map[string][]int32{}
	var order []string
	for _, row := range rows {
		var key []string
		for _, p := range by {
			key = append(key, fold(p.value(b.org, row).String()))
		}
		k := strings.Join(key, "\x00")
		if members[k] == nil {
			order = append(order, k)
		}
		members[k] = append(members[k], row)
	}
	if len(by) == 0 {
		order, members = []string{""}, map[string][]int32{"": rows}
	}
	res.Groups = [][]Value{}
	for _, k := range order {
		var line []Value
		for _, m := range measures {
			line = append(line, m.over(b.org, members[k]))
		}
		res.Groups = append(res.Groups, line)
	}
	if err := b.sortGroups(res, measures); err != nil {
		return err
	}
	res.Groups = window(res.Groups, q.Offset, q.Limit)
	res.Total = len(res.Groups)
	return nil
}

func (b *binder) measures(res *Result, by []path) ([]measure, *soql.Error) {
	var out []measure
	for _, item := range b.q.Select {
		if item.Fields != "" {
			return nil, b.q.Malformed(item.Path.At, "The SOQL FIELDS function is not supported with GROUP BY")
		}
		p, err := b.org.bind(b.q, b.object, b.user, item.Path)
		if err != nil {
			return nil, err
		}
		name := item.Alias
		if item.Function == "" {
			if !slices.ContainsFunc(by, func(g path) bool { return g.name() == p.name() }) {
				return nil, b.q.Malformed(item.Path.At, "Field must be grouped or aggregated: %s", p.name())
			}
			if name == "" {
				name = p.leaf.Name
			}
		} else if k := p.leaf.kind(); (item.Function == "SUM" || item.Function == "AVG") && k != Number && k != Integer {
			return nil, b.q.Malformed(item.Path.At, "field %s does not support aggregate operator %s", p.leaf.Name, item.Function)
		}
		if name == "" {
			unnamed := 0
			for _, c := range res.Columns {
				if strings.HasPrefix(c, "expr") {
					unnamed++
				}
			}
			name = fmt.Sprintf("expr%d", unnamed)
		}
		out = append(out, measure{p, item.Function})
		res.Columns = append(res.Columns, name)
	}
	return out, nil
}

// over computes the measure for the rows of one group. Nulls count for nothing.
func (m measure) over(org *Org, rows []int32) Value {
	if m.function == "" {
		return m.path.value(org, rows[0])
	}
	var best Value
	var sum float64
	n := 0
	distinct := map[string]bool{}
	for _, row := range rows {
		v := m.path.value(org, row)
		if v.IsNull() {
			continue
		}
		n++
		sum += v.number
		distinct[fold(v.String())] = true
		if best.IsNull() || m.function == "MIN" && compare(v, best) < 0 || m.function == "MAX" && compare(v, best) > 0 {
			best = v
		}
	}
	switch m.function {
	case "COUNT":
		return Value{Kind: Integer, number: float64(n)}
	case "COUNT_DISTINCT":
		return Value{Kind: Integer, number: float64(len(distinct))}
	case "SUM", "AVG":
		if n == 0 {
			return Value{}
		}
		if m.function == "AVG" {
			sum /= float64(n)
		}
		return Value{Kind: Number, number: sum}
	}
	return best
}

// sortGroups orders groups by selected expressions; others cannot be sorted by.
func (b *binder) sortGroups(res *Result, measures []measure) *soql.Error {
	type key struct {
		column int
		sortKey
	}
	var keys []key
	for _, o := range b.q.OrderBy {
		p, err := b.org.bind(b.q, b.object, b.user, o.Item.Path)
		column := -1
		for i, m := range measures {
			if err == nil && m.function == o.Item.Function && m.path.name() == p.name() || len(o.Item.Path.Parts) == 1 && strings.EqualFold(res.Columns[i], o.Item.Path.Parts[0]) {
				column = i
			}
		}
		if column < 0 {
			return b.q.Malformed(o.Item.Path.At, "Ordered field must be grouped or aggregated: %s", strings.Join(o.Item.Path.Parts, "."))
		}
		keys = append(keys, key{column, sortKey{desc: o.Desc, nullsLast: o.NullsLast}})
	}
	slices.SortStableFunc(res.Groups, func(x, y []Value) int {
		for _, k := range keys {
			if c := k.compare(x[k.column], y[k.column]); c != 0 {
				return c
			}
		}
		return 0
	})
	return nil
}
