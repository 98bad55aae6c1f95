package load

import (
	"maps"
	"slices"

	"lockstep/internal/crm"
)

// judge says of every column that was sent what became of it, and returns the record as it stands for the
// bases: as verified, with the sent columns as read back. foreign says whether somebody else wrote what a
// column holds now.
//
//	read back     last modified by     the column is   stands for the base as
//	as before     anybody              not taken       before
//	as sent       anybody              taken           sent
//	neither       us (or HubSpot)      taken           read back: the CRM trimmed or reformatted it
//	neither       somebody else        taken           sent: the rest is that person's edit
func judge(m *mirror, c *change, verified, read *Record, foreign func(column string) bool) Record {
	over := Record{ID: read.ID, ModifiedAt: read.ModifiedAt, Values: maps.Clone(verified.Values)}
	if c.action == Create {
		over.Values = maps.Clone(read.Values)
	}
	for _, col := range c.columns {
		if col.state != sending {
			continue
		}
		k := m.kind(col.name)
		stored, returned := read.Values[col.name]
		before := verified.Values[col.name]
		col.state = Taken
		switch {
		case !returned:
			over.Values[col.name] = col.sent
		case k.same(stored, before) && !k.same(stored, col.sent):
			col.state, col.stored = NotTaken, stored
			col.reason = "accepted, and read back as before"
		case k.same(stored, col.sent), !foreign(col.name):
			col.stored, col.otherwise = stored, !k.same(stored, col.sent) && !alike(col.sent, stored)
			over.Values[col.name] = stored
		default:
			col.stored, col.otherwise = stored, !alike(col.sent, stored)
			over.Values[col.name] = col.sent
		}
	}
	return over
}

// bases says which bases a written record moves, per side and field; what is missing does not move.
//
// said is the record as verified in our words, over the same with the sent columns as judge has them; base is
// the written side's base as it stands, nil for none.
func bases(rules []rule, c *change, said, over words, base map[string]*string) map[crm.System]words {
	moved := map[crm.System]words{c.system: {}, c.system.Other(): {}}
	move := func(side crm.System, field string, v string, known bool) {
		if known {
			moved[side][field] = v
		}
	}
	decided, unsettled := c.fields(rules)
	for _, f := range rules {
		if f.direction == "off" || slices.Contains(unsettled, f.field) {
			continue
		}
		value, known := over[f.field]
		before, had := said[f.field]
		planned, was := c.planned(c.system.Other(), f.field)
		switch {
		case c.action == Create:
			move(c.system, f.field, value, known)
			// What only the new record may say, such as its id, the source has not been told yet: without a base
			// there it is at its first link until that write is taken, however late.
			move(c.system.Other(), f.field, planned, was && f.flowsTo(c.system))
		case slices.Contains(decided, f.field):
			move(c.system, f.field, value, known)
			move(c.system.Other(), f.field, planned, was)
		// A field that was not decided and that this write moved, such as the other half of a composed name:
		// it stays as unchanged as it was.
		case known && had && value != before && f.flowsTo(c.system) && base[f.field] != nil && *base[f.field] == before:
			move(c.system, f.field, value, true)
		}
	}
	return moved
}

// fields are the decided fields all of whose columns were taken, and those of which a column was not. Fields
// that go together settle together.
func (c *change) fields(rules []rule) (decided, unsettled []string) {
	for _, col := range c.columns {
		if col.state == Taken {
			decided = append(decided, col.fields...)
		} else {
			unsettled = append(unsettled, col.fields...)
		}
	}
	for _, f := range rules {
		if f.together != "" && slices.Contains(unsettled, f.field) {
			for _, other := range rules {
				if other.together == f.together {
					unsettled = append(unsettled, other.field)
				}
			}
		}
	}
	decided = slices.DeleteFunc(decided, func(f string) bool { return slices.Contains(unsettled, f) })
	return decided, unsettled
}
