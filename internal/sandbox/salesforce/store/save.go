package store

// prepare runs what stands between a client's values and the store, in the order of a real save: flows and
// triggers before the save, what the object derives, the checks of every column, validation rules,
// duplicate rules. What is left in c.next is what will be stored.
func (c *change) prepare() Errors {
	o := c.object
	if errs := c.present(!c.create); errs != nil { // before automation: what a client clears is its own mistake
		return errs
	}
	watched := c.watched()
	if watched && !c.create {
		c.before = o.texts(c.row)
	}
	if errs := c.flow(); errs != nil {
		return errs
	}
	if errs := c.fire("Before"); errs != nil {
		return errs
	}
	if o.nature.derive != nil {
		o.nature.derive(c)
	}
	if errs := c.present(true); errs != nil {
		return errs
	}
	var errs Errors
	for _, f := range o.Fields {
		if v, given := c.next[f]; given {
			stored, e := c.validate(f, v, c.row)
			c.next[f] = stored
			errs = append(errs, e...)
		}
	}
	if c.Org.places != nil {
		errs = append(errs, c.place()...)
	}
	if errs == nil && o.nature.check != nil {
		errs = o.nature.check(c)
	}
	errs = append(errs, c.rule()...)
	if errs != nil {
		return errs
	}
	return c.duplicate()
}

// follow runs what comes after the record is stored: triggers, the object's own consequences, assignment
// rules, flows that change other records.
func (c *change) follow() Errors {
	for _, step := range []func() Errors{
		func() Errors {
			if c.object.nature.stored != nil {
				return c.object.nature.stored(c)
			}
			return nil
		},
		func() Errors { return c.fire("After") },
		c.assign,
		c.afterSave,
	} {
		if errs := step(); errs != nil {
			return errs
		}
	}
	return nil
}

// watched tells whether anything looks at the record as text.
func (c *change) watched() bool {
	org, o := c.Org, c.object
	return len(org.flows[o])+len(org.rules[o])+len(org.triggers[o])+len(org.afterSaves[o]) > 0
}

// present refuses columns that must not be blank: of an update those that are cleared, of a create all.
func (c *change) present(judge bool) Errors {
	if !judge {
		return nil
	}
	var errs Errors
	var missing []string
	for _, f := range c.object.Fields {
		v, given := c.next[f]
		switch {
		case !v.IsNull() || f.Nillable:
		case c.create && f.RequiredOnCreate():
			missing = append(missing, f.Name)
		case c.create || !given:
		case f.kind() == Boolean:
			errs = append(errs, refuse("INVALID_TYPE_ON_FIELD_IN_RECORD", []string{f.Name}, "%s: value not of required type: ", f.Label))
		default:
			missing = append(missing, f.Name)
		}
	}
	if missing != nil {
		errs = append(errs, required(missing))
	}
	return errs
}
