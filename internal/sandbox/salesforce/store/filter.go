package store

import (
	"strings"
	"time"

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

// operand turns a literal into the values it means for a column, or says why it cannot stand there.
func (b *binder) operand(p *path, k Kind, at int, v soql.Value) (lo, hi Value, err *soql.Error) {
	one := func(x Value) (Value, Value, *soql.Error) { return x, x, nil }
	if v.Kind == soql.Null {
		return Value{}, Value{}, nil
	}
	wrong := func(kind, quotes string) (Value, Value, *soql.Error) {
		return Value{}, Value{}, b.q.Invalid("INVALID_FIELD", at, "value of filter criterion for field '%s' must be of type %s and should %sbe enclosed in quotes", p.leaf.Name, kind, quotes)
	}
	switch k {
	case Text:
		if p.leaf.Type == "time" && p.wrap == "" {
			clock, ok := parseTime(v.Text)
			if v.Kind != soql.Clock || !ok {
				return wrong("time", "not ")
			}
			return one(textValue(clock))
		}
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
			return Value{}, Value{}, b.q.Invalid("INVALID_QUERY_FILTER_OPERATOR", at, "invalid ID field: %s", v.Text)
		}
		return one(refValue(id))
	case Number, Integer:
		if v.Kind != soql.Number {
			return wrong(map[Kind]string{Number: "double", Integer: "int"}[k], "not ")
		}
		return one(Value{Kind: k, number: v.Number})
	case Boolean:
		if v.Kind != soql.Boolean {
			return wrong("boolean", "not ")
		}
		return one(boolValue(v.Bool))
	}
	kind := map[Kind]string{Date: "date", DateTime: "dateTime"}[k]
	if v.Kind == soql.Named {
		from, to, _ := v.Days(b.org.Now().In(b.zone()))
		if k == Date {
			first, last := dayOf(from), dayOf(to.AddDate(0, 0, -1))
			return Value{Kind: k, n: first}, Value{Kind: k, n: last}, nil
		}
		return Value{Kind: k, n: from.Unix()}, Value{Kind: k, n: to.Unix() - 1}, nil
	}
	if string(v.Kind) != kind {
		return wrong(kind, "not ")
	}
	return one(Value{Kind: k, n: v.Time.Unix()})
}

// dayOf is the calendar day of an instant as dates are held: its midnight in UTC.
func dayOf(t time.Time) int64 {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix()
}

func (b *binder) membership(in soql.In) (filter, *soql.Error) {
	p, err := b.filterable(in.Left)
	if err != nil {
		return nil, err
	}
	org := b.org
	if in.Sub != nil {
		set, err := b.semiJoin(in.Sub, p, in.Left.Path)
		if err != nil {
			return nil, err
		}
		want := in.Op == "IN"
		return func(row int32) bool {
			v := p.value(org, row)
			return (!v.IsNull() && set[memberKey(v)]) == want
		}, nil
	}
	test, err := b.memberOf(&p, p.kind(), in)
	if err != nil {
		return nil, err
	}
	return func(row int32) bool { return test(p.value(org, row)) }, nil
}

// memberOf is the test that a list puts a value to.
func (b *binder) memberOf(p *path, k Kind, in soql.In) (func(Value) bool, *soql.Error) {
	multi := in.Op == "INCLUDES" || in.Op == "EXCLUDES"
	if multi && (p.leaf.Type != "multipicklist" || k != Text) {
		return nil, b.q.Invalid("INVALID_QUERY_FILTER_OPERATOR", in.Left.Path.At, "invalid operator on field %s", p.leaf.Name)
	}
	var tests []func(Value) bool
	set := map[string]bool{} // texts and ids, by the thousand
	null := false
	for _, v := range in.Values {
		lo, hi, err := b.operand(p, k, in.Left.Path.At, v)
		switch {
		case err != nil:
			return nil, err
		case lo.IsNull():
			null = true
		case p.exact(k):
			set[lo.text] = true
		case lo.Kind == Text || lo.Kind == Ref:
			set[memberKey(lo)] = true
		default:
			tests = append(tests, holds("=", lo, hi))
		}
	}
	want := in.Op == "IN" || in.Op == "INCLUDES"
	return func(v Value) bool {
		hit := v.IsNull() && null
		switch {
		case v.IsNull():
		case multi:
			hit = includes(v.text, in.Values)
		case p.exact(k):
			hit = set[v.text]
		default:
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
