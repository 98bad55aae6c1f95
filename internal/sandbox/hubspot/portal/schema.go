package portal

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Schema is what an object type is, beside its properties: labels, what a record needs and is called by.
type Schema struct {
	Name                 string // of a custom object: short, as it was made
	Singular, Plural     string // labels
	Description          string
	Required             []string // properties a create must set
	Searchable           []string // where the text of a search is looked up
	Primary              string   // the property that names a record
	Secondary            []string
	Associations         []AssociationDefinition
	CreatedAt, UpdatedAt time.Time
	ArchivedAt           time.Time // zero while the object is there
	Restorable           bool
}

// AssociationDefinition says that records of two objects can be associated.
type AssociationDefinition struct {
	ID                   string
	FromTypeID, ToTypeID string
	Name                 string
	CreatedAt            time.Time
}

// MaxCustomObjects is how many custom objects an account may have.
const MaxCustomObjects = 10

// IsCustom says whether the account made the object itself.
func (o *Object) IsCustom() bool { return strings.HasPrefix(o.TypeID, "2-") }

// CustomObjects lists the account's own objects, live or archived, oldest first.
func (p *Portal) CustomObjects(archived bool) []*Object {
	var found []*Object
	for _, o := range p.objects {
		if o.IsCustom() && o.Schema.ArchivedAt.IsZero() != archived {
			found = append(found, o)
		}
	}
	return found
}

// NewCustom makes an object that is not in the portal yet: Adopt takes it in, once its properties are defined.
func (p *Portal) NewCustom(s Schema) *Object {
	p.lastCustom++
	k := kind{
		typeID: fmt.Sprintf("2-%d", 3_465_403+p.lastCustom), plural: fmt.Sprintf("p%d_%s", p.ID, s.Name), singular: s.Name, scope: "custom",
		created: "hs_createdate", modified: "hs_lastmodifieddate", pipeline: "hs_pipeline", stage: "hs_pipeline_stage",
	}
	o := newObject(p, k).ready()
	s.CreatedAt, s.UpdatedAt = p.Now().UTC(), p.Now().UTC()
	o.Schema = &s
	o.Apply()
	return o
}

// Adopt takes a custom object into the portal.
func (p *Portal) Adopt(o *Object) { p.objects = append(p.objects, o) }

// Apply makes the schema's rules hold for records: what a create must set, where a search looks.
func (o *Object) Apply() {
	o.kind.required = nil
	for _, name := range o.Schema.Required {
		o.kind.required = append(o.kind.required, []string{name})
	}
	o.kind.searched = slices.Clone(o.Schema.Searchable)
	o.changed()
}

// Live says whether any record of the object is not archived.
func (o *Object) Live() bool { return o.byName != nil && len(o.table.rows) > o.table.archived }

// Retire archives a custom object; forget takes an archived one away for good, so that its name is free again.
func (o *Object) Retire(forget bool) {
	if forget {
		o.portal.ForgetAssociations(o)
		o.portal.objects = slices.DeleteFunc(o.portal.objects, func(x *Object) bool { return x == o })
		return
	}
	o.Schema.ArchivedAt = o.portal.Now().UTC()
}

// answers says whether the object goes by a name: type id, plural, singular, or the names of a custom object.
func (o *Object) answers(name string) bool {
	if o.IsCustom() && !o.Schema.ArchivedAt.IsZero() {
		return false
	}
	return strings.EqualFold(name, o.Plural) || strings.EqualFold(name, o.Singular) || name == o.TypeID ||
		o.IsCustom() && strings.EqualFold(name, "p_"+o.Singular)
}

// Describe is the schema of the object; of one of HubSpot's own it says what every account has.
func (o *Object) Describe() Schema {
	if o.Schema != nil {
		return *o.Schema
	}
	title := func(word string) string {
		word = strings.ReplaceAll(word, "_", " ")
		return strings.ToUpper(word[:1]) + word[1:]
	}
	s := Schema{Name: o.Singular, Singular: title(o.Singular), Plural: title(o.Plural), Searchable: o.kind.searched, CreatedAt: epoch, UpdatedAt: epoch, Restorable: true}
	if len(o.kind.searched) > 0 {
		s.Primary = o.kind.searched[0]
	}
	return s
}

// Unrelate ends what DefineAssociation began, and with it the associations there are.
func (p *Portal) Unrelate(from, to *Object) {
	p.relations[[2]*Object{from, to}], p.relations[[2]*Object{to, from}] = nil, nil
	from.changed()
	if to != nil {
		to.changed()
	}
}
