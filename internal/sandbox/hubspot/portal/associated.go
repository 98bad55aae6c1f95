package portal

import (
	"fmt"
	"slices"
	"strconv"
)

// compileAssociated turns a filter on associations.contact and the like into a test: records associated with one of the ids.
func (o *Object) compileAssociated(f Filter, other string) (test, error) {
	ids, r, err := o.associatedWith(f, other)
	if err != nil {
		return nil, err
	}
	return func(rec Record) bool {
		return slices.ContainsFunc(ids, func(id int64) bool { return r.Has(rec.row.id, id) })
	}, nil
}

// associatedWith reads the ids of such a filter.
func (o *Object) associatedWith(f Filter, other string) ([]int64, *Relation, error) {
	to := o.portal.Object(other)
	if to == nil {
		return nil, nil, BadFilter{fmt.Sprintf("Property %s does not exist on %s", f.Property, o.Plural)}
	}
	r := o.portal.Relation(o, to)
	if r == nil {
		return nil, nil, BadFilter{fmt.Sprintf("%s cannot be associated with %s", o.Plural, to.Plural)}
	}
	values := f.Values
	switch f.Operator {
	case "EQ":
		values = []string{f.Value}
	case "IN":
	default:
		return nil, nil, BadFilter{fmt.Sprintf("operator %s is not supported for %s", f.Operator, f.Property)}
	}
	var ids []int64
	for _, v := range values {
		id, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return nil, nil, BadFilter{fmt.Sprintf("%q is not a record id", v)}
		}
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil, nil, BadFilter{fmt.Sprintf("operator %s requires a value", f.Operator)}
	}
	return ids, r, nil
}

// besides lists the records that such a filter can match.
func (r *Relation) besides(ids []int64) []int64 {
	var found []int64
	for _, id := range ids {
		for _, e := range r.back.edges.of(id) {
			found = append(found, e.to)
		}
	}
	return found
}
