package portal

import "slices"

// maxLabels is how many labels of their own admins may give a pair of objects.
const maxLabels = 10

// DefineLabel adds an admin's label to a relation and returns its type. The inverse label is what the other side shows; empty is the
// same. The error is returned when there is no room.
func (r *Relation) DefineLabel(name, label, inverse string) (*AssociationType, error) {
	own := 0
	for _, t := range r.types {
		if t != nil && t.Category == UserDefined && t.Label != "" {
			own++
		}
	}
	paired := inverse != "" && inverse != label
	if own >= maxLabels || len(r.types)+2 > maxTypes {
		return nil, errNoRoom
	}
	forth := r.portal.userType(name, label)
	switch {
	case r.back == r && !paired:
		return r.add(forth, forth), nil
	case !paired:
		inverse = label
	}
	return r.add(forth, r.portal.userType("inverse_"+name, inverse)), nil
}

// Rename gives a label, and the one on the other side, another text; empty leaves as it is.
func (t *AssociationType) Rename(label, inverse string) {
	if label != "" {
		t.Label = label
	}
	if inverse != "" {
		t.inverse.Label = inverse
	}
}

// DeleteLabel takes a label out of the relation and off every pair that has it.
func (r *Relation) DeleteLabel(t *AssociationType) {
	var labelled []edge
	r.edges.each(func(e edge) {
		if e.kinds&t.bit != 0 {
			labelled = append(labelled, e)
		}
	})
	for _, e := range labelled {
		r.Unlabel(e.from, e.to, t)
	}
	drop := func(r *Relation, t *AssociationType) {
		if i := slices.Index(r.types, t); i >= 0 {
			r.types[i] = nil // the bits of the others stay
		}
	}
	drop(r, t)
	drop(r.back, t.inverse)
}

// Relations lists every relation that has been asked for, in no order.
func (p *Portal) Relations() []*Relation {
	var all []*Relation
	for _, r := range p.relations {
		if r != nil {
			all = append(all, r)
		}
	}
	return all
}
