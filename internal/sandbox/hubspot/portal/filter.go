package portal

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Filter is one condition of a search.
type Filter struct {
	Property, Operator string
	Value, High        string
	Values             []string
}

// BadFilter is returned for a filter that cannot be evaluated.
type BadFilter struct{ Reason string }

func (e BadFilter) Error() string { return e.Reason }

// test decides whether a record matches.
type test func(Record) bool

// compile turns a filter into a test.
func (o *Object) compile(f Filter) (test, error) {
	if other, is := strings.CutPrefix(f.Property, "associations."); is {
		return o.compileAssociated(f, other)
	}
	p := o.byName[f.Property]
	if p == nil {
		return nil, BadFilter{fmt.Sprintf("Property %s does not exist on %s", f.Property, o.Plural)}
	}
	positive, negated := f.Operator, false
	switch f.Operator {
	case "HAS_PROPERTY":
		return func(r Record) bool { return r.Value(p) != "" }, nil
	case "NOT_HAS_PROPERTY":
		return func(r Record) bool { return r.Value(p) == "" }, nil
	case "NEQ", "NOT_IN", "NOT_CONTAINS_TOKEN":
		positive, negated = map[string]string{"NEQ": "EQ", "NOT_IN": "IN", "NOT_CONTAINS_TOKEN": "CONTAINS_TOKEN"}[f.Operator], true
	}
	holds, err := o.compare(p, positive, f)
	if err != nil {
		return nil, err
	}
	if !negated {
		return func(r Record) bool { v := r.Value(p); return v != "" && holds(r, v) }, nil
	}
	empty := o.portal.Rules.EmptyMatchesNot
	return func(r Record) bool {
		v := r.Value(p)
		if v == "" {
			return empty
		}
		return !holds(r, v)
	}, nil
}

// compare compiles the operators that look at a value. They are never asked about an empty one.
func (o *Object) compare(p *Property, operator string, f Filter) (func(Record, string) bool, error) {
	switch operator {
	case "EQ", "LT", "LTE", "GT", "GTE":
		if f.Value == "" {
			return nil, BadFilter{fmt.Sprintf("operator %s requires a value", f.Operator)}
		}
	case "BETWEEN":
		if f.Value == "" || f.High == "" {
			return nil, BadFilter{"operator BETWEEN requires a value and a highValue"}
		}
	case "IN":
		if len(f.Values) == 0 {
			return nil, BadFilter{fmt.Sprintf("operator %s requires values", f.Operator)}
		}
	case "CONTAINS_TOKEN":
		if f.Value == "" {
			return nil, BadFilter{fmt.Sprintf("operator %s requires a value", f.Operator)}
		}
		want := tokens(f.Value, true)
		return func(_ Record, v string) bool { return containsTokens(tokens(v, false), want) }, nil
	default:
		return nil, BadFilter{fmt.Sprintf("Invalid operator %q", f.Operator)}
	}
	if number := numeric(p); number != nil {
		return compareNumbers(p, operator, f, number)
	}
	return o.compareText(p, operator, f)
}

func compareNumbers(p *Property, operator string, f Filter, number func(string) (float64, bool)) (func(Record, string) bool, error) {
	var want []float64
	values := f.Values
	switch operator {
	case "IN":
	case "BETWEEN":
		values = []string{f.Value, f.High}
	default:
		values = []string{f.Value}
	}
	for _, v := range values {
		n, ok := number(v)
		if !ok {
			return nil, BadFilter{fmt.Sprintf("%q is not a value of %s, a %s", v, p.Name, p.Type)}
		}
		want = append(want, n)
	}
	stamp := stampOf(p)
	holds := func(v float64) bool {
		switch operator {
		case "EQ":
			return v == want[0]
		case "LT":
			return v < want[0]
		case "LTE":
			return v <= want[0]
		case "GT":
			return v > want[0]
		case "GTE":
			return v >= want[0]
		case "BETWEEN":
			return want[0] <= v && v <= want[1]
		}
		return slices.Contains(want, v)
	}
	return func(r Record, v string) bool {
		if stamp != nil {
			return holds(float64(stamp(r.row)))
		}
		n, ok := number(v)
		return ok && holds(n)
	}, nil
}

// compareText compares text without case, except that options are compared exactly, and that IN does not fold what it is given:
// HubSpot wants its values in lower case.
func (o *Object) compareText(p *Property, operator string, f Filter) (func(Record, string) bool, error) {
	exact := p.Type == "enumeration" || p.Type == "bool"
	fold := func(s string) string {
		if exact {
			return s
		}
		return strings.ToLower(s)
	}
	parts := func(r Record, v string) []string {
		switch {
		case p.Multi():
			return strings.Split(v, ";")
		case o.isEmail(p): // the additional addresses are found as well
			return o.unique(p, r.row)
		}
		return []string{fold(v)}
	}
	low, high := fold(f.Value), fold(f.High)
	return func(r Record, v string) bool {
		switch operator {
		case "EQ":
			return slices.Contains(parts(r, v), low)
		case "IN":
			return slices.ContainsFunc(parts(r, v), func(s string) bool { return slices.Contains(f.Values, s) })
		case "LT":
			return fold(v) < low
		case "LTE":
			return fold(v) <= low
		case "GT":
			return fold(v) > low
		case "GTE":
			return fold(v) >= low
		}
		return low <= fold(v) && fold(v) <= high
	}, nil
}

// numeric gives the reading of a property whose values are ordered as numbers, nil for text.
func numeric(p *Property) func(string) (float64, bool) {
	switch p.Type {
	case "number":
		return func(s string) (float64, bool) {
			n, err := strconv.ParseFloat(s, 64)
			return n, err == nil && !math.IsNaN(n)
		}
	case "date":
		return func(s string) (float64, bool) {
			if d, ok := parseDate(s); ok {
				s = d + "T00:00:00Z"
			}
			ms, ok := ParseInstant(s)
			return float64(ms), ok
		}
	case "datetime":
		return func(s string) (float64, bool) {
			if len(s) == len("2006-01-02") && s[4] == '-' {
				s += "T00:00:00Z"
			}
			ms, ok := ParseInstant(s)
			return float64(ms), ok
		}
	}
	return nil
}

// stampOf reads a row's own numbers without going through text.
func stampOf(p *Property) func(row) int64 {
	switch p.Name {
	case "hs_object_id":
		return func(r row) int64 { return r.id }
	case "createdate", "hs_createdate":
		return func(r row) int64 { return r.created }
	case "lastmodifieddate", "hs_lastmodifieddate":
		return func(r row) int64 { return r.modified }
	}
	return nil
}

// tokens splits text at everything but letters and digits; a wildcard may stay inside.
func tokens(s string, wildcard bool) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(c rune) bool {
		letter := c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c > 127
		return !letter && !(wildcard && c == '*')
	})
}

// containsTokens says whether every wanted token is among have.
func containsTokens(have, want []string) bool {
	for _, w := range want {
		if !slices.ContainsFunc(have, func(h string) bool { return like(h, w) }) {
			return false
		}
	}
	return len(want) > 0
}

// like matches a token against a pattern with *: the first part at the start, the last at the end, the others between in order.
func like(s, pattern string) bool {
	parts := strings.Split(pattern, "*")
	last := len(parts) - 1
	if last == 0 {
		return s == pattern
	}
	s, ok := strings.CutPrefix(s, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1:last] {
		_, after, found := strings.Cut(s, part)
		if !found {
			return false
		}
		s = after
	}
	return strings.HasSuffix(s, parts[last])
}
