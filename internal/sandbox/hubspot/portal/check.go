package portal

import (
	"errors"
	"fmt"
	"slices"
)

// Check says in what the account contradicts itself: rows, places, orders, keys and counts must tell the same.
// Nil is none. It reads everything and is for tests; what it finds is a mistake of this package, never of a client.
func (p *Portal) Check() error {
	var found []error
	for _, o := range p.objects {
		for _, err := range o.check() {
			found = append(found, fmt.Errorf("%s: %w", o.Plural, err))
		}
	}
	for _, r := range p.Relations() {
		for _, err := range r.check() {
			found = append(found, fmt.Errorf("%s to %s: %w", r.from.Plural, r.to.Plural, err))
		}
	}
	for _, l := range p.Lists() {
		for _, err := range l.check() {
			found = append(found, fmt.Errorf("list %d: %w", l.ID, err))
		}
	}
	return errors.Join(found...)
}

func (o *Object) check() (found []error) {
	wrong := func(format string, args ...any) { found = append(found, fmt.Errorf(format, args...)) }
	t := &o.table
	archived := 0
	var live []stamp
	for i, r := range t.rows {
		if at, ok := t.at[r.id]; !ok || int(at) != i {
			wrong("row %d holds %d, which is said to stand at %d", i, r.id, at)
		}
		if i > 0 && !t.unsorted && t.rows[i-1].id >= r.id {
			wrong("%d stands after %d", r.id, t.rows[i-1].id)
		}
		if r.id > *t.lastID {
			wrong("%d is above the last id %d", r.id, *t.lastID)
		}
		if r.archived != 0 {
			archived++
		} else {
			live = append(live, stamp{r.modified, r.id})
		}
		o.checkCells(r, wrong)
	}
	if len(t.at) != len(t.rows) || archived != t.archived {
		wrong("%d rows, %d of them archived: %d places, %d said to be archived", len(t.rows), archived, len(t.at), t.archived)
	}
	slices.SortFunc(live, compareStamps)
	if order := t.stamps.order(); !slices.Equal(order, live) {
		wrong("the order by modified stamp has %d entries that are not those of the %d live rows", len(order), len(live))
	}
	o.checkKeys(wrong)
	for id := range t.pending {
		if _, ok := t.at[id]; !ok {
			wrong("%d has versions to come and no row", id)
		}
	}
	for id := range o.history {
		if _, ok := t.at[id]; !ok {
			wrong("%d has a history and no row", id)
		}
	}
	return found
}

// checkCells wants a row's values in column order, all of properties there are.
func (o *Object) checkCells(r row, wrong func(string, ...any)) {
	last := -1
	for rest := r.values; len(rest) > 0; {
		var c cell
		c, rest = rest.next()
		if int(c.col) <= last || int(c.col) >= len(o.props) {
			wrong("%d has %q in column %d after column %d", r.id, c.value, c.col, last)
		}
		last = int(c.col)
	}
}

// checkKeys wants every unique value of a live row found, at that row, and nothing else found.
func (o *Object) checkKeys(wrong func(string, ...any)) {
	t := &o.table
	for col, index := range t.keys {
		p := o.props[col]
		if o.byName[p.Name] != p {
			wrong("%s is looked up by and is no live property", p.Name)
		}
		for _, r := range t.rows {
			if r.archived != 0 {
				continue
			}
			for _, k := range o.unique(p, r) {
				if holder, ok := index[k]; !ok || holder != r.id && !t.shared[col] {
					wrong("%d has the %s %q, which is said to be that of %d", r.id, p.Name, k, holder)
				}
			}
		}
		for k, id := range index {
			if r, ok := t.get(id); !ok || r.archived != 0 || !slices.Contains(o.unique(p, r), k) {
				wrong("the %s %q leads to %d, which does not hold it", p.Name, k, id)
			}
		}
	}
}
