package store

import (
	"cmp"
	"container/heap"
	"slices"
)

// sortKey is one column of ORDER BY.
type sortKey struct {
	path      path
	desc      bool
	nullsLast bool
}

// compare orders two values; nulls come first unless asked otherwise, whatever the direction.
func (k sortKey) compare(a, b Value) int {
	if a.IsNull() || b.IsNull() {
		c := 0
		switch {
		case a.IsNull() && b.IsNull():
		case a.IsNull():
			c = -1
		default:
			c = 1
		}
		if k.nullsLast {
			return -c
		}
		return c
	}
	if k.desc {
		return -compare(a, b)
	}
	return compare(a, b)
}

// sorted is one row with the values it is sorted by; at is where it stood, which decides between rows that tie.
type sorted struct {
	values []Value
	row    int32
	at     int
}

// ranking holds the rows that come first so far, the last of them on top.
type ranking struct {
	keys []sortKey
	rows []sorted
}

func (r *ranking) compare(a, b *sorted) int {
	for i, k := range r.keys {
		if c := k.compare(a.values[i], b.values[i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(a.at, b.at)
}

func (r *ranking) Len() int           { return len(r.rows) }
func (r *ranking) Less(i, j int) bool { return r.compare(&r.rows[i], &r.rows[j]) > 0 }
func (r *ranking) Swap(i, j int)      { r.rows[i], r.rows[j] = r.rows[j], r.rows[i] }
func (r *ranking) Push(x any)         { r.rows = append(r.rows, x.(sorted)) }

func (r *ranking) Pop() any {
	last := r.rows[len(r.rows)-1]
	r.rows = r.rows[:len(r.rows)-1]
	return last
}

// sort orders rows by the keys; rows that tie keep the order they have. Of a query with a LIMIT only the rows within
// it come back, found without sorting the rest.
func (b *binder) sort(rows []int32, keys []sortKey) []int32 {
	if len(keys) == 0 {
		return rows
	}
	want := len(rows)
	if l, o := b.q.Limit, b.q.Offset; l >= 0 && l < want && o < want { // far ones are as good as none, and could overflow
		want = min(want, l+o)
	}
	if want == 0 {
		return nil
	}
	r := &ranking{keys: keys}
	next := sorted{values: make([]Value, len(keys))}
	held := make([]Value, want*len(keys)) // of all rows in one piece
	for at, row := range rows {
		next.row, next.at = row, at
		for i := range keys {
			v := keys[i].path.value(b.org, row)
			if v.Kind == Text {
				v.text = fold(v.text) // once here, and not at every comparison
			}
			next.values[i] = v
		}
		switch {
		case len(r.rows) < want:
			mine := held[len(r.rows)*len(keys):][:len(keys)]
			copy(mine, next.values)
			r.rows = append(r.rows, sorted{mine, row, at})
			if len(r.rows) == want && want < len(rows) {
				heap.Init(r)
			}
		case r.compare(&next, &r.rows[0]) < 0:
			copy(r.rows[0].values, next.values)
			r.rows[0].row, r.rows[0].at = row, at
			heap.Fix(r, 0)
		}
	}
	slices.SortFunc(r.rows, func(x, y sorted) int { return r.compare(&x, &y) })
	out := make([]int32, len(r.rows))
	for i := range r.rows {
		out[i] = r.rows[i].row
	}
	return out
}
