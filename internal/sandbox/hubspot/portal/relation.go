package portal

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// maxTypes is how many types a relation has room for, deleted ones included.
const maxTypes = 32

// Relation is how the records of one object are associated with those of another, seen from the first. Every relation has one back,
// which for an object with itself is the same. Both always say the same.
type Relation struct {
	portal   *Portal
	from, to *Object
	back     *Relation
	types    []*AssociationType // by bit; nil where one was deleted
	holder   bool               // records of from have at most one primary
	edges    edges
}

// Association is one associated record with the types that hold.
type Association struct {
	To    int64
	Types []*AssociationType
}

// NotARecord is returned for an association with a record that is not there.
type NotARecord struct {
	Object *Object
	ID     int64
}

func (e NotARecord) Error() string {
	return fmt.Sprintf("%s=%d is not valid", strings.ToUpper(e.Object.Singular), e.ID)
}

// Itself is returned for an association of a record with itself.
type Itself struct{ ID int64 }

func (e Itself) Error() string {
	return fmt.Sprintf("Object %d cannot be associated to itself (%[1]d)", e.ID)
}

// TooMany is returned when a record has as many associations of a type as an admin allows.
type TooMany struct {
	ID   int64
	Type *AssociationType
}

func (e TooMany) Error() string {
	return fmt.Sprintf("Object %d already has the maximum of %d associations of type %s=%d", e.ID, e.Type.Max, e.Type.Category, e.Type.ID)
}

// errNoRoom is returned for a label that a pair of objects has no room for.
var errNoRoom = errors.New("the two objects have as many association types as they can")

// Relation finds the relation between two objects, nil when they cannot be associated.
func (p *Portal) Relation(from, to *Object) *Relation {
	if r, known := p.relations[[2]*Object{from, to}]; known {
		return r
	}
	r := p.relate(from, to)
	if r.defaultTypes() || r.back != r && r.back.defaultTypes() {
		return r
	}
	p.relations[[2]*Object{from, to}], p.relations[[2]*Object{to, from}] = nil, nil
	return nil
}

// relate makes an empty relation and the one back.
func (p *Portal) relate(from, to *Object) *Relation {
	r := &Relation{portal: p, from: from, to: to}
	r.back = r
	if from != to {
		r.back = &Relation{portal: p, from: to, to: from, back: r}
	}
	if p.relations == nil {
		p.relations = map[[2]*Object]*Relation{}
	}
	p.relations[[2]*Object{from, to}], p.relations[[2]*Object{to, from}] = r, r.back
	return r
}

// DefineAssociation makes two objects associable that HubSpot does not itself relate, as the schema of a custom object does.
// It returns the unlabelled type from the first to the second; of objects that are related already, the type there is.
func (p *Portal) DefineAssociation(from, to *Object) *AssociationType {
	r := p.Relation(from, to)
	if r == nil {
		r = p.relate(from, to)
		name, inverse := from.Singular+"_to_"+to.Singular, to.Singular+"_to_"+from.Singular
		r.add(p.userType(name, ""), p.userType(inverse, ""))
	}
	return r.Default()
}

// ForgetAssociations takes an object out of all relations, when its schema is deleted.
func (p *Portal) ForgetAssociations(o *Object) {
	for pair := range p.relations {
		if pair[0] == o || pair[1] == o {
			delete(p.relations, pair)
		}
	}
}

// userType gives a type the next id of the account.
func (p *Portal) userType(name, label string) AssociationType {
	p.lastType++
	return AssociationType{ID: p.lastType, Category: UserDefined, Name: name, Label: label}
}

// add gives a kind of association its two types. Where from and to are the same and so are the types, it is one.
func (r *Relation) add(forth, back AssociationType) *AssociationType {
	put := func(r *Relation, t AssociationType) *AssociationType {
		t.bit = 1 << len(r.types)
		r.types = append(r.types, &t)
		return &t
	}
	a := put(r, forth)
	b := a
	if r.back != r || forth.ID != back.ID {
		b = put(r.back, back)
	}
	a.inverse, b.inverse = b, a
	return a
}

// From and To are the objects.
func (r *Relation) From() *Object { return r.from }
func (r *Relation) To() *Object   { return r.to }

// Back is the relation seen from the other side.
func (r *Relation) Back() *Relation { return r.back }

// Types lists the types of the relation, the admins' own first, as HubSpot does.
func (r *Relation) Types() []*AssociationType { return r.typesIn(1<<maxTypes - 1) }

// Default is the type that only says that two records are associated. It holds for every pair.
func (r *Relation) Default() *AssociationType { return r.types[0] }

// Primary is the type of the one main record, nil for relations without.
func (r *Relation) Primary() *AssociationType {
	return r.typeWith(func(t *AssociationType) bool { return t.Primary })
}

// Type finds a type by category and id, nil when the relation has none.
func (r *Relation) Type(category string, id int64) *AssociationType {
	return r.typeWith(func(t *AssociationType) bool { return t.Category == category && t.ID == id })
}

// Named finds a type by the name the v3 API gives it, or by its label, in any case.
func (r *Relation) Named(name string) *AssociationType {
	return r.typeWith(func(t *AssociationType) bool {
		return strings.EqualFold(t.Name, name) || t.Label != "" && strings.EqualFold(t.Label, name)
	})
}

func (r *Relation) typeWith(is func(*AssociationType) bool) *AssociationType {
	for _, t := range r.types {
		if t != nil && is(t) {
			return t
		}
	}
	return nil
}

// typesIn turns bits into types.
func (r *Relation) typesIn(kinds uint32) []*AssociationType {
	var own, theirs []*AssociationType
	for _, t := range r.types {
		switch {
		case t == nil || kinds&t.bit == 0:
		case t.Category == UserDefined:
			own = append(own, t)
		default:
			theirs = append(theirs, t)
		}
	}
	// A label stands before the plain type, so the primary one is first: 1, then 279.
	slices.SortStableFunc(theirs, func(a, b *AssociationType) int { return min(len(b.Label), 1) - min(len(a.Label), 1) })
	return append(own, theirs...)
}

// inverted turns bits of this relation into those of the one back.
func (r *Relation) inverted(kinds uint32) uint32 {
	var out uint32
	for rest := kinds; rest != 0; rest &= rest - 1 {
		out |= r.types[bits.TrailingZeros32(rest)].inverse.bit
	}
	return out
}

// Of lists what a record is associated with, in order of id.
func (r *Relation) Of(id int64) []Association {
	var all []Association
	for _, e := range r.edges.of(id) {
		all = append(all, Association{e.to, r.typesIn(e.kinds)})
	}
	return all
}

// Has says whether two records are associated.
func (r *Relation) Has(from, to int64) bool { return r.edges.kinds(from, to) != 0 }

// PrimaryOf is a record's one main record on the other side, 0 for none.
func (r *Relation) PrimaryOf(id int64) int64 {
	if !r.holder {
		return 0
	}
	primary := r.Primary().bit
	for _, e := range r.edges.of(id) {
		if e.kinds&primary != 0 {
			return e.to
		}
	}
	return 0
}

// RelationWith finds the relation, between any two objects, that has a type: ids are unique within a category. It is nil for none.
func (p *Portal) RelationWith(category string, id int64) *Relation {
	if category == HubSpotDefined {
		for _, row := range associationRows() {
			forth, back := number(row[2]), number(row[3])
			if id != forth && id != back {
				continue
			}
			from, to := p.Object(row[0]), p.Object(row[1])
			if from == nil || to == nil {
				return nil
			}
			if id == back {
				from, to = to, from
			}
			return p.Relation(from, to)
		}
		return nil
	}
	for _, r := range p.relations {
		if r != nil && r.Type(category, id) != nil {
			return r
		}
	}
	return nil
}
