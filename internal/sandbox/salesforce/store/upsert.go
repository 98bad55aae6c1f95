package store

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
