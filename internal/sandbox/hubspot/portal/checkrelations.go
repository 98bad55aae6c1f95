package portal

import (
	"fmt"
	"slices"
)

// check says in what a relation contradicts itself, the one back, or the records at both ends.
func (r *Relation) check() (found []error) {
	wrong := func(format string, args ...any) { found = append(found, fmt.Errorf(format, args...)) }
	var all []edge
	r.edges.each(func(e edge) { all = append(all, e) })
	for i, e := range all {
		if i > 0 && compareEdges(all[i-1], e) >= 0 {
			wrong("%d to %d stands after %d to %d", e.from, e.to, all[i-1].from, all[i-1].to)
		}
		if e.kinds&r.types[0].bit == 0 {
			wrong("%d to %d is without the plain type", e.from, e.to)
		}
		if back := r.back.edges.kinds(e.to, e.from); back != r.inverted(e.kinds) {
			wrong("%d to %d is %b, and %b seen from the other side", e.from, e.to, e.kinds, back)
		}
		for _, end := range []NotARecord{{r.from, e.from}, {r.to, e.to}} {
			if row, ok := end.Object.table.get(end.ID); !ok || row.archived != 0 {
				wrong("%d to %d: %w", e.from, e.to, end)
			}
		}
		if r.holder && e.kinds&r.Primary().bit != 0 && r.PrimaryOf(e.from) != e.to {
			wrong("%d has two primary ones, %d and %d", e.from, r.PrimaryOf(e.from), e.to)
		}
	}
	if r.from.Plural == "contacts" && r.to.Plural == "companies" {
		for _, row := range r.from.table.rows {
			value := Record{r.from, row}.stored("associatedcompanyid")
			main := r.PrimaryOf(row.id)
			if row.archived == 0 && value != optionalID(main) && (main != 0 || r.portal.isCompany(value)) {
				wrong("%d has the associatedcompanyid %q and the primary company %d", row.id, value, main)
			}
		}
	}
	return found
}

// check says in what a list contradicts the records it holds.
func (l *List) check() (found []error) {
	for i, m := range l.members.sorted {
		if i > 0 && l.members.sorted[i-1].id >= m.id {
			found = append(found, fmt.Errorf("member %d stands after %d", m.id, l.members.sorted[i-1].id))
		}
		if row, ok := l.object.table.get(m.id); !ok || row.archived != 0 && l.Processing != Dynamic {
			found = append(found, fmt.Errorf("member %d is no live record", m.id))
		}
	}
	if j := l.members.joined; j != nil && (len(j) != len(l.members.sorted) || !slices.IsSortedFunc(j, byTime)) {
		found = append(found, fmt.Errorf("the order of joining is none of the %d members", len(l.members.sorted)))
	}
	return found
}
