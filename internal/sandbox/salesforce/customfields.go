package salesforce

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/internal/sandbox/salesforce/store"
)

// CustomField is a field that an administrator makes. Type is the metadata's word: Text, TextArea, LongTextArea, Html,
// EncryptedText, Number, Currency, Percent, Checkbox, Date, DateTime, Time, Email, Phone, Url, Picklist,
// MultiselectPicklist, Lookup, MasterDetail, AutoNumber.
type CustomField struct {
	Name, Label, Type string // Name ends in __c; an empty Label is made of it

	Length       int // of Text, LongTextArea, Html, EncryptedText; 0: the longest
	Precision    int // of numbers: digits in all; 0: 18
	Scale        int // of those, after the point
	Required     bool
	Unique       bool
	CaseMatters  bool // of a unique text
	ExternalID   bool
	Default      string
	Values       []Option // of picklists
	Restricted   bool     // no other values are taken
	RefersTo     []string // of Lookup and MasterDetail
	Relationship string   // name of the relationship from the other side, without __r
	OnDelete     OnDelete // of Lookup; a MasterDetail cascades
	Format       string   // of AutoNumber, as in A-{0000}
	Help         string
	Hidden       bool // until FieldPermissions show it, as one made through the API is

	// Formula makes a calculated field of that text, which the describe shows; Compute is what it computes, from
	// the record's other fields. Type is that of the result.
	Formula string
	Compute func(record map[string]string) string
}

// Option is one value of a picklist; OnDelete what becomes of a record whose parent is deleted.
type (
	Option   = store.Option
	OnDelete = store.OnDelete
)

// CustomObject is an object that an administrator makes. It has the fields Id, Name, OwnerId and the audit fields; with a
// MasterDetail field it has no OwnerId, its owner is the master's.
type CustomObject struct {
	Name, Label, Plural string // Name ends in __c
	NameFormat          string // records name themselves by number, as in INV-{0000}; empty: Name is text
	Hidden              bool   // until ObjectPermissions show it
	Fields              []CustomField
}

// DefineObject makes a custom object with its fields.
func (s *Server) DefineObject(o CustomObject) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o.Label == "" {
		o.Label = labelOf(o.Name)
	}
	if o.Plural == "" {
		o.Plural = o.Label + "s"
	}
	made, err := s.org.AddObject(o.Name, o.Label, o.Plural, o.NameFormat, o.Hidden)
	if err != nil {
		return err
	}
	for _, f := range o.Fields {
		if err := s.addField(made, f); err != nil {
			return err
		}
	}
	return nil
}

// DefineField adds a custom field to an object. Everybody sees it unless it is Hidden.
func (s *Server) DefineField(object string, f CustomField) error {
	return s.with(object, func(o *store.Object) error { return s.addField(o, f) })
}

func (s *Server) addField(o *store.Object, in CustomField) error {
	if !customName.MatchString(in.Name) {
		return fmt.Errorf("%q cannot be the name of a custom field", in.Name)
	}
	if o.Field(in.Name) != nil {
		return fmt.Errorf("%s has a field %s already", o.Name, in.Name)
	}
	f, problem := in.build()
	if problem != "" {
		return fmt.Errorf("%s.%s: %s", o.Name, in.Name, problem)
	}
	_, err := s.org.AddField(o, f)
	return err
}

func labelOf(name string) string {
	return strings.ReplaceAll(strings.TrimSuffix(name, "__c"), "_", " ")
}

// longest is how long the values of a text type may be.
var longest = map[string]int{"Text": 255, "LongTextArea": 131072, "Html": 131072, "EncryptedText": 175}

// build makes the field's metadata; problem says what it lacks, in the words of the Tooling API.
func (in CustomField) build() (f *store.Field, problem string) {
	kind, known := customTypes[in.Type]
	if !known {
		return nil, "Field Type: bad value for restricted picklist field: " + in.Type
	}
	if in.Label == "" {
		in.Label = labelOf(in.Name)
	}
	f = &store.Field{
		Name: in.Name, Label: in.Label, Type: kind, Createable: true, Updateable: true, Nillable: !in.Required, Custom: true,
		Governed: in.Hidden, ExternalID: in.ExternalID, IDLookup: in.ExternalID, Unique: in.Unique,
		CaseMatters: in.Unique && in.CaseMatters, Help: in.Help, Default: in.Default,
	}
	f.Defaulted = in.Default != ""
	switch in.Type {
	case "Text", "LongTextArea", "Html", "EncryptedText":
		f.Length = in.Length
		if f.Length < 1 || f.Length > longest[in.Type] {
			return nil, fmt.Sprintf("Must specify a length between 1 and %d for a CustomField of type %s", longest[in.Type], in.Type)
		}
		f.Extra = map[string]string{"LongTextArea": "plaintextarea", "Html": "richtextarea"}[in.Type]
	case "TextArea", "Url":
		f.Length = 255
	case "Email":
		f.Length = 80
	case "Phone":
		f.Length = 40
	case "Number", "Currency", "Percent":
		f.Precision, f.Scale = in.Precision, in.Scale
		if f.Precision < 1 || f.Precision > 18 || f.Scale < 0 || f.Scale > f.Precision {
			return nil, "Must specify 'precision' up to 18 and 'scale' within it for a CustomField of type " + in.Type
		}
	case "Checkbox":
		f.Defaulted, f.Nillable = true, false
	case "Picklist", "MultiselectPicklist":
		f.Length = map[string]int{"Picklist": 255, "MultiselectPicklist": 4099}[in.Type]
		if len(in.Values) == 0 {
			return nil, "Must specify a valueSet with values for a CustomField of type " + in.Type
		}
		f.Restricted, f.Options = in.Restricted, slices.Clone(in.Values)
		for i, o := range f.Options {
			if o.Label == "" {
				f.Options[i].Label = o.Value
			}
			if o.Default {
				f.Default, f.Defaulted = o.Value, true
			}
		}
	case "Lookup", "MasterDetail":
		f.Length, f.RefersTo, f.Relationship, f.OnDelete = 18, in.RefersTo, strings.TrimSuffix(in.Name, "__c")+"__r", in.OnDelete
		if in.Relationship != "" {
			f.ChildName = in.Relationship + "__r"
		}
		if len(in.RefersTo) == 0 || in.Relationship == "" {
			return nil, "Must specify 'referenceTo' and 'relationshipName' for a CustomField of type " + in.Type
		}
		if in.Type == "MasterDetail" {
			f.OnDelete, f.Nillable, f.Updateable, f.Governed = store.Cascade, false, false, false
		}
	case "AutoNumber":
		f.Length, f.AutoNumber, f.Createable, f.Updateable, f.Nillable = 30, in.Format, false, false, false
		f.Defaulted = true
		if in.Format == "" {
			return nil, "Must specify 'displayFormat' for a CustomField of type AutoNumber"
		}
	}
	if in.ExternalID && !externalIDType(f.Type) {
		return nil, "Can not specify 'externalId' for a CustomField of type " + in.Type
	}
	if in.Compute != nil {
		f.Calculate(in.Formula, in.Compute)
	}
	return f, ""
}
