package store

import (
	"strings"
	"time"

	"lockstep/internal/sandbox/salesforce/soql"
)

// path is a column reached from an object through references, and what is made of its value.
type path struct {
	from   *Object
	hops   []*Field
	leaf   *Field
	target bool // the "Type" of a polymorphic reference: which object it points to

	date  string         // CALENDAR_YEAR …; "" for none
	zone  *time.Location // that the date function counts in; nil: UTC
	wrap  string         // TOLABEL or FORMAT
	alias string         // the key in the answer; "": the column's own name
}

// nameObject is what stands behind a reference that may lead to several objects: the columns that "Name"
// has, whatever the record is. It holds no rows; a value is read from the record's own column of that name.
var nameObject = newNameObject()

func newNameObject() *Object {
	o := &Object{Name: "Name", Label: "Name", byName: map[string]*Field{}, relations: map[string]*Field{}, byID: map[ID]int32{}}
	for _, f := range []*Field{
		{Name: "Id", Type: "id"}, {Name: "Name", Type: "string"}, {Name: "Type", Type: "picklist"}, {Name: "Alias", Type: "string"},
		{Name: "Email", Type: "email"}, {Name: "FirstName", Type: "string"}, {Name: "LastName", Type: "string"},
		{Name: "Title", Type: "string"}, {Name: "Phone", Type: "phone"}, {Name: "Username", Type: "string"},
		{Name: "IsActive", Type: "boolean"}, {Name: "ProfileId", Type: "reference", RefersTo: []string{"Profile"}, Relationship: "Profile"},
		{Name: "UserRoleId", Type: "reference", RefersTo: []string{"UserRole"}, Relationship: "UserRole"},
		{Name: "RecordTypeId", Type: "reference", RefersTo: []string{"RecordType"}, Relationship: "RecordType"},
	} {
		f.Label = f.Name
		o.add(f)
	}
	return o
}

const (
	unknownRelation = "Didn't understand relationship '%s' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names."
	unknownColumn   = "No such column '%s' on entity '%s'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names."
)

// maxHops is how many relationships a path may go through.
const maxHops = 5

// bind resolves a path of a query against an object as one user sees it.
func (org *Org) bind(q *soql.Query, o *Object, user ID, p soql.Path) (path, *soql.Error) {
	out := path{from: o}
	parts := p.Parts
	if len(parts) > 1 && (q.Alias != "" && strings.EqualFold(parts[0], q.Alias) || strings.EqualFold(parts[0], o.Name)) && o.Relation(parts[0]) == nil {
		parts = parts[1:]
	}
	if len(parts) > maxHops+1 {
		return out, q.Malformed(p.At, "SOQL statements cannot query more than 5 levels of relationships")
	}
	for _, name := range parts[:len(parts)-1] {
		f := o.Relation(name)
		if f == nil || !org.Visible(user, f) {
			return out, q.Invalid("INVALID_FIELD", p.At, unknownRelation, name)
		}
		out.hops = append(out.hops, f)
		if o = nameObject; !f.Polymorphic() {
			o = org.Object(f.RefersTo[0])
		}
		if o == nil {
			return out, q.Invalid("INVALID_FIELD", p.At, unknownRelation, name)
		}
	}
	name := parts[len(parts)-1]
	f := o.Field(name)
	if f == nil || !org.Visible(user, f) {
		return out, q.Invalid("INVALID_FIELD", p.At, unknownColumn, name, o.Name)
	}
	out.leaf, out.target = f, o == nameObject && f.Name == "Type"
	return out, nil
}

// column resolves an item of a query: a path and the functions around it, aggregates apart.
func (b *binder) column(item soql.Item) (path, *soql.Error) {
	p, err := b.org.bind(b.q, b.object, b.user, item.Path)
	if err != nil {
		return p, err
	}
	k := p.leaf.kind()
	switch {
	case item.Date != "" && k != DateTime && (k != Date || item.Zoned || item.Date == "HOUR_IN_DAY" || item.Date == "DAY_ONLY"):
		return p, b.q.Malformed(item.Path.At, "field %s does not support date function %s", p.leaf.Name, item.Date)
	case item.Wrap == "TOLABEL" && !strings.HasSuffix(p.leaf.Type, "picklist"):
		return p, b.q.Malformed(item.Path.At, "field %s does not support toLabel", p.leaf.Name)
	}
	p.date, p.wrap, p.alias = item.Date, item.Wrap, item.Alias
	if item.Zoned {
		p.zone = b.zone()
	}
	return p, nil
}

// kind is what the path's values are, functions applied.
func (p *path) kind() Kind {
	switch {
	case p.wrap != "":
		return Text
	case p.date == "DAY_ONLY":
		return Date
	case p.date != "":
		return Integer
	}
	return p.leaf.kind()
}

// name is the path in the spelling of the describe: Owner.Email.
func (p *path) name() string {
	var parts []string
	for _, f := range p.hops {
		parts = append(parts, f.Relationship)
	}
	return strings.Join(append(parts, p.leaf.Name), ".")
}

// same tells whether two paths mean the same column and function.
func (p *path) same(other *path) bool {
	return p.date == other.date && (p.zone == nil) == (other.zone == nil) && p.wrap == other.wrap && p.name() == other.name()
}

// own is the object's column that a field stands for; nil when it has none.
func (o *Object) own(f *Field) *Field {
	if f.Object == o {
		return f
	}
	return o.Field(f.Name)
}

// value follows the path from a row; a reference to nothing on the way is null.
func (p *path) value(org *Org, row int32) Value {
	o := p.from
	for _, hop := range p.hops {
		f := o.own(hop)
		if f == nil {
			return Value{}
		}
		v := o.Value(row, f)
		if v.IsNull() {
			return Value{}
		}
		var ok bool
		if o, row, ok = org.find(v.id); !ok {
			return Value{}
		}
	}
	return p.at(o, row)
}

// at is the value of the path's last column in a row of o, functions applied.
func (p *path) at(o *Object, row int32) Value {
	if p.target {
		if o.Name == "Group" {
			return textValue("Queue")
		}
		return textValue(o.Name)
	}
	f := o.own(p.leaf)
	if f == nil {
		return Value{}
	}
	v := o.Value(row, f)
	if p.date != "" {
		v = datePart(p.date, v, p.zone)
	}
	switch p.wrap {
	case "TOLABEL":
		return f.label(v)
	case "FORMAT":
		return formatted(f, v)
	}
	return v
}
