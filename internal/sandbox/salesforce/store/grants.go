package store

import "strings"

// Visible tells whether a user may read a field. What the org came with everyone sees; a field made
// through the API nobody sees, its maker included, until a permission set that the user holds grants it.
func (org *Org) Visible(user ID, f *Field) bool {
	return !f.Governed || org.granted(user, f, "PermissionsRead")
}

// Editable tells whether a user may write a field.
func (org *Org) Editable(user ID, f *Field) bool {
	return !f.Governed || user == org.Human || org.granted(user, f, "PermissionsEdit")
}

func (org *Org) granted(user ID, f *Field, permission string) bool {
	table := org.Object("FieldPermissions")
	name := f.Object.Name + "." + f.Name
	for row := range table.Rows() {
		if table.state[row] == live && strings.EqualFold(table.Value(row, table.Field("Field")).text, name) &&
			table.Value(row, table.Field(permission)).True() &&
			org.assigned(user, table.Value(row, table.Field("ParentId")).id) {
			return true
		}
	}
	return false
}

func (org *Org) assigned(user, set ID) bool {
	table := org.Object("PermissionSetAssignment")
	for row := range table.Rows() {
		if table.state[row] == live && table.Value(row, table.Field("AssigneeId")).id == user &&
			table.Value(row, table.Field("PermissionSetId")).id == set {
			return true
		}
	}
	return false
}

// checkSetup holds the rules of the setup objects, which are not those of records.
func (t *Tx) checkSetup(o *Object, self int32, next map[string]Value) Errors {
	other := func(table *Object, same ...string) (ID, bool) {
		for row := range table.Rows() {
			if row == self || table.state[row] != live {
				continue
			}
			hit := true
			for _, name := range same {
				hit = hit && strings.EqualFold(table.Value(row, table.Field(name)).String(), next[name].String())
			}
			if hit {
				return table.ids[row], true
			}
		}
		return ID{}, false
	}
	switch o.Name {
	case "FieldPermissions":
		object, column, _ := strings.Cut(next["Field"].text, ".")
		target := t.Org.Object(object)
		if target == nil || target.Field(column) == nil || !strings.EqualFold(target.Name, next["SobjectType"].text) {
			return Errors{refuse("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", []string{"Field"}, "Field Name: bad value for restricted picklist field: %s", next["Field"].text)}
		}
		if f := target.Field(column); !f.Permissionable() {
			return Errors{refuse("FIELD_INTEGRITY_EXCEPTION", []string{"Field"}, "Field Name: You cannot set field permissions for this field: %s", next["Field"].text)}
		}
		if next["PermissionsEdit"].True() && !next["PermissionsRead"].True() {
			return Errors{refuse("FIELD_INTEGRITY_EXCEPTION", []string{"PermissionsRead"}, "Permission Edit %s depends on permission(s): Read %s", next["Field"].text, next["Field"].text)}
		}
		if _, dup := other(o, "ParentId", "Field"); dup {
			return Errors{refuse("DUPLICATE_VALUE", nil, "duplicate value found: <unknown> duplicates value on record with id: <unknown>")}
		}
	case "PermissionSetAssignment":
		if _, dup := other(o, "PermissionSetId", "AssigneeId"); dup {
			return Errors{refuse("DUPLICATE_VALUE", nil, "Duplicate PermissionSetAssignment. Duplicate Assignee: %s", next["AssigneeId"].id.Short())}
		}
	}
	return nil
}

// Permissionable tells whether permission sets govern the field: not when it is required or the system's.
func (f *Field) Permissionable() bool {
	return f.Governable || f.Custom && (f.Nillable || f.Type == "boolean")
}
