package store

import (
	"strings"

	"lockstep/internal/sandbox/salesforce/soql"
)

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

func (b *binder) filterable(p soql.Path) (path, *soql.Error) {
	bound, err := b.org.bind(b.q, b.object, b.user, p)
	if err != nil {
		return bound, err
	}
	if !bound.leaf.Filterable() || bound.leaf.Type == "address" {
		return bound, b.q.Invalid("INVALID_FIELD", p.At, "field '%s' can not be filtered in a query call", bound.leaf.Name)
	}
	return bound, nil
}

func (b *binder) comparison(c soql.Compare) (filter, *soql.Error) {
	p, err := b.filterable(c.Path)
	if err != nil {
		return nil, err
	}
	org, f := b.org, p.leaf
	if c.Op == "LIKE" {
		if f.kind() == Ref {
			return nil, b.q.Invalid("INVALID_QUERY_FILTER_OPERATOR", c.Path.At, "invalid operator on id field")
		}
		if f.kind() != Text || c.Value.Kind != soql.Text {
			return nil, b.q.Invalid("INVALID_QUERY_FILTER_OPERATOR", c.Path.At, "invalid operator")
		}
		match := like(c.Value.Text)
		return func(row int32) bool {
			v := p.value(org, row)
			return !v.IsNull() && match(v.text)
		}, nil
	}
	lo, hi, err := b.operand(f, c.Path, c.Value)
	if err != nil {
		return nil, err
	}
	if f.kind() == Boolean && c.Op != "=" && c.Op != "!=" {
		return nil, b.q.Invalid("INVALID_QUERY_FILTER_OPERATOR", c.Path.At, "invalid operator on boolean field")
	}
	if lo.IsNull() {
		switch c.Op {
		case "=":
			return func(row int32) bool { return p.value(org, row).IsNull() }, nil
		case "!=":
			return func(row int32) bool { return !p.value(org, row).IsNull() }, nil
		}
		return func(int32) bool { return false }, nil
	}
	test := holds(c.Op, lo, hi)
	return func(row int32) bool { return test(p.value(org, row)) }, nil
}

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

// operand turns a literal into the values it means for a column, or says why it cannot stand there.
func (b *binder) operand(f *Field, at soql.Path, v soql.Value) (lo, hi Value, err *soql.Error) {
	one := func(x Value) (Value, Value, *soql.Error) { return x, x, nil }
	if v.Kind == soql.Null {
		return Value{}, Value{}, nil
	}
	wrong := func(kind, quotes string) (Value, Value, *soql.Error) {
		return Value{}, Value{}, b.q.Invalid("INVALID_FIELD", at.At, "value of filter criterion for field '%s' must be of type %s and should %sbe enclosed in quotes", f.Name, kind, quotes)
	}
	switch f.kind() {
	case Text:
		if v.Kind != soql.Text {
			return wrong("string", "")
		}
		return one(textValue(v.Text))
	case Ref:
		if v.Kind != soql.Text {
			return wrong("ID", "")
		}
		if v.Text == "" {
			return Value{}, Value{}, nil
		}
		id, ok := ParseID(v.Text)
		if !ok {
			return Value{}, Value{}, b.q.Invalid("INVALID_QUERY_FILTER_OPERATOR", at.At, "invalid ID field: %s", v.Text)
		}
		return one(refValue(id))
	case Number, Integer:
		if v.Kind != soql.Number {
			return wrong("double", "not ")
		}
		return one(Value{Kind: f.kind(), number: v.Number})
	case Boolean:
		if v.Kind != soql.Boolean {
			return wrong("boolean", "not ")
		}
		return one(boolValue(v.Bool))
	}
	name := map[Kind]string{Date: "date", DateTime: "dateTime"}[f.kind()]
	if v.Kind == soql.Named {
		from, to, _ := v.Days(b.org.Now())
		last := to.Unix() - 1
		if f.kind() == Date {
			last = to.AddDate(0, 0, -1).Unix()
		}
		return Value{Kind: f.kind(), n: from.Unix()}, Value{Kind: f.kind(), n: last}, nil
	}
	if string(v.Kind) != name {
		return wrong(name, "not ")
	}
	return one(Value{Kind: f.kind(), n: v.Time.Unix()})
}

func (b *binder) membership(in soql.In) (filter, *soql.Error) {
	p, err := b.filterable(in.Path)
	if err != nil {
		return nil, err
	}
	org, f := b.org, p.leaf
	multi := in.Op == "INCLUDES" || in.Op == "EXCLUDES"
	if multi != (f.Type == "multipicklist") && (multi || in.Op == "INCLUDES") {
		return nil, b.q.Invalid("INVALID_QUERY_FILTER_OPERATOR", in.Path.At, "invalid operator on field %s", f.Name)
	}
	var tests []func(Value) bool
	set := map[string]bool{} // texts and ids, by the thousand
	null := false
	if in.Sub != nil {
		if set, err = b.semiJoin(in.Sub, f, in.Path); err != nil {
			return nil, err
		}
	}
	for _, v := range in.Values {
		lo, hi, err := b.operand(f, in.Path, v)
		switch {
		case err != nil:
			return nil, err
		case lo.IsNull():
			null = true
		case lo.Kind == Text || lo.Kind == Ref:
			set[memberKey(lo)] = true
		default:
			tests = append(tests, holds("=", lo, hi))
		}
	}
	want := in.Op == "IN" || in.Op == "INCLUDES"
	return func(row int32) bool {
		v := p.value(org, row)
		hit := v.IsNull() && null
		if multi && !v.IsNull() {
			hit = includes(v.text, in.Values)
		} else if !v.IsNull() {
			hit = set[memberKey(v)]
			for _, test := range tests {
				hit = hit || test(v)
			}
		}
		return hit == want
	}, nil
}

func memberKey(v Value) string {
	if v.Kind == Ref {
		return string(v.id[:])
	}
	return fold(v.text)
}

// includes tells whether a multi-select value holds one of the wanted ones; "A;B" wants both.
func includes(have string, wanted []soql.Value) bool {
	held := map[string]bool{}
	for _, s := range strings.Split(have, ";") {
		held[fold(s)] = true
	}
	for _, w := range wanted {
		all := true
		for _, s := range strings.Split(w.Text, ";") {
			all = all && held[fold(s)]
		}
		if all {
			return true
		}
	}
	return false
}

// like compiles a pattern: % is any text, _ one character, a backslash takes either literally.
func like(pattern string) func(string) bool {
	type step struct {
		r    rune
		any  bool // _
		many bool // %
	}
	var steps []step
	escaped := false
	for _, r := range fold(pattern) {
		switch {
		case escaped:
			steps, escaped = append(steps, step{r: r}), false
		case r == '\\':
			escaped = true
		default:
			steps = append(steps, step{r: r, any: r == '_', many: r == '%'})
		}
	}
	return func(s string) bool {
		text := []rune(fold(s))
		i, j := 0, 0
		star, mark := -1, 0 // where the last % stands, and how much of the text it has taken
		for i < len(text) {
			switch {
			case j < len(steps) && steps[j].many:
				star, mark = j, i
				j++
			case j < len(steps) && (steps[j].any || steps[j].r == text[i]):
				i++
				j++
			case star >= 0:
				mark++
				i, j = mark, star+1
			default:
				return false
			}
		}
		for j < len(steps) && steps[j].many {
			j++
		}
		return j == len(steps)
	}
}
