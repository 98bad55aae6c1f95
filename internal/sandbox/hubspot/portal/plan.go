package portal

import (
	"math"
	"slices"
	"strings"
)

// span is where a search looks: a range of one of the two orders, or named ids. It may be wider than what matches, never narrower.
type span struct {
	by     string // "modified", "id", "ids"
	lo, hi int64  // of modified or id, inclusive
	ids    []int64
}

var everything = span{by: "id", lo: 0, hi: math.MaxInt64}

// spanOf finds the narrowest place in which all records that match a group of filters stand.
func (o *Object) spanOf(group []Filter) span {
	modified := span{by: "modified", lo: math.MinInt64, hi: math.MaxInt64}
	ids := everything
	for _, f := range group {
		if other, is := strings.CutPrefix(f.Property, "associations."); is {
			if with, r, err := o.associatedWith(f, other); err == nil {
				return span{by: "ids", ids: r.besides(with)}
			}
		}
		p := o.byName[f.Property]
		if p == nil {
			continue
		}
		if _, key := o.table.keys[p.col]; key && (f.Operator == "EQ" || f.Operator == "IN") && o.indexed(p) {
			return span{by: "ids", ids: o.holders(p, f)}
		}
		switch p.Name {
		case "hs_object_id":
			narrow(&ids, p, f)
		case "lastmodifieddate", "hs_lastmodifieddate":
			narrow(&modified, p, f)
		}
	}
	switch {
	case ids.lo == ids.hi:
		return ids
	case modified.lo != math.MinInt64 || modified.hi != math.MaxInt64:
		return modified
	}
	return ids
}

// indexed says whether the keys answer a search of a property. They do not where searches fold case and keys do not,
// nor where records taken as they stand share a value.
func (o *Object) indexed(p *Property) bool {
	return (o.isEmail(p) || o.portal.Rules.UniqueFoldsCase) && !o.table.shared[p.col]
}

// holders are the ids that hold the values of a filter.
func (o *Object) holders(p *Property, f Filter) []int64 {
	values := f.Values
	if f.Operator == "EQ" {
		values = []string{f.Value}
	}
	var ids []int64
	for _, v := range values {
		if id, ok := o.table.keys[p.col][strings.ToLower(v)]; ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// narrow cuts a span by one filter on its own number.
func narrow(s *span, p *Property, f Filter) {
	number := numeric(p)
	n, ok := number(f.Value)
	if !ok {
		return
	}
	at := int64(n)
	switch f.Operator {
	case "EQ":
		s.lo, s.hi = max(s.lo, at), min(s.hi, at)
	case "GT", "GTE":
		s.lo = max(s.lo, at)
	case "LT", "LTE":
		s.hi = min(s.hi, at)
	case "BETWEEN":
		if high, ok := number(f.High); ok {
			s.lo, s.hi = max(s.lo, at), min(s.hi, int64(high))
		}
	}
}

// walk visits the current versions of the live records in a span.
func (o *Object) walk(s span, visit func(row)) {
	t := &o.table
	switch s.by {
	case "ids":
		ids := slices.Clone(s.ids)
		slices.Sort(ids)
		for _, id := range slices.Compact(ids) {
			if r, ok := t.get(id); ok && r.archived == 0 {
				visit(r)
			}
		}
	case "modified":
		for _, at := range t.stamps.between(s.lo, s.hi) {
			r, _ := t.get(at.id)
			visit(r)
		}
	default:
		rows := t.sorted()
		for i := t.from(s.lo); i < len(rows) && rows[i].id <= s.hi; i++ {
			if rows[i].archived == 0 {
				visit(rows[i])
			}
		}
	}
}
