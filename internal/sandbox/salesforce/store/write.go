package store

import (
	"maps"
	"slices"
	"strings"
)

// Create saves a new record.
func (t *Tx) Create(d Draft) (ID, Errors) {
	o := d.Object
	if d.ID != "" {
		return ID{}, Errors{refuse("INVALID_FIELD_FOR_INSERT_UPDATE", []string{"Id"}, "cannot specify Id in an insert call")}
	}
	if !o.Createable {
		return ID{}, Errors{refuse("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", []string{}, "entity type cannot be inserted: %s", o.Label)}
	}
	if errs := t.resolve(&d); errs != nil {
		return ID{}, errs
	}
	if errs := t.writable(d.values, func(f *Field) bool { return f.Createable }); errs != nil {
		return ID{}, errs
	}
	t.defaults(o, d.values)
	var missing []string
	for _, f := range o.Fields {
		if f.RequiredOnCreate() && d.values[f].IsNull() {
			missing = append(missing, f.Name)
		}
	}
	if missing != nil {
		return ID{}, Errors{required(missing)}
	}
	next, errs := t.check(o, -1, d.values)
	if errs != nil {
		return ID{}, errs
	}
	id := o.freshID()
	row := t.newRow(o, id)
	for f, v := range next {
		t.set(o, row, f, v)
	}
	if f := o.Field("CreatedDate"); f != nil {
		t.set(o, row, f, timeValue(t.now))
		t.set(o, row, o.Field("CreatedById"), refValue(t.User))
	}
	t.touch(o, row)
	t.afterSetup(o, row)
	return id, nil
}

func required(fields []string) Error {
	return refuse("REQUIRED_FIELD_MISSING", fields, "Required fields are missing: [%s]", strings.Join(fields, ", "))
}

// defaults fills in what a create leaves out: the owner, ticked boxes, the default of a picklist.
func (t *Tx) defaults(o *Object, values map[*Field]Value) {
	for _, f := range o.defaulted {
		if v, given := values[f]; given && (!v.IsNull() || f.Nillable) {
			continue
		}
		switch {
		case f.Name == "OwnerId":
			values[f] = refValue(t.User)
		case f.kind() == Boolean:
			values[f] = boolValue(f.Default == "true")
		case f.Default != "":
			values[f] = textValue(f.Default)
		}
	}
}

// Update saves changes to the record of the draft's id.
func (t *Tx) Update(d Draft) (ID, Errors) {
	o := d.Object
	row, errs := t.target(o, d.ID)
	if errs != nil {
		return ID{}, errs
	}
	return o.ids[row], t.update(row, d)
}

// target finds the live record that an id sent by a client means.
func (t *Tx) target(o *Object, sent string) (int32, Errors) {
	if sent == "" {
		return 0, Errors{refuse("MISSING_ARGUMENT", []string{"Id"}, "Id not specified in an update call")}
	}
	id, ok := ParseID(sent)
	if !ok {
		return 0, Errors{refuse("MALFORMED_ID", []string{"Id"}, "malformed id %s", sent)}
	}
	if id.Prefix() != o.Prefix {
		return 0, Errors{refuse("MALFORMED_ID", []string{"Id"}, "%s ID: id value of incorrect type: %s", o.Label, sent)}
	}
	row, ok := o.row(id)
	if !ok {
		return 0, Errors{refuse("INVALID_CROSS_REFERENCE_KEY", []string{}, "invalid cross reference id")}
	}
	if o.state[row] == deleted {
		return 0, Errors{refuse("ENTITY_IS_DELETED", []string{}, "entity is deleted")}
	}
	return row, nil
}

func (t *Tx) update(row int32, d Draft) Errors {
	o := d.Object
	if !o.Updateable {
		return Errors{refuse("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", []string{}, "entity type cannot be updated: %s", o.Label)}
	}
	if f := o.Field("IsConverted"); f != nil && o.Name == "Lead" && o.Value(row, f).True() {
		return Errors{refuse("CANNOT_UPDATE_CONVERTED_LEAD", []string{}, "cannot reference converted lead")}
	}
	if errs := t.resolve(&d); errs != nil {
		return errs
	}
	if errs := t.writable(d.values, func(f *Field) bool { return f.Updateable }); errs != nil {
		return errs
	}
	var errs Errors
	var missing []string
	for _, f := range o.Fields {
		v, given := d.values[f]
		switch {
		case !given || !v.IsNull() || f.Nillable:
		case f.kind() == Boolean:
			errs = append(errs, refuse("INVALID_TYPE_ON_FIELD_IN_RECORD", []string{f.Name}, "%s: value not of required type: ", f.Label))
		default:
			missing = append(missing, f.Name)
		}
	}
	if missing != nil {
		errs = append(errs, required(missing))
	}
	if errs != nil {
		return errs
	}
	next, errs := t.check(o, row, d.values)
	if errs != nil {
		return errs
	}
	for f, v := range next {
		t.set(o, row, f, v)
	}
	t.touch(o, row) // a save stamps the record even when it changes nothing
	t.afterSetup(o, row)
	return nil
}

// writable refuses fields that this user may not set, all of them in one error.
func (t *Tx) writable(values map[*Field]Value, allowed func(*Field) bool) Errors {
	var refused []string
	for f := range values {
		if !allowed(f) || !t.Org.Editable(t.User, f) {
			refused = append(refused, f.Name)
		}
	}
	if refused == nil {
		return nil
	}
	slices.Sort(refused)
	return Errors{refuse("INVALID_FIELD_FOR_INSERT_UPDATE", refused,
		"Unable to create/update fields: %s. Please check the security settings of this field and verify that it is read/write for your profile or permission set.",
		strings.Join(refused, ", "))}
}

// check runs flows, field checks and validation rules over the values about to be saved, in that order,
// and returns them as they will be stored. self is the row, -1 for a create.
func (t *Tx) check(o *Object, self int32, values map[*Field]Value) (map[*Field]Value, Errors) {
	next := maps.Clone(values)
	var before, after map[string]string
	if len(t.Org.flows[o])+len(t.Org.rules[o]) > 0 {
		before, after = o.preview(self, next)
	}
	for _, flow := range t.Org.flows[o] {
		for name, text := range flow(before, maps.Clone(after)) {
			f := o.Field(name)
			if f == nil {
				return nil, Errors{refuse("CANNOT_EXECUTE_FLOW_TRIGGER", []string{}, "flow set the unknown field %s", name)}
			}
			v, err := parse(f, text)
			if err != nil {
				return nil, Errors{refuse("CANNOT_EXECUTE_FLOW_TRIGGER", []string{}, "flow set %s to a value of the wrong type", name)}
			}
			next[f] = v
		}
		_, after = o.preview(self, next)
	}
	var errs Errors
	for _, f := range o.Fields {
		if v, given := next[f]; given {
			stored, e := t.validate(f, v, self)
			next[f] = stored
			errs = append(errs, e...)
		}
	}
	for _, rule := range t.Org.rules[o] {
		if message, field := rule(before, after); message != "" {
			fields := []string{}
			if field != "" {
				fields = []string{field}
			}
			errs = append(errs, Error{Code: "FIELD_CUSTOM_VALIDATION_EXCEPTION", Message: message, Fields: fields})
		}
	}
	if errs == nil && (o.Name == "FieldPermissions" || o.Name == "PermissionSetAssignment") {
		whole := map[string]Value{}
		for _, f := range o.Fields {
			v, given := next[f]
			if !given && self >= 0 {
				v = o.Value(self, f)
			}
			whole[f.Name] = v
		}
		errs = t.checkSetup(o, self, whole)
	}
	return next, errs
}

// preview is the record before (nil for a create) and after the values are saved, as text.
func (o *Object) preview(self int32, next map[*Field]Value) (before, after map[string]string) {
	after = map[string]string{}
	if self >= 0 {
		before = o.texts(self)
		maps.Copy(after, before)
	}
	for f, v := range next {
		if v.IsNull() {
			delete(after, f.Name)
			continue
		}
		after[f.Name] = v.String()
	}
	return before, after
}

// afterSetup does what saving a setup object brings with it.
func (t *Tx) afterSetup(o *Object, row int32) {
	if o.Name == "FieldPermissions" && !o.Value(row, o.Field("PermissionsRead")).True() {
		t.move(o, row, gone) // a permission that permits nothing is no row
	}
}

// Upsert updates the record that holds the key's value, and creates one when none does.
// With the key Id an empty id creates.
func (t *Tx) Upsert(key *Field, d Draft) (id ID, created bool, errs Errors) {
	o := d.Object
	if key.Type == "id" {
		if d.ID == "" {
			id, errs = t.Create(d)
			return id, true, errs
		}
		id, errs = t.Update(d)
		return id, false, errs
	}
	if d.ID != "" {
		return ID{}, false, Errors{refuse("INVALID_FIELD", []string{"Id"}, "The Id field should not be specified in the sobject data.")}
	}
	v := d.values[key]
	if v.IsNull() {
		return ID{}, false, Errors{refuse("MISSING_ARGUMENT", []string{key.Name}, "%s not specified", key.Name)}
	}
	rows := key.holders(v)
	switch len(rows) {
	case 0:
		id, errs = t.Create(d)
		return id, true, errs
	case 1:
		stored := key.values.get(rows[0])
		delete(d.values, key)
		if stored.String() != v.String() && key.Updateable { // same but for case: the new spelling is stored
			d.values[key] = v
		}
		return o.ids[rows[0]], false, t.update(rows[0], d)
	}
	e := refuse("DUPLICATE_EXTERNAL_ID", []string{key.Name}, "%s: more than one record found for external id field: %s", key.Name, o.names(rows))
	for _, row := range rows {
		e.Matches = append(e.Matches, o.ids[row])
	}
	return ID{}, false, Errors{e}
}

// SetKey puts the value of an upsert's path into the draft; false when it is no value of that column.
func (d *Draft) SetKey(key *Field, value string) bool {
	v, err := parse(key, value)
	if err != nil || v.IsNull() {
		return false
	}
	d.values[key] = v
	return true
}

// Has tells whether the draft sets a column.
func (d *Draft) Has(f *Field) bool { _, ok := d.values[f]; return ok }

// Key is the value of a column in the form the index holds it, "" when there is none. Two drafts of one
// request with the same key are a mistake of the client.
func (d *Draft) Key(f *Field) string { return f.key(d.values[f]) }

// Text is the value of a column as it was sent.
func (d *Draft) Text(f *Field) string { return d.values[f].String() }

// Delete puts a record into the recycle bin.
func (t *Tx) Delete(o *Object, sent string) Errors {
	row, errs := t.target(o, sent)
	if errs != nil {
		return errs
	}
	if !o.Deletable {
		return Errors{refuse("INSUFFICIENT_ACCESS_OR_READONLY", []string{}, "entity type cannot be deleted: %s", o.Label)}
	}
	t.touch(o, row)
	t.move(o, row, deleted)
	return nil
}
