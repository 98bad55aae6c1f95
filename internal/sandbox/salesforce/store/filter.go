package store

import "lockstep/internal/sandbox/salesforce/soql"

// filter decides whether a row is wanted.
type filter func(row int32) bool

// compile turns a condition into a filter.
func (b *binder) compile(e soql.Expr) (filter, *soql.Error) {
	switch e := e.(type) {
	case nil:
		return func(int32) bool { return true }, nil
	case soql.And:
		parts, err := b.compileAll(e)
		return func(row int32) bool {
			for _, p := range parts {
				if !p(row) {
					return false
				}
			}
			return true
		}, err
	case soql.Or:
		parts, err := b.compileAll(e)
		return func(row int32) bool {
			for _, p := range parts {
				if p(row) {
					return true
				}
			}
			return false
		}, err
	case soql.Not:
		inner, err := b.compile(e.Expr)
		return func(row int32) bool { return !inner(row) }, err
	case soql.Compare:
		return b.comparison(e)
	case soql.In:
		return b.membership(e)
	}
	return nil, b.q.Malformed(-1, "unexpected condition")
}

func (b *binder) compileAll(parts []soql.Expr) ([]filter, *soql.Error) {
	out := make([]filter, len(parts))
	for i, e := range parts {
		f, err := b.compile(e)
		if err != nil {
			return nil, err
		}
		out[i] = f
	}
	return out, nil
}

func (b *binder) filterable(item soql.Item) (path, *soql.Error) {
	p, err := b.column(item)
	if err != nil {
		return p, err
	}
	if !p.leaf.Filterable() || p.leaf.Type == "address" {
		return p, b.q.Invalid("INVALID_FIELD", item.Path.At, "field '%s' can not be filtered in a query call", p.leaf.Name)
	}
	return p, nil
}

func (b *binder) comparison(c soql.Compare) (filter, *soql.Error) {
	p, err := b.filterable(c.Left)
	if err != nil {
		return nil, err
	}
	test, err := b.compareTo(&p, p.kind(), c)
	if err != nil {
		return nil, err
	}
	org := b.org
	return func(row int32) bool { return test(p.value(org, row)) }, nil
}

// compareTo is the test that a comparison puts a value to.
func (b *binder) compareTo(p *path, k Kind, c soql.Compare) (func(Value) bool, *soql.Error) {
	at := c.Left.Path.At
	if c.Op == "LIKE" {
		if k == Ref {
			return nil, b.q.Invalid("INVALID_QUERY_FILTER_OPERATOR", at, "invalid operator on id field")
		}
		if k != Text || c.Value.Kind != soql.Text {
			return nil, b.q.Invalid("INVALID_QUERY_FILTER_OPERATOR", at, "invalid operator")
		}
		match := like(c.Value.Text)
		return func(v Value) bool { return !v.IsNull() && match(v.text) }, nil
	}
	lo, hi, err := b.operand(p, k, at, c.Value)
	if err != nil {
		return nil, err
	}
	if k == Boolean && c.Op != "=" && c.Op != "!=" {
		return nil, b.q.Invalid("INVALID_QUERY_FILTER_OPERATOR", at, "invalid operator on boolean field")
	}
	if lo.IsNull() {
		switch c.Op {
		case "=":
			return Value.IsNull, nil
		case "!=":
			return func(v Value) bool { return !v.IsNull() }, nil
		}
		return func(Value) bool { return false }, nil
	}
	if p.exact(k) && (c.Op == "=" || c.Op == "!=") {
		return func(v Value) bool { return (v.text == lo.text) == (c.Op == "=") }, nil
	}
	return holds(c.Op, lo, hi), nil
}

// exact tells whether texts are compared letter by letter: in a unique field that is case-sensitive.
func (p *path) exact(k Kind) bool { return k == Text && p.leaf.CaseMatters && p.wrap == "" }

// holds is the test "value op [lo, hi]": a single literal has lo = hi, a named stretch of days does not.
func holds(op string, lo, hi Value) func(Value) bool {
	return func(v Value) bool {
		if v.IsNull() {
			return op == "!=" // what is null is not equal to anything
		}
		switch op {
		case "=":
			return compare(v, lo) >= 0 && compare(v, hi) <= 0
		case "!=":
			return compare(v, lo) < 0 || compare(v, hi) > 0
		case "<":
			return compare(v, lo) < 0
		case "<=":
			return compare(v, hi) <= 0
		case ">":
			return compare(v, hi) > 0
		}
		return compare(v, lo) >= 0
	}
}
