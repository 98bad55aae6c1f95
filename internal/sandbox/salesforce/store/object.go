package store

import "strings"

// Object is a kind of record: its metadata and its rows.
type Object struct {
	Name       string
	Label      string
	Plural     string
	Prefix     string // first three characters of its ids
	Createable bool
	Updateable bool
	Deletable  bool
	Mergeable  bool
	Layout     bool     // users work with it: it has layouts, searches, recent items and a recycle bin
	Custom     bool     // made by an administrator
	Governed   bool     // hidden until ObjectPermissions show it
	Tooling    bool     // seen by the Tooling API alone
	Changed    int64    // when the metadata changed last, in seconds since 1970
	Traits     []string // what the describe says is true, when it is known word for word; nil: it follows from the rest
	Fields     []*Field
	Types      []RecordType // none in a new org

	nature nature // what the object adds to the rules that all share

	byName    map[string]*Field // by the describe's spelling, and by that in lower case
	relations map[string]*Field // relationship name in lower case → the reference field

	defaulted  []*Field // what a create fills in
	automatic  []*Field // what a create numbers
	ids        []ID
	state      []state
	byID       map[ID]int32
	order      []int32 // rows in id order
	unsorted   bool    // ids were added out of order since order was sorted
	live       int
	stamps     stampIndex
	stamp      *Field     // SystemModstamp
	modified   *Field     // LastModifiedDate
	modifiedBy *Field     // LastModifiedById
	archived   *Field     // IsArchived, of activities
	created    int        // ids made so far
	deletions  []deletion // of the last 15 days, oldest first
	disorder   bool       // deletions holds one that is out of order
}

// state is where a row is in its life.
type state uint8

const (
	live    state = iota
	deleted       // in the recycle bin: seen by queryAll
	gone          // purged, or its creation was rolled back: seen by nobody
)

// Field is the metadata of one column and its values.
type Field struct {
	Object        *Object
	Name          string
	Label         string
	Type          string // string, picklist, reference, …: the describe's word
	Length        int
	Precision     int
	Scale         int
	Digits        int
	Createable    bool
	Updateable    bool
	Nillable      bool
	Defaulted     bool // defaultedOnCreate
	IDLookup      bool
	Unique        bool
	ExternalID    bool
	CaseMatters   bool   // caseSensitive, of a unique field
	Restricted    bool   // restrictedPicklist
	Custom        bool   // made by an administrator
	Governed      bool   // made through the API: hidden until FieldPermissions show it
	Governable    bool   // permissionable, of a standard field
	Prefilterable bool   // searchPrefilterable, of a standard field
	NameField     bool   // nameField
	Compound      string // compoundFieldName: the field this one is a part of
	RefersTo      []string
	Relationship  string
	Options       []Option
	Default       string // what a create without it gets; "" for none
	Extra         string // extraTypeInfo
	Help          string // inlineHelpText

	lacks struct{ sort, filter, group, aggregate bool } // what its type would allow and the field does not

	ChildName  string // of a reference: the relationship's name seen from the record it points to; "" for none
	OnDelete   OnDelete
	AutoNumber string                         // the format, as in A-{0000}; "" for none
	Formula    string                         // calculatedFormula; "" for a field that is stored
	formula    func(map[string]string) string // of a calculated field: its value, from the record's others
	numbered   int                            // the last automatic number
	values     vector
	mirrors    *Field     // of an account: the contact's column that it is, where the org has person accounts
	index      *textIndex // nil when the column is not looked up
}

// OnDelete says what becomes of a record when the one that a reference of it points to is deleted.
type OnDelete string

// What a deletion does to the records that refer to the deleted one.
const (
	Clear    OnDelete = ""         // the reference becomes null
	Cascade  OnDelete = "cascade"  // they are deleted too
	Restrict OnDelete = "restrict" // the deletion is refused
)

// Option is one value of a picklist.
type Option struct {
	Value, Label string
	Default      bool
	Inactive     bool
}

// kind is how the column's values are held.
func (f *Field) kind() Kind {
	switch f.Type {
	case "id", "reference":
		return Ref
	case "boolean":
		return Boolean
	case "int":
		return Integer
	case "double", "currency", "percent":
		return Number
	case "date":
		return Date
	case "datetime":
		return DateTime
	case "address":
		return Address
	}
	return Text
}

// Filterable tells whether the column may stand in WHERE.
func (f *Field) Filterable() bool {
	return !(f.Type == "textarea" && f.Length > 255) && !f.lacks.filter
}

// Sortable tells whether the column may stand in ORDER BY.
func (f *Field) Sortable() bool {
	return f.Filterable() && f.Type != "address" && f.Type != "multipicklist" && !f.lacks.sort
}

// Groupable tells whether the column may stand in GROUP BY.
func (f *Field) Groupable() bool {
	switch f.kind() {
	case DateTime, Number, Address:
		return false
	}
	return (f.Sortable() || f.lacks.sort) && !f.lacks.group
}

// Aggregatable tells whether the column may stand in MIN, MAX and COUNT.
func (f *Field) Aggregatable() bool {
	return f.Type != "boolean" && (f.Sortable() || f.lacks.sort) && !f.lacks.aggregate
}

// Polymorphic tells whether the reference may point to several objects.
func (f *Field) Polymorphic() bool { return len(f.RefersTo) > 1 }

// computed tells whether the value is made on reading and never stored.
func (f *Field) computed() bool {
	return f.Type == "id" || f.Type == "address" || f.photo() || f.formula != nil || f.Name == "IsDeleted" || f.personName()
}

// photo tells whether the column is the address of the record's picture, which follows from its id.
func (f *Field) photo() bool { return f.Extra == "imageurl" }

// personName tells whether the column is the "Full Name" made of first and last name.
func (f *Field) personName() bool {
	return f.Name == "Name" && !f.Createable && f.Object.byName["lastname"] != nil
}

// RequiredOnCreate tells whether a create without the field is refused.
func (f *Field) RequiredOnCreate() bool { return f.Createable && !f.Nillable && !f.Defaulted }

// Field finds a column by name, in any case.
func (o *Object) Field(name string) *Field {
	if f, ok := o.byName[name]; ok { // the describe's own spelling, without the cost of folding
		return f
	}
	return o.byName[strings.ToLower(name)]
}

// Relation finds a reference field by its relationship name, in any case: Owner → OwnerId.
func (o *Object) Relation(name string) *Field { return o.relations[strings.ToLower(name)] }

// add hangs a field onto the object.
func (o *Object) add(f *Field) {
	f.Object = o
	o.Fields = append(o.Fields, f)
	o.byName[f.Name], o.byName[strings.ToLower(f.Name)] = f, f
	if f.Defaulted && !f.computed() {
		o.defaulted = append(o.defaulted, f)
	}
	if f.AutoNumber != "" {
		o.automatic = append(o.automatic, f)
	}
	if f.Relationship != "" {
		o.relations[strings.ToLower(f.Relationship)] = f
	}
	switch f.Name {
	case "SystemModstamp":
		o.stamp = f
	case "IsArchived":
		o.archived = f
	case "LastModifiedDate":
		o.modified = f
	case "LastModifiedById":
		o.modifiedBy = f
	}
	f.values = newVector(f)
	if f.index == nil && (f.Unique || f.ExternalID || f.IDLookup && f.Type != "id" || f.Type == "reference" && f.Relationship == "Account") {
		f.index = newTextIndex()
	}
}

// key is the form in which the index holds a value.
func (f *Field) key(v Value) string {
	if f.CaseMatters || v.Kind == Ref {
		return v.String()
	}
	return fold(v.String())
}
