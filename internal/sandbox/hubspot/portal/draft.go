package portal

import "slices"

// draft is one record while a write checks it: what it was, what changes, and what follows from that.
type draft struct {
	object  *Object
	write   *Write
	id      int64
	before  row // zero id on create
	changes []cell
	created int64 // the created stamp the caller sets, 0 for none
}

// creating says whether the record is new.
func (d *draft) creating() bool { return d.before.id == 0 }

// change is the new value of a property, if it changes.
func (d *draft) change(name string) (string, bool) {
	p := d.object.byName[name]
	if p == nil {
		return "", false
	}
	for _, c := range d.changes {
		if c.col == p.col {
			return c.value, true
		}
	}
	return "", false
}

// changed says whether any of the properties changes.
func (d *draft) changed(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { _, yes := d.change(name); return yes })
}

// value is what a property will be.
func (d *draft) value(name string) string {
	if v, yes := d.change(name); yes {
		return v
	}
	return d.was(name)
}

// was is what a property is before the write.
func (d *draft) was(name string) string {
	if p := d.object.byName[name]; p != nil {
		return d.before.values.get(p.col)
	}
	return ""
}

// fill sets a property unless the caller does.
func (d *draft) fill(name, value string) {
	p := d.object.byName[name]
	if p == nil || d.changed(name) || d.before.values.get(p.col) == value {
		return
	}
	d.changes = append(d.changes, cell{p.col, value})
}

// now is the portal's time as a value.
func (d *draft) now() string { return Instant(d.object.portal.ms()) }
