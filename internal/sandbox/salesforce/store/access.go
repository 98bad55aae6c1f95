package store

import (
	"slices"

	"lockstep/internal/sandbox/salesforce/soql"
)

// candidates lists the rows that the condition can possibly want, by the best way in: ids, an indexed
// column, a range of SystemModstamp, and else all rows in id order. sorted tells that they come in the
// order asked for, so that a LIMIT can stop early and nothing needs sorting.
func (b *binder) candidates(keys []sortKey) (rows []int32, sorted bool) {
	o := b.object
	from, to := int64(minTime), int64(maxTime)
	stampOrder := len(keys) > 0 && o.stamp != nil && keys[0].is(o.stamp) && (len(keys) == 1 || len(keys) == 2 && keys[1].is(o.Field("Id")))
	idOrder := len(keys) == 1 && keys[0].is(o.Field("Id"))
	terms, _ := b.q.Where.(soql.And)
	if terms == nil && b.q.Where != nil {
		terms = soql.And{b.q.Where}
	}
	for _, term := range terms {
		switch e := term.(type) {
		case soql.Compare:
			f := b.direct(e.Left)
			switch {
			case f == nil:
			case e.Op == "=":
				if rows, ok := b.lookUp(f, []soql.Value{e.Value}); ok {
					return rows, false
				}
			}
			if f != nil && f == o.stamp && e.Value.Kind == soql.DateTime {
				at := e.Value.Time.Unix()
				switch e.Op {
				case ">", ">=":
					from = max(from, at)
				case "<", "<=":
					to = min(to, at+1)
				case "=":
					from, to = max(from, at), min(to, at+1)
				}
			}
		case soql.In:
			if f := b.direct(e.Left); f != nil && e.Op == "IN" {
				values := e.Values
				for id := range b.subs[e.Sub] {
					values = append(values, soql.Value{Kind: soql.Text, Text: id})
				}
				if rows, ok := b.lookUp(f, values); ok {
					return rows, false
				}
			}
		}
	}
	if from != minTime || to != maxTime || stampOrder {
		if o.stamp != nil {
			return o.stamped(from, to), stampOrder || len(keys) == 0
		}
	}
	return o.idOrder(), idOrder || len(keys) == 0
}

// is tells whether a sort key is a column of the object itself, ascending.
func (k sortKey) is(f *Field) bool {
	return len(k.path.hops) == 0 && k.path.leaf == f && k.path.date == "" && !k.desc
}

// direct is the column a path means when it is one of the object itself.
func (b *binder) direct(item soql.Item) *Field {
	bound, err := b.column(item)
	if err != nil || len(bound.hops) > 0 || bound.date != "" || bound.wrap != "" {
		return nil
	}
	return bound.leaf
}

// lookUp finds rows by id or by an indexed column; false when there is no such way in. Deleted rows stand
// in no index, so queryAll may use ids only.
func (b *binder) lookUp(f *Field, values []soql.Value) ([]int32, bool) {
	o := b.object
	if f.Type != "id" && (f.index == nil || b.all) {
		return nil, false
	}
	var rows []int32
	for _, v := range values {
		if v.Kind != soql.Text || v.Text == "" {
			return nil, false
		}
		if f.kind() != Ref {
			rows = append(rows, f.index.rows(f.key(textValue(v.Text)))...)
			continue
		}
		id, ok := ParseID(v.Text)
		if !ok {
			return nil, false
		}
		if f.Type != "id" {
			rows = append(rows, f.index.rows(f.key(refValue(id)))...)
		} else if row, ok := o.row(id); ok {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b int32) int { return o.ids[a].Compare(o.ids[b]) })
	return slices.Compact(rows), true
}
