package portal

import (
	"encoding/binary"
	"strings"
	"time"
)

// row is one version of a record. Stamps are Unix milliseconds.
type row struct {
	id       int64
	created  int64
	modified int64  // the stamp users see
	written  int64  // when the portal took this version: the lag of searches counts from here
	archived int64  // 0 while live
	source   uint16 // who made the record
	values   packed
}

// packed holds a row's values: column number, length, bytes, in column order. A value is empty only where one was cleared.
type packed string

// cell is one value of a row.
type cell struct {
	col   uint16
	value string
}

// next splits off the first cell. It must not be called on an empty packed.
func (p packed) next() (cell, packed) {
	col, n := uvarint(p)
	size, m := uvarint(p[n:])
	start := n + m
	return cell{uint16(col), string(p[start : start+int(size)])}, p[start+int(size):]
}

func uvarint(p packed) (uint64, int) {
	var x uint64
	for i := 0; ; i++ {
		b := p[i]
		x |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			return x, i + 1
		}
	}
}

// get finds one column's value, empty when it has none.
func (p packed) get(col uint16) string {
	v, _ := p.find(col)
	return v
}

// find finds one column's value and tells whether it ever had one.
func (p packed) find(col uint16) (string, bool) {
	for len(p) > 0 {
		var c cell
		c, p = p.next()
		if c.col == col {
			return c.value, true
		}
		if c.col > col {
			break
		}
	}
	return "", false
}

// with returns the values with changes, which are in column order, put over them.
func (p packed) with(changes []cell) packed {
	buf := make([]byte, 0, len(p)+64)
	for len(p) > 0 || len(changes) > 0 {
		var c cell
		had := true // a value before
		switch {
		case len(p) == 0:
			c, changes, had = changes[0], changes[1:], false
		case len(changes) == 0:
			c, p = p.next()
		default:
			old, rest := p.next()
			switch {
			case old.col < changes[0].col:
				c, p = old, rest
			case old.col > changes[0].col:
				c, changes, had = changes[0], changes[1:], false
			default:
				c, p, changes = changes[0], rest, changes[1:]
			}
		}
		if c.value != "" || had {
			buf = binary.AppendUvarint(buf, uint64(c.col))
			buf = binary.AppendUvarint(buf, uint64(len(c.value)))
			buf = append(buf, c.value...)
		}
	}
	return packed(buf)
}

// Record is one version of a record, as it stood when it was read.
type Record struct {
	object *Object
	row    row
}

// ID is the record's id, unique within its object.
func (r Record) ID() int64 { return r.row.id }

// Created, Modified and Archived are Unix milliseconds; Archived is 0 while the record is live.
func (r Record) Created() int64  { return r.row.created }
func (r Record) Modified() int64 { return r.row.modified }
func (r Record) Archived() int64 { return r.row.archived }

// Source is who made the record.
func (r Record) Source() Source { return r.object.portal.sources[r.row.source] }

// Value is a property's value as text, empty when it has none.
func (r Record) Value(p *Property) string {
	if v := r.row.values.get(p.col); v != "" || p.compute == nil {
		return v
	}
	return p.compute(r)
}

// Read is a property's value as a read shows it, and whether it shows one: "" for what was cleared, none for what was never set.
func (r Record) Read(p *Property) (string, bool) {
	v, had := r.row.values.find(p.col)
	if v == "" && p.compute != nil {
		v = p.compute(r)
	}
	return v, v != "" || had && !r.object.portal.Rules.ClearedIsNull
}

// stored is a stored value by name.
func (r Record) stored(name string) string {
	if p := r.object.byName[name]; p != nil {
		return r.row.values.get(p.col)
	}
	return ""
}

// Map gives every live property that has a value.
func (r Record) Map() map[string]string {
	values := map[string]string{}
	for _, p := range r.object.byName {
		if p.compute != nil {
			if v := p.compute(r); v != "" {
				values[p.Name] = v
			}
		}
	}
	for rest := r.row.values; len(rest) > 0; {
		var c cell
		c, rest = rest.next()
		if p := r.object.props[c.col]; !p.Archived && c.value != "" {
			values[p.Name] = strings.Clone(c.value)
		}
	}
	return values
}

// Instant writes Unix milliseconds as HubSpot does: UTC, three digits, none when they are zero.
func Instant(ms int64) string {
	t := time.UnixMilli(ms).UTC()
	if ms%1000 == 0 {
		return t.Format("2006-01-02T15:04:05Z")
	}
	return t.Format("2006-01-02T15:04:05.000Z")
}

// Object is the object type the record belongs to.
func (r Record) Object() *Object { return r.object }
