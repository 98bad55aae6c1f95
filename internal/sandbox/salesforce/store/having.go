package store

import "lockstep/internal/sandbox/salesforce/soql"

// condition turns HAVING into a test of the rows of a group.
func (g *grouping) condition(e soql.Expr) (func([]int32) bool, *soql.Error) {
	switch e := e.(type) {
	case soql.And:
		parts, err := g.conditions(e)
		return func(rows []int32) bool {
			for _, p := range parts {
				if !p(rows) {
					return false
				}
			}
			return true
		}, err
	case soql.Or:
		parts, err := g.conditions(e)
		return func(rows []int32) bool {
			for _, p := range parts {
				if p(rows) {
					return true
				}
			}
			return false
		}, err
	case soql.Not:
		inner, err := g.condition(e.Expr)
		return func(rows []int32) bool { return !inner(rows) }, err
	case soql.Compare:
		return g.test(e.Left, func(m *measure) (func(Value) bool, *soql.Error) { return g.b.compareTo(&m.path, m.kind(), e) })
	case soql.In:
		if e.Sub != nil {
			break
		}
		return g.test(e.Left, func(m *measure) (func(Value) bool, *soql.Error) { return g.b.memberOf(&m.path, m.kind(), e) })
	}
	return nil, g.b.q.Malformed(-1, "Semi join sub-selects are not allowed in HAVING")
}

func (g *grouping) conditions(parts []soql.Expr) ([]func([]int32) bool, *soql.Error) {
	var out []func([]int32) bool
	for _, e := range parts {
		f, err := g.condition(e)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// test holds one expression of a group against what the condition says.
func (g *grouping) test(left soql.Item, compile func(*measure) (func(Value) bool, *soql.Error)) (func([]int32) bool, *soql.Error) {
	m, err := g.measure(left)
	if err != nil {
		return nil, err
	}
	test, err := compile(&m)
	if err != nil {
		return nil, err
	}
	return func(rows []int32) bool { return test(m.over(g.b.org, rows)) }, nil
}

// kind is what the measure's values are.
func (m *measure) kind() Kind {
	switch m.function {
	case "COUNT", "COUNT_DISTINCT":
		return Integer
	case "SUM", "AVG":
		return Number
	}
	return m.path.kind()
}
