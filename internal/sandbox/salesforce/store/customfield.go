package store

import (
	"fmt"
	"slices"
	"strings"
)

// maxExternalIDs is how many external id fields an object may have.
const maxExternalIDs = 25

// AddField hangs a custom field onto an object and notes it for the Tooling API.
func (org *Org) AddField(o *Object, f *Field) (ID, error) {
	external := 0
	for _, other := range o.Fields {
		if other.ExternalID {
			external++
		}
	}
	if f.ExternalID && external >= maxExternalIDs {
		return ID{}, fmt.Errorf("an object can have %d external ids", maxExternalIDs)
	}
	for _, target := range f.RefersTo {
		if org.Object(target) == nil {
			return ID{}, fmt.Errorf("referenceTo value of '%s' does not resolve to a valid sObject type", target)
		}
	}
	if owner := o.Field("OwnerId"); o.Custom && owner != nil && f.Type == "reference" && f.OnDelete == Cascade && !f.Nillable {
		o.drop(owner) // a detail belongs to whom its master does
	}
	if f.Type == "reference" {
		f.index = newTextIndex()
	}
	o.add(f)
	org.mirrorCustom(f)
	o.Changed = org.Now().Unix()
	return org.Insert("CustomField", map[string]string{
		"DeveloperName": strings.TrimSuffix(f.Name, "__c"), "TableEnumOrId": o.Name, "FullName": o.Name + "." + f.Name,
	})
}

// FieldOf leads from a CustomField id of the Tooling API to the field.
func (org *Org) FieldOf(id string) (*Field, bool) {
	values, ok := org.Get(org.Object("CustomField"), id)
	if !ok {
		return nil, false
	}
	object, name, _ := strings.Cut(values["FullName"], ".")
	f := org.Object(object).Field(name)
	return f, f != nil
}

// RemoveField takes a custom field and its values away, as an administrator who deletes it.
func (org *Org) RemoveField(f *Field) error {
	o := f.Object
	if !f.Custom {
		return fmt.Errorf("%s.%s is a standard field and cannot be deleted", o.Name, f.Name)
	}
	o.drop(f)
	if m := org.accountField(f); org.persons != nil && o.Name == "Contact" && m != nil {
		m.Object.drop(m)
	}
	o.Changed = org.Now().Unix()
	table := org.Object("CustomField")
	for row := range table.Rows() {
		if table.state[row] == live && table.Value(row, table.Field("FullName")).text == o.Name+"."+f.Name {
			table.move(row, gone)
		}
	}
	return nil
}

// drop takes a column away.
func (o *Object) drop(f *Field) {
	same := func(x *Field) bool { return x == f }
	o.Fields = slices.DeleteFunc(slices.Clone(o.Fields), same)
	o.defaulted = slices.DeleteFunc(slices.Clone(o.defaulted), same)
	o.automatic = slices.DeleteFunc(slices.Clone(o.automatic), same)
	delete(o.byName, f.Name)
	delete(o.byName, strings.ToLower(f.Name))
	delete(o.relations, strings.ToLower(f.Relationship))
}
