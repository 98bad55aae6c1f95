package portal

import (
	"cmp"
	"slices"
)

// edge is one associated record, and which of the relation's types hold, a bit each.
type edge struct {
	from, to int64
	kinds    uint32
}

func compareEdges(a, b edge) int {
	if c := cmp.Compare(a.from, b.from); c != 0 {
		return c
	}
	return cmp.Compare(a.to, b.to)
}

// edges holds one direction of a relation in 24 bytes a pair: a sorted slice, and beside it the whole list of each record that
// has changed since the slice was last made. The zero value is empty and takes no memory.
type edges struct {
	sorted []edge
	fresh  map[int64][]edge // wins over sorted; owned, in order of to
	loose  int              // edges in fresh, and one for each record there
}

// of lists a record's edges in order of the other id. The slice is the store's own and holds until the next set.
func (e *edges) of(from int64) []edge {
	if list, ok := e.fresh[from]; ok {
		return list
	}
	i, _ := slices.BinarySearchFunc(e.sorted, edge{from: from}, compareEdges)
	j := i
	for j < len(e.sorted) && e.sorted[j].from == from {
		j++
	}
	return e.sorted[i:j]
}

// kinds are the types that hold between two records, 0 for none.
func (e *edges) kinds(from, to int64) uint32 {
	list := e.of(from)
	if i, ok := find(list, to); ok {
		return list[i].kinds
	}
	return 0
}

func find(list []edge, to int64) (int, bool) {
	return slices.BinarySearchFunc(list, to, func(e edge, to int64) int { return cmp.Compare(e.to, to) })
}

// set stores what holds between two records; no kinds take the pair out.
func (e *edges) set(from, to int64, kinds uint32) {
	list, owned := e.fresh[from]
	if !owned {
		list = slices.Clone(e.of(from))
		if e.fresh == nil {
			e.fresh = map[int64][]edge{}
		}
		e.loose += 1 + len(list)
	}
	i, exists := find(list, to)
	switch {
	case exists && kinds == 0:
		list = slices.Delete(list, i, i+1)
		e.loose--
	case exists:
		list[i].kinds = kinds
	case kinds != 0:
		list = slices.Insert(list, i, edge{from, to, kinds})
		e.loose++
	}
	e.fresh[from] = list
	if e.loose > 4096+len(e.sorted)/4 {
		e.pack()
	}
}

// pack merges what has changed into the sorted slice. It runs when that is a quarter of it, so that loading costs a few passes.
func (e *edges) pack() {
	records := make([]int64, 0, len(e.fresh))
	size := len(e.sorted)
	for from, list := range e.fresh {
		records = append(records, from)
		size += len(list)
	}
	slices.Sort(records)
	merged := make([]edge, 0, size)
	rest := e.sorted
	for _, from := range records {
		i, _ := slices.BinarySearchFunc(rest, edge{from: from}, compareEdges)
		merged = append(merged, rest[:i]...)
		for rest = rest[i:]; len(rest) > 0 && rest[0].from == from; {
			rest = rest[1:]
		}
		merged = append(merged, e.fresh[from]...)
	}
	e.sorted, e.fresh, e.loose = append(merged, rest...), nil, 0
}

// each visits every edge; the visitor must not set any.
func (e *edges) each(visit func(edge)) {
	e.pack()
	for _, x := range e.sorted {
		visit(x)
	}
}
