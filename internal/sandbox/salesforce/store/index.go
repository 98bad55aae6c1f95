package store

import (
	"cmp"
	"slices"
)

// textIndex finds the live rows that hold a text, case folded. Most texts have one row, and a million
// one-element slices would cost more than the records, so the second and later rows live apart.
type textIndex struct {
	one  map[string]int32
	more map[string][]int32
}

func newTextIndex() *textIndex {
	return &textIndex{one: map[string]int32{}, more: map[string][]int32{}}
}

func (x *textIndex) add(key string, row int32) {
	if _, ok := x.one[key]; !ok {
		x.one[key] = row
		return
	}
	x.more[key] = append(x.more[key], row)
}

func (x *textIndex) remove(key string, row int32) {
	rest := x.more[key]
	if first, ok := x.one[key]; ok && first == row {
		if len(rest) == 0 {
			delete(x.one, key)
			return
		}
		x.one[key], rest = rest[0], rest[1:]
	} else if i := slices.Index(rest, row); i >= 0 {
		rest = slices.Delete(rest, i, i+1)
	}
	if len(rest) == 0 {
		delete(x.more, key)
		return
	}
	x.more[key] = rest
}

// rows lists the rows that hold key, in row order.
func (x *textIndex) rows(key string) []int32 {
	first, ok := x.one[key]
	if !ok {
		return nil
	}
	rows := append([]int32{first}, x.more[key]...)
	slices.Sort(rows)
	return rows
}

// stampIndex holds rows by SystemModstamp. A save appends; what it replaced stays behind and is told by
// its stamp, which is no longer the row's own. A stamp older than the last (an import, a clock set back)
// makes the order stale, and the next reader sorts anew. A row is added only when its stamp moves, so no
// two entries of a row look current.
type stampIndex struct {
	entries []stamped
	stale   bool
}

type stamped struct {
	at  int64
	row int32
}

func (x *stampIndex) add(at int64, row int32) {
	if n := len(x.entries); n > 0 && at < x.entries[n-1].at {
		x.stale = true
	}
	x.entries = append(x.entries, stamped{at, row})
}

// from lists the rows stamped in [from, to), oldest first; within one second in no particular order.
// current tells a row's stamp, and false for a row that is gone.
func (x *stampIndex) from(from, to int64, rows int32, current func(int32) (int64, bool)) []int32 {
	if x.stale || len(x.entries) > 2*int(rows)+1000 {
		x.rebuild(rows, current)
	}
	i, _ := slices.BinarySearchFunc(x.entries, from, func(e stamped, at int64) int { return cmp.Compare(e.at, at) })
	var out []int32
	for ; i < len(x.entries) && x.entries[i].at < to; i++ {
		if at, ok := current(x.entries[i].row); ok && at == x.entries[i].at {
			out = append(out, x.entries[i].row)
		}
	}
	return out
}

func (x *stampIndex) rebuild(rows int32, current func(int32) (int64, bool)) {
	x.entries, x.stale = x.entries[:0], false
	for row := range rows {
		if at, ok := current(row); ok {
			x.entries = append(x.entries, stamped{at, row})
		}
	}
	slices.SortFunc(x.entries, func(a, b stamped) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.row, b.row))
	})
}
