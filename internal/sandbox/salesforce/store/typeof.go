package store

import "lockstep/internal/sandbox/salesforce/soql"

// typeOf binds TYPEOF What WHEN Account THEN …: the columns to show by the object that the reference leads to.
func (b *binder) typeOf(item soql.Item) (*node, *soql.Error) {
	q := b.q
	name := item.Path.Parts[0]
	f := b.object.Relation(name)
	if f == nil || len(item.Path.Parts) != 1 || !b.org.Visible(b.user, f) {
		return nil, q.Invalid("INVALID_FIELD", item.Path.At, unknownRelation, name)
	}
	if !f.Polymorphic() {
		return nil, q.Malformed(item.Path.At, "TYPEOF is only supported on polymorphic relationships, which '%s' is not", name)
	}
	columns := func(o *Object, paths []soql.Path) ([]*node, *soql.Error) {
		var top []*node
		for _, p := range paths {
			bound, err := b.org.bind(&soql.Query{Text: q.Text}, o, b.user, p)
			if err != nil {
				return nil, err
			}
			top = nest(top, bound)
		}
		return top, nil
	}
	n := &node{key: f.Relationship, ref: f, cases: map[*Object][]*node{}}
	for _, c := range item.TypeOf.Cases {
		o := b.org.Object(c.Object)
		if o == nil || !f.refersTo(o) {
			return nil, q.Invalid("INVALID_TYPE", c.At, "sObject type '%s' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.", c.Object)
		}
		if _, twice := n.cases[o]; twice {
			return nil, q.Malformed(c.At, "TYPEOF names '%s' twice", o.Name)
		}
		inner, err := columns(o, c.Fields)
		if err != nil {
			return nil, err
		}
		n.cases[o] = inner
	}
	var err *soql.Error
	n.inner, err = columns(nameObject, item.TypeOf.Else)
	return n, err
}

// refersTo tells whether the reference may lead to the object.
func (f *Field) refersTo(o *Object) bool {
	for _, name := range f.RefersTo {
		if name == o.Name {
			return true
		}
	}
	return false
}
