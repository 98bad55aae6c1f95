package portal

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Branch is a tree of filters, in the words of the lists API: OR of AND of filters.
type Branch struct {
	Branches []Branch     `json:"filterBranches"`
	Type     string       `json:"filterBranchType"`
	Operator string       `json:"filterBranchOperator"`
	Filters  []ListFilter `json:"filters"`
}

// ListFilter is a leaf: a property and an operation on it, or membership of another list.
type ListFilter struct {
	Type      string         `json:"filterType"`
	Property  string         `json:"property,omitempty"`
	Operation *ListOperation `json:"operation,omitempty"`
	ListID    json.Number    `json:"listId,omitempty"`
	Operator  string         `json:"operator,omitempty"` // IN_LIST, NOT_IN_LIST
}

// ListOperation is what a filter asks of a property.
type ListOperation struct {
	Type         string          `json:"operationType"`
	Operator     string          `json:"operator"`
	IncludeEmpty bool            `json:"includeObjectsWithNoValueSet"`
	Value        json.RawMessage `json:"value,omitempty"` // text, number or bool
	Values       []string        `json:"values,omitempty"`
	Lower        json.Number     `json:"lowerBound,omitempty"`
	Upper        json.Number     `json:"upperBound,omitempty"`
	TimePoint    *TimePoint      `json:"timePoint,omitempty"`
	Endpoint     string          `json:"endpointBehavior,omitempty"` // INCLUSIVE or EXCLUSIVE
}

// TimePoint is a day or instant in a zone.
type TimePoint struct {
	Type        string `json:"timeType"` // DATE; others are not simulated
	Source      string `json:"timezoneSource,omitempty"`
	Zone        string `json:"zoneId"`
	Year        int    `json:"year"`
	Month       int    `json:"month"`
	Day         int    `json:"day"`
	Hour        int    `json:"hour,omitempty"`
	Minute      int    `json:"minute,omitempty"`
	Second      int    `json:"second,omitempty"`
	Millisecond int    `json:"millisecond,omitempty"`
}

// maxBranchDepth keeps a body from nesting without end.
const maxBranchDepth = 20

// compileBranch turns a tree into a test. The error is BadFilter.
func (o *Object) compileBranch(b *Branch, depth int) (test, error) {
	if b.Type != "OR" && b.Type != "AND" {
		return nil, BadFilter{fmt.Sprintf("filterBranchType %q is not simulated: want OR or AND", b.Type)}
	}
	if b.Operator != "" && b.Operator != b.Type {
		return nil, BadFilter{fmt.Sprintf("filterBranchOperator %q does not go with filterBranchType %s", b.Operator, b.Type)}
	}
	if depth == 0 && b.Type != "OR" {
		return nil, BadFilter{"The root filter branch must be an OR filter branch"}
	}
	if depth > maxBranchDepth {
		return nil, BadFilter{"The filter branches are nested too deep"}
	}
	b.Operator = b.Type
	if b.Branches == nil {
		b.Branches = []Branch{}
	}
	if b.Filters == nil {
		b.Filters = []ListFilter{}
	}
	var tests []test
	for i := range b.Branches {
		t, err := o.compileBranch(&b.Branches[i], depth+1)
		if err != nil {
			return nil, err
		}
		tests = append(tests, t)
	}
	for _, f := range b.Filters {
		t, err := o.compileListFilter(f)
		if err != nil {
			return nil, err
		}
		tests = append(tests, t)
	}
	if b.Type == "OR" {
		return func(r Record) bool { return slices.ContainsFunc(tests, func(t test) bool { return t(r) }) }, nil
	}
	return func(r Record) bool { return !slices.ContainsFunc(tests, func(t test) bool { return !t(r) }) }, nil
}

func (o *Object) compileListFilter(f ListFilter) (test, error) {
	switch f.Type {
	case "PROPERTY":
		p := o.byName[f.Property]
		if p == nil {
			return nil, BadFilter{fmt.Sprintf("Property %q does not exist", f.Property)}
		}
		if f.Operation == nil {
			return nil, BadFilter{"A PROPERTY filter needs an operation"}
		}
		return o.compileOperation(p, f.Operation)
	case "IN_LIST":
		id, err := f.ListID.Int64()
		list := o.portal.List(id)
		if err != nil || list == nil || list.object != o {
			return nil, BadFilter{fmt.Sprintf("List %s does not exist", f.ListID)}
		}
		switch f.Operator {
		case "IN_LIST":
			return func(r Record) bool { _, is := list.Since(r.row.id); return is }, nil
		case "NOT_IN_LIST":
			return func(r Record) bool { _, is := list.Since(r.row.id); return !is }, nil
		}
		return nil, BadFilter{fmt.Sprintf("operator %q of an IN_LIST filter is not simulated", f.Operator)}
	}
	return nil, BadFilter{fmt.Sprintf("filterType %q is not simulated", f.Type)}
}

// listOperators says which search operator an operation is; those that negate match empty values only where the operation says so.
var listOperators = map[string]map[string]string{
	"STRING":      {"IS_EQUAL_TO": "EQ", "IS_NOT_EQUAL_TO": "-EQ", "CONTAINS": "contains", "DOES_NOT_CONTAIN": "-contains", "STARTS_WITH": "starts", "ENDS_WITH": "ends"},
	"MULTISTRING": {"IS_EQUAL_TO": "IN", "IS_NOT_EQUAL_TO": "-IN", "CONTAINS": "contains", "DOES_NOT_CONTAIN": "-contains", "STARTS_WITH": "starts", "ENDS_WITH": "ends"},
	"NUMBER": {
		"IS_EQUAL_TO": "EQ", "IS_NOT_EQUAL_TO": "-EQ", "IS_GREATER_THAN": "GT", "IS_GREATER_THAN_OR_EQUAL_TO": "GTE", "IS_LESS_THAN": "LT",
		"IS_LESS_THAN_OR_EQUAL_TO": "LTE", "IS_BETWEEN": "BETWEEN", "IS_NOT_BETWEEN": "-BETWEEN",
	},
	"BOOL":         {"IS_EQUAL_TO": "EQ", "IS_NOT_EQUAL_TO": "-EQ"},
	"ENUMERATION":  {"IS_ANY_OF": "IN", "IS_NONE_OF": "-IN"},
	"ALL_PROPERTY": {"IS_KNOWN": "HAS_PROPERTY", "IS_UNKNOWN": "NOT_HAS_PROPERTY"},
	"TIME_POINT":   {"IS_AFTER": "GT", "IS_BEFORE": "LT"},
}

func (o *Object) compileOperation(p *Property, op *ListOperation) (test, error) {
	operator := listOperators[op.Type][op.Operator]
	if operator == "" {
		return nil, BadFilter{fmt.Sprintf("operator %q of operationType %q is not simulated", op.Operator, op.Type)}
	}
	positive, negated := strings.CutPrefix(operator, "-")
	f := Filter{Property: p.Name, Operator: positive, Value: plainText(op.Value), Values: op.Values}
	switch op.Type {
	case "MULTISTRING":
		for i, v := range f.Values {
			f.Values[i] = strings.ToLower(v)
		}
	case "NUMBER":
		if positive == "BETWEEN" {
			f.Value, f.High = op.Lower.String(), op.Upper.String()
		}
	case "TIME_POINT":
		ms, err := op.TimePoint.ms()
		if err != nil {
			return nil, err
		}
		f.Value = strconv.FormatInt(ms, 10)
		if op.Endpoint == "INCLUSIVE" {
			f.Operator += "E"
		}
	}
	holds, err := o.compilePart(p, f)
	if err != nil || !negated {
		return holds, err
	}
	return func(r Record) bool {
		if r.Value(p) == "" {
			return op.IncludeEmpty
		}
		return !holds(r)
	}, nil
}

// compilePart compiles what a search has no operator for: parts of text, without case.
func (o *Object) compilePart(p *Property, f Filter) (test, error) {
	matches := map[string]func(s, part string) bool{"contains": strings.Contains, "starts": strings.HasPrefix, "ends": strings.HasSuffix}[f.Operator]
	if matches == nil {
		return o.compile(f)
	}
	parts := f.Values
	if f.Value != "" {
		parts = []string{strings.ToLower(f.Value)}
	}
	if len(parts) == 0 {
		return nil, BadFilter{"The operation needs a value"}
	}
	return func(r Record) bool {
		v := strings.ToLower(r.Value(p))
		return v != "" && slices.ContainsFunc(parts, func(part string) bool { return matches(v, part) })
	}, nil
}

// plainText is a JSON text, number or bool as text.
func plainText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// ms is the time in Unix milliseconds.
func (t *TimePoint) ms() (int64, error) {
	if t == nil || t.Type != "DATE" {
		return 0, BadFilter{"A TIME_POINT operation needs a timePoint of timeType DATE; others are not simulated"}
	}
	zone, err := time.LoadLocation(t.Zone)
	if err != nil {
		return 0, BadFilter{fmt.Sprintf("%q is not a time zone", t.Zone)}
	}
	return time.Date(t.Year, time.Month(t.Month), t.Day, t.Hour, t.Minute, t.Second, t.Millisecond*1e6, zone).UnixMilli(), nil
}
