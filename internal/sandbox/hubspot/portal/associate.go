package portal

import "slices"

// Associate adds types to what holds between two live records; the unlabelled one always comes with them. Where a record has a primary
// on the other side and none yet, the first association makes it; a primary that is named moves from the one that had it.
// The errors are NotARecord, Itself and TooMany.
func (r *Relation) Associate(from, to int64, types ...*AssociationType) error {
	return r.associate(from, to, types, false)
}

// Label makes types all that holds between two live records, beside the unlabelled one. The errors are those of Associate.
func (r *Relation) Label(from, to int64, types ...*AssociationType) error {
	return r.associate(from, to, types, true)
}

func (r *Relation) associate(from, to int64, types []*AssociationType, replace bool) error {
	if err := r.Check(from, to); err != nil {
		return err
	}
	if r.back.holder && r.back != r { // the rules are written for the side that has at most one primary
		var inverse []*AssociationType
		for _, t := range types {
			inverse = append(inverse, t.inverse)
		}
		return r.back.associate(to, from, inverse, replace)
	}
	old := r.edges.kinds(from, to)
	next := r.types[0].bit
	if !replace {
		next |= old
	}
	plain := len(types) > 0
	for _, t := range types {
		next |= t.bit
		plain = plain && t == r.types[0]
	}
	primary := r.Primary()
	isFirst := r.holder && old == 0 && r.PrimaryOf(from) == 0
	if isFirst && !(plain && r.portal.Rules.ExplicitPrimary) {
		next |= primary.bit
	}
	if err := r.room(from, to, next&^old); err != nil {
		return err
	}
	if r.holder && next&primary.bit != 0 {
		if main := r.PrimaryOf(from); main != 0 && main != to {
			r.set(from, main, r.edges.kinds(from, main)&^primary.bit)
		}
	}
	r.set(from, to, next)
	r.settle(from, r.holder && old&^next&primary.bit != 0)
	return nil
}

// Check says whether two records may be associated: both must be live, and not the same.
func (r *Relation) Check(from, to int64) error {
	for _, end := range []NotARecord{{r.from, from}, {r.to, to}} {
		if _, live := end.Object.Get(end.ID, false); !live {
			return end
		}
	}
	if r.from == r.to && from == to {
		return Itself{from}
	}
	return nil
}

// room checks the limits that admins set, in both directions.
func (r *Relation) room(from, to int64, added uint32) error {
	for _, t := range r.typesIn(added) {
		for _, side := range []struct {
			r  *Relation
			id int64
			t  *AssociationType
		}{{r, from, t}, {r.back, to, t.inverse}} {
			if side.t.Max == 0 || side.t.Primary {
				continue
			}
			n := 0
			for _, e := range side.r.edges.of(side.id) {
				if e.kinds&side.t.bit != 0 {
					n++
				}
			}
			if n >= side.t.Max {
				return TooMany{side.id, side.t}
			}
		}
	}
	return nil
}

// Unlabel takes types away. Without the unlabelled one nothing is left of the association.
func (r *Relation) Unlabel(from, to int64, types ...*AssociationType) {
	next := r.edges.kinds(from, to)
	for _, t := range types {
		if t == r.types[0] {
			next = 0
		}
		next &^= t.bit
	}
	r.change(from, to, next)
}

// Dissociate ends every association of two records.
func (r *Relation) Dissociate(from, to int64) { r.change(from, to, 0) }

// change takes away from what holds between two records.
func (r *Relation) change(from, to int64, next uint32) {
	old := r.edges.kinds(from, to)
	if old == next {
		return
	}
	r.set(from, to, next)
	switch {
	case r.holder && (old^next)&r.Primary().bit != 0:
		r.settle(from, true)
	case r.back.holder && (old^next)&r.Primary().bit != 0:
		r.back.settle(to, true)
	}
}

// set stores what holds between two records on both sides.
func (r *Relation) set(from, to int64, kinds uint32) {
	r.edges.set(from, to, kinds)
	r.back.edges.set(to, from, r.inverted(kinds))
	r.from.changed() // searches look at associations
	r.to.changed()
}

// settle carries out what follows for a record whose primary may have changed; lost says that it had one that it has no more.
func (r *Relation) settle(id int64, lost bool) {
	switch {
	case r.from.Plural == "contacts" && r.to.Plural == "companies":
		r.mirror(id)
	case r.from.Plural == "leads" && lost:
		r.portal.endLead(r.from, id)
	}
}

// endLead archives a lead that is nobody's: without a primary contact and a primary company.
func (p *Portal) endLead(leads *Object, id int64) {
	if _, live := leads.Get(id, false); !live {
		return
	}
	for _, plural := range []string{"contacts", "companies"} {
		if r := p.Relation(leads, p.Object(plural)); r != nil && r.PrimaryOf(id) != 0 {
			return
		}
	}
	_ = leads.Delete(id) // it is live
}

// dropAssociations ends every association of a record that is no longer there.
func (p *Portal) dropAssociations(o *Object, id int64) {
	for pair, r := range p.relations {
		if pair[0] != o || r == nil {
			continue
		}
		for _, e := range slices.Clone(r.edges.of(id)) {
			r.change(id, e.to, 0)
		}
	}
}

// MoveAssociations gives the associations of one live record to another one of the same object, as a merge does, and its places in lists.
// What the other one has stays, its primary too.
func (p *Portal) MoveAssociations(o *Object, from, to int64) {
	o.moveMember(from, to)
	for pair, r := range p.relations {
		if pair[0] != o || r == nil {
			continue
		}
		for _, e := range slices.Clone(r.edges.of(from)) {
			if e.to == to && r.from == r.to {
				r.change(from, to, 0) // the two were associated with each other
				continue
			}
			kinds := e.kinds
			if r.holder && r.PrimaryOf(to) != 0 {
				kinds &^= r.Primary().bit
			}
			r.set(to, e.to, r.edges.kinds(to, e.to)|kinds) // before the old one goes: a lead must not be without
			r.change(from, e.to, 0)
			if r.holder {
				r.settle(to, false)
			}
		}
	}
}
