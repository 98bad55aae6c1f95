package store

import "math"

// vector is one column of one object, a value per row. It grows when a row is first set, so that
// a column nobody fills costs nothing however many records there are.
type vector interface {
	get(row int32) Value // null beyond what was set
	set(row int32, v Value)
}

// newVector picks the smallest home for a column's type.
func newVector(f *Field) vector {
	switch f.kind() {
	case Number, Integer:
		return &numbers{kind: f.kind()}
	case Boolean:
		return &booleans{}
	case Date, DateTime:
		return &times{kind: f.kind()}
	case Ref:
		return &refs{}
	}
	t := &texts{}
	if f.Type == "picklist" {
		t.seen = map[string]string{}
	}
	return t
}

func grow[T any](s []T, row int32, blank T) []T {
	for len(s) <= int(row) {
		s = append(s, blank)
	}
	return s
}

type texts struct {
	rows []string
	seen map[string]string // picklists: one copy of each value
}

func (t *texts) get(row int32) Value {
	if int(row) >= len(t.rows) {
		return Value{}
	}
	return textValue(t.rows[row])
}

func (t *texts) set(row int32, v Value) {
	if v.text == "" && int(row) >= len(t.rows) {
		return
	}
	if t.seen != nil && len(t.seen) < 1000 {
		if s, ok := t.seen[v.text]; ok {
			v.text = s
		} else {
			t.seen[v.text] = v.text
		}
	}
	t.rows = grow(t.rows, row, "")
	t.rows[row] = v.text
}

type numbers struct {
	kind Kind
	rows []float64 // NaN is null
}

func (n *numbers) get(row int32) Value {
	if int(row) >= len(n.rows) || math.IsNaN(n.rows[row]) {
		return Value{}
	}
	return Value{Kind: n.kind, number: n.rows[row]}
}

func (n *numbers) set(row int32, v Value) {
	f := v.number
	if v.IsNull() {
		if int(row) >= len(n.rows) {
			return
		}
		f = math.NaN()
	}
	n.rows = grow(n.rows, row, math.NaN())
	n.rows[row] = f
}

// booleans are never null: a checkbox is ticked or not.
type booleans struct{ rows []bool }

func (b *booleans) get(row int32) Value { return boolValue(int(row) < len(b.rows) && b.rows[row]) }

func (b *booleans) set(row int32, v Value) {
	if !v.True() && int(row) >= len(b.rows) {
		return
	}
	b.rows = grow(b.rows, row, false)
	b.rows[row] = v.True()
}

const noTime = math.MinInt64

type times struct {
	kind Kind
	rows []int64
}

func (t *times) get(row int32) Value {
	if int(row) >= len(t.rows) || t.rows[row] == noTime {
		return Value{}
	}
	return Value{Kind: t.kind, n: t.rows[row]}
}

func (t *times) set(row int32, v Value) {
	n := v.n
	if v.IsNull() {
		if int(row) >= len(t.rows) {
			return
		}
		n = noTime
	}
	t.rows = grow(t.rows, row, noTime)
	t.rows[row] = n
}

type refs struct{ rows []ID }

func (r *refs) get(row int32) Value {
	if int(row) >= len(r.rows) {
		return Value{}
	}
	return refValue(r.rows[row])
}

func (r *refs) set(row int32, v Value) {
	if v.IsNull() && int(row) >= len(r.rows) {
		return
	}
	r.rows = grow(r.rows, row, ID{})
	r.rows[row] = v.id
}
