package store

import (
	"fmt"
	"strings"
)

// RecordType is a record type of an object.
type RecordType struct {
	ID        ID
	Name      string // what users see
	Developer string // developerName
	Default   bool   // what a create without one gets
	Inactive  bool   // no record may take it any more
	Hidden    bool   // API users may not give it to records
	Person    bool   // of person accounts
}

// DefineRecordType adds a record type. The object's first one gives it the field RecordTypeId.
func (org *Org) DefineRecordType(o *Object, r RecordType) (ID, error) {
	if !o.Layout && !o.Custom {
		return ID{}, fmt.Errorf("%s has no record types", o.Name)
	}
	if r.Developer == "" {
		r.Developer = strings.ReplaceAll(r.Name, " ", "_")
	}
	if r.Person && (org.persons == nil || o.Name != "Account") {
		return ID{}, fmt.Errorf("%s has no record types of persons", o.Name)
	}
	values := map[string]string{"Name": r.Name, "DeveloperName": r.Developer, "SobjectType": o.Name, "IsActive": fmt.Sprint(!r.Inactive)}
	if org.persons != nil {
		values["IsPersonType"] = fmt.Sprint(r.Person)
	}
	id, err := org.Insert("RecordType", values)
	if err != nil {
		return ID{}, err
	}
	if r.ID = id; r.Person {
		org.persons[id] = true
	}
	f := o.Field("RecordTypeId")
	if f == nil {
		f = &Field{Name: "RecordTypeId", Label: "Record Type ID", Type: "reference", Length: 18, Createable: true, Updateable: true, Nillable: true,
			Defaulted: true, RefersTo: []string{"RecordType"}, Relationship: "RecordType"}
		o.add(f)
	}
	if r.Default {
		for i := range o.Types {
			o.Types[i].Default = false
		}
		f.Default = id.String()
	}
	o.Types = append(o.Types, r)
	o.Changed = org.Now().Unix()
	return id, nil
}

// checkRecordType refuses a record type that the object does not have or the user may not give.
func (t *Tx) checkRecordType(f *Field, v Value) Errors {
	for _, r := range f.Object.Types {
		if r.ID == v.id && !r.Inactive && (!r.Hidden || t.User == t.Org.Human) {
			return nil
		}
	}
	sent := v.text
	if v.id != (ID{}) {
		sent = v.id.String()
	}
	return Errors{refuse("INVALID_CROSS_REFERENCE_KEY", []string{f.Name}, "Record Type ID: this ID value isn't valid for the user: %s", sent)}
}
