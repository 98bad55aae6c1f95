package store

import "strings"

// Visible tells whether a user may read a field. What the org came with everyone sees; a field made
// through the API nobody sees, its maker included, until a permission set that the user holds grants it.
func (org *Org) Visible(user ID, f *Field) bool {
	if f.mirrors != nil {
		f = f.mirrors
	}
	return !f.Governed || org.granted(user, f, "PermissionsRead")
}

// Editable tells whether a user may write a field.
func (org *Org) Editable(user ID, f *Field) bool {
	if f.mirrors != nil {
		f = f.mirrors
	}
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

// Seen tells whether a user may know of an object: what the org came with everyone does, a custom object that
// was made hidden nobody does but through ObjectPermissions.
func (org *Org) Seen(user ID, o *Object) bool {
	return !o.Governed || user == org.Human || org.objectGranted(user, o, "PermissionsRead")
}

func (org *Org) objectGranted(user ID, o *Object, permission string) bool {
	table := org.Object("ObjectPermissions")
	for row := range table.Rows() {
		if table.state[row] == live && strings.EqualFold(table.Value(row, table.Field("SobjectType")).text, o.Name) &&
			table.Value(row, table.Field(permission)).True() &&
			org.assigned(user, table.Value(row, table.Field("ParentId")).id) {
			return true
		}
	}
	return false
}

// permits tells whether the transaction's user may create, edit or delete records of an object.
func (t *Tx) permits(o *Object, permission string) bool {
	if t.system || t.User == t.Org.Human {
		return true
	}
	return !t.Org.forbidden[o.Name+permission] && (!o.Governed || t.Org.objectGranted(t.User, o, permission))
}

// Forbid takes a permission on an object from every user but the human: PermissionsCreate, PermissionsEdit or
// PermissionsDelete.
func (org *Org) Forbid(o *Object, permission string) { org.forbidden[o.Name+permission] = true }

// Protect lets every user but the human read a record only.
func (org *Org) Protect(id ID) { org.closed[id] = true }

// barred tells whether a record may not be changed by this user.
func (t *Tx) barred(id ID) bool { return !t.system && t.User != t.Org.Human && t.Org.closed[id] }

// checkSetup holds the rules of the setup objects, which are not those of records.
func checkSetup(c *change) Errors {
	switch c.object.Name {
	case "FieldPermissions":
		return checkFieldPermissions(c)
	case "ObjectPermissions":
		return checkObjectPermissions(c)
	}
	if c.twin("PermissionSetId", "AssigneeId") {
		return Errors{refuse("DUPLICATE_VALUE", nil, "Duplicate PermissionSetAssignment. Duplicate Assignee: %s", c.get("AssigneeId").id.Short())}
	}
	return nil
}

// twin tells whether another record has the same values in some columns.
func (c *change) twin(same ...string) bool {
	o := c.object
	for row := range o.Rows() {
		if row == c.row || o.state[row] != live {
			continue
		}
		hit := true
		for _, name := range same {
			hit = hit && strings.EqualFold(o.Value(row, o.Field(name)).String(), c.get(name).String())
		}
		if hit {
			return true
		}
	}
	return false
}

func checkFieldPermissions(c *change) Errors {
	name := c.get("Field").text
	object, column, _ := strings.Cut(name, ".")
	target := c.Org.Object(object)
	if target == nil || target.Field(column) == nil || !strings.EqualFold(target.Name, c.get("SobjectType").text) {
		return Errors{refuse("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", []string{"Field"}, "Field Name: bad value for restricted picklist field: %s", name)}
	}
	if f := target.Field(column); !f.Permissionable() {
		return Errors{refuse("FIELD_INTEGRITY_EXCEPTION", []string{"Field"}, "Field Name: You cannot set field permissions for this field: %s", name)}
	}
	if c.get("PermissionsEdit").True() && !c.get("PermissionsRead").True() {
		return Errors{refuse("FIELD_INTEGRITY_EXCEPTION", []string{"PermissionsRead"}, "Permission Edit %s depends on permission(s): Read %s", name, name)}
	}
	if c.twin("ParentId", "Field") {
		return Errors{refuse("DUPLICATE_VALUE", nil, "duplicate value found: <unknown> duplicates value on record with id: <unknown>")}
	}
	return nil
}

func checkObjectPermissions(c *change) Errors {
	name := c.get("SobjectType").text
	target := c.Org.Object(name)
	if target == nil || target.Tooling {
		return Errors{refuse("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", []string{"SobjectType"}, "SObject Type Name: bad value for restricted picklist field: %s", name)}
	}
	for _, need := range [][2]string{{"Create", "Read"}, {"Edit", "Read"}, {"Delete", "Edit"}, {"ViewAllRecords", "Read"}, {"ModifyAllRecords", "Delete"}} {
		if c.get("Permissions"+need[0]).True() && !c.get("Permissions"+need[1]).True() {
			return Errors{refuse("FIELD_INTEGRITY_EXCEPTION", []string{"Permissions" + need[1]},
				"Permission %s %s depends on permission(s): %s %s", need[0], target.Name, need[1], target.Name)}
		}
	}
	if c.twin("ParentId", "SobjectType") {
		return Errors{refuse("DUPLICATE_VALUE", nil, "duplicate value found: <unknown> duplicates value on record with id: <unknown>")}
	}
	return nil
}

// setupStored drops a permission that permits nothing: it is no row.
func setupStored(c *change) Errors {
	if f := c.object.Field("PermissionsRead"); f != nil && !c.object.Value(c.row, f).True() {
		c.move(c.object, c.row, gone)
	}
	return nil
}

// Permissionable tells whether permission sets govern the field: not when it is required or the system's.
func (f *Field) Permissionable() bool {
	return f.Governable || f.Custom && (f.Nillable || f.Type == "boolean")
}
