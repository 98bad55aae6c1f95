package store

import (
	"errors"
	"fmt"
	"slices"
)

// Check says in what the org contradicts itself: rows, ids, orders, indexes and counts must tell the same, and no
// two live records may hold one value of a unique column. Nil is nothing. It reads everything and is for tests;
// what it finds is a mistake of this package, or of an Insert that took two such records as they stood.
func (org *Org) Check() error {
	var found []error
	for _, o := range org.Objects() {
		for _, err := range o.check() {
			found = append(found, fmt.Errorf("%s: %w", o.Name, err))
		}
	}
	return errors.Join(found...)
}

func (o *Object) check() (found []error) {
	wrong := func(format string, args ...any) { found = append(found, fmt.Errorf(format, args...)) }
	count, present := 0, 0
	for row, id := range o.ids {
		if o.state[row] == gone {
			continue
		}
		present++
		if o.state[row] == live {
			count++
		}
		if at, ok := o.byID[id]; !ok || int(at) != row || id.Prefix() != o.Prefix {
			wrong("row %d holds %s, which is said to stand at %d", row, id, at)
		}
	}
	if count != o.live || len(o.state) != len(o.ids) {
		wrong("%d live rows, said to be %d; %d states of %d rows", count, o.live, len(o.state), len(o.ids))
	}
	o.checkOrder(present, wrong)
	for _, f := range o.Fields {
		if f.index != nil {
			o.checkIndex(f, wrong)
		}
	}
	return found
}

// checkOrder wants every row once in the order of ids, and every row that is not gone once in that of stamps.
func (o *Object) checkOrder(present int, wrong func(string, ...any)) {
	seen := map[int32]bool{}
	for i, row := range o.idOrder() {
		if seen[row] || int(row) >= len(o.ids) {
			wrong("row %d stands twice in the order of ids, or is none", row)
			return
		}
		seen[row] = true
		if i > 0 && o.ids[o.order[i-1]].Compare(o.ids[row]) > 0 {
			wrong("%s stands after %s", o.ids[row], o.ids[o.order[i-1]])
		}
	}
	if len(seen) != len(o.ids) {
		wrong("%d rows, %d in the order of ids", len(o.ids), len(seen))
	}
	if o.stamp == nil {
		return
	}
	rows := o.stamped(minTime, maxTime)
	stamps := map[int32]bool{}
	for i, row := range rows {
		if stamps[row] || o.state[row] == gone {
			wrong("%s stands twice in the order of stamps, or is gone", o.ids[row])
		}
		stamps[row] = true
		if i > 0 && o.stamp.values.get(rows[i-1]).n > o.stamp.values.get(row).n {
			wrong("%s stands after %s, which is younger", o.ids[row], o.ids[rows[i-1]])
		}
	}
	if len(stamps) != present {
		wrong("%d records, %d in the order of stamps", present, len(stamps))
	}
}

// checkIndex wants every live row found by its value, and nothing else found.
func (o *Object) checkIndex(f *Field, wrong func(string, ...any)) {
	entries := 0
	for key := range f.index.one {
		rows := f.index.rows(key)
		entries += len(rows)
		for _, row := range rows {
			if o.state[row] != live || f.key(f.values.get(row)) != key {
				wrong("the %s %q leads to %s, which does not hold it", f.Name, key, o.ids[row])
			}
		}
		if f.Unique && len(rows) > 1 {
			wrong("%s all have the %s %q", o.names(rows), f.Name, key)
		}
		if len(slices.Compact(rows)) != len(rows) {
			wrong("the %s %q leads to a row twice", f.Name, key)
		}
	}
	for key, more := range f.index.more {
		if _, first := f.index.one[key]; !first || len(more) == 0 {
			wrong("the %s %q has further rows and no first, or none", f.Name, key)
		}
	}
	for row := range o.Rows() {
		if o.state[row] == live && !f.values.get(row).IsNull() {
			entries--
		}
	}
	if entries != 0 {
		wrong("the index of %s has %d entries too many", f.Name, entries)
	}
}
