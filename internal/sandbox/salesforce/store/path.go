package store

import (
	"slices"
	"strings"

	"lockstep/internal/sandbox/salesforce/soql"
)

// path is a column reached from an object through references.
type path struct {
	from    *Object
	hops    []*Field
	leaf    *Field
	ofOwner bool // the "Type" of a polymorphic reference: which object it points to
}

// nameFields are the columns that a polymorphic reference offers: those of the pseudo-object Name.
var nameFields = []string{"id", "name", "alias", "email", "firstname", "lastname", "title", "phone", "username", "isactive", "profileid"}

// bind resolves a path of a query against an object as one user sees it.
func (org *Org) bind(q *soql.Query, o *Object, user ID, p soql.Path) (path, *soql.Error) {
	out := path{from: o}
	parts := p.Parts
	if len(parts) > 1 && (strings.EqualFold(parts[0], q.Alias) || strings.EqualFold(parts[0], o.Name)) && o.Relation(parts[0]) == nil {
		parts = parts[1:]
	}
	if len(parts) > 6 {
		return out, q.Malformed(p.At, "SOQL statements cannot query more than 5 levels of relationships")
	}
	entity := o.Name
	loose := false // behind a polymorphic reference
	for _, name := range parts[:len(parts)-1] {
		f := o.Relation(name)
		if f == nil || loose || !org.Visible(user, f) {
			return out, q.Invalid("INVALID_FIELD", p.At, "Didn't understand relationship '%s' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.", name)
		}
		out.hops = append(out.hops, f)
		target := org.Object(f.RefersTo[len(f.RefersTo)-1])
		if target == nil {
			return out, q.Invalid("INVALID_FIELD", p.At, "Didn't understand relationship '%s' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.", name)
		}
		o, entity = target, target.Name
		if f.Polymorphic() {
			loose, entity = true, "Name"
		}
	}
	name := parts[len(parts)-1]
	if loose && strings.EqualFold(name, "Type") {
		out.ofOwner, out.leaf = true, &Field{Object: o, Name: "Type", Label: "Type", Type: "string"}
		return out, nil
	}
	f := o.Field(name)
	if f == nil || !org.Visible(user, f) || loose && !slices.Contains(nameFields, strings.ToLower(name)) {
		return out, q.Invalid("INVALID_FIELD", p.At, "No such column '%s' on entity '%s'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.", name, entity)
	}
	out.leaf = f
	return out, nil
}

// name is the path in the spelling of the describe: Owner.Email.
func (p path) name() string {
	var parts []string
	for _, f := range p.hops {
		parts = append(parts, f.Relationship)
	}
	return strings.Join(append(parts, p.leaf.Name), ".")
}

// value follows the path from a row; a reference to nothing on the way is null.
func (p path) value(org *Org, row int32) Value {
	o := p.from
	for _, hop := range p.hops {
		v := o.Value(row, hop)
		if v.IsNull() {
			return Value{}
		}
		var ok bool
		if o, row, ok = org.find(v.id); !ok {
			return Value{}
		}
	}
	if p.ofOwner {
		if o.Name == "Group" {
			return textValue("Queue")
		}
		return textValue(o.Name)
	}
	f := p.leaf
	if f.Object != o {
		if f = o.Field(f.Name); f == nil {
			return Value{}
		}
	}
	return o.Value(row, f)
}
