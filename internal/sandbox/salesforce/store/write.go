package store

import (
	"maps"
	"slices"
	"strings"
)

// Create saves a new record. Either all that it brings about is saved or nothing.
func (t *Tx) Create(d Draft) (ID, Errors) {
	mark := t.Mark()
	id, errs := t.create(d)
	if errs != nil {
		t.Rollback(mark)
		return ID{}, errs
	}
	return id, nil
}

func (t *Tx) create(d Draft) (ID, Errors) {
	o := d.Object
	if d.ID != "" {
		return ID{}, Errors{refuse("INVALID_FIELD_FOR_INSERT_UPDATE", []string{"Id"}, "cannot specify Id in an insert call")}
	}
	if !o.Createable || !t.permits(o, "PermissionsCreate") {
		return ID{}, Errors{refuse("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", []string{}, "entity type cannot be inserted: %s", o.Label)}
	}
	if t.Org.full(o) {
		return ID{}, Errors{refuse("STORAGE_LIMIT_EXCEEDED", []string{}, "storage limit exceeded")}
	}
	if errs := t.resolve(&d); errs != nil {
		return ID{}, errs
	}
	if errs := t.writable(d.values, func(f *Field) bool { return f.Createable }); errs != nil {
		return ID{}, errs
	}
	c := t.change(d, -1)
	t.defaults(o, c.next)
	if errs := c.personal(); errs != nil {
		return ID{}, errs
	}
	if errs := c.prepare(); errs != nil {
		return ID{}, errs
	}
	if errs := c.lock(); errs != nil {
		return ID{}, errs
	}
	id := o.freshID()
	c.row = t.newRow(o, id)
	for f, v := range c.next {
		t.set(o, c.row, f, v)
	}
	t.number(o, c.row)
	if f := o.Field("Name"); o.Custom && f != nil && o.Value(c.row, f).IsNull() {
		t.set(o, c.row, f, textValue(id.Short()))
	}
	if f := o.Field("CreatedDate"); f != nil {
		t.set(o, c.row, f, timeValue(t.now))
		t.set(o, c.row, o.Field("CreatedById"), refValue(t.User))
	}
	t.touch(o, c.row)
	return id, c.follow()
}

// change starts the save of a draft; row is -1 for a create.
func (t *Tx) change(d Draft, row int32) *change {
	c := &change{Tx: t, object: d.Object, row: row, create: row < 0, next: maps.Clone(d.values), sent: map[*Field]bool{}}
	for f := range d.values {
		c.sent[f] = true
	}
	return c
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
		case f.Default != "" && f.Type == "reference":
			id, _ := ParseID(f.Default)
			values[f] = refValue(id)
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
	mark := t.Mark()
	errs := t.save(row, d)
	if errs != nil {
		t.Rollback(mark)
	}
	return errs
}

func (t *Tx) save(row int32, d Draft) Errors {
	o := d.Object
	if !o.Updateable {
		return Errors{refuse("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", []string{}, "entity type cannot be updated: %s", o.Label)}
	}
	if !t.permits(o, "PermissionsEdit") || t.barred(o.ids[row]) {
		return Errors{refuse("INSUFFICIENT_ACCESS_OR_READONLY", []string{}, "insufficient access rights on object id")}
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
	c := t.change(d, row)
	if errs := c.personal(); errs != nil {
		return errs
	}
	if errs := c.prepare(); errs != nil {
		return errs
	}
	if errs := c.lock(); errs != nil {
		return errs
	}
	for f, v := range c.next {
		t.set(o, row, f, v)
	}
	t.touch(o, row) // a save stamps the record even when it changes nothing
	return c.follow()
}

// writable refuses fields that this user may not set, all of them in one error.
func (t *Tx) writable(values map[*Field]Value, allowed func(*Field) bool) Errors {
	var refused []string
	for f := range values {
		if !allowed(f) || !t.system && !t.Org.Editable(t.User, f) {
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

// full tells whether the org has no room for another record of an object. Setup takes no room.
func (org *Org) full(o *Object) bool {
	if org.Rules.StorageRecords == 0 || !o.records() {
		return false
	}
	n := 0
	for _, other := range org.objects {
		if other.records() {
			n += other.live
		}
	}
	return n >= org.Rules.StorageRecords
}

// records tells whether an object holds what users work with, and not the org's setup.
func (o *Object) records() bool {
	switch o.Name {
	case "OpportunityContactRole", "CampaignMember":
		return true
	}
	return o.Layout || o.Custom
}
