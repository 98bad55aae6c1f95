package store

import (
	"strings"

	"lockstep/internal/sandbox/salesforce/soql"
)

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
